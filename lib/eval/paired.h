/*
 * Whether two lists of measures differ by more than chance.
 */
#ifndef KB_EVAL_PAIRED_H
#define KB_EVAL_PAIRED_H

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

#endif
