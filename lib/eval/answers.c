#include "eval/records.h"

#include <stdlib.h>

#include "base/mem.h"
#include "eval/plot.h"
#include "eval/rows.h"
#include "learn/reliability.h"

struct sums {
	double n, errors;
	double answerable, unanswerable;
	double answered;	/* of all */
	double answerable_sent; /* answered, of the answerable */
	double unanswerable_routed;
	double contained, exact, f1; /* over the answerable, route ignored */
	double right;		     /* answered and contained */
	double docs, docs_found;
	double rouge_l; /* over the answerable */
	double with_numbers, numbers;
	double asserting, asserted; /* records */
	double assertions, held;
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
	s->rouge_l += j->rouge_l;
	s->with_numbers += j->has_numbers;
	s->numbers += j->numbers;
	s->asserting += j->n_assertions > 0;
	s->asserted += j->n_assertions && j->n_held == j->n_assertions;
	s->assertions += (double)j->n_assertions;
	s->held += (double)j->n_held;
}

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

	const struct kb_eval_row rows[] = {
	    {"records", "with gold", s.n, KB_EVAL_COUNT},
	    {"without_gold", "records left out", (double)without,
	     KB_EVAL_COUNT},
	    {"errors", "records with an error", s.errors, KB_EVAL_COUNT},
	    {"answerable", "records whose gold has answers", s.answerable,
	     KB_EVAL_COUNT},
	    {"contained", "answerable: the answer holds the gold, any route",
	     kb_eval_share(s.contained, s.answerable), KB_EVAL_SHARE},
	    {"f1", "answerable: overlap with the gold",
	     kb_eval_share(s.f1, s.answerable), KB_EVAL_SHARE},
	    {"exact", "answerable: equal to the gold",
	     kb_eval_share(s.exact, s.answerable), KB_EVAL_SHARE},
	    {"rouge_l", "answerable: longest common subsequence with the gold",
	     kb_eval_share(s.rouge_l, s.answerable), KB_EVAL_SHARE},
	    {"numbers", "gold with numbers: the answer holds them all",
	     kb_eval_share(s.numbers, s.with_numbers), KB_EVAL_SHARE},
	    {"answered", "all: sent out as an answer",
	     kb_eval_share(s.answered, s.n), KB_EVAL_SHARE},
	    {"routed", "all: sent to a human",
	     kb_eval_share(s.n - s.answered, s.n), KB_EVAL_SHARE},
	    {"answerable_answered", "answerable: sent out as an answer",
	     kb_eval_share(s.answerable_sent, s.answerable), KB_EVAL_SHARE},
	    {"accuracy_answered", "answered: holds the gold",
	     kb_eval_share(s.right, s.answered), KB_EVAL_SHARE},
	    {"hallucination", "answered: wrong, or no answer existed",
	     kb_eval_share(s.answered - s.right, s.answered), KB_EVAL_SHARE},
	    {"wrong_answerable", "answerable and answered: wrong",
	     kb_eval_share(s.answerable_sent - s.right, s.answerable_sent),
	     KB_EVAL_SHARE},
	    {"unanswerable_routed", "unanswerable: sent to a human",
	     kb_eval_share(s.unanswerable_routed, s.unanswerable),
	     KB_EVAL_SHARE},
	    {"docs@5", "gold documents among the first five hits",
	     kb_eval_share(s.docs_found, s.docs), KB_EVAL_SHARE},
	    {"assertions", "assertions that hold",
	     kb_eval_share(s.held, s.assertions), KB_EVAL_SHARE},
	    {"asserted", "records with assertions: all hold",
	     kb_eval_share(s.asserted, s.asserting), KB_EVAL_SHARE},
	};

	kb_eval_rows(opts, rows, sizeof(rows) / sizeof(rows[0]), out);
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
	if (opts->plot)
		kb_eval_plot(opts->plot, opts->set, o.items, o.n);
	free(o.items);

	const struct kb_eval_row rows[] = {
	    {"records", "with gold and confidence", (double)c.n, KB_EVAL_COUNT},
	    {"right", "share whose answer holds the gold",
	     kb_eval_share((double)c.n_right, (double)c.n), KB_EVAL_SHARE},
	    {"ece", "calibration error, 15 bins of equal mass", c.ece,
	     KB_EVAL_SHARE},
	    {"brier", "mean squared error of the confidence", c.brier,
	     KB_EVAL_SHARE},
	    {"auroc", "right ones are more confident than wrong ones", c.auroc,
	     KB_EVAL_SHARE},
	    {"aurc", "mean error of the most confident part", c.aurc,
	     KB_EVAL_SHARE},
	    {"threshold", "cut", opts->threshold, KB_EVAL_SHARE},
	    {"coverage", "share at or above the threshold",
	     kb_eval_share(above, (double)c.n), KB_EVAL_SHARE},
	    {"accuracy", "right at or above the threshold",
	     kb_eval_share(right_above, above), KB_EVAL_SHARE},
	};

	kb_eval_rows(opts, rows, sizeof(rows) / sizeof(rows[0]), out);
	return KB_OK;
}
