#include <math.h>
#include <stdlib.h>

#include "classify/class_run.h"
#include "classify/class_scale.h"
#include "learn/reliability.h"
#include "json/write.h"

enum { WORST = 10 }; /* rows for people */

/* ---- calibrate ---- */

/* The parent of a text's own column, or KB_CLASS_NONE. */
static uint32_t parent_of(const struct kb_class_model *m, uint32_t own)
{
	if (own == KB_CLASS_NONE || own >= m->n_labels)
		return own;
	return m->about.parent[own];
}

/* Is a column what the text is labelled with? Of a text that is labelled with
 * a parent alone every child is. */
static bool fits(const struct kb_class_model *m, uint32_t column, uint32_t own)
{
	if (column == KB_CLASS_NONE || own == KB_CLASS_NONE)
		return false;
	return column == own ||
	       (own >= m->n_labels && parent_of(m, column) == own);
}

static int fit(const struct kb_class_run *run, bool parents,
	       struct kb_class_scale *scale, struct kb_arena *arena,
	       struct kb_err *err)
{
	const struct kb_class_model *m = &run->model;
	struct kb_class_outcome *outcomes =
	    kb_calloc(run->n_judged + 1, sizeof(*outcomes));
	int rc;

	for (size_t i = 0; i < run->n_judged; i++) {
		const struct kb_class_judged *j = &run->judged[i];
		uint32_t own = parents ? parent_of(m, j->own) : j->own;

		outcomes[i] = (struct kb_class_outcome){
		    .z = parents ? j->parent_z : j->z,
		    .known = own != KB_CLASS_NONE,
		    .right = fits(m, parents ? j->best_parent : j->best, own),
		};
	}
	rc = kb_class_scale_fit(scale, outcomes, run->n_judged, arena, err);
	free(outcomes);
	return rc;
}

int kb_class_calibrate_report(struct kb_class_run *run, struct kb_buf *out,
			      struct kb_err *err)
{
	const struct kb_class_model *m = &run->model;
	const struct kb_class_header *h = (const void *)m->ptr;
	struct kb_class_about about = m->about;
	struct kb_class_parts parts = {
	    .n_slots = m->n_slots,
	    .n_columns = m->n_columns,
	    .n_labels = m->n_labels,
	    .unknown_idf = m->unknown_idf,
	    .pieces = m->pieces,
	    .slots = {(const char *)m->slots, h->slots.length},
	    .rows = {(const char *)m->rows, h->rows.length},
	    .columns = {(const char *)m->columns, h->columns.length},
	    .about = &about,
	};
	struct kb_arena arena;
	size_t n_right = 0;
	int rc;

	if (!run->n_judged)
		return kb_err_set(err, KB_EINVAL, "no labelled texts");
	kb_arena_init(&arena);
	rc = fit(run, false, &about.scale[0], &arena, err);
	if (!rc && m->n_columns > m->n_labels)
		rc = fit(run, true, &about.scale[1], &arena, err);
	for (size_t i = 0; i < run->n_judged; i++)
		n_right += fits(m, run->judged[i].best, run->judged[i].own);
	about.calibrated = run->n_judged;
	about.accuracy = (double)n_right / (double)run->n_judged;
	about.date = kb_str_of(run->date);
	if (!rc)
		kb_class_model_write(&parts, out);
	kb_arena_release(&arena);
	return rc;
}

/* ---- eval ---- */

/* Of one label: texts that have it, that got it, that both did. */
struct counts {
	uint32_t column;
	size_t own, got, both;
};

struct measures {
	size_t n, n_known, n_right, n_kept, n_kept_right, n_parent_right;
	size_t n_unknown, n_refused; /* texts of none; that became none */
	struct kb_reliability reliability;
	struct counts *labels; /* n_columns, those without any dropped */
	size_t n_labels;
};

static double share(size_t part, size_t of)
{
	return of ? (double)part / (double)of : (double)NAN;
}

static double f1(const struct counts *c)
{
	return c->own + c->got ? 2 * (double)c->both / (double)(c->own + c->got)
			       : 0;
}

static int by_f1(const void *a, const void *b)
{
	const struct counts *x = a, *y = b;
	double fx = f1(x), fy = f1(y);

	if (fx != fy)
		return fx < fy ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static void count_one(const struct kb_class_model *m,
		      const struct kb_class_judged *j, struct measures *all)
{
	bool kept = j->decided != KB_CLASS_NONE;

	all->n++;
	if (kept)
		all->labels[j->decided].got++;
	if (j->own == KB_CLASS_NONE) {
		all->n_unknown++;
		all->n_refused += !kept;
		return;
	}
	all->n_known++;
	all->labels[j->own].own++;
	all->labels[j->own].both += j->decided == j->own;
	all->n_right += fits(m, j->best, j->own);
	all->n_kept += kept;
	all->n_kept_right += fits(m, j->decided, j->own);
	all->n_parent_right += j->best_parent != KB_CLASS_NONE &&
			       j->best_parent == parent_of(m, j->own);
}

static void measure(const struct kb_class_run *run, struct measures *all)
{
	const struct kb_class_model *m = &run->model;
	struct kb_outcome *outcomes =
	    kb_calloc(run->n_judged + 1, sizeof(*outcomes));
	size_t n = 0;

	*all = (struct measures){0};
	all->labels = kb_calloc(m->n_columns, sizeof(*all->labels));
	for (uint32_t c = 0; c < m->n_columns; c++)
		all->labels[c].column = c;
	for (size_t i = 0; i < run->n_judged; i++) {
		const struct kb_class_judged *j = &run->judged[i];
		uint32_t said =
		    j->decided == KB_CLASS_NONE ? j->best : j->decided;

		count_one(m, j, all);
		outcomes[i] = (struct kb_outcome){
		    .confidence = j->score,
		    .right =
			fits(m, said, j->own) ||
			(said != KB_CLASS_NONE && said == parent_of(m, j->own)),
		};
	}
	all->reliability = kb_reliability_measure(outcomes, run->n_judged);
	for (uint32_t c = 0; c < m->n_columns; c++)
		if (all->labels[c].own || all->labels[c].got)
			all->labels[n++] = all->labels[c];
	all->n_labels = n;
	if (n)
		qsort(all->labels, n, sizeof(*all->labels), by_f1);
	free(outcomes);
}

static double macro_f1(const struct measures *all)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < all->n_labels; i++) {
		n += all->labels[i].own > 0;
		sum += all->labels[i].own ? f1(&all->labels[i]) : 0;
	}
	return n ? sum / (double)n : (double)NAN;
}

static void put_share(struct kb_jw *w, const char *name, double x)
{
	kb_jw_key(w, name);
	kb_jw_fixed(w, x, 4);
}

static void put_json(const struct kb_class_run *run, const struct measures *all,
		     struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_count(&w, "records", all->n);
	kb_jw_count(&w, "in_scope", all->n_known);
	put_share(&w, "accuracy", share(all->n_right, all->n_known));
	if (run->model.n_columns > run->model.n_labels)
		put_share(&w, "parent_accuracy",
			  share(all->n_parent_right, all->n_known));
	put_share(&w, "macro_f1", macro_f1(all));
	put_share(&w, "kept", share(all->n_kept, all->n_known));
	put_share(&w, "accuracy_kept", share(all->n_kept_right, all->n_kept));
	kb_jw_count(&w, "out_of_scope", all->n_unknown);
	put_share(&w, "out_of_scope_recall",
		  share(all->n_refused, all->n_unknown));
	put_share(&w, "ece", all->reliability.ece);
	put_share(&w, "auroc", all->reliability.auroc);
	kb_jw_key(&w, "labels");
	kb_jw_arr(&w);
	for (size_t i = 0; i < all->n_labels; i++) {
		const struct counts *c = &all->labels[i];

		kb_jw_obj(&w);
		kb_jw_key(&w, "label");
		kb_jw_str(&w, run->model.about.labels[c->column]);
		kb_jw_count(&w, "records", c->own);
		put_share(&w, "precision", share(c->both, c->got));
		put_share(&w, "recall", share(c->both, c->own));
		put_share(&w, "f1", f1(c));
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

static void row(struct kb_buf *out, const char *name, double x)
{
	if (isnan(x))
		kb_buf_printf(out, "%-28s    -\n", name);
	else
		kb_buf_printf(out, "%-28s %.4f\n", name, x);
}

static void put_text(const struct kb_class_run *run, const struct measures *all,
		     struct kb_buf *out)
{
	kb_buf_printf(out, "%zu records, %zu with a label of the model\n",
		      all->n, all->n_known);
	row(out, "accuracy", share(all->n_right, all->n_known));
	if (run->model.n_columns > run->model.n_labels)
		row(out, "accuracy of the parent",
		    share(all->n_parent_right, all->n_known));
	row(out, "macro F1", macro_f1(all));
	row(out, "kept", share(all->n_kept, all->n_known));
	row(out, "accuracy of the kept", share(all->n_kept_right, all->n_kept));
	row(out, "out of scope, found", share(all->n_refused, all->n_unknown));
	row(out, "calibration error of score", all->reliability.ece);
	row(out, "AUROC of score", all->reliability.auroc);
	kb_buf_add_cstr(out,
			"\nthe worst labels: records, precision, recall\n");
	for (size_t i = 0; i < all->n_labels && i < WORST; i++) {
		const struct counts *c = &all->labels[i];
		struct kb_str name = run->model.about.labels[c->column];

		kb_buf_printf(out, "%8zu %6.3f %6.3f  ", c->own,
			      c->got ? share(c->both, c->got) : 0,
			      c->own ? share(c->both, c->own) : 0);
		kb_buf_add_str(out, name);
		kb_buf_add_char(out, '\n');
	}
}

int kb_class_eval_report(struct kb_class_run *run, bool text,
			 struct kb_buf *out, struct kb_err *err)
{
	struct measures all;

	if (!run->n_judged)
		return kb_err_set(err, KB_EINVAL, "no labelled texts");
	measure(run, &all);
	if (text)
		put_text(run, &all, out);
	else
		put_json(run, &all, out);
	free(all.labels);
	return 0;
}
