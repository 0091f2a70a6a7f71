/*
 * BM25 (Robertson, Zaragoza 2009, section 3.5) in whole points.
 *
 *	points = max(1, round(weight * f / (f + c0 + c1 * length)))
 *	c0 = k1 (1 - b), c1 = k1 b / mean length
 *
 * weight holds idf, (k1 + 1), the term's weight in the query and the scale
 * from score to points. A word of all of many passages is worth next to
 * nothing, but who asks for it alone is to find them: hence the 1. Points are
 *integers so that their sum does not depend on the order of the terms; the
 *vector forms do the same operations in the same order as the scalar one and
 *give identical results.
 */
#ifndef KB_SEARCH_LEXICAL_BM25_H
#define KB_SEARCH_LEXICAL_BM25_H

#include "posting/cursor.h"

struct kb_bm25 {
	float c0, c1;
};

static inline int32_t kb_bm25_points(struct kb_bm25 p, float weight,
				     uint32_t freq, uint32_t length)
{
	float f = (float)freq;
	float s = weight * f / (f + (p.c0 + p.c1 * (float)length));

	return s > 1 ? (int32_t)(s + 0.5f) : 1;
}

/* No posting whose block has these pairs scores more. One point more than
 * the best pair: rounding is not monotone in the frequency. */
int32_t kb_bm25_bound(struct kb_bm25 p, float weight,
		      const struct kb_pair pairs[KB_POSTINGS_PAIRS]);

/* points[i] of n postings; the arrays have room for n rounded up to 16. */
void kb_bm25_block(struct kb_bm25 p, float weight, const uint32_t *chunks,
		   const uint32_t *freqs, size_t n, const uint16_t *lengths,
		   int32_t *points);

#endif
