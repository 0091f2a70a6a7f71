/*
 * How sure the search is that the hits hold an answer, 0 to 1.
 *
 * A logistic function of what can be seen without a judge: the share of the
 * question's weight (idf) that the best hit covers, how far its score is
 * above what is found when nothing answers (null.h), the margin over the
 * fifth hit, the agreement of the legs, what the graph says of it, how near
 * each other the question's words stand in it, and words that no passage
 * holds.
 * Fitted by tests/eval/fit-confidence.py.
 */
#ifndef KB_SEARCH_CONFIDENCE_H
#define KB_SEARCH_CONFIDENCE_H

#include "search/fit.h"
#include "search/search.h"

/* What a request knew; borrowed. */
struct kb_evidence {
	const struct kb_scope *scope;
	const struct kb_lex_params *params;
	const struct kb_lex_term *terms;
	size_t n_terms;
	const struct kb_fuse_input *input;
	const struct kb_null *null;
	size_t length;		  /* base terms of the question */
	const struct kb_fit *fit; /* to explain hits, */
	const float *fit_weights; /* with what it adds */
};

struct kb_features {
	double coverage;  /* of the terms' weight by the best hit */
	double strength;  /* its score of the highest possible, before null.h */
	double rise;	  /* of the strength over what nothing finds, null.h */
	double margin;	  /* over the fifth hit, of the best score */
	double agreement; /* mean of its normalised scores by the legs */
	double graph;	  /* of the best, by the graph leg, 0..1 */
	double near;	  /* the feature of fit.h in the best */
	double unknown;	  /* share of the weight that no chunk holds */
};

void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    struct kb_features *out);

/* Of a result with hits; without there is none. */
double kb_confidence(const struct kb_features *features);

#endif
