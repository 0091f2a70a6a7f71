#include "search/search_result.h"

#include <assert.h>

#include "record/hit.h"

static void add_legs(struct kb_hit_values *out, const struct kb_hit *hit)
{
	const struct kb_fused *at = &hit->at;

	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		double raw = (double)at->raw[leg];

		if (!at->has[leg])
			continue;
		/* a cosine of int8 vectors, whose lengths are rounded */
		if (leg == KB_LEG_VECTOR && raw > 1)
			raw = 1;
		out->legs[out->n_legs].name = kb_leg_names[leg];
		out->legs[out->n_legs].score = raw;
		out->legs[out->n_legs++].digits = 4;
	}
	if (hit->reranked) {
		out->legs[out->n_legs].name = "rerank";
		out->legs[out->n_legs].score = hit->rerank;
		out->legs[out->n_legs++].digits = -1;
	}
}

static void put_hit(struct kb_jw *w, const struct kb_hit *hit)
{
	const struct kb_passage *p = &hit->passage;
	struct kb_hit_values out = {
	    .doc = p->id,
	    .title = p->title,
	    .heading = p->heading,
	    .text = p->text,
	    .chunk = p->chunk_no,
	    .score = (double)hit->at.score,
	    .source = p->source,
	    .line = p->line,
	    .start = p->start,
	    .end = p->end,
	    .meta = p->meta,
	    .explain = hit->why,
	};

	_Static_assert(KB_LEGS < KB_HIT_LEGS_MAX, "room for the reranker");
	add_legs(&out, hit);
	kb_hit_write(w, &out);
}

void kb_result_hits(const struct kb_result *result, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_arr(&w);
	for (size_t i = 0; i < result->n; i++)
		put_hit(&w, &result->hits[i]);
	kb_jw_end(&w);
}

/* One index: a string; several: an array. */
static void put_of_indexes(struct kb_jw *w, const struct kb_base *base,
			   bool commit)
{
	if (base->n_indexes > 1)
		kb_jw_arr(w);
	for (size_t i = 0; i < base->n_indexes; i++)
		kb_jw_cstr(w, commit ? base->indexes[i]->commit
				     : base->indexes[i]->path);
	if (base->n_indexes > 1)
		kb_jw_end(w);
}

void kb_result_degrade(struct kb_result *result, int who, const char *why,
		       struct kb_arena *arena)
{
	const char *name = who < KB_LEGS ? kb_leg_names[who] : "rerank";

	assert(who >= 0 && who <= KB_LEGS);
	result->degraded[who] =
	    why ? kb_arena_printf(arena, "%s: %s", name, why) : NULL;
}

/* Every reason, in one string. */
static void put_degraded(struct kb_jw *w, const struct kb_result *result)
{
	struct kb_buf all;

	kb_buf_init(&all, 0);
	for (size_t i = 0; i <= KB_LEGS; i++) {
		if (!result->degraded[i])
			continue;
		kb_buf_add_cstr(&all, all.len ? "; " : "");
		kb_buf_add_cstr(&all, result->degraded[i]);
	}
	if (all.len) {
		kb_jw_key(w, "degraded");
		kb_jw_str(w, kb_buf_str(&all));
	}
	kb_buf_release(&all);
}

void kb_result_retrieval(const struct kb_result *result,
			 const struct kb_base *base, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "index");
	put_of_indexes(&w, base, false);
	kb_jw_key(&w, "commit");
	put_of_indexes(&w, base, true);
	kb_jw_key(&w, "legs");
	kb_jw_arr(&w);
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		if (result->used[leg])
			kb_jw_cstr(&w, kb_leg_names[leg]);
	if (result->reranked)
		kb_jw_cstr(&w, "rerank");
	kb_jw_end(&w);
	kb_jw_key(&w, "confidence");
	kb_jw_fixed(&w, result->confidence, 4);
	if (result->why.len) {
		kb_jw_key(&w, "evidence");
		kb_jw_raw(&w, result->why);
	}
	if (result->corrected.len) {
		kb_jw_key(&w, "corrected");
		kb_jw_str(&w, result->corrected);
	}
	if (result->n_excluded) {
		kb_jw_key(&w, "excluded");
		kb_jw_arr(&w);
		for (size_t i = 0; i < result->n_excluded; i++)
			kb_jw_str(&w, result->excluded[i]);
		kb_jw_end(&w);
	}
	put_degraded(&w, result);
	kb_jw_end(&w);
}
