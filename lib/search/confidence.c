#include "search/confidence.h"

#include <math.h>

#define AGREE_DEPTH 10

static double share_agreeing(const struct kb_fuse_input *input,
			     const struct kb_fused *best)
{
	size_t legs = 0, agree = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		const struct kb_leg_answer *answer = &input->answers[leg];

		if (!answer->n)
			continue;
		legs++;
		for (size_t i = 0; i < answer->n && i < AGREE_DEPTH; i++)
			agree += answer->items[i].segment == best->segment &&
				 answer->items[i].chunk == best->chunk;
	}
	return legs ? (double)agree / (double)legs : 0;
}

void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    struct kb_features *out)
{
	float parts[KB_LEX_TERMS];
	double all = 0, covered = 0, got = 0, unknown = 0;
	const struct kb_fused *best = &result->hits[0].at;

	*out = (struct kb_features){0};
	if (!result->n)
		return;
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
	if (result->n > 4 && best->score > 0)
		out->margin =
		    (double)((best->score - result->hits[4].at.score) /
			     best->score);
	out->agreement = share_agreeing(evidence->input, best);
}

double kb_confidence(const struct kb_evidence *evidence,
		     const struct kb_result *result)
{
	struct kb_features f;
	double z;

	if (!result->n)
		return 0;
	kb_confidence_features(evidence, result, &f);
	z = -4.0 + 4.0 * f.coverage + 3.0 * f.strength + 3.0 * f.margin;
	return 1 / (1 + exp(-z));
}
