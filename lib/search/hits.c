#include "search/search.h"

#include "record/hit.h"
#include "text/synonym.h"

static int choose_legs(struct kb_search_options *options, const char *names,
		       struct kb_err *err)
{
	const char *at = names ? names : "lexical,vector,graph";

	do {
		size_t len = strcspn(at, ",");
		int leg = 0;

		while (leg < KB_LEGS &&
		       !kb_str_is((struct kb_str){at, len}, kb_leg_names[leg]))
			leg++;
		if (leg == KB_LEGS)
			return kb_err_set(err, KB_EINVAL,
					  "--legs: no leg '%.*s'; want some of "
					  "lexical,vector,graph",
					  (int)len, at);
		options->legs[leg] = true;
		at += len + (at[len] == ',');
	} while (*at);
	return 0;
}

int kb_search_prepare(struct kb_search_options *options, const char *legs,
		      struct kb_err *err)
{
	int rc = choose_legs(options, legs, err);

	if (rc == 0 && options->synonyms_path)
		rc = kb_synonyms_load(&options->synonyms,
				      options->synonyms_path, err);
	return rc < 0 ? rc
		      : kb_rerank_open(&options->rerank, &options->ask, err);
}

void kb_search_unprepare(struct kb_search_options *options)
{
	kb_rerank_close(options->rerank);
	kb_synonyms_free(options->synonyms);
	options->rerank = NULL;
	options->synonyms = NULL;
}

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
	if (result->degraded) {
		kb_jw_key(&w, "degraded");
		kb_jw_cstr(&w, result->degraded);
	}
	kb_jw_end(&w);
}
