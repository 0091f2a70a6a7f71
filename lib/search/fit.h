/*
 * How well the text of a passage fits the question: features that postings
 * without positions cannot give, and a linear reranker of them.
 *
 *	cover	share of the question's weight (idf) that title and text hold
 *	title	the same of the title alone
 *	order	share of its neighbouring terms that follow each other within
 *		three tokens of the text, in the question's order
 *	near	the most weight within a window of twice the question's length
 *	run	the heaviest run of the question that the text holds
 *
 * All are 0 to 1, from the first 2 KiB of a text. The reranker adds their
 * weighted sum to the fused score of the best KB_FIT_DEPTH candidates and
 * divides by 1 plus the weights, so that a score stays within 0 to 1 and no
 * candidate beyond them overtakes. It is on where the index's settings hold
 * weights for it.
 */
#ifndef KB_SEARCH_FIT_H
#define KB_SEARCH_FIT_H

#include "learn/linear.h"
#include "search/fuse.h"

#define KB_FIT_DEPTH 50
#define KB_FIT_TERMS 64 /* of the question; the rest is not looked at */

/* An index gets its weights times what --tune finds best. */
extern const struct kb_linear_model kb_fit_builtin;

/* The question's base terms in their order. */
struct kb_fit {
	uint64_t keys[KB_FIT_TERMS];
	float weights[KB_FIT_TERMS];
	uint8_t same[KB_FIT_TERMS]; /* first place of the same key */
	size_t n;
	float total;		      /* weight, each key once */
	uint8_t table[256];	      /* hash of a key -> place + 1 */
	struct kb_analyzer *analyzer; /* borrowed, as is scratch */
	struct kb_terms *scratch;
};

/* terms: of the question as analysed; lex: the same with their statistics. */
void kb_fit_init(struct kb_fit *r, const struct kb_terms *terms,
		 const struct kb_lex_term *lex, size_t n_lex,
		 struct kb_analyzer *analyzer, struct kb_terms *scratch);

/* Give the terms of the question other weights: weights[i] to the key of
 * lex[i], 0 to one that is not among the n. */
void kb_fit_weigh(struct kb_fit *r, const struct kb_lex_term *lex,
		  const float *weights, size_t n);

void kb_fit_measure(const struct kb_fit *r, const struct kb_passage *passage,
		    float out[KB_FIT_FEATURES]);

/* What the features add to a score that was divided by 1 plus the weights. */
float kb_fit_share(const float weights[KB_FIT_FEATURES],
		   const float features[KB_FIT_FEATURES]);

/* Score the best candidates anew and sort; *fitted says whether: nothing is
 * done when all weights are 0. An error names the index. */
int kb_fit_apply(const struct kb_fit *r, const struct kb_scope *scope,
		 const float weights[KB_FIT_FEATURES], struct kb_fused *items,
		 size_t n, bool *fitted, struct kb_arena *arena,
		 struct kb_err *err);

#endif
