#include "verify/score.h"

#include <assert.h>
#include <math.h>

#include "base/num.h"
#include "verify/check_weights.h"
#include "verify/claim_weights.h"
#include "verify/relevant_weights.h"

#define EDGE 1e-4 /* of a probability: nobody is surer than that */

const char *const kb_claim_features[KB_FEATURES] = {
    [KB_F_COVER] = "cover",
    [KB_F_BEST1] = "best1",
    [KB_F_BEST3] = "best3",
    [KB_F_PAIRS] = "pairs",
    [KB_F_TRIPLES] = "triples",
    [KB_F_RUN] = "run",
    [KB_F_PRESENT] = "present",
    [KB_F_NUMBERS] = "numbers",
    [KB_F_ENTITIES] = "entities",
    [KB_F_POLARITY] = "polarity",
    [KB_F_QUESTION] = "question",
    [KB_F_ALIGNED] = "aligned",
    [KB_F_SLOTS] = "slots",
    [KB_F_SLOTS_PASSAGE] = "slots_passage",
    [KB_F_ADDED_PASSAGE] = "added_passage",
};

const char *kb_score_bind(struct kb_linear *linear,
			  const struct kb_linear_model *model)
{
	return kb_linear_bind(linear, model ? model : &kb_claim_builtin,
			      kb_claim_features, KB_FEATURES);
}

double kb_score_claim(const struct kb_linear *model,
		      const struct kb_comparison *c)
{
	double p = kb_linear_score(model, c->f);

	if (c->contradicted)
		return fmin(p, CONTRADICTED_CAP);
	return c->foreign ? fmin(p, FOREIGN_CAP) : p;
}

void kb_score_bind_relevance(struct kb_relevance_models *models)
{
	kb_linear_bind(&models->brief, &kb_relevance_short_builtin,
		       kb_relevance_features, KB_RELEVANCE_FEATURES);
	kb_linear_bind(&models->sentence, &kb_relevance_sentence_builtin,
		       kb_relevance_features, KB_RELEVANCE_FEATURES);
	kb_linear_bind(&models->subject, &kb_relevance_subject_builtin,
		       kb_relevance_features, KB_RELEVANCE_FEATURES);
}

double kb_score_relevance(const struct kb_relevance_models *models,
			  const double *f)
{
	const struct kb_linear *model = f[KB_RELEVANCE_PART] < BRIEF_PART
					    ? &models->brief
					    : &models->sentence;

	if (isnan(f[KB_RELEVANCE_PART]))
		return -1;
	return fmin(kb_linear_score(model, f),
		    kb_linear_score(&models->subject, f));
}

double kb_score_relevance_local(double relevance, double generation)
{
	if (relevance < 0 || generation < 0)
		return relevance;
	return kb_sigmoid(LOCAL_SHARE * kb_logit(generation, EDGE) +
			  (1 - LOCAL_SHARE) * kb_logit(relevance, EDGE) +
			  LOCAL_BIAS);
}

double kb_score_answer(const double *p, size_t n)
{
	double least = p[0], sum = 0;

	assert(n > 0);
	for (size_t i = 0; i < n; i++) {
		least = fmin(least, p[i]);
		sum += kb_logit(p[i], EDGE);
	}
	return kb_sigmoid(LEAST_SHARE * kb_logit(least, EDGE) +
			  (1 - LEAST_SHARE) * sum / (double)n);
}

/* Facts and retrieval together, as logits. Good passages do not make an answer
 * right that they hardly support. */
static double with_retrieval(double facts, double retrieval)
{
	double both =
	    (facts + RETRIEVAL_SHARE * retrieval) / (1 + RETRIEVAL_SHARE);

	return facts < 0 ? fmin(facts, both) : both;
}

double kb_score_record(const struct kb_stages *s)
{
	double x = kb_logit(s->facts, EDGE);

	/* A generator that says how sure it is has read the passages: that
	 * stands for the retrieval, too (alone it ranks the answers of
	 * fit-local.py's sets better than any mixture of both). And no
	 * answer is more right than it is grounded. */
	if (s->generation >= 0)
		x = fmin(x, kb_logit(s->generation, EDGE));
	else if (s->retrieval >= 0)
		x = with_retrieval(x, kb_logit(s->retrieval, EDGE));
	/* Nor is it, when it answers something else. */
	if (s->relevance >= 0)
		x = fmin(x, kb_logit(s->relevance, EDGE));
	if (s->truncated)
		x -= TRUNCATED_LOGIT;
	return kb_sigmoid(x);
}
