/* Learning a router from outcomes. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "cascade/router.h"
#include "learn/logistic.h"
#include "learn/model_file.h"

#define FOLDS 5
#define L2    1.0 /* on standardised features */

void kb_router_release(struct kb_router_training *training)
{
	free(training->items);
	training->items = NULL;
	training->n = training->cap = 0;
}

static int take_flag(const struct kb_rec *rec, const char *name, bool *to,
		     struct kb_err *err)
{
	struct kb_json val = kb_rec_get(rec, name);

	*to = val.type == KB_JSON_TRUE;
	if (val.type == KB_JSON_TRUE || val.type == KB_JSON_FALSE)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  "an outcome needs '%s', true or false", name);
}

static int take(struct kb_router_training *training, const struct kb_rec *rec,
		struct kb_arena *arena, struct kb_err *err)
{
	struct kb_router_outcome one = {.fold = 0};
	struct kb_str question, answer = {NULL, 0};
	int rc;

	if (!kb_json_str(kb_rec_get(rec, "query"), arena, &question) &&
	    !kb_json_str(kb_rec_get(rec, "prompt"), arena, &question))
		return kb_err_set(err, KB_EINVAL,
				  "an outcome needs a string 'query' or "
				  "'prompt'");
	kb_json_str(kb_rec_get(rec, "small"), arena, &answer);
	rc = take_flag(rec, "small_ok", &one.small, err);
	if (rc == 0)
		rc = take_flag(rec, "large_ok", &one.large, err);
	if (rc == 0 && training->n == KB_ROUTER_RECORDS)
		rc = kb_err_set(err, KB_ELIMIT, "more than %d outcomes",
				KB_ROUTER_RECORDS);
	if (rc)
		return rc;
	one.fold = kb_hash64(question.ptr, question.len, 0) % FOLDS;
	kb_router_measure(question, answer, one.x);
	kb_grow(&training->items, &training->cap, training->n + 1,
		sizeof(*training->items));
	training->items[training->n++] = one;
	return 0;
}

int kb_router_take(struct kb_router_training *training,
		   const struct kb_rec *rec, uint64_t number,
		   struct kb_arena *arena, struct kb_err *err)
{
	int rc = take(training, rec, arena, err);

	if (rc && !training->n_failed++)
		kb_err_set(&training->failed, rc, "record %llu: %.300s",
			   (unsigned long long)number, err->msg);
	return rc;
}

/* ---- fitting ---- */

struct fit {
	struct kb_linear_feature features[KB_ROUTER_FEATURES];
	struct kb_linear_model model;
};

/* From all outcomes but those of a fold (FOLDS: none). */
static int fit(const struct kb_router_training *t, uint64_t without,
	       struct fit *to, struct kb_err *err)
{
	const struct kb_logistic_options options = {.l2 = L2,
						    .standardise = true};
	double *x = kb_calloc(t->n * KB_ROUTER_FEATURES, sizeof(*x));
	double *y = kb_calloc(t->n, sizeof(*y));
	struct kb_examples examples = {.x = x, .y = y, .d = KB_ROUTER_FEATURES};
	int rc;

	for (size_t i = 0; i < t->n; i++) {
		const struct kb_router_outcome *one = &t->items[i];

		if (one->fold == without)
			continue;
		memcpy(x + examples.n * KB_ROUTER_FEATURES, one->x,
		       sizeof(one->x));
		y[examples.n++] = one->large && !one->small;
	}
	for (int i = 0; i < KB_ROUTER_FEATURES; i++)
		to->features[i] =
		    (struct kb_linear_feature){.name = kb_router_names[i]};
	to->model = (struct kb_linear_model){.name = "router",
					     .kind = KB_LOGISTIC,
					     .features = to->features,
					     .n = KB_ROUTER_FEATURES};
	rc = kb_logistic_train(&examples, &options, to->features,
			       &to->model.bias, err);
	free(x);
	free(y);
	return rc;
}

struct scored {
	double p;
	size_t at; /* place among the outcomes */
};

static int by_need(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

static int score_folds(const struct kb_router_training *t,
		       struct scored *scored, struct kb_err *err)
{
	for (uint64_t fold = 0; fold < FOLDS; fold++) {
		struct kb_linear linear;
		struct fit one;
		int rc = fit(t, fold, &one, err);

		if (rc)
			return rc;
		kb_linear_bind(&linear, &one.model, kb_router_names,
			       KB_ROUTER_FEATURES);
		for (size_t i = 0; i < t->n; i++)
			if (t->items[i].fold == fold)
				scored[i] = (struct scored){
				    kb_linear_score(&linear, t->items[i].x), i};
	}
	return 0;
}

/* Those with the most need first go to the large one till that is enough. */
static void set_threshold(struct kb_router_training *t, struct scored *scored)
{
	double small = 0, large = 0, right, wanted;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		small += t->items[i].small;
		large += t->items[i].large;
	}
	wanted = t->keep * large;
	qsort(scored, t->n, sizeof(*scored), by_need);
	for (right = small; n < t->n && right < wanted; n++) {
		const struct kb_router_outcome *one = &t->items[scored[n].at];

		right += (double)one->large - (double)one->small;
	}
	t->threshold = n ? scored[n - 1].p : 1;
	t->share = (double)n / (double)t->n;
	t->random = large > small ? (wanted - small) / (large - small) : 0;
	t->random = fmin(fmax(t->random, 0), 1);
}

int kb_router_learn(struct kb_router_training *t, struct kb_buf *out,
		    struct kb_err *err)
{
	struct scored *scored;
	size_t gains = 0;
	struct fit all;
	int rc;

	if (t->n_failed) {
		*err = t->failed;
		return KB_EINVAL;
	}
	for (size_t i = 0; i < t->n; i++)
		gains += t->items[i].large && !t->items[i].small;
	if (t->n < KB_ROUTER_LEAST || gains < FOLDS || gains == t->n)
		return kb_err_set(err, KB_EINVAL,
				  "%zu outcomes, %zu of which the large model "
				  "alone has right: a router needs %d and some "
				  "of both kinds",
				  t->n, gains, KB_ROUTER_LEAST);
	scored = kb_calloc(t->n, sizeof(*scored));
	rc = score_folds(t, scored, err);
	if (rc == 0)
		set_threshold(t, scored);
	free(scored);
	if (rc == 0)
		rc = fit(t, FOLDS, &all, err);
	if (rc == 0) {
		const struct kb_figure figures[] = {
		    {"threshold", t->threshold},
		    {"keep", t->keep},
		    {"to_large", t->share},
		    {"to_large_drawn", t->random},
		    {NULL, 0}};

		struct tm date;
		time_t now = (time_t)t->now_s;
		char text[16] = "";

		if (now && gmtime_r(&now, &date))
			strftime(text, sizeof(text), "%Y-%m-%d", &date);
		all.model.training =
		    (struct kb_training){.script = "llm-call --cascade-train",
					 .date = *text ? text : NULL,
					 .records = t->n,
					 .figures = figures};
		kb_model_file_write(&all.model, out);
	}
	return rc;
}

void kb_router_tell(const struct kb_router_training *t, struct kb_buf *out)
{
	kb_buf_printf(out,
		      "\"when\": \"router >= %.4f\" sends %.3f of the "
		      "outcomes to the large model and keeps %.3g of what it "
		      "has right; drawn at random %.3f",
		      floor(1e4 * t->threshold) / 1e4, t->share, t->keep,
		      t->random);
}
