#include "learn/reliability.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Most confident first. Outcomes of equal confidence are not told apart:
 * every measure below is the same for all their orders. */
static int by_confidence(const void *a, const void *b)
{
	const struct kb_outcome *x = a, *y = b;

	if (x->confidence != y->confidence)
		return x->confidence > y->confidence ? -1 : 1;
	return (int)y->right - (int)x->right;
}

/* Behind the run of equal confidence that starts at i. */
static size_t tie_end(const struct kb_outcome *o, size_t n, size_t i,
		      double *n_right)
{
	double c = o[i].confidence;

	*n_right = 0;
	for (; i < n && o[i].confidence == c; i++)
		*n_right += o[i].right;
	return i;
}

/* Within a tie every item has the tie's share of right ones: bins may cut
 * through it. */
void kb_reliability_bins(const struct kb_outcome *o, size_t n,
			 struct kb_reliability_bin bins[KB_RELIABILITY_BINS])
{
	double *share = kb_malloc((n + 1) * sizeof(*share)), in_tie;
	size_t bin, from, to, i, end;

	for (i = 0; i < n; i = end) {
		end = tie_end(o, n, i, &in_tie);
		for (from = i; from < end; from++)
			share[from] = in_tie / (double)(end - i);
	}
	for (bin = 0, from = 0; bin < KB_RELIABILITY_BINS; bin++, from = to) {
		struct kb_reliability_bin *b = &bins[bin];

		to = n * (bin + 1) / KB_RELIABILITY_BINS;
		*b = (struct kb_reliability_bin){.n = to - from};
		for (i = from; i < to; i++) {
			b->confidence += o[i].confidence / (double)b->n;
			b->right += share[i] / (double)b->n;
		}
	}
	free(share);
}

static double ece(const struct kb_outcome *o, size_t n)
{
	struct kb_reliability_bin bins[KB_RELIABILITY_BINS];
	double sum = 0;

	kb_reliability_bins(o, n, bins);
	for (size_t i = 0; i < KB_RELIABILITY_BINS; i++)
		sum += (double)bins[i].n *
		       fabs(bins[i].confidence - bins[i].right);
	return sum / (double)n;
}

double kb_reliability_risk(const struct kb_outcome *o, size_t n,
			   double coverage)
{
	size_t want = (size_t)ceil((double)n * coverage - 1e-9), i, end;
	double wrong = 0, in_tie;

	if (n == 0)
		return NAN;
	want = want < 1 ? 1 : want > n ? n : want;
	for (i = 0; i < want; i = end) {
		size_t taken;

		end = tie_end(o, n, i, &in_tie);
		taken = (end < want ? end : want) - i;
		wrong += ((double)(end - i) - in_tie) * (double)taken /
			 (double)(end - i);
	}
	return wrong / (double)want;
}

struct kb_decision kb_reliability_decide(const struct kb_outcome *o, size_t n,
					 double threshold)
{
	double right = 0, answered = 0, kept = 0, wrong, missed, flagged;
	double all = (double)n, caught;

	for (size_t i = 0; i < n; i++) {
		bool above = o[i].confidence >= threshold;

		right += o[i].right;
		answered += above;
		kept += above && o[i].right;
	}
	wrong = all - right;
	missed = answered - kept;
	caught = wrong - missed;
	flagged = all - answered;
	return (struct kb_decision){
	    .answered = answered / all,
	    .right_answered = kept / right,
	    .wrong_answered = missed / wrong,
	    .risk = missed / answered,
	    .balanced = (kept / right + caught / wrong) / 2,
	    .precision = caught / flagged,
	    .f1 = 2 * caught / (flagged + wrong),
	    .f1_flag_all = 2 * wrong / (all + wrong),
	};
}

struct kb_reliability kb_reliability_measure(struct kb_outcome *o, size_t n)
{
	struct kb_reliability m = {.n = n, .auroc = NAN};
	double wrong_above = 0, pairs = 0, in_tie, mass;
	size_t i, k, end;

	if (n == 0)
		return m;
	qsort(o, n, sizeof(*o), by_confidence);
	for (i = 0; i < n; i++) {
		double d = o[i].confidence - o[i].right;

		m.brier += d * d;
		m.n_right += o[i].right;
	}
	m.brier /= (double)n;
	m.ece = ece(o, n);
	for (i = 0; i < n; i = end) {
		end = tie_end(o, n, i, &in_tie);
		mass = (double)(end - i);
		pairs += in_tie * wrong_above + in_tie * (mass - in_tie) / 2;
		for (k = i; k < end; k++)
			/* errors of a tie spread evenly over it */
			m.aurc +=
			    (wrong_above +
			     (mass - in_tie) * (double)(k - i + 1) / mass) /
			    (double)(k + 1);
		wrong_above += mass - in_tie;
	}
	m.aurc /= (double)n;
	if (m.n_right && m.n_right < n)
		m.auroc =
		    1 - pairs / ((double)m.n_right * (double)(n - m.n_right));
	return m;
}
