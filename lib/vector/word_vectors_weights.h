/*
 * How word vectors weigh what they count. Private to word_vectors_train.c.
 *
 * tests/eval/fit-constants.py words halves and doubles each (2026-11-30), with
 * indexes built anew: mean of nDCG@10 and recall@10 of cache_en, cache_zh,
 * en_cisi, en_multihop, en_squad and zh_kdconv_kb, by the vector leg alone and
 * by all, .472 on half 0 and .477 on half 1, held out. Other values of
 * SMOOTHING lose .012 to .019 on either half. Half of SIF is within chance on
 * half 0 (.0032 +-.0049; half 1 .0041 +-.0032), twice loses .0059 +-.0040. Half
 * of WINDOW loses .0238 +-.0099 (.0160 +-.0082); twice gains .0143 +-.0077 (and
 * .0143 +-.0072), all of it by the vector leg alone, and an index takes a third
 * more time, so 5 stays. COUNT_MIN of 1 is within chance, 4 loses .0143.
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
