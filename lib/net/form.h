/*
 * The words of a provider: request bodies and answers in the OpenAI form.
 *
 * kb_form_build() writes the body of one question for one provider;
 * kb_form_parse() reads the whole answer, kb_form_delta() one event of a
 * stream. What they return lives in the arena of the question.
 */
#ifndef KB_NET_FORM_H
#define KB_NET_FORM_H

#include "net/content.h"
#include "net/provider.h"

enum kb_form_kind {
	KB_FORM_CHAT,
	KB_FORM_EMBED,
	KB_FORM_RERANK,
};

/* What is asked. All borrowed. */
struct kb_form_ask {
	enum kb_form_kind kind;
	const char *model;	    /* overrides the provider's; may be NULL */
	struct kb_str messages;	    /* CHAT: a JSON array */
	struct kb_str system;	    /* CHAT: put before; len 0 for none */
	struct kb_str query;	    /* RERANK */
	const struct kb_str *texts; /* EMBED, RERANK */
	size_t n_texts;
	struct kb_str input_type; /* EMBED: what the texts are; len 0: unsaid */
	double temperature;	  /* negative: not sent */
	int64_t max_tokens;	  /* 0: not sent */
	struct kb_str options;	  /* JSON object whose members are added */
	bool stream;
};

/* What came back. */
struct kb_form_reply {
	struct kb_str text;	  /* CHAT */
	struct kb_str reasoning;  /* CHAT: what stands apart from it */
	struct kb_str tool_calls; /* CHAT: a JSON array, or len 0 */
	struct kb_str model;	  /* as the provider names it */
	struct kb_str finish;	  /* "stop", "length", ...; len 0: none given */
	struct kb_str error_code, error_message; /* set: it is an error */
	int64_t input_tokens, output_tokens;	 /* -1: not reported */
	bool counted;  /* some of them are not the provider's count */
	float *values; /* EMBED: n_texts x dim; RERANK: n_texts x 1 */
	size_t dim;
	bool refused; /* CHAT: it declined to answer */
};

/* Where it is sent: base_url, the path, and what base_url has behind a '?'. */
char *kb_form_url(enum kb_form_kind kind, const struct kb_provider *provider,
		  struct kb_arena *arena);

/* The model that will be asked for, "" for none. */
const char *kb_form_model(const struct kb_form_ask *ask,
			  const struct kb_provider *provider);

/* The body. Each member stands once in it. */
void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body);

/* KB_EFORMAT when the body is not of this form. An in-band error is no
 * failure: it stands in the reply. */
int kb_form_parse(const struct kb_form_ask *ask, struct kb_str text,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err);

/* A chat answer that comes as events. */
struct kb_form_stream {
	struct kb_content content; /* so far */
	bool done;		   /* "[DONE]" came */
};

void kb_form_stream_init(struct kb_form_stream *stream);
void kb_form_stream_release(struct kb_form_stream *stream);

/* Take one event's data. As above, an error of the provider's is no failure.
 * kb_form_event() reads any event that is JSON; kb_form_delta() knows the end
 * of a stream and a faster way for the event of a token (net/delta.h). */
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
