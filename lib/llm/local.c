#include "llm/local_impl.h"

#include <math.h>
#include <stdlib.h>

#include "llm/local_weights.h"

const char *const kb_judge_traits[1] = {"sentence"};

static struct kb_local *local_of(struct kb_model *model)
{
	return (struct kb_local *)model;
}

void kb_local_answer_one(struct kb_local *local, const struct kb_asked *ask,
			 struct kb_arena *arena, struct kb_model_answer *answer)
{
	struct kb_reading reading;
	struct kb_err away = {0};
	long best;

	kb_reading_read(&local->reader, arena, ask, &reading);
	best = kb_reading_rank(arena, &reading);
	if (local->meaning)
		kb_reading_weigh_meaning(&reading, local->meaning, arena, &best,
					 &away);
	kb_local_compose(local, arena, &reading, best, answer);
	if (away.code)
		answer->degraded =
		    kb_str_of(kb_arena_printf(arena, "encoder: %s", away.msg));
}

static int local_generate(struct kb_model *model, const struct kb_asked *ask,
			  struct kb_arena *arena,
			  struct kb_model_answer *answer, struct kb_err *err)
{
	(void)err;
	kb_local_answer_one(local_of(model), ask, arena, answer);
	kb_local_answer_parts(local_of(model), ask, arena, answer);
	return 0;
}

/* A passage is as good as its best sentence. */
int kb_local_judge(struct kb_model *model, const struct kb_asked *ask,
		   struct kb_arena *arena, double *scores, struct kb_err *err)
{
	struct kb_local *local = local_of(model);
	struct kb_reading r;
	struct kb_asked part = *ask;

	(void)err;
	for (size_t from = 0; from < ask->n_hits; from += KB_READING_HITS) {
		part.hits = ask->hits + from;
		part.n_hits = ask->n_hits - from;
		kb_reading_read(&local->reader, arena, &part, &r);
		kb_reading_rank(arena, &r);
		for (size_t i = 0; i < r.n_hits; i++)
			scores[from + i] = 0;
		for (size_t k = 0; k < r.n_sentences; k++) {
			const struct kb_reading_sentence *s = &r.sentences[k];
			double *score = &scores[from + s->hit];
			double z =
			    kb_linear_sum(&local->reader.judging, s->features);

			*score =
			    fmax(*score, kb_linear_score(&local->judge, &z));
		}
	}
	return 0;
}

static void local_free(struct kb_model *model)
{
	struct kb_local *local = local_of(model);

	kb_reader_release(&local->reader);
	free(local);
}

static void bind(struct kb_local *local, const struct kb_local_models *models)
{
	local->meaning = models->meaning;
	kb_reader_init(&local->reader, models->sentence);
	kb_linear_bind(&local->answer,
		       models->answer ? models->answer
				      : &kb_local_answer_builtin,
		       kb_answer_traits, KB_TRAITS);
	kb_linear_bind(&local->meant,
		       models->answer ? models->answer
				      : &kb_local_meant_builtin,
		       kb_answer_traits, KB_TRAITS);
	kb_linear_bind(&local->extent,
		       models->extent ? models->extent
				      : &kb_local_extent_builtin,
		       kb_extent_features, KB_EXTENT_FEATURES);
	kb_linear_bind(&local->judge,
		       models->judge ? models->judge : &kb_local_judge_builtin,
		       kb_judge_traits, 1);
}

struct kb_model *kb_model_local_new(const struct kb_local_models *models)
{
	struct kb_local *local = kb_calloc(1, sizeof(*local));

	local->model = (struct kb_model){.name = "local",
					 .generate = local_generate,
					 .judge = kb_local_judge,
					 .free = local_free};
	bind(local, models ? models : &(struct kb_local_models){0});
	return &local->model;
}
