/*
 * From features to probabilities: logistic models with weights that are
 * never negative, so more agreement is never less trust.
 */
#ifndef KB_VERIFY_SCORE_H
#define KB_VERIFY_SCORE_H

#include "evidence/compare.h"
#include "learn/linear.h"

/* What a model of a claim may ask for, in the order of enum kb_feature. */
extern const char *const kb_claim_features[KB_FEATURES];
extern const struct kb_linear_model kb_claim_builtin;

/* Make a model (NULL: the built-in one) ready for kb_score_claim(). Returns
 * the first of its features that a claim does not have, or NULL. */
const char *kb_score_bind(struct kb_linear *linear,
			  const struct kb_linear_model *model);

/* Probability that the evidence supports the claim. A contradiction, or a
 * citation of nothing, caps what the rest may say. */
double kb_score_claim(const struct kb_linear *model,
		      const struct kb_comparison *c);

/* The models of relevance, ready: of a claim that is less than half of its
 * sentence, of the others, and of what the passages of both lack. */
struct kb_relevance_models {
	struct kb_linear brief, sentence, subject;
};
void kb_score_bind_relevance(struct kb_relevance_models *models);

/* Probability that the claim answers the question: that its passage is about
 * what is asked, and that it is what answers. -1 when that was not
 * measured (kb_relevance_measure()). */
double kb_score_relevance(const struct kb_relevance_models *models,
			  const double *f);

/* The same of an answer of the built-in answerer, which has measured by other
 * means whether its sentence answers the question: generation is how sure it
 * is. Both in one sum of logits; below 0 when either is not known. */
double kb_score_relevance_local(double relevance, double generation);

/* An answer from its claims (n > 0): the worst counts as much as the mean of
 * all, in logits. */
double kb_score_answer(const double *p, size_t n);

/* What is known of a record's stages; below 0: not known. */
struct kb_stages {
	double retrieval;  /* retrieval.confidence */
	double generation; /* generation.confidence */
	double facts;	   /* of the answer's claims */
	double relevance;  /* the answer is one to the question */
	bool truncated;	   /* the answer was cut off */
};

/* Probability that the answer is right and grounded. */
double kb_score_record(const struct kb_stages *stages);

#endif
