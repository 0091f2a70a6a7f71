#include "llm/usage.h"

#include <stdlib.h>

#include "record/message_tokens.h"

/* A message's frame and role, and the head of the reply: OpenAI's published
 * count for chat models. */
#define FRAME_TOKENS 4
#define REPLY_TOKENS 3

/* The counter of the model that was asked last: others are rare. */
struct kb_usage {
	char *model;
	struct kb_tokenizer *tokenizer;
	struct kb_token_counter *counter;
};

struct kb_usage *kb_usage_new(void)
{
	return kb_calloc(1, sizeof(struct kb_usage));
}

static void forget(struct kb_usage *usage)
{
	kb_token_counter_free(usage->counter);
	kb_tokenizer_close(usage->tokenizer);
	free(usage->model);
	*usage = (struct kb_usage){.model = NULL};
}

void kb_usage_free(struct kb_usage *usage)
{
	if (!usage)
		return;
	forget(usage);
	free(usage);
}

static bool open_counter(struct kb_usage *usage, const char *model)
{
	if (usage->model && !strcmp(usage->model, model))
		return true;
	forget(usage);
	if (kb_tokenizer_open(NULL, model, &usage->tokenizer, NULL) < 0)
		return false;
	usage->counter = kb_token_counter_new(usage->tokenizer);
	usage->model = kb_strdup(model);
	return true;
}

static size_t count_text(const struct kb_usage *usage, struct kb_str text)
{
	return kb_token_count(usage->counter, text.ptr, text.len);
}

static size_t count_messages(const struct kb_usage *usage,
			     const struct kb_form_ask *ask,
			     struct kb_arena *arena)
{
	struct kb_json messages = {KB_JSON_ARRAY, ask->messages.ptr,
				   ask->messages.len};
	struct kb_turns turns = kb_turns_open(messages);
	size_t n = REPLY_TOKENS;
	struct kb_chat_message m;

	if (ask->system.len)
		n += FRAME_TOKENS + count_text(usage, ask->system);
	while (kb_turns_next(&turns, arena, &m)) {
		bool published;

		n += FRAME_TOKENS +
		     count_text(usage, kb_content_text(m.content, arena)) +
		     kb_message_tokens(&m, usage->counter, arena, &published);
	}
	return n;
}

void kb_usage_complete(struct kb_usage *usage, struct kb_call *call,
		       struct kb_arena *arena)
{
	struct kb_form_reply *r = &call->reply;

	if (call->ask.kind != KB_FORM_CHAT ||
	    (r->input_tokens >= 0 && r->output_tokens >= 0) ||
	    !open_counter(usage, kb_form_model(&call->ask, call->provider)))
		return;
	if (r->input_tokens < 0)
		r->input_tokens =
		    (int64_t)count_messages(usage, &call->ask, arena);
	if (r->output_tokens < 0)
		r->output_tokens = (int64_t)(count_text(usage, r->text) +
					     count_text(usage, r->reasoning) +
					     count_text(usage, r->tool_calls));
	r->counted = true;
}

int64_t kb_usage_input(struct kb_usage *usage, const struct kb_form_ask *ask,
		       const struct kb_provider *provider,
		       struct kb_arena *arena)
{
	size_t n = 0;

	if (!open_counter(usage, kb_form_model(ask, provider)))
		return 0;
	if (ask->kind == KB_FORM_CHAT)
		return (int64_t)count_messages(usage, ask, arena);
	for (size_t i = 0; i < ask->n_texts; i++)
		n += count_text(usage, ask->texts[i]) +
		     count_text(usage, ask->query);
	return (int64_t)n;
}

double kb_usage_cost(const struct kb_form_reply *reply,
		     const struct kb_provider *provider)
{
	double in = reply->input_tokens > 0 ? (double)reply->input_tokens : 0;
	double out =
	    reply->output_tokens > 0 ? (double)reply->output_tokens : 0;
	double cached =
	    reply->cached_tokens > 0 ? (double)reply->cached_tokens : 0;

	if (cached > in)
		cached = in;
	return ((in - cached) * provider->price_input +
		cached * provider->price_cached +
		out * provider->price_output) /
	       1e6;
}
