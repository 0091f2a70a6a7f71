/*
 * How an answer of Anthropic's messages is read: blocks of text, thinking and
 * tool use, whole or in events (message_start, content_block_start, _delta and
 * _stop, message_delta, message_stop, ping, error). Private to anthropic.c.
 */
#ifndef KB_NET_ANTHROPIC_IMPL_H
#define KB_NET_ANTHROPIC_IMPL_H

#include "net/dialect.h"

bool kb_anthropic_error(const struct kb_body *body, struct kb_arena *arena,
			struct kb_form_reply *reply);
void kb_anthropic_usage(const struct kb_body *body,
			struct kb_form_reply *reply);
int kb_anthropic_reply(const struct kb_form_ask *ask,
		       const struct kb_body *body, struct kb_content *content,
		       struct kb_arena *arena, struct kb_form_reply *reply,
		       struct kb_err *err);
int kb_anthropic_event(struct kb_form_stream *stream,
		       const struct kb_body *body, struct kb_arena *arena,
		       struct kb_form_reply *reply, struct kb_err *err);

#endif
