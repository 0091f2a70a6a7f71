#include "llm/local.h"

#include <math.h>
#include <stdlib.h>

#include "llm/local_weights.h"

const char *const kb_local_features[KB_FEATURES] = {
    [KB_F_COVER_RARE] = "cover_rare",
    [KB_F_COVER_RARE_TITLE] = "cover_rare_title",
    [KB_F_COVER_RARE_HIT] = "cover_rare_hit",
    [KB_F_COVER] = "cover",
    [KB_F_COVER_TITLE] = "cover_title",
    [KB_F_PREVIOUS] = "previous",
    [KB_F_NEXT] = "next",
    [KB_F_RUN] = "run",
    [KB_F_SCORE] = "score",
    [KB_F_RANK] = "rank",
    [KB_F_FIRST] = "first",
    [KB_F_LENGTH] = "length",
    [KB_F_MEASURE] = "measure",
    [KB_F_KIND + KB_LOCAL_WHEN - 1] = "kind_when",
    [KB_F_KIND + KB_LOCAL_HOW_LONG - 1] = "kind_how_long",
    [KB_F_KIND + KB_LOCAL_HOW_MUCH - 1] = "kind_how_much",
    [KB_F_KIND + KB_LOCAL_HOW_MANY - 1] = "kind_how_many",
    [KB_F_KIND + KB_LOCAL_WHO - 1] = "kind_who",
    [KB_F_KIND + KB_LOCAL_WHERE - 1] = "kind_where",
    [KB_F_KIND + KB_LOCAL_WHY - 1] = "kind_why",
    [KB_F_KIND + KB_LOCAL_HOW - 1] = "kind_how",
    [KB_F_KIND + KB_LOCAL_YES_NO - 1] = "kind_yes_no",
    [KB_F_SHORT] = "short",
    [KB_F_QUESTION] = "question",
};

const char *const kb_local_trait_names[KB_TRAITS] = {
    [KB_T_COVER_TITLE] = "cover_title",
    [KB_T_COVER_HIT] = "cover_hit",
    [KB_T_COVER] = "cover",
    [KB_T_COVER_ALL] = "cover_all",
    [KB_T_MISSING_WORDS] = "missing_words",
    [KB_T_MARGIN] = "margin",
    [KB_T_KIND] = "kind",
    [KB_T_IS_WHAT] = "is_what",
    [KB_T_TITLE] = "title",
    [KB_T_TITLE_ASKED] = "title_asked",
    [KB_T_NOT_FIRST] = "not_first",
    [KB_T_WEIGHT] = "weight",
    [KB_T_MEASURE] = "measure",
    [KB_T_YES_NO] = "yes_no",
    [KB_T_MISSING_CODE] = "missing_code",
    [KB_T_RARE_TITLE] = "rare_title",
    [KB_T_RARE_HIT] = "rare_hit",
    [KB_T_BEYOND] = "beyond",
    [KB_T_BEYOND_HIT] = "beyond_hit",
    [KB_T_BEYOND_OTHER] = "beyond_other",
};

/* Of a passage that is judged: its best sentence's score. */
static const char *const judged[] = {"sentence"};

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

/* A passage is as good as its best sentence. */
static int local_judge(struct kb_model *model, const struct kb_model_ask *ask,
		       struct kb_arena *arena, double *scores,
		       struct kb_err *err)
{
	struct kb_local *local = local_of(model);
	struct kb_local_reading r;
	struct kb_model_ask part = *ask;

	(void)err;
	for (size_t from = 0; from < ask->n_hits; from += KB_LOCAL_HITS) {
		part.hits = ask->hits + from;
		part.n_hits = ask->n_hits - from;
		kb_local_read(local, arena, &part, &r);
		kb_local_score(arena, &r);
		for (size_t i = 0; i < r.n_hits; i++)
			scores[from + i] = 0;
		for (size_t k = 0; k < r.n_sentences; k++) {
			const struct kb_local_sentence *s = &r.sentences[k];
			double *score = &scores[from + s->hit];
			double z = kb_linear_sum(&local->judging, s->features);

			*score =
			    fmax(*score, kb_linear_score(&local->judge, &z));
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

/* The names of the features but those by which the search speaks, which
 * stand in the record already and are not judged again. */
static void bind_judging(struct kb_linear *out,
			 const struct kb_linear_model *sentence)
{
	const char *names[KB_FEATURES];

	memcpy(names, kb_local_features, sizeof(names));
	names[KB_F_SCORE] = names[KB_F_RANK] = "";
	kb_linear_bind(out, sentence, names, KB_FEATURES);
}

static void bind(struct kb_local *local, const struct kb_local_models *models)
{
	const struct kb_linear_model *sentence = models->sentence;

	if (!sentence)
		sentence = &kb_local_sentence_builtin;
	kb_linear_bind(&local->sentence, sentence, kb_local_features,
		       KB_FEATURES);
	bind_judging(&local->judging, sentence);
	kb_linear_bind(&local->answer,
		       models->answer ? models->answer
				      : &kb_local_answer_builtin,
		       kb_local_trait_names, KB_TRAITS);
	kb_linear_bind(&local->judge,
		       models->judge ? models->judge : &kb_local_judge_builtin,
		       judged, 1);
}

struct kb_model *kb_model_local_new(const struct kb_local_models *models)
{
	struct kb_local *local = kb_calloc(1, sizeof(*local));

	local->model = (struct kb_model){.name = "local",
					 .generate = local_generate,
					 .judge = local_judge,
					 .free = local_free};
	bind(local, models ? models : &(struct kb_local_models){0});
	local->an = kb_analyzer_new();
	kb_map_init(&local->stop);
	kb_local_stop_words(local);
	return &local->model;
}
