/*
 * Word vectors trained from the corpus, the vector leg without a model.
 *
 * Positive pointwise mutual information of terms within WINDOW of each
 * other, factorised to 128 dimensions; a text is the mean of its terms'
 * vectors of length 1, each weighted by a / (a + p(term)) (SIF: Arora, Liang,
 * Ma 2017), less the mean of all texts. It knows which words keep company in
 * this corpus, no more: it helps short questions find passages that say the
 * same in other words, and is weak where one exact word decides.
 *
 * Terms are words by their stem and pairs of Han characters. Everything is
 * bounded: the sample, the vocabulary, the table of pairs; and the same
 * input gives the same model.
 *
 * A model lives in a global file of the index, slot "wordvec".
 */
#ifndef KB_VECTOR_WORD_VECTORS_H
#define KB_VECTOR_WORD_VECTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/container.h"
#include "text/analyze.h"
#include "vector/eigen.h"

#define KB_WORDVEC_DIM	  KB_EIGEN_DIM
#define KB_WORDVEC_SLOT	  "wordvec"
#define KB_WORDVEC_KNOWN  ((uint32_t)0x3e)  /* sections */
#define KB_WORDVEC_SAMPLE ((size_t)3000000) /* terms */

/* A term as the model sees it; false: it is none of its kind. */
static inline bool kb_wordvec_term(uint64_t key, uint32_t *term)
{
	enum kb_term_class c = kb_term_class(key);

	if (c != KB_TERM_HAN2 && c != KB_TERM_WORD)
		return false;
	*term = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);
	return true;
}

struct kb_wordvec; /* a model; read-only, may be shared by threads */

/*
 * Train from texts: text i is terms[ends[i - 1] .. ends[i]). Returns NULL
 * when there is too little to learn from.
 */
struct kb_wordvec *kb_wordvec_train(const uint32_t *terms, const size_t *ends,
				    size_t n_texts);

/* A model in a global file, which stays mapped and borrowed. */
int kb_wordvec_open(struct kb_wordvec **out,
		    const struct kb_container_view *view, struct kb_err *err);
void kb_wordvec_free(struct kb_wordvec *model);

/* Write a model's sections. */
void kb_wordvec_write(const struct kb_wordvec *model, struct kb_container *out);

/* Names the model: vectors of other models are not compared with its. */
uint64_t kb_wordvec_id(const struct kb_wordvec *model);

/* The vector of a text in x[KB_WORDVEC_DIM], length 1; false when the model
 * knows none of its terms. */
bool kb_wordvec_encode(const struct kb_wordvec *model, const uint32_t *terms,
		       size_t n, float *x);

#endif
