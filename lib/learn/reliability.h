/*
 * How far a confidence can be believed.
 *
 * ECE: mean distance of confidence and accuracy over bins of equal mass
 * (Nixon et al. 2019). Brier: mean squared distance to the outcome. AUROC:
 * chance that a right one is more confident than a wrong one, ties half.
 * AURC: mean error among the most confident part, over all parts (Geifman
 * and El-Yaniv 2017); lower is better in all but AUROC.
 */
#ifndef KB_LEARN_RELIABILITY_H
#define KB_LEARN_RELIABILITY_H

#include <stdbool.h>
#include <stddef.h>

struct kb_outcome {
	double confidence; /* 0..1 */
	bool right;
};

struct kb_reliability {
	size_t n, n_right;
	double ece, brier, auroc, aurc; /* auroc NaN with one outcome only */
};

#define KB_RELIABILITY_BINS 15

/* Sorts the outcomes. */
struct kb_reliability kb_reliability_measure(struct kb_outcome *outcomes,
					     size_t n);

#endif
