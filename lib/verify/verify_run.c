#include "verify/verify_run.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "cache/answer_cache.h"
#include "record/error_member.h"
#include "record/label.h"
#include "record/members.h"

#define INDEXES_MAX 64

struct kb_verify_worker {
	struct kb_verify_run *run;
	struct kb_checker checker;
	struct kb_search *search;
	struct kb_watch watch;
	struct kb_answers *answers; /* or NULL */
};

/* ---- opening ---- */

static int check_setup(const struct kb_verify_setup *s, struct kb_err *err)
{
	if (s->train && s->calibrate)
		return kb_err_set(err, KB_EINVAL,
				  "--train and --calibrate exclude each other");
	if (s->risk > 0 && !s->train && !s->calibrate)
		return kb_err_set(err, KB_EINVAL,
				  "--risk is for --train or --calibrate; the "
				  "certificate is kept in their model file");
	if (s->n_indexes > INDEXES_MAX)
		return kb_err_set(err, KB_ELIMIT, "%zu indexes, at most %d",
				  s->n_indexes, INDEXES_MAX);
	return 0;
}

/* The model of the record is known by its name, as that of a claim measures
 * other things. */
static const struct kb_linear_model *find_record(
    const struct kb_model_file *file)
{
	for (size_t i = 0; i < file->n; i++)
		if (file->models[i].name &&
		    !strcmp(file->models[i].name, KB_RECORD_MODEL))
			return &file->models[i];
	return NULL;
}

static int bind_record(struct kb_verify_run *run, struct kb_err *err)
{
	struct kb_model_file one = {run->record, 1};

	if (!kb_model_file_find(&one, run->setup->model_file, KB_LOGISTIC,
				kb_record_features, KB_RECORD_FEATURES, err)) {
		run->record = NULL;
		return KB_EFORMAT;
	}
	kb_linear_bind(&run->bound, run->record, kb_record_features,
		       KB_RECORD_FEATURES);
	kb_watch_init(&run->watch, &run->bound);
	return 0;
}

/* A file with a model of the record need not have one of a claim. */
static int load_models(struct kb_verify_run *run, struct kb_err *err)
{
	const char *path = run->setup->model_file;
	struct kb_model_file others = {NULL, 0};
	struct kb_linear_model *list;
	int rc = kb_model_file_read(path, &run->arena, &run->models, err);

	if (rc < 0)
		return rc;
	list = kb_arena_calloc(&run->arena, run->models.n, sizeof(*list));
	run->record = find_record(&run->models);
	others.models = list;
	for (size_t i = 0; i < run->models.n; i++)
		if (&run->models.models[i] != run->record)
			list[others.n++] = run->models.models[i];
	run->claim =
	    others.n || !run->record
		? kb_model_file_find(&others, path, KB_LOGISTIC,
				     kb_claim_features, KB_FEATURES, err)
		: NULL;
	if (run->record)
		return bind_record(run, err);
	return run->claim ? 0 : KB_EFORMAT;
}

int kb_verify_run_open(struct kb_verify_run *run,
		       const struct kb_verify_setup *s, struct kb_err *err)
{
	struct kb_base_options base = {
	    .paths = s->indexes, .n_paths = s->n_indexes, .now = s->now};
	struct kb_judge_options judge = s->judge;
	int rc = check_setup(s, err);

	*run = (struct kb_verify_run){.setup = s};
	kb_arena_init(&run->arena);
	if (!rc && s->band)
		rc = kb_judge_band(s->band, &judge, err);
	if (!rc && s->model_file)
		rc = load_models(run, err);
	if (s->base)
		run->base = kb_base_ref(s->base);
	else if (!rc && s->n_indexes)
		rc = kb_base_open(&run->base, &base, err);
	if (!rc)
		rc = kb_judge_open(&run->judge, &judge, err);
	if (s->train || s->calibrate)
		run->fit = kb_record_fit_new();
	return rc;
}

void kb_verify_run_close(struct kb_verify_run *run)
{
	if (!run->setup)
		return;
	kb_judge_close(run->judge);
	kb_base_unref(run->base);
	kb_record_fit_free(run->fit);
	kb_arena_release(&run->arena);
}

/* ---- a thread ---- */

int kb_verify_worker_open(struct kb_verify_worker **out,
			  struct kb_verify_run *run, struct kb_err *err)
{
	struct kb_search_options opt = {.k = run->setup->fetch,
					.no_syntax = true};
	struct kb_verify_worker *w = kb_calloc(1, sizeof(*w));
	int rc = 0;

	w->run = run;
	kb_checker_init(&w->checker, run->claim);
	w->checker.measures_held =
	    run->fit || run->setup->explain ||
	    (run->record &&
	     kb_linear_find(run->record, kb_record_features[KB_R_HELD]));
	if (run->record)
		kb_watch_init(&w->watch, &run->bound);
	if (run->setup->answers.dir)
		w->answers = kb_answers_new(&run->setup->answers);
	opt.legs[KB_LEG_LEXICAL] = true;
	if (run->base)
		rc = kb_search_open(&w->search, run->base, &opt, NULL, err);
	*out = w;
	return rc;
}

void kb_verify_worker_close(struct kb_verify_worker *w)
{
	if (!w)
		return;
	if (w->run->record)
		kb_watch_join(&w->run->watch, &w->watch);
	kb_answers_free(w->answers);
	kb_search_close(w->search);
	kb_checker_release(&w->checker);
	free(w);
}

/* What is labelled and could be looked at is learned from. */
static int learn(struct kb_record_fit *fit, const struct kb_rec *rec,
		 uint64_t number, const struct kb_verified *v,
		 struct kb_err *err)
{
	int label, rc = kb_label_read(rec, rec->arena, &label, err);

	if (rc < 0)
		return rc;
	if (label < 0)
		kb_record_fit_pass(fit, false);
	else if (!v->scored)
		kb_record_fit_pass(fit, true);
	else
		kb_record_fit_add(fit, number, v->question, label == 1,
				  &v->signals, v->score.confidence);
	return 0;
}

int kb_verify_work(struct kb_verify_worker *w, struct kb_rec *rec,
		   uint64_t number, bool *human, struct kb_err *err)
{
	const struct kb_verify_setup *s = w->run->setup;
	struct kb_verify_options options = {
	    .threshold = s->threshold,
	    .fetch = s->fetch,
	    .explain = s->explain,
	    .evidence = s->evidence,
	    .search = w->search,
	    .record = w->run->record ? &w->run->bound : NULL,
	    .judge = w->run->judge,
	};
	struct kb_verified v;
	int rc;

	if (kb_record_is_answered(rec) && !kb_error_is_set(rec)) {
		*human = false;
		return 0;
	}
	rc = kb_verify_record(&w->checker, rec, &options, &v, err);
	*human = v.human;
	if (w->answers && !rc)
		kb_answers_keep(w->answers, rec,
				kb_clock_wall_ns() / 1000000000);
	if (rc < 0 && w->run->fit)
		kb_record_fit_pass(w->run->fit, true);
	if (rc < 0)
		return rc;
	if (w->run->fit)
		return learn(w->run->fit, rec, number, &v, err);
	if (w->run->record && v.scored)
		kb_watch_add(&w->watch, v.signals.f, v.score.confidence);
	return 0;
}

/* ---- the end ---- */

static const char *date_of(int64_t now, struct kb_arena *arena)
{
	char *date = kb_arena_alloc(arena, sizeof("-YYYYYYYYYYY-MM-DD"));
	time_t t = (time_t)now;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	strftime(date, sizeof("-YYYYYYYYYYY-MM-DD"), "%Y-%m-%d", &tm);
	return date;
}

int kb_verify_run_learned(struct kb_verify_run *run, struct kb_buf *out,
			  struct kb_buf *said, struct kb_err *err)
{
	const struct kb_verify_setup *s = run->setup;
	const struct kb_linear_model *models[KB_MODEL_FILE_MODELS];
	struct kb_fit_options options = {
	    .what = s->train ? KB_FIT_WEIGHTS : KB_FIT_CALIBRATION,
	    .risk = s->risk,
	    .delta = s->delta,
	    .from = run->record ? &run->bound : NULL,
	    .labels = s->train ? s->train : s->calibrate,
	    .date = date_of(s->date, &run->arena),
	};
	struct kb_linear_model learned;
	size_t n = 0;
	int rc = kb_record_fit_run(run->fit, &options, &run->arena, &learned,
				   said, err);

	if (rc < 0)
		return rc;
	/* what was in use and is not learned anew stays in the file */
	for (size_t i = 0; i < run->models.n && n + 1 < KB_MODEL_FILE_MODELS;
	     i++)
		if (&run->models.models[i] != run->record)
			models[n++] = &run->models.models[i];
	models[n++] = &learned;
	kb_model_file_write_all(models, n, out);
	return 0;
}

bool kb_verify_run_drift(const struct kb_verify_run *run, struct kb_buf *out)
{
	return run->record && kb_watch_warn(&run->watch, "records", out);
}

void kb_verify_run_stats(const struct kb_verify_run *run,
			 struct kb_buf *members)
{
	if (!run->record || run->fit)
		return;
	kb_buf_add_cstr(members, "\"drift\":");
	kb_watch_write(&run->watch, members);
}
