#include "learn/drift.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "learn/drift_weights.h"

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	/* what is missing comes last */
	if (!isfinite(*x) || !isfinite(*y))
		return !isfinite(*x) - !isfinite(*y);
	return (*x > *y) - (*x < *y);
}

static size_t bin_of(const struct kb_spread *s, double value)
{
	size_t bin = 0;

	if (!isfinite(value))
		return KB_SPREAD_BINS - 1;
	while (bin < s->n_cuts && value >= s->cuts[bin])
		bin++;
	return bin;
}

void kb_spread_make(struct kb_spread *out, double *values, size_t n)
{
	struct kb_tally tally = {{0}};
	size_t there = 0;

	assert(values && n);
	*out = (struct kb_spread){.n = n};
	qsort(values, n, sizeof(*values), rising);
	while (there < n && isfinite(values[there]))
		there++;
	for (size_t i = 1; there && i <= KB_SPREAD_CUTS; i++) {
		double cut = values[there * i / (KB_SPREAD_CUTS + 1)];

		/* a value that many have is one cut; below the least is none */
		if (cut > values[0] &&
		    (!out->n_cuts || cut > out->cuts[out->n_cuts - 1]))
			out->cuts[out->n_cuts++] = cut;
	}
	for (size_t i = 0; i < n; i++)
		kb_tally_add(&tally, out, values[i]);
	for (size_t i = 0; i < KB_SPREAD_BINS; i++)
		out->shares[i] = (double)tally.n[i] / (double)n;
}

void kb_tally_add(struct kb_tally *tally, const struct kb_spread *spread,
		  double value)
{
	tally->n[bin_of(spread, value)]++;
}

void kb_tally_join(struct kb_tally *tally, const struct kb_tally *other)
{
	for (size_t i = 0; i < KB_SPREAD_BINS; i++)
		tally->n[i] += other->n[i];
}

static double values_in(const struct kb_tally *tally)
{
	double n = 0;

	for (size_t i = 0; i < KB_SPREAD_BINS; i++)
		n += (double)tally->n[i];
	return n;
}

/* Bins that a spread has: those between its cuts, and what is missing. */
static bool is_bin(const struct kb_spread *s, size_t i)
{
	return i <= s->n_cuts || i == KB_SPREAD_BINS - 1;
}

double kb_drift_index(const struct kb_spread *s, const struct kb_tally *tally)
{
	double bins = (double)s->n_cuts + 2, index = 0;
	double now = values_in(tally), then = (double)s->n;

	if (now <= 0)
		return 0;
	for (size_t i = 0; i < KB_SPREAD_BINS; i++) {
		double a, b;

		if (!is_bin(s, i))
			continue;
		a = ((double)tally->n[i] + SMOOTHING) /
		    (now + SMOOTHING * bins);
		b = (s->shares[i] * then + SMOOTHING) /
		    (then + SMOOTHING * bins);
		index += (a - b) * log(a / b);
	}
	return index;
}

/* Wilson and Hilferty's (1931) approximation of chi-square's quantile. */
static double chi_square(double freedom, double normal)
{
	double part = 2 / (9 * freedom);
	double root = 1 - part + normal * sqrt(part);

	return freedom * root * root * root;
}

bool kb_drift_is_shift(const struct kb_spread *s, const struct kb_tally *tally)
{
	double now = values_in(tally), index = kb_drift_index(s, tally);

	if (now <= 0 || s->n == 0)
		return false;
	return index > SHIFTED_INDEX &&
	       index > chi_square((double)s->n_cuts + 1, CHANCE_QUANTILE) *
			   (1 / now + 1 / (double)s->n);
}
