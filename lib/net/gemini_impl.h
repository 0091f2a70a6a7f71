/*
 * How an answer of Gemini is read: candidates of parts, whole or in events of
 * the same form. Private to gemini.c.
 */
#ifndef KB_NET_GEMINI_IMPL_H
#define KB_NET_GEMINI_IMPL_H

#include "net/dialect.h"

bool kb_gemini_error(const struct kb_body *body, struct kb_arena *arena,
		     struct kb_form_reply *reply);
void kb_gemini_usage(const struct kb_body *body, struct kb_form_reply *reply);
int kb_gemini_reply(const struct kb_form_ask *ask, const struct kb_body *body,
		    struct kb_content *content, struct kb_arena *arena,
		    struct kb_form_reply *reply, struct kb_err *err);
int kb_gemini_event(struct kb_form_stream *stream, const struct kb_body *body,
		    struct kb_arena *arena, struct kb_form_reply *reply,
		    struct kb_err *err);

#endif
