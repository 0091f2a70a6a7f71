/*
 * Many classes from sparse features: for each class a linear support vector
 * machine that tells its examples from all others, with squared hinge loss and
 * an L2 penalty.
 *
 * Dual coordinate descent (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008,
 * algorithm 1), for KB_OVR_LANES classes at a time: an example's features are
 * read once for all of them. Examples are visited in an order that is shuffled
 * anew for each pass, by a fixed seed; one that none of the classes at hand
 * learns from rests for some passes. Which classes are at hand together is
 * fixed, too, so that the weights depend on the examples alone and not on the
 * number of threads.
 *
 * What the classes say of an example that they have not learned from comes
 * with it, for calibration: for each fold of the examples its part is taken
 * out of the weights and of the dual variables, a few more passes over the
 * others follow, and the fold is scored.
 */
#ifndef KB_LEARN_ONE_VS_REST_H
#define KB_LEARN_ONE_VS_REST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define KB_OVR_LANES 16
#define KB_OVR_NONE  UINT32_MAX

/* Rows of features that are not 0; borrowed. */
struct kb_sparse_rows {
	const size_t *start; /* n + 1: row i is start[i] .. start[i + 1] - 1 */
	const uint32_t *column; /* each below d, once a row */
	const float *value;
	size_t n, d;
};

/*
 * Takes the weights of the n classes from 'first' on: of column c and class
 * first + k at weights[c * KB_OVR_LANES + k], their biases at bias[k].
 */
typedef void kb_ovr_put(void *arg, size_t first, size_t n, const float *weights,
			const float *bias);

/* Takes what the n classes from 'first' on say of a row that they have not
 * learned from: above 0, it is theirs. */
typedef void kb_ovr_held(void *arg, size_t first, size_t n, size_t row,
			 const float *z);

struct kb_ovr_problem {
	struct kb_sparse_rows x;
	/* Of each row the class, and a second one (such as its parent), or
	 * KB_OVR_NONE; both are below n_classes. parent may be NULL. */
	const uint32_t *label, *parent;
	size_t n_classes;
	size_t n_held;	  /* of the rows, how many are scored by held(): these
			   * are the first in an order drawn by chance */
	unsigned folds;	  /* 2 or more, with n_held > 0 */
	unsigned threads; /* 1 or more */
	/* Called by several threads at once, for different classes. */
	kb_ovr_put *put;
	kb_ovr_held *held; /* may be NULL when n_held is 0 */
	void *arg;
};

/* Of each of n rows its place in the order drawn by chance, to be freed. */
uint32_t *kb_ovr_order(size_t n);

/* n < 2^32. KB_EIO when no thread can be started. */
int kb_ovr_train(const struct kb_ovr_problem *problem, struct kb_err *err);

#endif
