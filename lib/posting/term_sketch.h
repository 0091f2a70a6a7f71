/*
 * A sketch of a passage's terms: sixteen bytes that tell almost every pair
 * of passages apart that are not near-duplicates, without their texts.
 *
 * minima is a one-permutation MinHash (Li, Owen, Zhang 2012) of one bit a
 * bin (b-bit minwise hashing, Li and König 2010): the base terms (HAN1, WORD)
 * fall into 64 bins by their hash, and a bin keeps the lowest bit of its least
 * hash. Of two sets with Jaccard's coefficient J a bin that holds any
 * differs with a probability near (1 - J) / 2.
 *
 * An entry of the user's dictionary stands over terms that count themselves,
 * and depends on the dictionary: it is passed over.
 */
#ifndef KB_POSTING_TERM_SKETCH_H
#define KB_POSTING_TERM_SKETCH_H

#include "text/analyze.h"

/* KB_SEC_SKETCHES holds these. */
struct kb_term_sketch {
	uint64_t minima;
	uint32_t order; /* hash of the base terms as they stand */
	uint32_t n;	/* terms of every class but USER, as they stand */
};

/* Of several lists of terms as if they were one: begin, add each, end. */
struct kb_sketching {
	uint64_t least[64];
	uint64_t order;
	uint32_t n;
};

void kb_sketching_begin(struct kb_sketching *s);
void kb_sketching_add(struct kb_sketching *s, const struct kb_terms *terms);
struct kb_term_sketch kb_sketching_end(const struct kb_sketching *s);

/* Bins of the minima in which two sketches differ, 0 to 64. */
static inline unsigned kb_sketch_distance(const struct kb_term_sketch *a,
					  const struct kb_term_sketch *b)
{
	return (unsigned)__builtin_popcountll(a->minima ^ b->minima);
}

#endif
