#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kb_form_ask *ask,
		  const struct kb_dialect *dialect, struct kb_str text,
		  struct kb_arena *arena)
{
	struct kb_form_reply reply;

	if (kb_form_parse(ask, dialect, text, arena, &reply, NULL))
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

/* jansson reads what the scanner calls an object, however large its numbers
 * and broken its characters, and a span is the value that was read. */
static void check_body(struct kb_str text)
{
	struct kb_json whole, span;
	bool good = !kb_json_check(text.ptr, text.len, &whole, NULL) &&
		    whole.type == KB_JSON_OBJECT;
	struct kb_body body;

	if (kb_body_read(&body, text, "it", NULL)) {
		if (good)
			abort();
		return;
	}
	span = kb_body_span(&body, "");
	if (!good || span.ptr != whole.ptr || span.len != whole.len)
		abort();
	for (int i = 0; i < 4; i++) {
		static const char *const at[] = {"/choices", "/error/code",
						 "/choices/0/delta",
						 "/choices/1/index"};
		const json_t *val = kb_body_at(&body, at[i]);

		if (!val != !kb_body_span(&body, at[i]).type)
			abort();
	}
	kb_body_release(&body);
}

static bool same(struct kb_buf a, struct kb_buf b)
{
	return kb_str_eq(kb_buf_str(&a), kb_buf_str(&b));
}

/* The fast way reads the same out of an event as the tree does. */
static void check_event(struct kb_str text, struct kb_arena *arena)
{
	struct kb_form_reply replies[2] = {{.model = {"m", 1}},
					   {.model = {"m", 1}}};
	struct kb_form_stream fast, slow;
	int rc[2] = {0, 0};

	kb_form_stream_init(&fast, &kb_dialect_openai);
	kb_form_stream_init(&slow, &kb_dialect_openai);
	for (int i = 0; i < 2 && !rc[0]; i++) {
		rc[0] = kb_form_delta(&fast, text, arena, &replies[0], NULL);
		if (fast.done)
			break;
		rc[1] = kb_form_event(&slow, text, arena, &replies[1], NULL);
		if (rc[0] != rc[1])
			abort();
	}
	if (!same(fast.content.raw, slow.content.raw) ||
	    !same(fast.content.answer, slow.content.answer) ||
	    !same(fast.content.reasoning, slow.content.reasoning) ||
	    fast.content.n_tools != slow.content.n_tools ||
	    fast.content.refused != slow.content.refused ||
	    !kb_str_eq(replies[0].finish, replies[1].finish) ||
	    replies[0].input_tokens != replies[1].input_tokens ||
	    replies[0].output_tokens != replies[1].output_tokens)
		abort();
	kb_form_stream_release(&fast);
	kb_form_stream_release(&slow);
}

/* Twice, for a piece that goes on another. */
static void check_stream(const struct kb_dialect *dialect, struct kb_str text,
			 struct kb_arena *arena)
{
	struct kb_form_reply reply = KB_FORM_REPLY;
	struct kb_form_stream stream;

	kb_form_stream_init(&stream, dialect);
	for (int i = 0; i < 2; i++)
		kb_form_delta(&stream, text, arena, &reply, NULL);
	kb_form_stream_end(&stream, arena, &reply);
	kb_form_stream_release(&stream);
	if (reply.tool_calls.len &&
	    (memchr(reply.tool_calls.ptr, '\n', reply.tool_calls.len) ||
	     kb_json_check(reply.tool_calls.ptr, reply.tool_calls.len,
			   &(struct kb_json){0}, NULL)))
		abort();
}

/* Messages and options that are JSON become a body that is JSON on a line. */
static void check_request(const struct kb_dialect *dialect, struct kb_str text,
			  struct kb_arena *arena)
{
	struct kb_provider provider = {.dialect = dialect,
				       .base_url = "https://x/v1",
				       .url_query = "",
				       .model = "m"};
	struct kb_form_ask ask = {.temperature = .5, .max_tokens = 9};
	struct kb_json val;
	struct kb_buf body;

	if (kb_json_check(text.ptr, text.len, &val, NULL))
		return;
	ask.messages = val.type == KB_JSON_ARRAY ? text : KB_STR("[]");
	ask.options = val.type == KB_JSON_OBJECT ? text : KB_STR("");
	kb_buf_init(&body, 0);
	kb_form_url(&ask, &provider, arena, NULL);
	kb_form_build(&ask, &provider, &body);
	if (memchr(body.ptr, '\n', body.len) ||
	    kb_json_check(body.ptr, body.len, &val, NULL) ||
	    val.type != KB_JSON_OBJECT)
		abort();
	kb_buf_release(&body);
}

/* Bodies, events of a stream and configurations, all from outside. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kb_str texts[] = {{"a", 1}, {"b", 1}};
	struct kb_str text = {(const char *)data, size};
	struct kb_form_ask ask = {
	    .texts = texts, .n_texts = 2, .query = {"q", 1}};
	struct kb_providers set;
	struct kb_arena arena;
	struct kb_buf out;

	kb_arena_init(&arena);
	for (int i = 0; i < KB_DIALECTS * 3; i++) {
		ask.kind = (enum kb_form_kind)(i % 3);
		check(&ask, kb_dialects[i / 3], text, &arena);
	}
	check_body(text);
	check_event(text, &arena);
	kb_buf_init(&out, 1 << 16);
	for (int i = 0; i < KB_DIALECTS; i++) {
		check_stream(kb_dialects[i], text, &arena);
		check_request(kb_dialects[i], text, &arena);
	}
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
