/*
 * The tokens of a call whose provider does not tell them: counted, so that
 * what it cost is known in any case.
 *
 * In the vocabulary of the model that was asked (token_model.h), else in
 * o200k_base; with what a list of messages costs beside its texts
 * (record/message_tokens.h).
 */
#ifndef KB_LLM_USAGE_H
#define KB_LLM_USAGE_H

#include "net/call.h"

struct kb_usage;

struct kb_usage *kb_usage_new(void);
void kb_usage_free(struct kb_usage *usage);

/* Give the reply of a chat the counts that it lacks, and say so there. */
void kb_usage_complete(struct kb_usage *usage, struct kb_call *call,
		       struct kb_arena *arena);

/* The tokens of what is asked, counted in the vocabulary of the model; 0 when
 * that cannot be opened. */
int64_t kb_usage_input(struct kb_usage *usage, const struct kb_form_ask *ask,
		       const struct kb_provider *provider,
		       struct kb_arena *arena);

/* What a reply costs at the provider's prices, which may be 0. */
double kb_usage_cost(const struct kb_form_reply *reply,
		     const struct kb_provider *provider);

#endif
