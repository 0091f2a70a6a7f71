/*
 * How word vectors weigh what they count. Private to word_vectors_train.c.
 *
 * tests/eval/fit-constants.py words halves and doubles each (2026-11-30), with
 * indexes built anew: mean of nDCG@10 and recall@10 of cache_en, cache_zh,
 * en_cisi, en_multihop, en_squad and zh_kdconv_kb, by the vector leg alone and
 * by all, .472 on half 0 and .477 on half 1, held out. No value gains beyond
 * chance; other values of SMOOTHING lose .012 to .019 on either half, twice SIF
 * .005.
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

#define WINDOW	  5 /* terms to the right that a term stands beside */
#define COUNT_MIN 2 /* times a term stands in the index, to have a vector */

#endif
