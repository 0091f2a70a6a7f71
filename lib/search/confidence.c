#include "search/confidence.h"

#include <math.h>

#include "base/map.h"
#include "base/num.h"
#include "query/background.h"
#include "search/confidence_weights.h"
#include "search/null_distribution.h"

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
	return legs > 1 ? sum / (double)legs : legs ? AGREEMENT_MEAN : 0;
}

/* Less than any two texts have is nothing. */
static double vector_of(const struct kb_fuse_input *input,
			const struct kb_fused *best)
{
	const struct kb_leg_answer *answer = &input->answers[KB_LEG_VECTOR];

	if (!answer->model || !answer->n || answer->gain <= 0)
		return 0;
	return fmax((double)(best->part[KB_LEG_VECTOR] / answer->gain), 0);
}

/* Over the fifth hit; an index without a null distribution of its own is too
 * small to have one. */
static double margin_of(const struct kb_evidence *evidence,
			const struct kb_result *result, double rise)
{
	float best = result->hits[0].at.score;

	if (evidence->scope->n_chunks < KB_NULL_CHUNKS)
		return fmin(
		    fmax(evidence->input->answers[KB_LEG_VECTOR].model
			     ? MODEL_MARGIN_MEAN + MODEL_MARGIN_RISE * rise
			     : MARGIN_MEAN + MARGIN_RISE * rise,
			 0),
		    1);
	if (result->n <= 4 || best <= 0)
		return 0;
	/* a reranker may turn them */
	return fmax((double)((best - result->hits[4].at.score) / best), 0);
}

/* The question with texts at large. */
struct background {
	struct kb_scope scope; /* for its numbers */
	struct kb_lex_term terms[KB_LEX_TERMS];
	float idf[KB_LEX_TERMS];
	/* Of a term that no passage holds, how much that tells. */
	double unknown[KB_LEX_TERMS];
};

/* A word of texts at large that few passages do not hold may be one that they
 * had no occasion to use. */
static void add_term(struct background *b, size_t i, struct kb_str text,
		     uint64_t n_chunks)
{
	struct kb_lex_term *t = &b->terms[i];
	uint64_t n = n_chunks, df = t->df;

	kb_background_add(kb_background_kind(t->key, text), &n, &df);
	b->unknown[i] = t->df ? 0 : df ? (double)n_chunks / (double)n : 1;
	t->idf = b->idf[i] = kb_lexical_idf(n, df);
}

static void background_init(struct background *b,
			    const struct kb_evidence *evidence)
{
	const struct kb_terms *words = evidence->words;
	struct kb_map texts;

	b->scope = *evidence->scope;
	kb_background_lengths(&b->scope.n_chunks, &b->scope.total_length);
	memcpy(b->terms, evidence->terms,
	       evidence->n_terms * sizeof(*b->terms));
	kb_map_init(&texts);
	for (size_t i = 0; i < words->n; i++)
		*kb_map_put(&texts, words->items[i].key, NULL) = i;
	for (size_t i = 0; i < evidence->n_terms; i++) {
		const uint64_t *at = kb_map_get(&texts, b->terms[i].key);
		struct kb_str text = {"", 0};

		if (at)
			text = (struct kb_str){words->text +
						   words->items[*at].text_off,
					       words->items[*at].text_len};
		add_term(b, i, text, evidence->scope->n_chunks);
	}
	kb_map_release(&texts);
}

/* Coverage, strength and unknown: the shares of the question's weight. */
static void share_features(const struct background *b, size_t n,
			   const struct kb_lex_params *params,
			   const struct kb_fused *best, double *out)
{
	double all = 0, covered = 0, got = 0, unknown = 0;
	float parts[KB_LEX_TERMS];

	kb_lexical_explain(&b->scope, b->terms, n, params, best->segment,
			   best->chunk, parts);
	for (size_t i = 0; i < n; i++) {
		const struct kb_lex_term *t = &b->terms[i];
		double weight = (double)t->weight * (double)t->idf;

		all += t->added ? 0 : weight;
		got += (double)parts[i];
		covered += parts[i] > 0 ? weight : 0;
		unknown += t->added ? 0 : weight * b->unknown[i];
	}
	if (all <= 0)
		return;
	out[KB_C_COVERAGE] = fmin(covered / all, 1);
	out[KB_C_STRENGTH] = fmin(got / (all * ((double)params->k1 + 1)), 1);
	out[KB_C_UNKNOWN] = unknown / all;
}

void kb_confidence_features(const struct kb_evidence *evidence,
			    const struct kb_result *result,
			    double out[KB_C_FEATURES])
{
	float features[KB_FIT_FEATURES];
	struct kb_fit fit = *evidence->fit;
	struct background b;
	const struct kb_fused *best;

	memset(out, 0, KB_C_FEATURES * sizeof(*out));
	if (!result->n)
		return;
	best = &result->hits[0].at;
	background_init(&b, evidence);
	share_features(&b, evidence->n_terms, evidence->params, best, out);
	out[KB_C_RISE] =
	    kb_null_rise(evidence->null, evidence->length, out[KB_C_STRENGTH]);
	out[KB_C_MARGIN] = margin_of(evidence, result, out[KB_C_RISE]);
	out[KB_C_AGREEMENT] = agreement_of(evidence->input, best);
	out[KB_C_VECTOR] = vector_of(evidence->input, best);
	/* of triples, one about the subject has more than 1 */
	out[KB_C_GRAPH] = fmin((double)best->raw[KB_LEG_GRAPH], 1);
	kb_fit_weigh(&fit, b.terms, b.idf, evidence->n_terms);
	kb_fit_measure(&fit, &result->hits[0].passage, features);
	out[KB_C_NEAR] = (double)features[KB_FIT_NEAR];
}

const char *const kb_confidence_names[KB_C_FEATURES] = {
    [KB_C_COVERAGE] = "coverage",   [KB_C_STRENGTH] = "strength",
    [KB_C_RISE] = "rise",	    [KB_C_MARGIN] = "margin",
    [KB_C_AGREEMENT] = "agreement", [KB_C_GRAPH] = "graph",
    [KB_C_NEAR] = "near",	    [KB_C_UNKNOWN] = "unknown",
    [KB_C_VECTOR] = "vector",
};

const char *kb_confidence_bind(struct kb_linear *linear,
			       const struct kb_linear_model *model)
{
	return kb_linear_bind(linear, model ? model : &kb_confidence_builtin,
			      kb_confidence_names, KB_C_FEATURES);
}
