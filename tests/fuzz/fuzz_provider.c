#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kb_form_ask *ask, struct kb_str text,
		  struct kb_arena *arena)
{
	struct kb_form_reply reply;

	if (kb_form_parse(ask, text, arena, &reply, NULL))
		return;
	if (reply.error_message.len || ask->kind == KB_FORM_CHAT)
		return;
	/* A good answer has a row of finite numbers for every text. */
	if (!reply.dim || !reply.values)
		abort();
	for (size_t i = 0; i < reply.dim * ask->n_texts; i++)
		if (!(reply.values[i] - reply.values[i] == 0))
			abort();
}

/* Bodies, events of a stream and configurations, all from outside. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kb_str texts[] = {{"a", 1}, {"b", 1}};
	struct kb_str text = {(const char *)data, size};
	struct kb_form_ask ask = {
	    .texts = texts, .n_texts = 2, .query = {"q", 1}};
	struct kb_form_reply reply = {0};
	struct kb_providers set;
	struct kb_arena arena;
	struct kb_form_stream stream;
	struct kb_buf out;

	kb_arena_init(&arena);
	for (int kind = KB_FORM_CHAT; kind <= KB_FORM_RERANK; kind++) {
		ask.kind = (enum kb_form_kind)kind;
		check(&ask, text, &arena);
	}
	kb_buf_init(&out, 1 << 16);
	/* Twice, for a piece that goes on another. */
	kb_form_stream_init(&stream);
	for (int i = 0; i < 2; i++)
		kb_form_delta(&stream, text, &arena, &reply, NULL);
	kb_form_stream_end(&stream, &arena, &reply);
	kb_form_stream_release(&stream);
	if (reply.tool_calls.len &&
	    kb_json_check(reply.tool_calls.ptr, reply.tool_calls.len,
			  &(struct kb_json){0}, NULL))
		abort();
	kb_providers_init(&set);
	if (!kb_providers_parse(&set, text, "x", NULL))
		for (size_t i = 0; i < set.n; i++)
			if (!kb_provider_is_local(&set.items[i]))
				kb_form_build(&ask, &set.items[i], &out);
	kb_providers_release(&set);
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return 0;
}
