#include "token/tokenizer.h"

#include <stdlib.h>

#include "token/bpe.h"
#include "token/bpe_builtin.h"
#include "token/token_estimate.h"
#include "token/token_model.h"

enum kind { ESTIMATE, BYTE_PAIRS };

struct kb_tokenizer {
	enum kind kind;
	const char *name;
	bool guessed; /* the vocabulary is perhaps not the model's */
	bool chosen;
	struct kb_bpe bpe;
};

struct kb_token_counter {
	enum kind kind;
	struct kb_bpe_counter *bpe;
};

static void take_built_in(struct kb_tokenizer *t, enum kb_split_rule rule)
{
	t->kind = BYTE_PAIRS;
	t->name = rule == KB_SPLIT_O200K ? "o200k_base" : "cl100k_base";
	kb_bpe_builtin(rule, &t->bpe);
}

static int take_named(struct kb_tokenizer *t, const char *name,
		      struct kb_err *err)
{
	if (!strcmp(name, "o200k") || !strcmp(name, "o200k_base")) {
		take_built_in(t, KB_SPLIT_O200K);
	} else if (!strcmp(name, "cl100k") || !strcmp(name, "cl100k_base")) {
		take_built_in(t, KB_SPLIT_CL100K);
	} else if (!strcmp(name, "est")) {
		t->kind = ESTIMATE;
		t->name = "est";
	} else {
		return kb_err_set(err, KB_EINVAL,
				  "no tokenizer '%.60s': o200k, cl100k, est",
				  name);
	}
	return 0;
}

static void take_of_model(struct kb_tokenizer *t, const char *model)
{
	enum kb_split_rule rule = KB_SPLIT_O200K;

	t->guessed = model && !kb_token_rule_of_model(model, &rule);
	take_built_in(t, rule);
}

int kb_tokenizer_open(const char *name, const char *model,
		      struct kb_tokenizer **tokenizer, struct kb_err *err)
{
	struct kb_tokenizer *t = kb_calloc(1, sizeof(*t));
	int rc = 0;

	t->chosen = name || model;
	if (name)
		rc = take_named(t, name, err);
	else
		take_of_model(t, model);
	if (rc < 0) {
		free(t);
		return rc;
	}
	*tokenizer = t;
	return 0;
}

void kb_tokenizer_close(struct kb_tokenizer *tokenizer)
{
	free(tokenizer);
}

const char *kb_tokenizer_name(const struct kb_tokenizer *tokenizer)
{
	return tokenizer ? tokenizer->name : "est";
}

bool kb_tokenizer_is_exact(const struct kb_tokenizer *tokenizer)
{
	return tokenizer && tokenizer->kind != ESTIMATE && !tokenizer->guessed;
}

bool kb_tokenizer_is_chosen(const struct kb_tokenizer *tokenizer)
{
	return !tokenizer || tokenizer->chosen;
}

size_t kb_tokenizer_within(const struct kb_tokenizer *tokenizer, size_t budget)
{
	return kb_tokenizer_is_exact(tokenizer) ? budget
						: kb_tokens_within(budget);
}

struct kb_token_counter *kb_token_counter_new(
    const struct kb_tokenizer *tokenizer)
{
	struct kb_token_counter *counter = kb_calloc(1, sizeof(*counter));

	counter->kind = tokenizer ? tokenizer->kind : ESTIMATE;
	if (counter->kind == BYTE_PAIRS)
		counter->bpe = kb_bpe_counter_new(&tokenizer->bpe);
	return counter;
}

void kb_token_counter_free(struct kb_token_counter *counter)
{
	if (!counter)
		return;
	kb_bpe_counter_free(counter->bpe);
	free(counter);
}

size_t kb_token_count(struct kb_token_counter *counter, const char *text,
		      size_t len)
{
	return counter->bpe ? kb_bpe_count(counter->bpe, text, len)
			    : kb_tokens_estimate(text, len);
}

bool kb_token_encode(struct kb_token_counter *counter, const char *text,
		     size_t len, struct kb_buf *out)
{
	if (!counter->bpe)
		return false;
	kb_bpe_encode(counter->bpe, text, len, out);
	return true;
}
