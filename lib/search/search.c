#include "search/search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/page_advice.h"
#include "index/columns.h"
#include "index/user_words.h"
#include "query/term_lookup.h"
#include "search/confidence.h"
#include "search/diverse.h"
#include "search/explain.h"
#include "search/leg_weights.h"
#include "search/length_similarity.h"
#include "search/lexical/variants.h"
#include "search/rerank.h"
#include "search/rewrite.h"
#include "search/search_run.h"

#define SPARE	     8	    /* candidates beyond k, for what is dropped */
#define DEPTH_MAX    100000 /* candidates, when hits are left out */
#define PREFIX_WORDS 64	    /* of the index that begin as a word* does */

int kb_search_choose_legs(struct kb_search_options *options, const char *names,
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

static void close_legs(struct kb_search *s)
{
	for (size_t i = 0; i < KB_LEGS; i++)
		if (s->legs[i].name)
			s->legs[i].close(s->legs[i].state);
	memset(s->legs, 0, sizeof(s->legs));
}

static int open_legs(struct kb_search *s, struct kb_err *err)
{
	struct kb_base *base = s->base;
	int rc = 0;

	if (s->options.legs[KB_LEG_VECTOR] && base->weights[KB_LEG_VECTOR] > 0)
		rc = kb_leg_vector_open(&s->legs[KB_LEG_VECTOR], base->indexes,
					base->n_indexes, s->shared, err);
	if (rc == 0 && s->options.legs[KB_LEG_GRAPH] &&
	    base->weights[KB_LEG_GRAPH] > 0)
		rc = kb_leg_graph_open(&s->legs[KB_LEG_GRAPH], base->indexes,
				       base->n_indexes, err);
	return rc;
}

/* One that the user gives serves with and without vectors of a model. */
static void bind_confidence(struct kb_search *s)
{
	const struct kb_linear_model *given =
	    s->options.confidence ? s->options.confidence
				  : kb_search_shared_confidence(s->shared);

	kb_confidence_bind(&s->confidence, given);
	kb_confidence_bind(&s->confidence_model,
			   given ? given : &kb_confidence_model_builtin);
}

int kb_search_open(struct kb_search **out, struct kb_base *base,
		   const struct kb_search_options *options,
		   struct kb_search_shared *shared, struct kb_err *err)
{
	struct kb_search *s = kb_calloc(1, sizeof(*s));
	int rc;

	assert(base && options);
	assert(options->k && options->k <= KB_SEARCH_K_MAX);
	kb_arena_init(&s->arena);
	kb_buf_init(&s->buf, 0);
	s->base = kb_base_ref(base);
	s->options = *options;
	s->shared = shared;
	s->analyzer = kb_analyzer_new();
	s->lexical = kb_lexical_new();
	s->lookup = kb_lookup_new();
	bind_confidence(s);
	kb_user_words_of(s->analyzer, base->indexes, base->n_indexes);
	rc = open_legs(s, err);
	if (rc < 0) {
		kb_search_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

int kb_search_refresh(struct kb_search *s,
		      const struct kb_base_options *options, int64_t now,
		      struct kb_err *err)
{
	struct kb_base_options today = *options;
	struct kb_base *base;
	int rc;

	assert(options->paths && options->n_paths);
	if (!kb_base_stale(s->base, now))
		return 0;
	today.now = now;
	rc = kb_base_open(&base, &today, err);
	if (rc < 0)
		return rc;
	close_legs(s);
	kb_lookup_clear(s->lookup);
	kb_base_unref(s->base);
	s->base = base;
	kb_user_words_of(s->analyzer, base->indexes, base->n_indexes);
	return open_legs(s, err);
}

void kb_search_close(struct kb_search *s)
{
	if (!s)
		return;
	close_legs(s);
	kb_lexical_free(s->lexical);
	kb_lookup_free(s->lookup);
	kb_terms_release(&s->terms);
	kb_terms_release(&s->scratch);
	kb_analyzer_free(s->analyzer);
	free(s->found);
	kb_arena_release(&s->arena);
	kb_buf_release(&s->buf);
	kb_base_unref(s->base);
	free(s);
}

struct kb_base *kb_search_base(const struct kb_search *s)
{
	return s->base;
}

struct kb_arena *kb_search_arena(struct kb_search *s)
{
	kb_arena_reset(&s->arena);
	return &s->arena;
}

struct kb_buf *kb_search_buf(struct kb_search *s)
{
	kb_buf_reset(&s->buf);
	return &s->buf;
}

/* ---- the question ---- */

static bool found_any(void *arg, struct kb_str value, size_t n)
{
	(void)value;
	(void)n;
	*(bool *)arg = true;
	return false;
}

static bool is_member(void *arg, struct kb_str name)
{
	struct kb_search *s = arg;
	const struct kb_scope *scope = &s->base->scope;
	bool found = false;

	for (size_t i = 0; i < scope->n && !found; i++)
		kb_columns_values(scope->segments[i].segment, name, found_any,
				  &found);
	return found;
}

/* Does some text have the option, with its dash? */
static bool is_option(void *arg, struct kb_str word)
{
	struct kb_search *s = arg;
	struct kb_terms *terms = &s->scratch;

	kb_terms_reset(terms);
	kb_analyze(s->analyzer, word.ptr, word.len, terms);
	for (size_t i = 0; i < terms->n; i++)
		if (terms->items[i].text_len &&
		    terms->text[terms->items[i].text_off] == '-')
			return kb_scope_frequency(&s->base->scope,
						  terms->items[i].key) > 0;
	return false;
}

struct prefix {
	struct kb_search *s;
	struct kb_str text;
	size_t *n;
	size_t left;
};

static bool add_prefix_word(void *arg, struct kb_str text, uint64_t key)
{
	struct prefix *p = arg;
	struct kb_lex_term *terms = p->s->lex_terms;

	if (text.len < p->text.len ||
	    memcmp(text.ptr, p->text.ptr, p->text.len) != 0 || !p->left ||
	    *p->n == KB_LEX_TERMS)
		return false;
	for (size_t i = 0; i < *p->n; i++)
		if (terms[i].key == key)
			return true;
	terms[(*p->n)++] = (struct kb_lex_term){.key = key, .weight = 1};
	p->left--;
	return true;
}

static void add_prefixes(struct kb_run *run)
{
	struct kb_search *s = run->s;

	for (size_t i = 0; i < run->query.n_prefixes; i++) {
		struct kb_str text = run->query.prefixes[i];
		char *lower = kb_arena_strndup(run->arena, text.ptr, text.len);

		for (size_t c = 0; c < text.len; c++)
			if (lower[c] >= 'A' && lower[c] <= 'Z')
				lower[c] += 'a' - 'A';
		text.ptr = lower;
		for (size_t j = 0; j < run->scope.n; j++) {
			struct prefix p = {s, text, &run->n_terms,
					   PREFIX_WORDS};

			kb_segment_words(run->scope.segments[j].segment, text,
					 add_prefix_word, &p);
		}
	}
}

/* The question's terms into s->lex_terms, with their statistics. */
static void gather(struct kb_run *run)
{
	struct kb_search *s = run->s;
	const struct kb_lex_params *params = &s->base->lexical;
	struct kb_str text = run->query.text;

	kb_terms_reset(&s->terms);
	kb_analyze(s->analyzer, text.ptr, text.len, &s->terms);
	run->n_terms = kb_lexical_gather(&s->terms, params, 1, s->lex_terms, 0,
					 KB_LEX_TERMS);
	if (run->scope.cold)
		kb_lexical_prefetch(&run->scope, s->lex_terms, run->n_terms);
	kb_run_correct(run);
	add_prefixes(run);
	kb_lexical_stats(&run->scope, s->lex_terms, run->n_terms);
	run->n_terms = kb_variants_add(
	    &(struct kb_variants){
		.scope = &run->scope,
		.params = params,
		.analyzer = s->analyzer,
		.question = run->query.text,
		.terms = &s->terms,
		.scratch = &s->scratch,
		.lexical = s->lexical,
		.arena = run->arena,
		.corrected = run->result->corrected.len > 0,
	    },
	    s->lex_terms, run->n_terms, KB_LEX_TERMS);
	run->n_terms = kb_rewrite_terms(
	    &(struct kb_rewrite){
		.scope = &run->scope,
		.params = params,
		.analyzer = s->analyzer,
		.question = run->query.text,
		.terms = &s->terms,
		.scratch = &s->scratch,
		.request = run->request,
		.history = s->legs[KB_LEG_GRAPH].name != NULL,
		.synonyms = !s->options.no_synonyms,
		.own = kb_search_shared_synonyms(s->shared),
		.arena = run->arena,
		.corrected = &run->result->corrected,
	    },
	    s->lex_terms, run->n_terms, KB_LEX_TERMS);
	kb_lexical_dampen(s->lex_terms, run->n_terms,
			  kb_length_similarity(&run->scope, s->terms.length));
}

/* A scope of its own, narrowed to what may fulfil the clauses. */
static void narrow(struct kb_run *run)
{
	struct kb_search *s = run->s;
	struct kb_scope_segment *segments;

	if (!run->query.n_clauses)
		return;
	kb_phrases_init(&run->phrases, &run->query, s->analyzer, &s->scratch);
	segments = kb_arena_calloc(run->arena, run->scope.n, sizeof(*segments));
	for (size_t i = 0; i < run->scope.n; i++) {
		const struct kb_segment *seg = run->scope.segments[i].segment;
		const uint64_t *before = run->scope.segments[i].allowed;
		size_t words = ((size_t)seg->n_chunks + 63) / 64;
		uint64_t *allowed =
		    kb_arena_alloc(run->arena, words * sizeof(*allowed));
		uint64_t *scratch =
		    kb_arena_alloc(run->arena, words * sizeof(*scratch));

		memset(allowed, 0xff, words * sizeof(*allowed));
		if (before)
			memcpy(allowed, before, words * sizeof(*allowed));
		kb_phrases_narrow(&run->phrases, seg, allowed, scratch);
		segments[i] = run->scope.segments[i];
		segments[i].allowed = allowed;
	}
	run->scope.segments = segments;
}

/* ---- from candidates to hits ---- */

static bool wanted(struct kb_run *run, struct kb_diverse *diverse,
		   struct kb_hit *hit)
{
	struct kb_search *s = run->s;

	if (run->query.n_clauses &&
	    !kb_phrases_hold(&run->phrases, &hit->passage))
		return false;
	for (size_t i = 0; s->options.distinct && i < run->result->n; i++)
		if (kb_fuse_same_document(&run->scope, &run->result->hits[i].at,
					  &hit->at))
			return false;
	return s->options.keep_duplicates ||
	       kb_diverse_new(diverse, hit,
			      kb_segment_sketch(
				  run->scope.segments[hit->at.segment].segment,
				  hit->at.chunk));
}

/* *taken: how many of the candidates were looked at. */
static int take_hits(struct kb_run *run, const struct kb_fused *fused, size_t n,
		     size_t k, size_t *taken, struct kb_err *err)
{
	struct kb_diverse *diverse =
	    kb_diverse_start(run->s->analyzer, &run->s->scratch, run->arena);
	struct kb_result *result = run->result;

	result->hits =
	    kb_arena_alloc(run->arena, (k + 1) * sizeof(struct kb_hit));
	result->n = *taken = 0;
	while (*taken < n && result->n < k) {
		struct kb_hit *hit = &result->hits[result->n];
		const struct kb_fused *from = &fused[(*taken)++];
		const struct kb_scope_segment *seg =
		    &run->scope.segments[from->segment];
		int rc;

		*hit = (struct kb_hit){.at = *from};
		rc = kb_segment_fetch(seg->segment, from->chunk, run->arena,
				      &hit->passage, err);
		if (rc < 0)
			return kb_err_place(err, "'%s'", seg->index->path);
		result->n += wanted(run, diverse, hit);
	}
	return 0;
}

/* Candidates to ask each leg for, for k hits. */
static size_t depth_of(const struct kb_search *s, size_t k)
{
	size_t fused = k * LEG_DEPTH;
	bool several = false;

	if (fused < LEG_DEPTH_MIN)
		fused = LEG_DEPTH_MIN;
	if (fused > LEG_DEPTH_MAX)
		fused = LEG_DEPTH_MAX;
	for (int no = KB_LEG_VECTOR; no < KB_LEGS; no++)
		several |= s->legs[no].name != NULL;
	return several && fused > k + SPARE ? fused : k + SPARE;
}

static void prefetch_hits(struct kb_run *run, const struct kb_fused *fused,
			  size_t n)
{
	for (int step = 0; step < KB_PREFETCH_STEPS; step++)
		for (size_t i = 0; i < n; i++)
			kb_segment_prefetch(
			    run->scope.segments[fused[i].segment].segment,
			    fused[i].chunk, step);
}

/*
 * Make hits of what the legs have found. *settled: nothing that a lazy leg
 * might still find could change them.
 */
static int make_hits(struct kb_run *run, size_t k, bool *settled,
		     struct kb_err *err)
{
	const struct kb_leg_answer *lazy = &run->input.answers[KB_LEG_VECTOR];
	struct kb_fused *fused;
	size_t n = kb_fuse(&run->scope, &run->input, run->arena, &fused), taken;
	bool spread, fitted;
	int rc;

	if (run->scope.cold)
		prefetch_hits(run, fused, n < k + 1 ? n : k + 1);
	rc = kb_fit_apply(&run->fit, &run->scope, run->s->base->fit, fused, n,
			  &fitted, run->arena, err);
	if (rc < 0)
		return rc;
	spread = kb_fuse_spread(&run->scope, fused, n);
	rc = take_hits(run, fused, n, k, &taken, err);
	*settled = true;
	if (rc < 0 || !lazy->partial)
		return rc;
	*settled = spread && !fitted && lazy->n && run->result->n == k;
	for (size_t i = 0; *settled && i < taken; i++)
		*settled =
		    fused[i].score > kb_fuse_unseen(&run->input, run->depth);
	return 0;
}

/* Search deeper until k hits are left of the candidates. */
static int search_depths(struct kb_run *run, size_t k, struct kb_err *err)
{
	bool settled;

	for (run->depth = depth_of(run->s, k);; run->depth *= 4) {
		int rc = kb_run_ask(run, err);

		if (rc == 0)
			rc = make_hits(run, k, &settled, err);
		if (rc == 0 && !settled) {
			kb_run_ask_vector(run, false);
			rc = make_hits(run, k, &settled, err);
		}
		if (rc < 0 || run->result->n == k || run->exhausted ||
		    run->depth >= DEPTH_MAX)
			return rc;
	}
}

/* Parse the question, gather its terms, narrow the scope. */
static void begin(struct kb_run *run)
{
	struct kb_search *s = run->s;
	struct kb_query_fields fields = {is_member, is_option, s};
	long waited;

	*run->result = (struct kb_result){0};
	run->scope = s->base->scope;
	run->scope.lookup = s->lookup;
	/* What was read for the question before, in opening, or for these
	 * words, will not have been all. */
	run->scope.cold = kb_pages_waited() > s->waited;
	run->lazy = !s->options.reciprocal && !s->options.exhaustive;
	run->query.text = run->request->query;
	if (!s->options.no_syntax)
		kb_query_parse(&run->query, run->request->query, &fields,
			       run->arena);
	run->result->n_excluded =
	    kb_query_excluded(&run->query, run->arena, &run->result->excluded);
	gather(run);
	if (!run->n_terms && !run->query.n_clauses)
		kb_signs_find(&run->signs, run->query.text);
	kb_fit_init(&run->fit, &s->terms, s->lex_terms, run->n_terms,
		    s->analyzer, &s->scratch);
	waited = kb_pages_waited();
	run->scope.cold = waited > s->waited;
	s->waited = waited;
	narrow(run);
}

int kb_search_candidates(struct kb_search *s, const struct kb_request *request,
			 struct kb_arena *arena, struct kb_fused **out,
			 size_t *n, struct kb_err *err)
{
	struct kb_result result;
	struct kb_run run = {
	    .s = s, .request = request, .arena = arena, .result = &result};
	int rc;

	begin(&run);
	run.depth = depth_of(s, s->options.k);
	run.lazy = false;
	rc = kb_run_ask(&run, err);
	*n = rc < 0 ? 0 : kb_fuse(&run.scope, &run.input, arena, out);
	return rc;
}

/*
 * Scores fall from hit to hit, from 0 to 1. A hit that stands before better
 * ones, so that not all are of one document or alike, has the score of the
 * best of these; no cosine of rounded vectors passes the bounds.
 */
static void level_scores(struct kb_result *result)
{
	float least = 0;

	for (size_t i = result->n; i-- > 0;) {
		float *score = &result->hits[i].at.score;

		*score = fminf(fmaxf(*score, least), 1);
		least = *score;
	}
}

static const struct kb_linear *confidence_of(const struct kb_run *run)
{
	return run->input.answers[KB_LEG_VECTOR].model
		   ? &run->s->confidence_model
		   : &run->s->confidence;
}

int kb_search_run(struct kb_search *s, const struct kb_request *request,
		  struct kb_arena *arena, struct kb_result *result,
		  struct kb_err *err)
{
	struct kb_run run = {
	    .s = s, .request = request, .arena = arena, .result = result};
	struct kb_rerank *rerank = kb_search_shared_rerank(s->shared);
	size_t k = s->options.k;
	int rc;

	assert(arena && result);
	assert(!request->n_rewrites || request->rewrites);
	assert(!request->n_history || request->history);
	begin(&run);
	rc = search_depths(
	    &run, kb_rerank_depth(rerank, s->options.mmr > 0 ? 3 * k : k), err);
	if (rc < 0)
		return rc;
	kb_rerank_run(rerank, run.query.text, &run.scope, arena, result);
	if (s->options.mmr > 0)
		kb_diverse_mmr(s->analyzer, &s->scratch, arena, s->options.mmr,
			       result, k);
	else if (result->n > k)
		result->n = k;
	struct kb_evidence evidence = {.scope = &run.scope,
				       .params = &s->base->lexical,
				       .terms = s->lex_terms,
				       .n_terms = run.n_terms,
				       .words = &s->terms,
				       .input = &run.input,
				       .null = &s->base->null,
				       .length = s->terms.length,
				       .fit = &run.fit,
				       .fit_weights = s->base->fit,
				       .confidence = confidence_of(&run)};

	kb_explain(&evidence, s->legs,
		   &(struct kb_leg_query){.scope = &run.scope,
					  .text = run.query.text,
					  .terms = &s->terms,
					  .arena = arena},
		   &s->options, result);
	level_scores(result);
	return 0;
}
