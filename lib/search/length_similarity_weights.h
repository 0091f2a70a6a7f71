/*
 * The shape of length_similarity.h. Private to length_similarity.c.
 *
 * Chosen on every second question of the halves 0 of cache_zh and cache_en
 * (recall@100), made by tests/eval/pairs.py. tests/eval/fit-constants.py legs
 * halves and doubles each (2026-11-30): by the mean of nDCG@10 and recall@10 of
 * the seven sets of leg_weights.h no value differs beyond chance, on half 0 or
 * on half 1, held out: at most .0018 +-.0030.
 */
#ifndef KB_SEARCH_LENGTH_SIMILARITY_WEIGHTS_H
#define KB_SEARCH_LENGTH_SIMILARITY_WEIGHTS_H

#define BRIEF 16.0 /* words or characters of a question that is brief */
#define FADE  4	   /* power of what is beyond BRIEF */
#define WIDTH 2	   /* over the square of the logarithm of the lengths' ratio */

#endif
