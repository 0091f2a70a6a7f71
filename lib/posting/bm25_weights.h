/*
 * BM25 (Robertson et al. 1994, who have these at TREC-3), as the search has it
 * where an index has no values of its own, and as a block of postings chooses
 * the pairs that bound its scores: those decide how much is read, not what is
 * found.
 *
 * tests/eval/fit-constants.py lexical halves and doubles both (2026-11-30), as
 * lexical_weights.h says, .546 on half 0 and .541 on half 1, held out: no value
 * gains on half 0 beyond chance.
 */
#ifndef KB_POSTING_BM25_WEIGHTS_H
#define KB_POSTING_BM25_WEIGHTS_H

#define BM25_K1 1.2f
#define BM25_B	0.75f

#endif
