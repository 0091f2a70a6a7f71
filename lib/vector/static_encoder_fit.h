/*
 * Learning a static encoder: static_encoder.h.
 *
 * X has a row for each text, the shares of its units, Y its vector less the
 * mean of all; the table W of the units' vectors is that of least
 * |X W - Y|^2 + RIDGE |W|^2, to which STEPS steps of conjugate gradients come
 * near (Hestenes and Stiefel 1952), with the diagonal as preconditioner. The
 * columns of W are found apart, so that memory stays bounded and threads share
 * the work. Sums are taken in an order of the texts that depends on what they
 * say alone, so that it does not matter how an index came to be.
 */
#ifndef KB_VECTOR_STATIC_ENCODER_FIT_H
#define KB_VECTOR_STATIC_ENCODER_FIT_H

#include "vector/static_encoder_texts.h"

#define KB_STATIC_TEXTS_MIN 256 /* fewer teach nothing */

/*
 * Learn; the order of the texts changes. False, and an encoder of n 0, when
 * there is nothing to learn from or what was learned fails the test: of
 * texts that were left out, a fifth in turn, the vectors that their units give
 * are compared with their own, both less the mean: the cosine of all
 * differences as one is out->agreement, and has to reach AGREEMENT_MIN.
 */
bool kb_static_fit(struct kb_static_texts *texts, size_t threads,
		   struct kb_static_encoder *out);

#endif
