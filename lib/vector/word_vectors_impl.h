/* What a model of wordvec.h is inside: for wordvec.c and its training. */
#ifndef KB_VECTOR_WORD_VECTORS_IMPL_H
#define KB_VECTOR_WORD_VECTORS_IMPL_H

#include "vector/word_vectors.h"

#define KB_WORDVEC_TERMS 32768 /* pairs of numbers fit 30 bits */

struct kb_wordvec {
	uint32_t n;
	uint64_t id, texts;
	const uint32_t *terms;
	const float *scales;   /* of the int8 vector, the weight included */
	const int8_t *vectors; /* n * KB_WORDVEC_DIM */
	const float *mean;
	uint32_t *slots; /* owned */
	size_t mask;
	void *owned; /* of a trained model: all the arrays above */
};

void kb_wordvec_index(struct kb_wordvec *m);
/* Number of a term, or -1. */
int64_t kb_wordvec_find(const struct kb_wordvec *m, uint32_t term);
/* As kb_wordvec_encode(), the mean of all texts not yet taken off. */
bool kb_wordvec_mean(const struct kb_wordvec *m, const uint32_t *terms,
		     size_t n, float *x);

#endif
