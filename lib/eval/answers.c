#include "eval/records.h"

#include <math.h>
#include <stdlib.h>

#include "base/visible.h"
#include "learn/reliability.h"
#include "json/write.h"

struct sums {
	double n, errors;
	double answerable, unanswerable;
	double answered;	/* of all */
	double answerable_sent; /* answered, of the answerable */
	double unanswerable_routed;
	double contained, exact, f1; /* over the answerable, route ignored */
	double right;		     /* answered and contained */
	double docs, docs_found;
};

static void add(void *arg, const struct kb_answer_scores *j)
{
	struct sums *s = arg;

	s->n++;
	s->errors += j->error;
	s->answerable += j->answerable;
	s->unanswerable += !j->answerable;
	s->answered += j->answered;
	s->answerable_sent += j->answerable && j->answered;
	s->unanswerable_routed += !j->answerable && !j->answered;
	s->contained += j->contained;
	s->exact += j->exact;
	s->f1 += j->answerable ? j->f1 : 0;
	s->right += j->answered && j->contained;
	s->docs += j->has_docs;
	s->docs_found += j->docs_found;
}

struct row {
	const char *name, *meaning;
	double value, of; /* of 0: a count */
};

/* A share of nothing is not 0: it is left out (null). */
static double share(double part, double of)
{
	return of > 0 ? part / of : NAN;
}

static void write_rows(const struct kb_eval_opts *opts, const struct row *rows,
		       size_t n, struct kb_buf *out)
{
	struct kb_jw w;
	size_t i;

	if (!opts->json) {
		if (opts->set) {
			kb_visible_add(out, kb_str_of(opts->set), KB_UTF8_MARK);
			kb_buf_add_char(out, '\n');
		}
		for (i = 0; i < n; i++) {
			if (rows[i].of < 0)
				kb_buf_printf(out, "%8.0f  ", rows[i].value);
			else if (isnan(rows[i].value))
				kb_buf_add_cstr(out, "       -  ");
			else
				kb_buf_printf(out, "%8.4f  ", rows[i].value);
			kb_buf_printf(out, "%-22s %s\n", rows[i].name,
				      rows[i].meaning);
		}
		return;
	}
	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (opts->set) {
		kb_jw_key(&w, "set");
		kb_jw_cstr(&w, opts->set);
	}
	for (i = 0; i < n; i++) {
		kb_jw_key(&w, rows[i].name);
		kb_jw_fixed(&w, rows[i].value, 4);
	}
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

#define COUNT -1

int kb_eval_answers(const struct kb_eval_opts *opts, struct kb_buf *out,
		    struct kb_err *err)
{
	struct sums s = {0};
	size_t without;
	int rc = kb_eval_each(opts, &without, add, &s, err);

	if (rc < 0)
		return rc;
	if (s.n == 0)
		return kb_err_set(err, KB_EINVAL, "no record has 'gold'");

	const struct row rows[] = {
	    {"records", "with gold", s.n, COUNT},
	    {"without_gold", "records left out", (double)without, COUNT},
	    {"errors", "records with an error", s.errors, COUNT},
	    {"answerable", "records whose gold has answers", s.answerable,
	     COUNT},
	    {"contained", "answerable: the answer holds the gold, any route",
	     share(s.contained, s.answerable), 0},
	    {"f1", "answerable: overlap with the gold",
	     share(s.f1, s.answerable), 0},
	    {"exact", "answerable: equal to the gold",
	     share(s.exact, s.answerable), 0},
	    {"answered", "all: sent out as an answer", share(s.answered, s.n),
	     0},
	    {"routed", "all: sent to a human", share(s.n - s.answered, s.n), 0},
	    {"answerable_answered", "answerable: sent out as an answer",
	     share(s.answerable_sent, s.answerable), 0},
	    {"accuracy_answered", "answered: holds the gold",
	     share(s.right, s.answered), 0},
	    {"hallucination", "answered: wrong, or no answer existed",
	     share(s.answered - s.right, s.answered), 0},
	    {"wrong_answerable", "answerable and answered: wrong",
	     share(s.answerable_sent - s.right, s.answerable_sent), 0},
	    {"unanswerable_routed", "unanswerable: sent to a human",
	     share(s.unanswerable_routed, s.unanswerable), 0},
	    {"docs@5", "gold documents among the first five hits",
	     share(s.docs_found, s.docs), 0},
	};

	write_rows(opts, rows, sizeof(rows) / sizeof(rows[0]), out);
	return KB_OK;
}

/* ---- confidence ---- */

struct outcomes {
	struct kb_outcome *items;
	size_t n, cap;
};

static void collect(void *arg, const struct kb_answer_scores *j)
{
	struct outcomes *o = arg;

	if (!j->has_confidence)
		return;
	kb_grow(&o->items, &o->cap, o->n + 1, sizeof(*o->items));
	o->items[o->n++] = (struct kb_outcome){j->confidence, j->contained};
}

int kb_eval_confidence(const struct kb_eval_opts *opts, struct kb_buf *out,
		       struct kb_err *err)
{
	struct outcomes o = {0};
	struct kb_reliability c;
	double above = 0, right_above = 0;
	size_t without, i;
	int rc = kb_eval_each(opts, &without, collect, &o, err);

	if (rc == KB_OK && o.n == 0)
		rc = kb_err_set(err, KB_EINVAL,
				"no record has 'gold' and 'confidence'");
	if (rc < 0) {
		free(o.items);
		return rc;
	}
	c = kb_reliability_measure(o.items, o.n);
	for (i = 0; i < o.n; i++) {
		above += o.items[i].confidence >= opts->threshold;
		right_above += o.items[i].confidence >= opts->threshold &&
			       o.items[i].right;
	}
	free(o.items);

	const struct row rows[] = {
	    {"records", "with gold and confidence", (double)c.n, COUNT},
	    {"right", "share whose answer holds the gold",
	     share((double)c.n_right, (double)c.n), 0},
	    {"ece", "calibration error, 15 bins of equal mass", c.ece, 0},
	    {"brier", "mean squared error of the confidence", c.brier, 0},
	    {"auroc", "right ones are more confident than wrong ones", c.auroc,
	     0},
	    {"aurc", "mean error of the most confident part", c.aurc, 0},
	    {"threshold", "cut", opts->threshold, 0},
	    {"coverage", "share at or above the threshold",
	     share(above, (double)c.n), 0},
	    {"accuracy", "right at or above the threshold",
	     share(right_above, above), 0},
	};

	write_rows(opts, rows, sizeof(rows) / sizeof(rows[0]), out);
	return KB_OK;
}
