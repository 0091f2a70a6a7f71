/*
 * When a hit is a duplicate of a better one, and how many may be of one
 * document. Private to diverse.c and fuse.c.
 *
 * Set by hand: what differs in one term of twenty is the same. As
 * tests/eval/fit-constants.py legs measures it (2026-11-30, FACTORS=.8,1.05),
 * the judged sets hold too few duplicates to tell: no value differs by more
 * than .0004
 * +-.0009, on half 0 or on half 1, held out.
 */
#ifndef KB_SEARCH_DIVERSE_WEIGHTS_H
#define KB_SEARCH_DIVERSE_WEIGHTS_H

#define ALIKE		     0.95 /* Jaccard coefficient of the terms, from here on */
#define NEAR_DUPLICATE_TERMS 40 /* shorter ones must be the same in order */

/* Of so many first candidates, so many may be of one document. */
#define SPREAD_FIRST  5
#define SPREAD_OF_ONE 2

#endif
