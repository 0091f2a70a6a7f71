#include "dialogue/intents.h"

#include <assert.h>
#include <stdlib.h>

#include "dialogue/threads_weights.h"

struct kb_intents {
	const struct kb_class_model *model;
	struct kb_class_scratch *scratch;
	struct kb_buf text;
};

struct kb_intents *kb_intents_new(const struct kb_class_model *model)
{
	struct kb_intents *s;

	if (!model)
		return NULL;
	s = kb_calloc(1, sizeof(*s));
	s->model = model;
	s->scratch = kb_class_scratch_new();
	kb_buf_init(&s->text, 0);
	return s;
}

void kb_intents_free(struct kb_intents *s)
{
	if (!s)
		return;
	kb_class_scratch_free(s->scratch);
	kb_buf_release(&s->text);
	free(s);
}

struct kb_str kb_intent_name(const struct kb_intents *s, uint32_t intent)
{
	return intent < s->model->n_labels ? s->model->about.labels[intent]
					   : KB_STR("");
}

static const float *score(struct kb_intents *s, struct kb_str text,
			  uint32_t open)
{
	kb_buf_reset(&s->text);
	if (open != KB_INTENT_NONE) {
		kb_buf_add_str(&s->text, kb_intent_name(s, open));
		kb_buf_add_char(&s->text, ' ');
	}
	kb_buf_add_str(&s->text, text);
	return kb_class_score(s->model, s->scratch, kb_buf_str(&s->text));
}

/* The likeliest of those that were spoken of, the later of equal ones. */
static uint32_t likeliest(const float *z, const uint32_t *was, size_t n)
{
	uint32_t best = KB_INTENT_NONE;

	for (size_t i = 0; i < n; i++)
		if (was[i] != KB_INTENT_NONE &&
		    (best == KB_INTENT_NONE || z[was[i]] >= z[best]))
			best = was[i];
	return best;
}

uint32_t kb_intent_of(struct kb_intents *s, struct kb_str text, uint32_t open,
		      bool back, const uint32_t *was, size_t n_was)
{
	const float *z = score(s, text, open);
	uint32_t best = kb_class_best_of(z, 0, s->model->n_labels).best, to;

	assert(best != KB_CLASS_NONE);
	if (open == KB_INTENT_NONE)
		return best;
	to = back ? likeliest(z, was, n_was) : KB_INTENT_NONE;
	if (to != KB_INTENT_NONE && z[open] - z[to] <= INTENT_BACK)
		return to;
	return z[best] - z[open] > INTENT_MARGIN ? best : open;
}
