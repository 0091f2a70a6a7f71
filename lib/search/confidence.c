#include "search/confidence.h"

#include <math.h>

#include "base/num.h"
#include "search/confidence_weights.h"

/* Not by ranks: a leg that was asked lazily has none. */
static double agreement_of(const struct kb_fuse_input *input,
			   const struct kb_fused *best)
{
	double sum = 0;
	size_t legs = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		float gain = input->answers[leg].gain;

		if (!input->answers[leg].n)
			continue;
		legs++;
		sum += (double)best->part[leg] / (gain > 0 ? (double)gain : 1);
	}
	return legs ? sum / (double)legs : 0;
}

void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    double out[KB_C_FEATURES])
{
	float parts[KB_LEX_TERMS], fit[KB_FIT_FEATURES];
	double all = 0, covered = 0, got = 0, unknown = 0;
	const struct kb_fused *best;

	memset(out, 0, KB_C_FEATURES * sizeof(*out));
	if (!result->n)
		return;
	best = &result->hits[0].at;
	kb_lexical_explain(evidence->scope, evidence->terms, evidence->n_terms,
			   evidence->params, best->segment, best->chunk, parts);
	for (size_t i = 0; i < evidence->n_terms; i++) {
		const struct kb_lex_term *t = &evidence->terms[i];
		double weight = (double)t->weight * (double)t->idf;

		all += t->added ? 0 : weight;
		got += (double)parts[i];
		covered += parts[i] > 0 ? weight : 0;
		unknown += t->df || t->added ? 0 : weight;
	}
	if (all > 0) {
		out[KB_C_COVERAGE] = fmin(covered / all, 1);
		out[KB_C_STRENGTH] =
		    fmin(got / (all * ((double)evidence->params->k1 + 1)), 1);
		out[KB_C_UNKNOWN] = unknown / all;
	}
	out[KB_C_RISE] =
	    kb_null_rise(evidence->null, evidence->length, out[KB_C_STRENGTH]);
	if (result->n > 4 && best->score > 0)
		out[KB_C_MARGIN] =
		    fmax((double)((best->score - result->hits[4].at.score) /
				  best->score),
			 0); /* a reranker may turn them */
	out[KB_C_AGREEMENT] = agreement_of(evidence->input, best);
	/* of triples, one about the subject has more than 1 */
	out[KB_C_GRAPH] = fmin((double)best->raw[KB_LEG_GRAPH], 1);
	kb_fit_measure(evidence->fit, &result->hits[0].passage, fit);
	out[KB_C_NEAR] = (double)fit[KB_FIT_NEAR];
}

const char *const kb_confidence_names[KB_C_FEATURES] = {
    [KB_C_COVERAGE] = "coverage",   [KB_C_STRENGTH] = "strength",
    [KB_C_RISE] = "rise",	    [KB_C_MARGIN] = "margin",
    [KB_C_AGREEMENT] = "agreement", [KB_C_GRAPH] = "graph",
    [KB_C_NEAR] = "near",	    [KB_C_UNKNOWN] = "unknown",
};

const char *kb_confidence_bind(struct kb_linear *linear,
			       const struct kb_linear_model *model)
{
	return kb_linear_bind(linear, model ? model : &kb_confidence_builtin,
			      kb_confidence_names, KB_C_FEATURES);
}
