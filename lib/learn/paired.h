/*
 * Whether a measure, or the difference of two, is more than chance.
 *
 * All sampling is seeded: the same seed gives the same result.
 */
#ifndef KB_LEARN_PAIRED_H
#define KB_LEARN_PAIRED_H

#include <stddef.h>
#include <stdint.h>

struct kb_paired {
	double difference; /* mean of b - a */
	double p;	   /* two-sided, random sign flips */
	double low, high;  /* 95% interval of the difference, bootstrap */
};

/*
 * Compare n paired values by 'rounds' random permutations and as many
 * bootstrap samples (Smucker, Allan, Carterette 2007). The same seed gives
 * the same result. rounds >= 1.
 */
struct kb_paired kb_paired_test(const double *a, const double *b, size_t n,
				unsigned rounds, uint64_t seed);

/*
 * The same where cases come in groups that stand or fall together, such as
 * the questions of one document: whole groups are drawn, and whole groups
 * change sign (Cameron, Gelbach and Miller 2008). group[i] names the group of
 * case i, in any numbers.
 */
struct kb_paired kb_paired_grouped(const double *a, const double *b,
				   const uint64_t *group, size_t n,
				   unsigned rounds, uint64_t seed);

/*
 * Several tests at once: p[i] becomes the least level at which Holm's
 * step-down procedure (1979) still rejects hypothesis i. A NaN is no test and
 * stays.
 */
void kb_paired_holm(double *p, size_t n);

/*
 * McNemar's test, exact: of two systems on the same cases, 'first' cases
 * were right by the first only and 'second' by the second only. The chance
 * of a split at least as uneven, two-sided.
 */
double kb_paired_mcnemar(size_t first, size_t second);

struct kb_interval {
	double value;	  /* of all cases */
	double low, high; /* 95 %, by the bootstrap's percentiles */
};

/*
 * The interval of any measure over n cases (Efron 1979): measure() gets the
 * places of the cases it is to look at, n of them, some more than once.
 * Samples that give no finite number are left out; low and high are NaN when
 * none is left.
 */
struct kb_interval kb_bootstrap(
    size_t n, unsigned rounds, uint64_t seed,
    double (*measure)(void *arg, const size_t *places, size_t n), void *arg);

#endif
