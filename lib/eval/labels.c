#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/visible.h"
#include "eval/plot.h"
#include "eval/records.h"
#include "eval/rows.h"
#include "learn/certificate.h"
#include "record/error_member.h"
#include "record/label.h"
#include "json/write.h"

/* Records of one value of the member --by. */
struct part {
	struct kb_str value;
	double n[2], answered[2]; /* of wrong and right ones */
};

struct checked {
	const struct kb_eval_opts *opts;
	struct kb_outcome *items;
	size_t n, cap;
	double errors, without_label, without_score;
	struct part *parts;
	size_t n_parts, cap_parts;
	struct kb_map by_value; /* hash -> place in parts */
	struct kb_arena names;
};

static bool score_of(const struct checked *c, const struct kb_rec *rec,
		     double *out)
{
	struct kb_json val = kb_rec_get(rec, "confidence");

	if (c->opts->score == KB_EVAL_P)
		val = kb_json_get(kb_rec_get(rec, "check"), "p");
	return kb_json_num(val, out) && *out >= 0 && *out <= 1;
}

static void add_to_part(struct checked *c, const struct kb_rec *rec, bool right,
			bool answered, struct kb_arena *arena)
{
	struct kb_json val = kb_rec_get(rec, c->opts->by);
	struct kb_str text = {"-", 1};
	uint64_t *place;
	bool added;

	if (val.type != KB_JSON_NONE && !kb_json_str(val, arena, &text))
		text = (struct kb_str){val.ptr, val.len};
	place =
	    kb_map_put(&c->by_value, kb_xxh64(text.ptr, text.len, 0), &added);
	if (added) {
		*place = c->n_parts;
		kb_grow(&c->parts, &c->cap_parts, c->n_parts + 1,
			sizeof(*c->parts));
		c->parts[c->n_parts++] =
		    (struct part){.value = kb_arena_copy(&c->names, text)};
	}
	c->parts[*place].n[right]++;
	c->parts[*place].answered[right] += answered;
}

static int add(void *arg, const struct kb_rec *rec, unsigned long line,
	       struct kb_arena *arena, struct kb_err *err)
{
	struct checked *c = arg;
	double score = 0;
	int label, rc = kb_label_read(rec, arena, &label, err);

	(void)line;
	if (rc < 0)
		return rc;
	if (label < 0) {
		c->without_label++;
		return KB_OK;
	}
	if (kb_error_is_set(rec)) {
		/* it went to a human */
		c->errors++;
	} else if (!score_of(c, rec, &score)) {
		c->without_score++;
		return KB_OK;
	}
	kb_grow(&c->items, &c->cap, c->n + 1, sizeof(*c->items));
	c->items[c->n++] = (struct kb_outcome){score, label == 1};
	if (c->opts->by)
		add_to_part(c, rec, label == 1, score >= c->opts->threshold,
			    arena);
	return KB_OK;
}

/* ---- report ---- */

/* What is needed of the outcomes in one order and in another. */
struct measured {
	struct kb_reliability all;
	struct kb_decision at;
	double risk[5]; /* at a coverage of .5, .7, .8, .9, 1 */
	struct kb_certificate certificate;
	struct kb_certificate_trial trial;
};

static const double coverages[] = {.5, .7, .8, .9, 1};

static void measure(struct checked *c, struct measured *m)
{
	const struct kb_eval_opts *o = c->opts;

	m->all = kb_reliability_measure(c->items, c->n);
	m->at = kb_reliability_decide(c->items, c->n, o->threshold);
	for (size_t i = 0; i < 5; i++)
		m->risk[i] = kb_reliability_risk(c->items, c->n, coverages[i]);
	if (o->plot)
		kb_eval_plot(o->plot, o->set, c->items, c->n);
	/* without one its threshold is NaN and it answers nothing */
	kb_certify(&m->certificate, c->items, c->n, o->risk, o->delta);
	m->trial = kb_certificate_try(c->items, c->n, o->risk, o->delta,
				      o->base, o->draws, o->labels, o->seed);
}

static void write_quality(const struct checked *c, const struct measured *m,
			  struct kb_eval_row *rows, size_t *n_rows)
{
	const struct kb_eval_row all[] = {
	    {"records", "with a label and a score", (double)c->n,
	     KB_EVAL_COUNT},
	    {"without_label", "records left out", c->without_label,
	     KB_EVAL_COUNT},
	    {"without_score", "records left out", c->without_score,
	     KB_EVAL_COUNT},
	    {"errors", "records with an error: score 0", c->errors,
	     KB_EVAL_COUNT},
	    {"right", "share labelled right",
	     kb_eval_share((double)m->all.n_right, (double)c->n),
	     KB_EVAL_SHARE},
	    {"auroc", "right ones have a higher score than wrong ones",
	     m->all.auroc, KB_EVAL_SHARE},
	    {"ece", "calibration error, 15 bins of equal mass", m->all.ece,
	     KB_EVAL_SHARE},
	    {"brier", "mean squared error of the score", m->all.brier,
	     KB_EVAL_SHARE},
	    {"threshold", "answered from here on", c->opts->threshold,
	     KB_EVAL_SHARE},
	    {"answered", "at or above the threshold", m->at.answered,
	     KB_EVAL_SHARE},
	    {"right_answered", "of the right ones, answered",
	     m->at.right_answered, KB_EVAL_SHARE},
	    {"wrong_answered", "of the wrong ones, answered",
	     m->at.wrong_answered, KB_EVAL_SHARE},
	    {"risk", "of the answered, wrong", m->at.risk, KB_EVAL_SHARE},
	    {"balanced_accuracy", "mean accuracy of right and wrong ones",
	     m->at.balanced, KB_EVAL_SHARE},
	    {"f1", "of flagging the wrong ones below the threshold", m->at.f1,
	     KB_EVAL_SHARE},
	    {"f1_flag_all", "the same, had all been flagged", m->at.f1_flag_all,
	     KB_EVAL_SHARE},
	};

	memcpy(rows, all, sizeof(all));
	*n_rows = sizeof(all) / sizeof(all[0]);
}

static void write_risk(const struct checked *c, const struct measured *m,
		       struct kb_eval_row *rows, size_t *n_rows)
{
	const struct kb_certificate *l = &m->certificate;
	const struct kb_certificate_trial *t = &m->trial;
	const double draws = (double)t->draws;
	const struct kb_eval_row all[] = {
	    {"aurc", "mean risk over all coverages", m->all.aurc,
	     KB_EVAL_SHARE},
	    {"risk@50", "wrong among the highest 50 %", m->risk[0],
	     KB_EVAL_SHARE},
	    {"risk@70", "wrong among the highest 70 %", m->risk[1],
	     KB_EVAL_SHARE},
	    {"risk@80", "wrong among the highest 80 %", m->risk[2],
	     KB_EVAL_SHARE},
	    {"risk@90", "wrong among the highest 90 %", m->risk[3],
	     KB_EVAL_SHARE},
	    {"risk@100", "wrong among all", m->risk[4], KB_EVAL_SHARE},
	    {"certified_threshold", "keeps the risk; -: no certificate",
	     l->threshold, KB_EVAL_SHARE},
	    {"certified_answered", "share it answers",
	     kb_eval_share((double)l->answered, (double)c->n), KB_EVAL_SHARE},
	    {"certified_risk", "of these, wrong",
	     kb_eval_share((double)l->wrong, (double)l->answered),
	     KB_EVAL_SHARE},
	    {"draws_certified", "draws of labels that gave a certificate",
	     kb_eval_share((double)t->certified, draws), KB_EVAL_SHARE},
	    {"draws_violated", "draws whose certificate was not kept",
	     kb_eval_share((double)t->violated, draws), KB_EVAL_SHARE},
	    {"draws_answered", "mean share answered, 0 without a certificate",
	     t->answered, KB_EVAL_SHARE},
	};

	memcpy(rows + *n_rows, all, sizeof(all));
	*n_rows += sizeof(all) / sizeof(all[0]);
}

static int by_value(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	size_t n = x->value.len < y->value.len ? x->value.len : y->value.len;
	int order = memcmp(x->value.ptr, y->value.ptr, n);

	return order ? order
		     : (x->value.len > y->value.len) -
			   (x->value.len < y->value.len);
}

static void write_part(const struct checked *c, const struct part *p,
		       struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (c->opts->set) {
		kb_jw_key(&w, "set");
		kb_jw_cstr(&w, c->opts->set);
	}
	kb_jw_key(&w, "by");
	kb_jw_cstr(&w, c->opts->by);
	kb_jw_key(&w, "value");
	kb_jw_str(&w, p->value);
	kb_jw_key(&w, "right");
	kb_jw_num(&w, p->n[1]);
	kb_jw_key(&w, "right_answered");
	kb_jw_fixed(&w, kb_eval_share(p->answered[1], p->n[1]), 4);
	kb_jw_key(&w, "wrong");
	kb_jw_num(&w, p->n[0]);
	kb_jw_key(&w, "wrong_answered");
	kb_jw_fixed(&w, kb_eval_share(p->answered[0], p->n[0]), 4);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

static void write_cell(struct kb_buf *out, double part, double of)
{
	if (of > 0)
		kb_buf_printf(out, "%9.3f of %-6.0f", part / of, of);
	else
		kb_buf_add_cstr(out, "        - of 0     ");
}

static void write_parts(struct checked *c, struct kb_buf *out)
{
	if (!c->n_parts)
		return;
	qsort(c->parts, c->n_parts, sizeof(*c->parts), by_value);
	if (!c->opts->json)
		kb_buf_printf(out, "%9s %-9s%9s %-9s %s\n", "right", "answered",
			      "wrong", "answered", c->opts->by);
	for (size_t i = 0; i < c->n_parts; i++) {
		const struct part *p = &c->parts[i];

		if (c->opts->json) {
			write_part(c, p, out);
			continue;
		}
		write_cell(out, p->answered[1], p->n[1]);
		write_cell(out, p->answered[0], p->n[0]);
		kb_visible_add(out, p->value, KB_UTF8_MARK);
		kb_buf_add_char(out, '\n');
	}
}

int kb_eval_check(const struct kb_eval_opts *opts, struct kb_buf *out,
		  struct kb_err *err)
{
	struct checked c = {.opts = opts};
	struct kb_eval_row rows[32];
	struct measured m;
	size_t n_rows;
	int rc;

	kb_map_init(&c.by_value);
	kb_arena_init(&c.names);
	rc = kb_eval_records(opts->files, opts->n_files, add, &c, err);
	if (rc == KB_OK && c.n == 0)
		rc = kb_err_set(err, KB_EINVAL,
				"no record has a 'label' and a score");
	if (rc == KB_OK) {
		measure(&c, &m);
		write_quality(&c, &m, rows, &n_rows);
		write_risk(&c, &m, rows, &n_rows);
		kb_eval_rows(opts, rows, n_rows, out);
		write_parts(&c, out);
	}
	free(c.items);
	free(c.parts);
	kb_map_release(&c.by_value);
	kb_arena_release(&c.names);
	return rc;
}
