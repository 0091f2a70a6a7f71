#include "verify/record_fit.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "learn/certificate.h"
#include "learn/logistic.h"
#include "learn/model_file.h"

#define FOLDS 10

struct labelled {
	uint64_t number, question;
	bool right;
	struct kb_record_signals signals;
	double confidence; /* before */
};

struct kb_record_fit {
	pthread_mutex_t lock;
	struct labelled *rows; /* those judged first, by number */
	size_t n, cap, n_judged, beyond;
	size_t without_label, errors;
};

struct kb_record_fit *kb_record_fit_new(void)
{
	struct kb_record_fit *fit = kb_calloc(1, sizeof(*fit));

	pthread_mutex_init(&fit->lock, NULL);
	return fit;
}

void kb_record_fit_free(struct kb_record_fit *fit)
{
	if (!fit)
		return;
	pthread_mutex_destroy(&fit->lock);
	free(fit->rows);
	free(fit);
}

void kb_record_fit_add(struct kb_record_fit *fit, uint64_t number,
		       uint64_t question, bool right,
		       const struct kb_record_signals *signals,
		       double confidence)
{
	pthread_mutex_lock(&fit->lock);
	if (fit->n < KB_FIT_LABELS) {
		kb_grow(&fit->rows, &fit->cap, fit->n + 1, sizeof(*fit->rows));
		fit->rows[fit->n++] = (struct labelled){number, question, right,
							*signals, confidence};
	} else {
		fit->beyond++;
	}
	pthread_mutex_unlock(&fit->lock);
}

void kb_record_fit_pass(struct kb_record_fit *fit, bool error)
{
	pthread_mutex_lock(&fit->lock);
	if (error)
		fit->errors++;
	else
		fit->without_label++;
	pthread_mutex_unlock(&fit->lock);
}

/* ---- the labels ---- */

static int judged_then_number(const void *a, const void *b)
{
	const struct labelled *x = a, *y = b;

	if (x->signals.judged != y->signals.judged)
		return x->signals.judged ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int check_labels(struct kb_record_fit *fit, struct kb_err *err)
{
	size_t right = 0;

	if (fit->beyond)
		return kb_err_set(err, KB_ELIMIT, "%zu labels, more than %d",
				  fit->n + fit->beyond, KB_FIT_LABELS);
	if (fit->n)
		qsort(fit->rows, fit->n, sizeof(*fit->rows),
		      judged_then_number);
	fit->n_judged = 0;
	while (fit->n_judged < fit->n &&
	       fit->rows[fit->n_judged].signals.judged)
		right += fit->rows[fit->n_judged++].right;
	if (fit->n_judged < KB_FIT_LEAST || right < KB_FIT_LEAST_OF ||
	    fit->n_judged - right < KB_FIT_LEAST_OF)
		return kb_err_set(err, KB_EINVAL,
				  "too few labels: %zu right and %zu wrong "
				  "answers that were checked; want %d, at "
				  "least %d of each",
				  right, fit->n_judged - right, KB_FIT_LEAST,
				  KB_FIT_LEAST_OF);
	return KB_OK;
}

/* A part of the labels: of the parts that the question's hash makes, all but
 * one, or that one. */
struct part {
	const struct labelled **rows;
	size_t n;
};

static size_t place(const struct labelled *row, uint64_t of, uint64_t salt)
{
	return (size_t)(kb_mix64(row->question + salt) % of);
}

static struct part choose(const struct part *from, uint64_t of, uint64_t salt,
			  size_t which, bool others)
{
	struct part out = {kb_malloc((from->n + 1) * sizeof(*out.rows)), 0};

	for (size_t i = 0; i < from->n; i++)
		if ((place(from->rows[i], of, salt) == which) != others)
			out.rows[out.n++] = from->rows[i];
	return out;
}

/* ---- learning ---- */

static int learn_weights(const struct part *part, struct kb_arena *arena,
			 struct kb_linear_model *out, struct kb_err *err)
{
	const struct kb_logistic_options options = {.l2 = 1,
						    .standardise = true};
	struct kb_examples examples = {.n = part->n, .d = KB_RECORD_FEATURES};
	size_t d = KB_RECORD_FEATURES;
	double *x = kb_malloc((part->n + 1) * d * sizeof(*x));
	double *y = kb_malloc((part->n + 1) * sizeof(*y));
	struct kb_linear_feature *features =
	    kb_arena_calloc(arena, d, sizeof(*features));
	int rc;

	for (size_t f = 0; f < d; f++) {
		features[f].name = kb_record_features[f];
		features[f].nonnegative = true;
	}
	for (size_t i = 0; i < part->n; i++) {
		memcpy(x + i * d, part->rows[i]->signals.f, d * sizeof(*x));
		y[i] = part->rows[i]->right;
	}
	examples.x = x;
	examples.y = y;
	*out = (struct kb_linear_model){
	    .kind = KB_LOGISTIC, .features = features, .n = d};
	rc = kb_logistic_train(&examples, &options, features, &out->bias, err);
	free(x);
	free(y);
	return rc;
}

/* The order without a model: the logit itself. */
static const struct kb_linear_model plain_order = {
    .kind = KB_LOGISTIC,
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "least", .weight = 1, .scale = 1, .nonnegative = true}},
    .n = 1,
};

static int learn_calibration(const struct part *part,
			     const struct kb_linear *from,
			     struct kb_arena *arena,
			     struct kb_linear_model *out, struct kb_err *err)
{
	double *z = kb_malloc((part->n + 1) * sizeof(*z));
	bool *right = kb_malloc((part->n + 1) * sizeof(*right));
	int rc;

	*out = from ? *from->model : plain_order;
	out->certified = (struct kb_certified){0};
	out->spread = NULL;
	for (size_t i = 0; i < part->n; i++) {
		z[i] = kb_record_sum(from, &part->rows[i]->signals);
		right[i] = part->rows[i]->right;
	}
	rc = kb_calibration_fit(&out->calibration, z, right, part->n, arena,
				err);
	free(z);
	free(right);
	return rc;
}

static int learn(const struct kb_fit_options *o, const struct part *part,
		 struct kb_arena *arena, struct kb_linear_model *out,
		 struct kb_err *err)
{
	size_t right = 0;

	for (size_t i = 0; i < part->n; i++)
		right += part->rows[i]->right;
	if (!right || right == part->n)
		return kb_err_set(err, KB_EINVAL,
				  "too few questions: without some of them "
				  "%zu of %zu labels are right",
				  right, part->n);
	return o->what == KB_FIT_WEIGHTS
		   ? learn_weights(part, arena, out, err)
		   : learn_calibration(part, o->from, arena, out, err);
}

/* ---- what it is worth ---- */

static void bind(struct kb_linear *linear, const struct kb_linear_model *model)
{
	kb_linear_bind(linear, model, kb_record_features, KB_RECORD_FEATURES);
}

static void rate(const struct kb_linear_model *model, const struct part *part,
		 struct kb_outcome *out)
{
	struct kb_linear linear;

	bind(&linear, model);
	for (size_t i = 0; i < part->n; i++)
		out[i] = (struct kb_outcome){
		    kb_record_rate(&linear, &part->rows[i]->signals).confidence,
		    part->rows[i]->right};
}

/* Each label by a model that has not seen its question. */
static int cross_validate(const struct kb_fit_options *o,
			  const struct part *all, struct kb_outcome *out,
			  struct kb_err *err)
{
	struct kb_linear_model model;
	struct kb_arena arena;
	size_t n = 0;
	int rc = 0;

	kb_arena_init(&arena);
	for (size_t fold = 0; rc == 0 && fold < FOLDS; fold++) {
		struct part held = choose(all, FOLDS, 1, fold, false);
		struct part rest = choose(all, FOLDS, 1, fold, true);

		if (held.n)
			rc = learn(o, &rest, &arena, &model, err);
		if (rc == 0 && held.n)
			rate(&model, &held, out + n);
		n += held.n;
		free(held.rows);
		free(rest.rows);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	return rc;
}

/* Labels of which no cap says that they go to a human. */
static void certify(const struct kb_fit_options *o, const struct part *part,
		    struct kb_linear_model *model)
{
	struct kb_outcome *outcomes =
	    kb_malloc((part->n + 1) * sizeof(*outcomes));
	struct kb_certificate c;
	struct kb_linear linear;
	size_t n = 0;

	bind(&linear, model);
	for (size_t i = 0; i < part->n; i++)
		if (!part->rows[i]->signals.capped)
			outcomes[n++] = (struct kb_outcome){
			    kb_record_sum(&linear, &part->rows[i]->signals),
			    part->rows[i]->right};
	kb_certify(&c, outcomes, n, o->risk, o->delta);
	model->certified = (struct kb_certified){
	    o->risk, o->delta, c.threshold, part->n, c.answered, c.wrong};
	free(outcomes);
}

/* ---- where it comes from ---- */

static double *values_of(const struct kb_record_fit *fit)
{
	return kb_malloc((fit->n + 1) * sizeof(double));
}

/* The spreads of all labelled records, those that say nothing included. */
static void keep_spreads(const struct kb_record_fit *fit,
			 struct kb_linear_model *model, struct kb_arena *arena)
{
	struct kb_linear_feature *features =
	    kb_arena_calloc(arena, model->n + 1, sizeof(*features));
	struct kb_spread *spreads =
	    kb_arena_calloc(arena, model->n + 1, sizeof(*spreads));
	double *values = values_of(fit);
	struct kb_linear linear;

	memcpy(features, model->features, model->n * sizeof(*features));
	model->features = features;
	bind(&linear, model);
	for (size_t f = 0; f < model->n; f++) {
		for (size_t i = 0; i < fit->n; i++)
			values[i] =
			    kb_linear_value(&linear, f, fit->rows[i].signals.f);
		kb_spread_make(&spreads[f], values, fit->n);
		features[f].spread = &spreads[f];
	}
	for (size_t i = 0; i < fit->n; i++)
		values[i] =
		    kb_record_rate(&linear, &fit->rows[i].signals).confidence;
	kb_spread_make(&spreads[model->n], values, fit->n);
	model->spread = &spreads[model->n];
	free(values);
}

static const char *name_of(const char *path, struct kb_arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;
	size_t len = kb_utf8_cut(name, strlen(name), KB_MODEL_FILE_NAME);

	return kb_arena_printf(arena, "%.*s", (int)len, name);
}

static void keep_training(const struct kb_fit_options *o, size_t n,
			  const struct kb_reliability *before,
			  const struct kb_reliability *after,
			  struct kb_arena *arena, struct kb_linear_model *model)
{
	const struct kb_figure figures[] = {
	    {"brier before", before->brier},
	    {"brier", after->brier},
	    {"auroc before", before->auroc},
	    {"auroc", after->auroc},
	    {"ece before", before->ece},
	    {"ece", after->ece},
	    {NULL, 0},
	};
	struct kb_figure *kept = kb_arena_alloc(arena, sizeof(figures));
	const char **sets = kb_arena_calloc(arena, 2, sizeof(*sets));

	memcpy(kept, figures, sizeof(figures));
	sets[0] = name_of(o->labels, arena);
	model->name = KB_RECORD_MODEL;
	model->training = (struct kb_training){
	    .script = o->what == KB_FIT_WEIGHTS ? "fact-check --train"
						: "fact-check --calibrate",
	    .date = o->date,
	    .sets = sets,
	    .records = n,
	    .figures = kept};
}

static void say(const struct kb_record_fit *fit, const struct kb_fit_options *o,
		bool halves, const struct kb_reliability *before,
		const struct kb_reliability *after,
		const struct kb_certified *c, struct kb_buf *said)
{
	kb_buf_printf(said,
		      "%zu labels of %s; left out: %zu of answers that say "
		      "nothing, %zu records without a label, %zu with an "
		      "error\n",
		      fit->n_judged, o->date, fit->n - fit->n_judged,
		      fit->without_label, fit->errors);
	kb_buf_printf(said,
		      "held out (%s, %zu labels): Brier %.4f -> %.4f, AUROC "
		      "%.4f -> %.4f, ECE %.4f -> %.4f\n",
		      halves ? "the other half" : "10 folds", after->n,
		      before->brier, after->brier, before->auroc, after->auroc,
		      before->ece, after->ece);
	if (after->brier >= before->brier)
		kb_buf_add_cstr(said,
				"held out it is no better than before: more "
				"labels may help, or none are needed\n");
	if (c->risk > 0 && isnan(c->threshold))
		kb_buf_printf(said,
			      "no certificate: %llu labels do not show a risk "
			      "of %g; the confidence stays as it is\n",
			      (unsigned long long)c->labels, c->risk);
	else if (c->risk > 0)
		kb_buf_printf(said,
			      "certificate: %llu of %llu labels answered from "
			      "0.6 on, %llu wrong; at most %g of the answered "
			      "are, by chance %g not\n",
			      (unsigned long long)c->answered,
			      (unsigned long long)c->labels,
			      (unsigned long long)c->wrong, c->risk, c->delta);
}

/* ---- one run ---- */

/* Learn from the one half of the questions, try it on the other. */
static int fit_halves(const struct kb_fit_options *o, const struct part *all,
		      struct kb_arena *arena, struct kb_linear_model *out,
		      struct part *tried, struct kb_outcome *after,
		      struct kb_err *err)
{
	struct part half = choose(all, 2, 0, 0, false);
	int rc = learn(o, &half, arena, out, err);

	*tried = choose(all, 2, 0, 1, false);
	if (rc == 0 && !tried->n)
		rc = kb_err_set(err, KB_EINVAL,
				"too few questions for a certificate");
	if (rc == 0) {
		rate(out, tried, after);
		certify(o, tried, out);
	}
	free(half.rows);
	return rc;
}

static int fit_all(const struct kb_fit_options *o, const struct part *all,
		   struct kb_arena *arena, struct kb_linear_model *out,
		   struct part *tried, struct kb_outcome *after,
		   struct kb_err *err)
{
	int rc = cross_validate(o, all, after, err);

	*tried = choose(all, 1, 0, 0, false);
	if (rc == 0)
		rc = learn(o, all, arena, out, err);
	if (rc == 0 && o->risk > 0 && o->what == KB_FIT_CALIBRATION)
		certify(o, all, out);
	return rc;
}

/* Halves for the weights with a certificate; where none can be given, all is
 * there to learn from. */
static int fit(const struct kb_fit_options *o, const struct part *all,
	       struct kb_arena *arena, struct kb_linear_model *out,
	       struct part *tried, struct kb_outcome *after, struct kb_err *err)
{
	struct kb_certified none;
	int rc;

	if (o->what != KB_FIT_WEIGHTS || o->risk <= 0)
		return fit_all(o, all, arena, out, tried, after, err);
	rc = fit_halves(o, all, arena, out, tried, after, err);
	if (rc || !isnan(out->certified.threshold))
		return rc;
	none = out->certified;
	free(tried->rows);
	*tried = (struct part){NULL, 0};
	rc = fit_all(o, all, arena, out, tried, after, err);
	out->certified = none;
	return rc;
}

int kb_record_fit_run(struct kb_record_fit *labels,
		      const struct kb_fit_options *o, struct kb_arena *arena,
		      struct kb_linear_model *out, struct kb_buf *said,
		      struct kb_err *err)
{
	struct kb_reliability before, after;
	struct kb_outcome *was, *is;
	struct part all, tried = {NULL, 0};
	int rc = check_labels(labels, err);

	assert(o->labels && o->date);
	if (rc < 0)
		return rc;
	all = (struct part){kb_malloc(labels->n * sizeof(*all.rows)),
			    labels->n_judged};
	for (size_t i = 0; i < all.n; i++)
		all.rows[i] = &labels->rows[i];
	was = kb_malloc(all.n * sizeof(*was));
	is = kb_malloc(all.n * sizeof(*is));
	rc = fit(o, &all, arena, out, &tried, is, err);
	if (rc == 0) {
		for (size_t i = 0; i < tried.n; i++)
			was[i] = (struct kb_outcome){tried.rows[i]->confidence,
						     tried.rows[i]->right};
		before = kb_reliability_measure(was, tried.n);
		after = kb_reliability_measure(is, tried.n);
		keep_training(o, labels->n_judged, &before, &after, arena, out);
		keep_spreads(labels, out, arena);
		say(labels, o, tried.n < all.n, &before, &after,
		    &out->certified, said);
	}
	free(tried.rows);
	free(all.rows);
	free(was);
	free(is);
	return rc;
}
