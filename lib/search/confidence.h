/*
 * How sure the search is that the hits hold an answer, 0 to 1.
 *
 * A logistic function of what can be seen without a judge: the share of the
 * question's weight (idf) that the best hit covers, how far its score is
 * above what is found when nothing answers (null.h), the margin over the
 * fifth hit, the agreement of the legs, what the graph says of it, how near
 * each other the question's words stand in it, words that no passage holds, and
 * how near the best hit is by vectors of a model. There is one function for
 * searches with such vectors and one for those without.
 *
 * Words are weighed with those of texts at large (background.h), and what takes
 * many passages to be seen, the margin and the agreement, is taken as it mostly
 * is in an index of fewer than KB_NULL_CHUNKS: three notes by themselves are
 * judged nearly as among a thousand others.
 */
#ifndef KB_SEARCH_CONFIDENCE_H
#define KB_SEARCH_CONFIDENCE_H

#include "learn/linear.h"
#include "search/fit.h"
#include "search/search_result.h"

/* What a request knew; borrowed. */
struct kb_evidence {
	const struct kb_scope *scope;
	const struct kb_lex_params *params;
	const struct kb_lex_term *terms;
	size_t n_terms;
	const struct kb_terms *words; /* of the question, as analysed */
	const struct kb_fuse_input *input;
	const struct kb_null *null;
	size_t length;		  /* base terms of the question */
	const struct kb_fit *fit; /* to explain hits, */
	const float *fit_weights; /* with what it adds */
	const struct kb_linear *confidence;
};

enum kb_confidence_feature {
	KB_C_COVERAGE,	/* of the terms' weight by the best hit */
	KB_C_STRENGTH,	/* its score of the highest possible, before null.h */
	KB_C_RISE,	/* of the strength over what nothing finds, null.h */
	KB_C_MARGIN,	/* over the fifth hit, of the best score */
	KB_C_AGREEMENT, /* mean of its normalised scores by the legs; of
			 * one alone what it is in the mean */
	KB_C_GRAPH,	/* of the best, by the graph leg, 0..1 */
	KB_C_NEAR,	/* the feature of fit.h in the best */
	KB_C_UNKNOWN,	/* share of the weight that no chunk holds */
	KB_C_VECTOR,	/* of the best, its cosine by a model, counted from
			 * that of any two texts; 0 without a model */
	KB_C_FEATURES,
};

extern const char *const kb_confidence_names[KB_C_FEATURES];
/* Without vectors of a model, and with them. */
extern const struct kb_linear_model kb_confidence_builtin;
extern const struct kb_linear_model kb_confidence_model_builtin;

/* Make a model (NULL: the built-in one) ready. Returns the first of its
 * features that is none of the above, or NULL. */
const char *kb_confidence_bind(struct kb_linear *linear,
			       const struct kb_linear_model *model);

/* Of a result with hits; without, all are 0 and there is no confidence. */
void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    double out[KB_C_FEATURES]);

#endif
