#include "search/explain.h"

#include <stdio.h>

#include "json/write.h"

/* The text of a term: of a Han term its characters, else as analysed. */
static void put_term(struct kb_jw *w, const struct kb_terms *terms,
		     uint64_t key)
{
	char han[16];
	size_t n = kb_term_han_text(key, han);

	if (n) {
		kb_jw_str(w, (struct kb_str){han, n});
		return;
	}
	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];

		if (t->key != key)
			continue;
		kb_jw_str(
		    w, (struct kb_str){terms->text + t->text_off, t->text_len});
		return;
	}
	snprintf(han, sizeof(han), "#%08x", (unsigned)(key & UINT32_MAX));
	kb_jw_cstr(w, han);
}

static void put_terms(struct kb_jw *w, const struct kb_evidence *evidence,
		      const struct kb_terms *terms, const struct kb_fused *at)
{
	float parts[KB_LEX_TERMS];

	kb_lexical_explain(evidence->scope, evidence->terms, evidence->n_terms,
			   evidence->params, at->segment, at->chunk, parts);
	kb_jw_key(w, "terms");
	kb_jw_arr(w);
	for (size_t i = 0; i < evidence->n_terms; i++) {
		const struct kb_lex_term *t = &evidence->terms[i];

		if (parts[i] <= 0)
			continue;
		kb_jw_obj(w);
		kb_jw_key(w, "term");
		put_term(w, terms, t->key);
		kb_jw_key(w, "df");
		kb_jw_int(w, (int64_t)t->df);
		kb_jw_key(w, "idf");
		kb_jw_fixed(w, (double)t->idf, 3);
		kb_jw_key(w, "weight");
		kb_jw_fixed(w, (double)t->weight, 3);
		kb_jw_key(w, "score");
		kb_jw_fixed(w, (double)parts[i], 3);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void put_legs(struct kb_jw *w, const struct kb_evidence *evidence,
		     const struct kb_fused *at)
{
	kb_jw_key(w, "legs");
	kb_jw_obj(w);
	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		const struct kb_leg_answer *a = &evidence->input->answers[leg];

		if (!a->n || !at->has[leg])
			continue;
		kb_jw_key(w, kb_leg_names[leg]);
		kb_jw_obj(w);
		kb_jw_key(w, "score");
		kb_jw_fixed(w, (double)at->raw[leg], 4);
		kb_jw_key(w, "best");
		kb_jw_fixed(w, (double)a->items[0].raw, 4);
		kb_jw_key(w, "weight");
		kb_jw_fixed(w, (double)kb_fuse_weight(evidence->input, leg), 3);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void put_fit(struct kb_jw *w, const float weights[KB_FIT_FEATURES],
		    const float features[KB_FIT_FEATURES])
{
	float share;

	kb_jw_key(w, "fit");
	kb_jw_obj(w);
	for (int f = 0; f < KB_FIT_FEATURES; f++) {
		kb_jw_key(w, kb_fit_names[f]);
		kb_jw_fixed(w, (double)features[f], 4);
	}
	share = kb_fit_share(weights, features);
	if (share > 0) {
		kb_jw_key(w, "score");
		kb_jw_fixed(w, (double)share, 4);
	}
	kb_jw_end(w);
}

static struct kb_str explain_hit(const struct kb_evidence *evidence,
				 const struct kb_leg *legs,
				 const struct kb_leg_query *query,
				 const struct kb_hit *hit, bool paths_only)
{
	struct kb_candidate at = {hit->at.segment, hit->at.chunk, 0};
	float features[KB_FIT_FEATURES];
	struct kb_str out;
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	if (!paths_only) {
		put_legs(&w, evidence, &hit->at);
		put_terms(&w, evidence, query->terms, &hit->at);
		kb_fit_measure(evidence->fit, &hit->passage, features);
		put_fit(&w, evidence->fit_weights, features);
	}
	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		struct kb_str path;

		if (!legs[leg].name || !legs[leg].explain || !hit->at.has[leg])
			continue;
		path = legs[leg].explain(legs[leg].state, query, &at);
		if (!path.len)
			continue;
		kb_jw_key(&w, "path");
		kb_jw_str(&w, path);
	}
	kb_jw_end(&w);
	out = kb_arena_copy(query->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

static struct kb_str explain_confidence(const double features[KB_C_FEATURES],
					struct kb_arena *arena)
{
	struct kb_str out;
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	for (size_t i = 0; i < KB_C_FEATURES; i++) {
		kb_jw_key(&w, kb_confidence_names[i]);
		kb_jw_fixed(&w, features[i], 4);
	}
	kb_jw_end(&w);
	out = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

void kb_explain(const struct kb_evidence *evidence, const struct kb_leg *legs,
		const struct kb_leg_query *query,
		const struct kb_search_options *options,
		struct kb_result *result)
{
	double features[KB_C_FEATURES];

	if (!result->n)
		return;
	kb_confidence_features(evidence, result, features);
	result->confidence = kb_linear_score(evidence->confidence, features);
	if (options->explain)
		result->why = explain_confidence(features, query->arena);
	for (size_t i = 0; i < result->n; i++)
		if (options->explain || options->paths)
			result->hits[i].why =
			    explain_hit(evidence, legs, query, &result->hits[i],
					options->paths);
}
