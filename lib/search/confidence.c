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
			    struct kb_features *out)
{
	float parts[KB_LEX_TERMS], fit[KB_FIT_FEATURES];
	double all = 0, covered = 0, got = 0, unknown = 0;
	const struct kb_fused *best;

	*out = (struct kb_features){0};
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
		out->coverage = fmin(covered / all, 1);
		out->strength =
		    fmin(got / (all * ((double)evidence->params->k1 + 1)), 1);
		out->unknown = unknown / all;
	}
	out->rise =
	    kb_null_rise(evidence->null, evidence->length, out->strength);
	if (result->n > 4 && best->score > 0)
		out->margin =
		    fmax((double)((best->score - result->hits[4].at.score) /
				  best->score),
			 0); /* a reranker may turn them */
	out->agreement = agreement_of(evidence->input, best);
	out->graph = (double)best->raw[KB_LEG_GRAPH];
	kb_fit_measure(evidence->fit, &result->hits[0].passage, fit);
	out->near = (double)fit[KB_FIT_NEAR];
}

double kb_confidence(const struct kb_features *f)
{
	const double values[KB_C_FEATURES] = {
	    [KB_C_COVERAGE] = f->coverage, [KB_C_RISE] = f->rise,
	    [KB_C_MARGIN] = f->margin,	   [KB_C_AGREEMENT] = f->agreement,
	    [KB_C_GRAPH] = f->graph,	   [KB_C_NEAR] = f->near,
	    [KB_C_UNKNOWN] = f->unknown,
	};

	return kb_sigmoid(kb_weigh(kb_confidence_bias, kb_confidence_weights,
				   values, KB_C_FEATURES));
}
