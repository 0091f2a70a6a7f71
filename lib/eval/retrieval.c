#include "eval/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "eval/runs.h"
#include "learn/paired.h"
#include "tune/judgements.h"
#include "json/write.h"

struct report {
	const struct kb_eval_opts *opts;
	struct kb_qrels qrels;
	struct kb_eval_run *runs;
	size_t n_runs;
	size_t *chosen; /* queries that count */
	size_t n_chosen;
	/* values[measure] of every run, n_chosen each */
	double **values;
};

static const char *run_name(const struct report *r, size_t i)
{
	return r->opts->n_files ? r->opts->files[i] : "-";
}

static int load(struct report *r, struct kb_err *err)
{
	size_t n = r->opts->n_files ? r->opts->n_files : 1, i;
	int rc;

	rc = r->opts->qrels ? kb_judgements_load(&r->qrels, r->opts->qrels, err)
			    : KB_OK;
	if (rc < 0)
		return rc;
	r->runs = kb_calloc(n, sizeof(*r->runs));
	for (i = 0; i < n; i++) {
		const char *path = run_name(r, i);

		rc = kb_eval_run_load(&r->runs[i], &r->qrels,
				      !r->opts->qrels && i == 0,
				      strcmp(path, "-") ? path : NULL, err);
		if (rc < 0)
			return rc;
		r->n_runs++;
	}
	return KB_OK;
}

static void choose(struct report *r)
{
	size_t i, k;

	r->chosen = kb_malloc(r->qrels.n * sizeof(*r->chosen));
	for (i = 0; i < r->qrels.n; i++) {
		bool named = !r->opts->only_run;

		for (k = 0; k < r->n_runs; k++)
			named = named || r->runs[k].rankings[i].present;
		if (named)
			r->chosen[r->n_chosen++] = i;
	}
}

static void measure(struct report *r)
{
	double v[KB_MEASURES];
	size_t run, i, m;

	r->values = kb_calloc(r->n_runs * KB_MEASURES, sizeof(*r->values));
	for (run = 0; run < r->n_runs; run++) {
		double **of_run = r->values + run * KB_MEASURES;

		for (m = 0; m < KB_MEASURES; m++)
			of_run[m] = kb_calloc(r->n_chosen + 1, sizeof(double));
		for (i = 0; i < r->n_chosen; i++) {
			size_t q = r->chosen[i];

			kb_rank_measure(&r->qrels.queries[q],
					&r->runs[run].rankings[q], v);
			for (m = 0; m < KB_MEASURES; m++)
				of_run[m][i] = v[m];
		}
	}
}

static double mean(const double *v, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += v[i];
	return n ? sum / (double)n : 0;
}

static size_t n_missing(const struct report *r, size_t run)
{
	size_t i, n = 0;

	for (i = 0; i < r->n_chosen; i++)
		n += !r->runs[run].rankings[r->chosen[i]].present;
	return n;
}

static struct kb_paired compare(const struct report *r, size_t run, size_t m)
{
	return kb_paired_test(r->values[m], r->values[run * KB_MEASURES + m],
			      r->n_chosen, (unsigned)r->opts->rounds,
			      r->opts->seed);
}

static const enum kb_measure compared[] = {KB_RECALL_10, KB_MRR_10, KB_NDCG_10};
#define N_COMPARED (sizeof(compared) / sizeof(compared[0]))

static void write_json(const struct report *r, size_t run, struct kb_buf *out)
{
	struct kb_jw w;
	size_t m;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (r->opts->set) {
		kb_jw_key(&w, "set");
		kb_jw_cstr(&w, r->opts->set);
	}
	kb_jw_key(&w, "run");
	kb_jw_cstr(&w, run_name(r, run));
	kb_jw_key(&w, "queries");
	kb_jw_int(&w, (int64_t)r->n_chosen);
	kb_jw_key(&w, "missing");
	kb_jw_int(&w, (int64_t)n_missing(r, run));
	for (m = 0; m < KB_MEASURES; m++) {
		kb_jw_key(&w, kb_measure_names[m]);
		kb_jw_fixed(
		    &w, mean(r->values[run * KB_MEASURES + m], r->n_chosen), 4);
	}
	for (m = 0; run && m < N_COMPARED; m++) {
		struct kb_paired p = compare(r, run, compared[m]);
		char key[40];

		snprintf(key, sizeof(key), "%s_difference",
			 kb_measure_names[compared[m]]);
		kb_jw_key(&w, key);
		kb_jw_obj(&w);
		kb_jw_key(&w, "mean");
		kb_jw_fixed(&w, p.difference, 4);
		kb_jw_key(&w, "low");
		kb_jw_fixed(&w, p.low, 4);
		kb_jw_key(&w, "high");
		kb_jw_fixed(&w, p.high, 4);
		kb_jw_key(&w, "p");
		kb_jw_fixed(&w, p.p, 5);
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

static void add_name(struct kb_buf *out, const char *name)
{
	kb_visible_add(out, kb_str_of(name), KB_UTF8_MARK);
}

static void write_table(const struct report *r, struct kb_buf *out)
{
	size_t run, m;

	if (r->opts->set) {
		add_name(out, r->opts->set);
		kb_buf_add_cstr(out, ": ");
	}
	kb_buf_printf(out, "%zu queries\n", r->n_chosen);
	for (m = 0; m < KB_MEASURES; m++)
		kb_buf_printf(out, "%11s", kb_measure_names[m]);
	kb_buf_add_cstr(out, "  missing  run\n");
	for (run = 0; run < r->n_runs; run++) {
		for (m = 0; m < KB_MEASURES; m++)
			kb_buf_printf(out, "%11.4f",
				      mean(r->values[run * KB_MEASURES + m],
					   r->n_chosen));
		kb_buf_printf(out, "%9zu  ", n_missing(r, run));
		add_name(out, run_name(r, run));
		kb_buf_add_char(out, '\n');
	}
	for (run = 1; run < r->n_runs; run++) {
		add_name(out, run_name(r, run));
		kb_buf_add_cstr(out, " against ");
		add_name(out, run_name(r, 0));
		kb_buf_add_cstr(out, ":\n");
		for (m = 0; m < N_COMPARED; m++) {
			struct kb_paired p = compare(r, run, compared[m]);

			kb_buf_printf(out,
				      "  %-10s %+.4f  [%+.4f, %+.4f]  p %.4f\n",
				      kb_measure_names[compared[m]],
				      p.difference, p.low, p.high, p.p);
		}
	}
}

/* Every run must keep them. */
static void look_at_limits(const struct report *r)
{
	for (size_t i = 0; i < r->n_runs * KB_MEASURES; i++)
		kb_eval_limits_look(r->opts->limits,
				    kb_measure_names[i % KB_MEASURES],
				    mean(r->values[i], r->n_chosen));
}

static void release(struct report *r)
{
	size_t i;

	for (i = 0; r->values && i < r->n_runs * KB_MEASURES; i++)
		free(r->values[i]);
	free(r->values);
	free(r->chosen);
	for (i = 0; i < r->n_runs; i++)
		kb_eval_run_release(&r->runs[i]);
	free(r->runs);
	kb_qrels_release(&r->qrels);
}

int kb_eval_retrieval(const struct kb_eval_opts *opts, struct kb_buf *out,
		      struct kb_err *err)
{
	struct report r = {.opts = opts};
	size_t i;
	int rc;

	kb_qrels_init(&r.qrels);
	rc = load(&r, err);
	if (rc == KB_OK) {
		choose(&r);
		measure(&r);
		look_at_limits(&r);
		for (i = 0; opts->json && i < r.n_runs; i++)
			write_json(&r, i, out);
		if (!opts->json)
			write_table(&r, out);
	}
	release(&r);
	return rc;
}
