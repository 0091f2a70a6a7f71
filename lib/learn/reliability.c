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
static double ece(const struct kb_outcome *o, size_t n)
{
	double *share = kb_malloc(n * sizeof(*share)), sum = 0, in_tie;
	size_t bin, from, to, i, end;

	for (i = 0; i < n; i = end) {
		end = tie_end(o, n, i, &in_tie);
		for (from = i; from < end; from++)
			share[from] = in_tie / (double)(end - i);
	}
	for (bin = 1, from = 0; bin <= KB_RELIABILITY_BINS; bin++, from = to) {
		double confidence = 0, right = 0;

		to = n * bin / KB_RELIABILITY_BINS;
		for (i = from; i < to; i++) {
			confidence += o[i].confidence;
			right += share[i];
		}
		sum += fabs(confidence - right);
	}
	free(share);
	return sum / (double)n;
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
