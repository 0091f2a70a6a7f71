/*
 * The words of a provider: the body of a question in its dialect, and what
 * its answer says.
 *
 * kb_form_build() writes the body of one question for one provider;
 * kb_form_parse() reads the whole answer, kb_form_delta() one event of a
 * stream. What they return lives in the arena of the question.
 */
#ifndef KB_NET_FORM_H
#define KB_NET_FORM_H

#include "net/body_members.h"
#include "net/dialect.h"

/* Where it is sent: base_url, the path, and what base_url has behind a '?'.
 * NULL with err when the dialect has no such kind of question. */
const char *kb_form_url(const struct kb_form_ask *ask,
			const struct kb_provider *provider,
			struct kb_arena *arena, struct kb_err *err);

/* The body. Each member stands once in it. */
void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body);

/* KB_EFORMAT when the body is not of this form. An in-band error is no
 * failure: it stands in the reply. */
int kb_form_parse(const struct kb_form_ask *ask,
		  const struct kb_dialect *dialect, struct kb_str text,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err);

void kb_form_stream_init(struct kb_form_stream *stream,
			 const struct kb_dialect *dialect);
void kb_form_stream_release(struct kb_form_stream *stream);

/* Take one event's data. As above, an error of the provider's is no failure.
 * kb_form_event() reads any event that is JSON; kb_form_delta() knows what
 * else the dialect has, and a faster way for the event of a token. */
int kb_form_event(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err);
int kb_form_delta(struct kb_form_stream *stream, struct kb_str data,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err);

/* After the last: texts and tool calls stand in the reply. */
void kb_form_stream_end(struct kb_form_stream *stream, struct kb_arena *arena,
			struct kb_form_reply *reply);

#endif
