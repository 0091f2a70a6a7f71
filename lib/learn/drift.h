/*
 * Do values still lie as they did when a model was learned?
 *
 * A spread keeps the deciles of what was seen then; a tally counts what is
 * seen now in the same bins; the population stability index compares them,
 * sum of (a - b) ln(a / b) over the shares a and b of the bins.
 */
#ifndef KB_LEARN_DRIFT_H
#define KB_LEARN_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KB_SPREAD_CUTS 9
#define KB_SPREAD_BINS (KB_SPREAD_CUTS + 2)

/* Bin 0 is below the first cut, bin i from cut i - 1 on, and the last of
 * KB_SPREAD_BINS has what is missing. */
struct kb_spread {
	size_t n_cuts;		       /* KB_SPREAD_CUTS at most */
	double cuts[KB_SPREAD_CUTS];   /* rising */
	double shares[KB_SPREAD_BINS]; /* their sum is 1 */
	uint64_t n;		       /* values */
};

struct kb_tally {
	uint64_t n[KB_SPREAD_BINS];
};

/* The spread of n values, n > 0; what is no finite number is missing. The
 * values are sorted. */
void kb_spread_make(struct kb_spread *out, double *values, size_t n);

void kb_tally_add(struct kb_tally *tally, const struct kb_spread *spread,
		  double value);
/* Add what another thread has counted. */
void kb_tally_join(struct kb_tally *tally, const struct kb_tally *other);

/* The index; 0 of an empty tally. */
double kb_drift_index(const struct kb_spread *spread,
		      const struct kb_tally *tally);

/* Is it beyond the usual bound, and beyond what chance makes of as many
 * values? */
bool kb_drift_is_shift(const struct kb_spread *spread,
		       const struct kb_tally *tally);

#endif
