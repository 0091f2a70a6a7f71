/*
 * Learning a logistic model: weights that make labelled examples most
 * likely, less a penalty for large ones.
 *
 * Newton's method; in each step coordinate descent in the order of the
 * features minimises the quadratic approximation, where a weight that may
 * not be negative stops at 0 (a projected Newton step, Bertsekas 1982). No
 * chance is in it: the same examples give the same model.
 */
#ifndef KB_LEARN_LOGISTIC_H
#define KB_LEARN_LOGISTIC_H

#include "learn/linear.h"

/* Borrowed. */
struct kb_examples {
	const double *x;      /* n rows of d values */
	const double *y;      /* n targets: 1 yes, 0 no, or between */
	const double *weight; /* of each row; NULL: 1 */
	size_t n, d;
};

struct kb_logistic_options {
	double l2; /* half of it times the sum of squared weights is lost; > 0.
		    * The bias is free. */
	/* Learn mean and scale (the standard deviation) of each feature from
	 * the values that are there, and the weights after them. Without,
	 * means are 0 and scales 1, and a missing value counts as 0. */
	bool standardise;
	double class_weight[2]; /* of targets below .5, and of the others; 0
				 * stands for 1 */
};

/*
 * Learn. features: d of them, with 'name' and 'nonnegative' set; the rest of
 * them and *bias are the result. KB_EINVAL: no examples, or a target, weight
 * or penalty out of its range; KB_ELIMIT: more than KB_LINEAR_FEATURES.
 */
int kb_logistic_train(const struct kb_examples *examples,
		      const struct kb_logistic_options *options,
		      struct kb_linear_feature *features, double *bias,
		      struct kb_err *err);

#endif
