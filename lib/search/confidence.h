/*
 * How sure the search is that the hits hold an answer, 0 to 1.
 *
 * A logistic function of what can be seen without a judge: the share of the
 * question's weight (idf) that the best hit covers, the best score against
 * the highest possible, and the margin over the fifth hit. The coefficients
 * are set by hand, not fitted: the value orders questions, it is no
 * calibrated probability. Agreement and unknown words are reported as
 * features but not used.
 */
#ifndef KB_SEARCH_CONFIDENCE_H
#define KB_SEARCH_CONFIDENCE_H

#include "search/search.h"

/* What a request knew; borrowed. */
struct kb_evidence {
	const struct kb_scope *scope;
	const struct kb_lex_params *params;
	const struct kb_lex_term *terms;
	size_t n_terms;
	const struct kb_fuse_input *input;
};

struct kb_features {
	double coverage;  /* of the terms' weight by the best hit */
	double strength;  /* its score of the highest possible */
	double margin;	  /* over the fifth hit, of the best score */
	double agreement; /* share of other legs that have it in their best */
	double unknown;	  /* share of the weight that no chunk holds */
};

void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    struct kb_features *out);

double kb_confidence(const struct kb_evidence *evidence,
		     const struct kb_result *result);

#endif
