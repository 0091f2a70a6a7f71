#include "llm/local.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"

static struct kb_local *local_of(struct kb_model *model)
{
	return (struct kb_local *)model;
}

static int local_generate(struct kb_model *model,
			  const struct kb_model_ask *ask,
			  struct kb_arena *arena,
			  struct kb_model_answer *answer, struct kb_err *err)
{
	struct kb_local_reading reading;

	(void)err;
	kb_local_read(local_of(model), arena, ask, &reading);
	kb_local_compose(arena, &reading, kb_local_score(arena, &reading),
			 answer);
	return 0;
}

/* A passage is as good as its best sentence. The logistic's middle and slope
 * put the scores of answering and other passages on both sides of 0.5. */
static int local_judge(struct kb_model *model, const struct kb_model_ask *ask,
		       struct kb_arena *arena, double *scores,
		       struct kb_err *err)
{
	struct kb_local_reading r;
	struct kb_model_ask part = *ask;

	(void)err;
	for (size_t from = 0; from < ask->n_hits; from += KB_LOCAL_HITS) {
		part.hits = ask->hits + from;
		part.n_hits = ask->n_hits - from;
		kb_local_read(local_of(model), arena, &part, &r);
		kb_local_score(arena, &r);
		for (size_t i = 0; i < r.n_hits; i++)
			scores[from + i] = 0;
		for (size_t k = 0; k < r.n_sentences; k++) {
			const struct kb_local_sentence *s = &r.sentences[k];
			double *score = &scores[from + s->hit];
			/* Rank and score of the search are not judged
			 * again: they are in the record already. */
			double z = s->score - 3.0 * s->features[KB_F_SCORE] -
				   2.0 * s->features[KB_F_RANK];

			*score = fmax(*score, kb_sigmoid((z - 11) / 3));
		}
	}
	return 0;
}

static void local_free(struct kb_model *model)
{
	struct kb_local *local = local_of(model);

	kb_terms_release(&local->terms);
	kb_quantities_release(&local->quantities);
	kb_map_release(&local->stop);
	kb_analyzer_free(local->an);
	free(local);
}

struct kb_model *kb_model_local_new(void)
{
	struct kb_local *local = kb_calloc(1, sizeof(*local));

	local->model = (struct kb_model){.name = "local",
					 .generate = local_generate,
					 .judge = local_judge,
					 .free = local_free};
	local->an = kb_analyzer_new();
	kb_map_init(&local->stop);
	kb_local_stop_words(local);
	return &local->model;
}
