/*
 * How word vectors weigh what they count. Private to word_vectors_train.c.
 */
#ifndef KB_VECTOR_WORD_VECTORS_WEIGHTS_H
#define KB_VECTOR_WORD_VECTORS_WEIGHTS_H

/* Of the terms' frequencies in the pointwise mutual information: Levy, Goldberg
 * and Dagan 2015 have .75 on one side and 1 on the other; pairs have no sides
 * here, so both have the mean. */
#define SMOOTHING 0.875f

/* a of a / (a + p), the weight of a term of probability p in a text (Arora,
 * Liang and Ma 2017). */
#define SIF 2e-3

#endif
