/*
 * Small numerics of models. Sums are taken in the order of the arrays, so
 * that results do not depend on the machine.
 */
#ifndef KB_BASE_NUM_H
#define KB_BASE_NUM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* From a sum of evidence to a probability. */
static inline double kb_sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

/* Back, of a probability kept 'edge' away from 0 and 1. */
static inline double kb_logit(double p, double edge)
{
	p = fmin(fmax(p, edge), 1 - edge);
	return log(p / (1 - p));
}

/*
 * How much it tells that a thing is in one of n, where it is in df of them:
 * the inverse document frequency of BM25 (Robertson, Zaragoza 2009, section
 * 3.3) in the form that is never negative.
 */
static inline double kb_idf(double n, double df)
{
	return log(1 + (n - df + 0.5) / (df + 0.5));
}

/* bias and the products of n weights and features, from the first on. */
static inline double kb_weigh(double bias, const double *weights,
			      const double *features, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bias += weights[i] * features[i];
	return bias;
}

static inline unsigned kb_least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* n in decimal, right before 'end'; where it begins. At most 20 bytes. */
static inline char *kb_num_digits(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	return end;
}

#endif
