/*
 * BM25 (Robertson et al. 1994, who have these at TREC-3), as the search has it
 * where an index has no values of its own, and as a block of postings chooses
 * the pairs that bound its scores: those decide how much is read, not what is
 * found.
 *
 * By hand; tests/eval/fit-constants.py lexical tries others.
 */
#ifndef KB_POSTING_BM25_WEIGHTS_H
#define KB_POSTING_BM25_WEIGHTS_H

#define BM25_K1 1.2f
#define BM25_B	0.75f

#endif
