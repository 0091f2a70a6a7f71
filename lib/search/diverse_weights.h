/*
 * When a hit is a duplicate of a better one, and how many may be of one
 * document. Private to diverse.c and fuse.c.
 *
 * Set by hand: what differs in one term of twenty is the same. As
 * tests/eval/fit-constants.py legs measures it (2026-11-30, FACTORS=.8,1.05),
 * the judged sets hold too few duplicates to tell: no value differs by more
 * than .0004 +-.0009, on half 0 or on half 1, held out.
 *
 * How many are of one document is a choice for the reader, kb-search(1). The
 * part places halves and doubles both: one over the place of the first hit that
 * answers, where whole articles of en_squad and zh_news are the documents, .937
 * and .918. It costs nothing there; 1 of a document loses .0041 +-.0032 (half 1
 * .0034 +-.0031).
 */
#ifndef KB_SEARCH_DIVERSE_WEIGHTS_H
#define KB_SEARCH_DIVERSE_WEIGHTS_H

#define ALIKE		     0.95 /* Jaccard coefficient of the terms, from here on */
#define NEAR_DUPLICATE_TERMS 40 /* shorter ones must be the same in order */

/* Of so many first candidates, so many may be of one document. */
#define SPREAD_FIRST  5
#define SPREAD_OF_ONE 2

/*
 * Bins of 64 in which the sketches of two passages that are ALIKE may differ.
 * At a coefficient of .95 some 1.6 do; the binomial tail beyond 12 is below
 * 1e-7, and at .85 still below .003.
 */
#define ALIKE_BINS 12

#endif
