#include "search/lexical/lexical.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/page_advice.h"
#include "posting/bm25_weights.h"
#include "query/term_lookup.h"
#include "search/lexical/lexical_weights.h"
#include "search/lexical/window.h"

const struct kb_lex_params kb_lex_defaults = {
    .k1 = BM25_K1,
    .b = BM25_B,
    .class_weight = {[KB_TERM_HAN1] = 1.0f,
		     [KB_TERM_HAN2] = CLASS_PAIR,
		     [KB_TERM_WORD] = 1.0f,
		     [KB_TERM_EXACT] = CLASS_EXACT,
		     [KB_TERM_CODE] = 1.0f,
		     [KB_TERM_USER] = 1.0f,
		     [KB_TERM_PATH] = CLASS_PATH},
};

struct kb_lexical {
	struct kb_windows *windows;
	struct kb_topk top;
	struct kb_window_term list[KB_LEX_TERMS];
};

struct kb_lexical *kb_lexical_new(void)
{
	struct kb_lexical *lex = kb_calloc(1, sizeof(*lex));

	lex->windows = kb_windows_new();
	return lex;
}

void kb_lexical_free(struct kb_lexical *lex)
{
	if (!lex)
		return;
	kb_windows_free(lex->windows);
	kb_topk_release(&lex->top);
	free(lex);
}

size_t kb_lexical_gather(const struct kb_terms *terms,
			 const struct kb_lex_params *params, float weight,
			 struct kb_lex_term *out, size_t n, size_t max)
{
	assert(n <= max);
	for (size_t i = 0; i < terms->n; i++) {
		uint64_t key = terms->items[i].key;
		float w = weight * params->class_weight[kb_term_class(key) & 7];
		size_t at = 0;

		while (at < n && out[at].key != key)
			at++;
		if (at < n)
			out[at].weight += w;
		else if (n < max && w > 0)
			out[n++] =
			    (struct kb_lex_term){.key = key, .weight = w};
	}
	return n;
}

void kb_lexical_prefetch(const struct kb_scope *scope,
			 const struct kb_lex_term *terms, size_t n)
{
	for (int step = 0; step < KB_DICT_STEPS; step++)
		for (size_t s = 0; s < scope->n; s++)
			for (size_t i = 0; i < n; i++)
				kb_segment_prefetch_term(
				    scope->segments[s].segment, terms[i].key,
				    step);
}

float kb_lexical_idf(uint64_t n, uint64_t df)
{
	double all = (double)n, with = (double)df;

	if (with > all) /* a damaged dictionary */
		with = all;
	return (float)pow(kb_idf(all, with), IDF_POWER);
}

void kb_lexical_stats(const struct kb_scope *scope, struct kb_lex_term *terms,
		      size_t n)
{
	for (size_t i = 0; i < n; i++) {
		terms[i].df = kb_scope_frequency(scope, terms[i].key);
		terms[i].idf = kb_lexical_idf(scope->n_chunks, terms[i].df);
	}
}

void kb_lexical_dampen(struct kb_lex_term *terms, size_t n, double similarity)
{
	double power = 1 - similarity * (1 - SIMILAR_LENGTH_POWER / IDF_POWER);
	double pairs = 1 - similarity * (1 - SIMILAR_LENGTH_PAIRS);

	for (size_t i = 0; i < n; i++) {
		enum kb_term_class c = kb_term_class(terms[i].key);

		if (c != KB_TERM_HAN1 && c != KB_TERM_HAN2)
			continue;
		terms[i].idf = (float)pow((double)terms[i].idf, power);
		if (c == KB_TERM_HAN2)
			terms[i].weight *= (float)pairs;
	}
}

static struct kb_bm25 bm25_params(const struct kb_scope *scope,
				  const struct kb_lex_params *params)
{
	double mean = (double)scope->total_length /
		      (double)(scope->n_chunks ? scope->n_chunks : 1);
	struct kb_bm25 p;

	p.c0 = params->k1 * (1 - params->b);
	p.c1 = params->k1 * params->b / (float)(mean > 1 ? mean : 1);
	return p;
}

static float term_weight(const struct kb_lex_term *term,
			 const struct kb_lex_params *params)
{
	return term->weight * term->idf * (params->k1 + 1);
}

/*
 * Points per score: 2^16, less where the best sum would pass 2^30, and more
 * where no term that is in the index has 2^12 of them: words of nearly all
 * passages are told apart by their frequency, too.
 */
static float choose_scale(const struct kb_lex_term *terms, size_t n,
			  const struct kb_lex_params *params)
{
	float sum = 0, most = 0, scale = 65536;

	for (size_t i = 0; i < n; i++) {
		float weight = term_weight(terms + i, params);

		sum += weight;
		if (terms[i].df && weight > most)
			most = weight;
	}
	while (sum * scale > (float)(1 << 30))
		scale /= 2;
	while (most > 0 && most * scale < 4096)
		scale *= 2;
	return scale;
}

static bool find_list(const struct kb_scope *scope, size_t segment,
		      uint64_t key, struct kb_window_term *out)
{
	struct kb_term_info info;

	if (!kb_scope_find(scope, segment, key, &info))
		return false;
	out->ptr = info.ptr;
	out->len = info.size;
	out->count = info.count;
	return true;
}

/* Most of the lengths will be read, and of the lists. */
static void prefetch_lists(const struct kb_scope *scope,
			   const struct kb_lex_term *terms, size_t n)
{
	struct kb_window_term list;

	for (size_t s = 0; s < scope->n; s++) {
		const struct kb_segment *seg = scope->segments[s].segment;

		kb_pages_prefetch(seg->lengths, seg->sec[KB_SEC_LENGTHS].len);
		for (size_t i = 0; i < n; i++)
			if (terms[i].df &&
			    find_list(scope, s, terms[i].key, &list))
				kb_pages_prefetch(list.ptr, list.len);
	}
}

static int search_segment(struct kb_lexical *lex, const struct kb_scope *scope,
			  uint32_t no, const struct kb_lex_term *terms,
			  size_t n_terms, const struct kb_lex_params *params,
			  float scale, struct kb_err *err)
{
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < n_terms; i++) {
		lex->list[n].weight = term_weight(terms + i, params) * scale;
		if (terms[i].df &&
		    find_list(scope, no, terms[i].key, lex->list + n))
			n++;
	}
	rc = kb_windows_search(lex->windows, &lex->top, no, lex->list, n,
			       bm25_params(scope, params), params->exhaustive,
			       err);
	if (rc)
		kb_err_place(err, "'%s'", scope->segments[no].index->path);
	return rc;
}

int kb_lexical_search(struct kb_lexical *lex, const struct kb_scope *scope,
		      const struct kb_lex_term *terms, size_t n_terms,
		      const struct kb_lex_params *params, size_t k,
		      struct kb_candidate *out, size_t *n_out,
		      struct kb_err *err)
{
	float scale;

	*n_out = 0;
	assert(terms || !n_terms);
	assert(out || !k);
	if (n_terms > KB_LEX_TERMS)
		return kb_err_set(err, KB_ELIMIT, "more than %d terms",
				  KB_LEX_TERMS);
	if (!k || !n_terms)
		return 0;
	scale = choose_scale(terms, n_terms, params);
	if (scope->cold)
		prefetch_lists(scope, terms, n_terms);
	kb_topk_start(&lex->top, scope, k);
	for (uint32_t s = 0; s < scope->n; s++) {
		int rc = search_segment(lex, scope, s, terms, n_terms, params,
					scale, err);

		if (rc)
			return rc;
	}
	kb_topk_sort(&lex->top);
	for (size_t i = 0; i < lex->top.n; i++)
		out[i] = (struct kb_candidate){
		    lex->top.items[i].segment, lex->top.items[i].chunk,
		    (float)lex->top.items[i].points / scale};
	*n_out = lex->top.n;
	return 0;
}

/* Points of one chunk in the list of a cursor that stands at or before it;
 * weight: in points. */
static int32_t points_of(struct kb_cursor *cur, const struct kb_segment *seg,
			 struct kb_bm25 p, float weight, uint32_t chunk)
{
	uint32_t at;

	if (!kb_cursor_find(cur, chunk, &at))
		return 0;
	kb_cursor_decode_freqs(cur);
	if (at >= cur->n)
		return 0;
	return kb_bm25_points(p, weight, cur->freqs[at], seg->lengths[chunk]);
}

void kb_lexical_explain(const struct kb_scope *scope,
			const struct kb_lex_term *terms, size_t n,
			const struct kb_lex_params *params, uint32_t segment,
			uint32_t chunk, float *scores)
{
	const struct kb_segment *seg = scope->segments[segment].segment;
	struct kb_bm25 p = bm25_params(scope, params);
	float scale = choose_scale(terms, n, params);
	struct kb_window_term list;
	struct kb_cursor cur;

	assert(segment < scope->n && chunk < seg->n_chunks);
	for (size_t i = 0; i < n; i++) {
		scores[i] = 0;
		if (terms[i].df &&
		    find_list(scope, segment, terms[i].key, &list) &&
		    kb_cursor_init(&cur, list.ptr, list.len, list.count,
				   seg->n_chunks))
			scores[i] =
			    (float)points_of(
				&cur, seg, p,
				term_weight(terms + i, params) * scale, chunk) /
			    scale;
	}
}

void kb_lexical_score(const struct kb_scope *scope,
		      const struct kb_lex_term *terms, size_t n,
		      const struct kb_lex_params *params,
		      struct kb_candidate *items, size_t n_items)
{
	struct kb_bm25 p = bm25_params(scope, params);
	float scale = choose_scale(terms, n, params);
	struct kb_window_term list;
	struct kb_cursor cur;

	for (size_t i = 0; i < n_items; i++)
		items[i].raw = 0;
	for (size_t from = 0, to; from < n_items; from = to) {
		uint32_t no = items[from].segment;
		const struct kb_segment *seg = scope->segments[no].segment;

		for (to = from; to < n_items && items[to].segment == no;)
			to++;
		for (size_t t = 0; t < n; t++) {
			float weight = term_weight(terms + t, params) * scale;

			if (!terms[t].df ||
			    !find_list(scope, no, terms[t].key, &list) ||
			    !kb_cursor_init(&cur, list.ptr, list.len,
					    list.count, seg->n_chunks))
				continue;
			for (size_t i = from; i < to; i++)
				items[i].raw +=
				    (float)points_of(&cur, seg, p, weight,
						     items[i].chunk) /
				    scale;
		}
	}
}

void kb_lexical_mark(const struct kb_segment *seg, uint64_t key, uint64_t *bits)
{
	struct kb_term_info list;
	struct kb_cursor cur;

	if (!kb_segment_find_term(seg, key, &list) ||
	    !kb_cursor_init(&cur, list.ptr, list.size, list.count,
			    seg->n_chunks))
		return;
	for (uint32_t block = 0; block < cur.n_blocks; block++) {
		kb_cursor_move(&cur, block);
		kb_cursor_decode(&cur);
		for (uint32_t i = 0; i < cur.n; i++)
			bits[cur.chunks[i] / 64] |= (uint64_t)1
						    << (cur.chunks[i] % 64);
	}
}
