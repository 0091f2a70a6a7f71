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

/* What a threshold does: outcomes at or above it are answered, the others
 * flagged as wrong. A share of nothing is NaN. */
struct kb_decision {
	double answered;       /* share */
	double right_answered; /* of the right ones, share answered */
	double wrong_answered; /* of the wrong ones, share answered */
	double risk;	       /* of the answered, share wrong */
	double balanced;       /* accuracy, mean of both outcomes */
	double precision, f1;  /* of the flagged; F1 with the recall of wrong */
	double f1_flag_all;    /* what flagging everything would give */
};

struct kb_decision kb_reliability_decide(const struct kb_outcome *outcomes,
					 size_t n, double threshold);

/*
 * Share of wrong ones among the most confident share 'coverage' of the
 * outcomes, at least one of them; errors of a tie spread evenly over it. The
 * outcomes are those that kb_reliability_measure() has sorted. NaN of none.
 */
double kb_reliability_risk(const struct kb_outcome *outcomes, size_t n,
			   double coverage);

/* One bar of a reliability diagram: a bin of equal mass. */
struct kb_reliability_bin {
	size_t n;
	double confidence, right; /* means */
};

/* Of sorted outcomes, the most confident bin first; one may be empty. */
void kb_reliability_bins(const struct kb_outcome *outcomes, size_t n,
			 struct kb_reliability_bin bins[KB_RELIABILITY_BINS]);

/* Sorts the outcomes. */
struct kb_reliability kb_reliability_measure(struct kb_outcome *outcomes,
					     size_t n);

#endif
