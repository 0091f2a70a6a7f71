#include "classify/class_run.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

int kb_class_run_open(struct kb_class_run *run,
		      const struct kb_class_setup *setup, struct kb_err *err)
{
	time_t now = (time_t)setup->now_s;
	struct tm tm;
	int rc;

	*run = (struct kb_class_run){.is = *setup, .worst = INFINITY};
	gmtime_r(&now, &tm);
	strftime(run->date, sizeof(run->date), "%Y-%m-%d", &tm);
	pthread_mutex_init(&run->lock, NULL);
	kb_arena_init(&run->model.arena);
	if (setup->task == KB_CLASS_TRAIN) {
		run->trainer = kb_class_trainer_new();
		return 0;
	}
	if (!setup->model)
		return kb_err_set(err, KB_EINVAL,
				  "which model? name it with -m; "
				  "'text-classify train -o FILE' makes one");
	rc = kb_class_model_open(&run->model, setup->model, err);
	return rc ? rc
		  : kb_class_rule_check(&setup->rule, &run->model, setup->model,
					err);
}

void kb_class_run_close(struct kb_class_run *run)
{
	kb_class_trainer_free(run->trainer);
	kb_class_model_release(&run->model);
	for (size_t i = 0; i < run->n_selected; i++)
		free(run->selected[i].line);
	free(run->selected);
	free(run->judged);
	pthread_mutex_destroy(&run->lock);
}

void kb_class_worker_open(struct kb_class_worker **out,
			  struct kb_class_run *run)
{
	struct kb_class_worker *w = kb_calloc(1, sizeof(*w));

	w->run = run;
	w->scratch = kb_class_scratch_new();
	kb_buf_init(&w->buf, 0);
	*out = w;
}

void kb_class_worker_close(void *worker)
{
	struct kb_class_worker *w = worker;

	kb_class_scratch_free(w->scratch);
	kb_buf_release(&w->buf);
	free(w);
}

/* ---- a record ---- */

/* The column of a label, KB_CLASS_NONE: the model does not know it. */
static uint32_t column_of(const struct kb_class_model *m, struct kb_str label)
{
	for (int part = 0; part < 2; part++) {
		uint32_t low = part ? m->n_labels : 0;
		uint32_t high = part ? m->n_columns : m->n_labels;

		while (low < high) {
			uint32_t at = low + (high - low) / 2;
			int c = kb_str_cmp(label, m->about.labels[at]);

			if (!c)
				return at;
			if (c < 0)
				high = at;
			else
				low = at + 1;
		}
	}
	return KB_CLASS_NONE;
}

static void judge(struct kb_class_run *run, const float *z,
		  const struct kb_class_label *decided, struct kb_str label,
		  uint64_t number)
{
	const struct kb_class_model *m = &run->model;
	struct kb_class_best leaf = kb_class_best_of(z, 0, m->n_labels);
	struct kb_class_best parent =
	    kb_class_best_of(z, m->n_labels, m->n_columns - m->n_labels);

	pthread_mutex_lock(&run->lock);
	kb_grow(&run->judged, &run->cap_judged, run->n_judged + 1,
		sizeof(*run->judged));
	run->judged[run->n_judged++] = (struct kb_class_judged){
	    .number = number,
	    .z = leaf.z,
	    .parent_z = parent.z,
	    .score = decided->score,
	    .own = column_of(m, label),
	    .best = leaf.best,
	    .best_parent = parent.best,
	    .decided = decided->column,
	};
	pthread_mutex_unlock(&run->lock);
}

static void remember_failure(struct kb_class_run *run, uint64_t number,
			     const struct kb_err *err)
{
	pthread_mutex_lock(&run->lock);
	if (!run->n_failed++ || number < run->failed_number) {
		run->failed = *err;
		run->failed_number = number;
	}
	pthread_mutex_unlock(&run->lock);
}

static int train(struct kb_class_worker *w, struct kb_str text,
		 struct kb_str label, uint64_t number, struct kb_err *err)
{
	kb_class_features_make(&w->scratch->features, text);
	return kb_class_trainer_add(w->run->trainer, number, label,
				    &w->scratch->features, err);
}

static int read_parts(const struct kb_class_run *run, const struct kb_rec *rec,
		      struct kb_str *text, struct kb_str *label,
		      struct kb_err *err)
{
	enum kb_class_task task = run->is.task;
	int rc = kb_class_text_read(rec, rec->arena, run->is.text, text, err);

	if (rc || task == KB_CLASS_PREDICT || task == KB_CLASS_SELECT)
		return rc;
	return kb_class_label_read(rec, rec->arena, run->is.label, label, err);
}

int kb_class_work(struct kb_class_worker *w, struct kb_rec *rec,
		  uint64_t number, struct kb_str *name, struct kb_err *err)
{
	struct kb_class_run *run = w->run;
	const struct kb_class_model *m = &run->model;
	struct kb_str text, label = {"", 0}, other = kb_str_of(run->is.other);
	struct kb_class_label decided;
	const float *z;
	int rc = read_parts(run, rec, &text, &label, err);

	*name = other;
	if (!rc && run->is.task == KB_CLASS_TRAIN)
		rc = train(w, text, label, number, err);
	if (rc) {
		remember_failure(run, number, err);
		return rc;
	}
	if (run->is.task == KB_CLASS_TRAIN)
		return 0;
	z = kb_class_score(m, w->scratch, text);
	decided = kb_class_decide(m, z, &run->is.rule);
	if (run->is.task == KB_CLASS_CALIBRATE ||
	    run->is.task == KB_CLASS_EVAL) {
		judge(run, z, &decided, label, number);
		return 0;
	}
	run->n_other += decided.column == KB_CLASS_NONE;
	run->n_parent +=
	    decided.column != KB_CLASS_NONE && decided.column >= m->n_labels;
	kb_class_set(rec, rec->arena, m, &decided, other, &w->buf);
	if (run->is.task == KB_CLASS_SELECT)
		kb_class_select(run, text, decided.margin, number, rec,
				&w->buf);
	*name = kb_class_name(m, decided.column, other);
	return 0;
}

/* ---- the end ---- */

static int by_number(const void *a, const void *b)
{
	const struct kb_class_judged *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

int kb_class_run_report(struct kb_class_run *run, bool text, struct kb_buf *out,
			struct kb_buf *said, struct kb_err *err)
{
	const struct kb_class_train_options options = {
	    .flat = run->is.flat,
	    .threads = run->is.threads ? run->is.threads : 1,
	    .date = run->date,
	};

	if (run->n_failed)
		kb_buf_printf(said,
			      "without text or label, and left out: %zu; the "
			      "first is record %llu: %s\n",
			      run->n_failed,
			      (unsigned long long)run->failed_number,
			      run->failed.msg);
	if (run->n_judged)
		qsort(run->judged, run->n_judged, sizeof(*run->judged),
		      by_number);
	switch (run->is.task) {
	case KB_CLASS_TRAIN:
		return kb_class_trainer_finish(run->trainer, &options, out,
					       err);
	case KB_CLASS_CALIBRATE:
		return kb_class_calibrate_report(run, out, err);
	case KB_CLASS_EVAL:
		return kb_class_eval_report(run, text, out, err);
	case KB_CLASS_SELECT:
		kb_class_select_report(run, out);
		return 0;
	case KB_CLASS_PREDICT:
		break;
	}
	return 0;
}

void kb_class_run_stats(const struct kb_class_run *run, struct kb_buf *members)
{
	kb_buf_printf(members, "\"other\":%zu,\"parents\":%zu", run->n_other,
		      run->n_parent);
}
