/*
 * The vector leg: vectors of a model when the record or an embedder brings
 * them, word vectors trained from the corpus otherwise.
 *
 * A chunk's score is its best cosine over the question and its variants.
 */
#include <math.h>
#include <stdlib.h>

#include "index/write/writer_legs.h"
#include "record/members.h"
#include "search/leg.h"
#include "search/leg_models.h"
#include "search/leg_weights.h"
#include "search/length_similarity.h"
#include "search/places.h"
#include "search/search_shared.h"
#include "vector/embedder.h"
#include "vector/vector.h"
#include "vector/vector_json.h"
#include "vector/vector_rows.h"
#include "vector/word_vectors.h"

#define VARIANTS_MAX 16 /* rewrites that have a vector */

struct vector_leg {
	struct kb_index *const *indexes;
	struct kb_wordvec **words; /* of each index, NULL: none */
	size_t n_indexes;
	bool has_vectors; /* some segment has vectors of a model */
	bool no_model;	  /* none is to be asked */
	struct kb_leg_models models;
	struct kb_analyzer *analyzer;
	struct kb_terms terms;
	uint32_t *keys;
	size_t keys_cap;
	struct kb_vec_view *views; /* of the scope's segments */
	size_t views_cap;
};

/* One vector to look for, in one index or (UINT32_MAX) in all. */
struct ask {
	struct kb_vec_query query;
	uint32_t index_no;
};

struct run {
	struct vector_leg *leg;
	const struct kb_leg_query *q;
	struct ask asks[VARIANTS_MAX + 2];
	size_t n;
	const struct kb_leg_model *model; /* that embeds the question */
	uint64_t id; /* of the model whose vectors are looked at; 0: any */
	/* What stands in for the model, or NULL; and the cosine of the first
	 * vector by it with any text, on average. */
	const struct kb_static_encoder *encoder;
	float least;
	const char *degraded;
};

/* ---- what to look for ---- */

static void ask_for(struct run *run, const float *x, size_t dim,
		    uint32_t index_no)
{
	struct ask *a = &run->asks[run->n];

	if (run->n >= sizeof(run->asks) / sizeof(*run->asks) ||
	    kb_vec_query_init(&a->query, x, dim, NULL))
		return;
	a->index_no = index_no;
	run->n++;
}

static int ask_json(struct run *run, struct kb_json val, struct kb_err *err)
{
	float *x;
	size_t dim;
	int rc;

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return 0;
	rc = kb_vec_from_json(val, run->q->arena, &x, &dim, err);
	if (!rc)
		ask_for(run, x, dim, UINT32_MAX);
	return rc;
}

/* The record's own vectors. */
static int ask_record(struct run *run, struct kb_err *err)
{
	struct kb_record_vectors v = kb_vectors_read(run->q->vectors);
	struct kb_json_iter it = kb_json_iter(v.rewrites);
	int rc = ask_json(run, v.query, err);

	if (!rc)
		rc = ask_json(run, v.hyde, err);
	while (!rc && kb_json_next(&it))
		rc = ask_json(run, it.val, err);
	return rc;
}

static int ask_texts(struct run *run, struct kb_str input_type,
		     const struct kb_str *texts, size_t n, struct kb_err *err)
{
	size_t dim;
	float *x;
	int rc = kb_leg_model_embed(run->model, input_type, texts, n,
				    run->q->arena, &x, &dim, err);

	for (size_t i = 0; i < n && !rc; i++)
		ask_for(run, x + i * dim, dim, UINT32_MAX);
	return rc;
}

/* Vectors of the question and the hypothetical answer, from the embedder; one
 * call, unless it has to be told what they are. */
static int ask_embedder(struct run *run, struct kb_err *err)
{
	const struct kb_leg_query *q = run->q;
	const struct kb_embed_prefixes *p = &run->model->prefixes;
	struct kb_str texts[2] = {q->text, q->hyde};
	size_t n = q->hyde.len ? 2 : 1;
	bool apart = !kb_str_eq(p->query_type, p->passage_type);
	int rc;

	while (texts[0].len && texts[0].ptr[texts[0].len - 1] == ' ')
		texts[0].len--;
	texts[0] = kb_arena_join(q->arena, p->query, texts[0]);
	texts[1] = kb_arena_join(q->arena, p->passage, texts[1]);
	run->id = run->model->id;
	rc = ask_texts(run, p->query_type, texts, apart ? 1 : n, err);
	if (!rc && apart && n > 1)
		rc = ask_texts(run, p->passage_type, texts + 1, 1, err);
	return rc;
}

/* A search goes on without the embedder and says why. */
static void ask_or_say(struct run *run)
{
	struct kb_err why = {0};

	if (!ask_embedder(run, &why))
		return;
	run->degraded =
	    kb_arena_strndup(run->q->arena, why.msg, strlen(why.msg));
}

static void ask_static(struct run *run, const struct kb_terms *terms,
		       uint32_t index_no)
{
	struct ask *a = &run->asks[run->n];
	float least;

	if (run->n >= sizeof(run->asks) / sizeof(*run->asks) ||
	    !kb_leg_static_query(run->encoder, terms, run->q->arena, &a->query,
				 &least))
		return;
	run->least = run->n ? run->least : least;
	a->index_no = index_no;
	run->n++;
}

static void ask_terms(struct run *run, const struct kb_terms *terms,
		      uint32_t index_no)
{
	struct vector_leg *leg = run->leg;
	float x[KB_WORDVEC_DIM];
	size_t n = 0;

	if (run->encoder) {
		ask_static(run, terms, index_no);
		return;
	}

	kb_grow(&leg->keys, &leg->keys_cap, terms->n + 1, sizeof(*leg->keys));
	for (size_t i = 0; i < terms->n; i++)
		n += kb_wordvec_term(terms->items[i].key, &leg->keys[n]);
	if (kb_wordvec_encode(leg->words[index_no], leg->keys, n, x))
		ask_for(run, x, KB_WORDVEC_DIM, index_no);
}

static void ask_text(struct run *run, struct kb_str text, uint32_t index_no)
{
	if (!text.len)
		return;
	kb_terms_reset(&run->leg->terms);
	kb_analyze(run->leg->analyzer, text.ptr, text.len, &run->leg->terms);
	ask_terms(run, &run->leg->terms, index_no);
}

/* What the index learned itself: word vectors, or run->encoder. */
static void ask_learned(struct run *run, uint32_t index_no)
{
	const struct kb_leg_query *q = run->q;

	ask_terms(run, q->terms, index_no);
	ask_text(run, q->hyde, index_no);
	for (size_t i = 0; i < q->n_rewrites && i < VARIANTS_MAX; i++)
		ask_text(run, q->rewrites[i], index_no);
}

/* Static encoders in place of the model, and why. */
static void ask_statics(struct run *run)
{
	const struct kb_leg_models *models = &run->leg->models;
	const struct kb_leg_static *s;
	size_t at = 0;

	run->id = 0;
	while ((s = kb_leg_statics_next(models, run->q->text, run->id, &at))) {
		run->encoder = &s->encoder;
		run->id = s->encoder.model;
		ask_learned(run, s->index_no);
	}
	run->encoder = run->n ? run->encoder : NULL;
	if (run->encoder)
		run->degraded = kb_arena_printf(
		    run->q->arena, "%s; the index's static encoder stands in",
		    run->degraded);
}

/* ---- looking ---- */

/* The vectors of a segment that have the model and the dimension looked for,
 * if there are some. */
static int open_model(const struct run *run, const struct kb_section *sec,
		      size_t dim, struct kb_vec_view *view, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < KB_VECTOR_SLOTS && !rc; i++) {
		const struct kb_section *vectors =
		    &sec[kb_vec_slots[i].vectors];
		const struct kb_section *codes = &sec[kb_vec_slots[i].codes];

		if (!vectors->ptr)
			continue;
		rc = kb_vec_open(view, vectors->ptr, vectors->len, codes->ptr,
				 codes->len, err);
		if (!rc && view->dim == dim &&
		    (!run->id || view->model == run->id))
			return 0;
	}
	*view = (struct kb_vec_view){0};
	return rc;
}

/* Views of the segments' vectors; those of other models, or of other
 * indexes than the ask's, stay empty. */
static int open_views(struct run *run, bool words, const struct ask *a,
		      struct kb_err *err)
{
	const struct kb_scope *scope = run->q->scope;
	struct vector_leg *leg = run->leg;
	uint32_t index_no = a->index_no;
	int rc = 0;

	kb_grow(&leg->views, &leg->views_cap, scope->n + 1,
		sizeof(*leg->views));
	for (size_t i = 0; i < scope->n && !rc; i++) {
		const struct kb_scope_segment *s = &scope->segments[i];
		const struct kb_section *sec = s->segment->sec;
		struct kb_vec_view *view = &leg->views[i];

		*view = (struct kb_vec_view){0};
		if (index_no != UINT32_MAX && s->index_no != index_no)
			continue;
		if (!words) {
			rc = open_model(run, sec, a->query.dim, view, err);
		} else if (sec[KB_SEC_WORDVEC].ptr) {
			rc = kb_vec_open_joint(view, sec[KB_SEC_WORDVEC].ptr,
					       sec[KB_SEC_WORDVEC].len, err);
			if (!rc &&
			    view->model != kb_wordvec_id(leg->words[index_no]))
				*view = (struct kb_vec_view){0};
		}
	}
	return rc;
}

static bool accept(void *arg, uint32_t view, uint32_t chunk)
{
	const struct kb_scope *scope = arg;
	const struct kb_segment *seg = scope->segments[view].segment;

	return chunk < seg->n_chunks && kb_segment_alive(seg, chunk) &&
	       kb_scope_allows(scope, view, chunk);
}

/* Several answers as one: a chunk's best score. Returns the new count. */
static size_t join(struct kb_candidate *items, size_t n, struct kb_arena *arena)
{
	struct kb_places places;
	size_t kept = 0;

	kb_places_init(&places, n, arena);
	for (size_t i = 0; i < n; i++) {
		uint32_t *no =
		    kb_places_at(&places, items[i].segment, items[i].chunk);

		if (!*no) {
			items[kept] = items[i];
			*no = (uint32_t)++kept;
		} else if (items[*no - 1].raw < items[i].raw) {
			items[*no - 1].raw = items[i].raw;
		}
	}
	kb_candidates_sort(items, kept, arena);
	return kept;
}

static void prefetch_found(struct run *run, const struct kb_candidate *found,
			   size_t n_found)
{
	for (int step = 0; step < KB_VEC_WANT_STEPS; step++)
		for (size_t i = 0; i < n_found; i++)
			kb_vec_prefetch_chunk(
			    &run->leg->views[found[i].segment], found[i].chunk,
			    step);
}

/*
 * Cosines of the other legs' candidates too: the fusion would count one that
 * is not among the best cosines as having none.
 */
static size_t score_found(struct run *run, const struct ask *a,
			  const struct kb_candidate *found, size_t n_found,
			  struct kb_candidate *items)
{
	size_t *rows = kb_arena_alloc(run->q->arena, n_found * sizeof(*rows));
	size_t n = 0;

	if (run->q->scope->cold)
		prefetch_found(run, found, n_found);
	for (size_t i = 0; i < n_found; i++) {
		const struct kb_candidate *c = &found[i];
		const struct kb_vec_view *view = &run->leg->views[c->segment];
		int64_t row =
		    view->dim == a->query.dim ? kb_vec_row(view, c->chunk) : -1;

		if (row < 0)
			continue;
		kb_vec_prefetch(view, (size_t)row);
		rows[n] = (size_t)row;
		items[n++] = *c;
	}
	for (size_t i = 0; i < n; i++)
		items[i].raw = kb_vec_score(&run->leg->views[items[i].segment],
					    rows[i], &a->query);
	return n;
}

/* The best of all vectors, up to the depth. */
static size_t look(struct run *run, bool words, const struct ask *a,
		   struct kb_candidate *items)
{
	const struct kb_scope *scope = run->q->scope;
	size_t depth = run->q->depth;
	struct kb_vec_hit *hits =
	    kb_arena_alloc(run->q->arena, (depth + 1) * sizeof(*hits));
	struct kb_vec_search how = {
	    .k = depth,
	    .pool = depth > 100			 ? 3 * depth
		    : words && run->q->n_lexical ? WORD_POOL * depth
						 : 0,
	    .accept = accept,
	    .arg = (void *)(uintptr_t)scope,
	};
	size_t n =
	    kb_vec_search(run->leg->views, scope->n, &a->query, &how, hits);

	for (size_t i = 0; i < n; i++)
		items[i] = (struct kb_candidate){hits[i].view, hits[i].chunk,
						 hits[i].score};
	return n;
}

static int look_all(struct run *run, bool words, struct kb_leg_answer *answer,
		    struct kb_err *err)
{
	const struct kb_leg_query *q = run->q;
	size_t room = q->depth + q->n_lexical + q->n_others, n = 0;
	struct kb_candidate *items =
	    kb_arena_alloc(q->arena, (run->n * room + 1) * sizeof(*items));

	answer->partial = words && q->lazy;
	for (size_t i = 0; i < run->n; i++) {
		const struct ask *a = &run->asks[i];
		int rc = open_views(run, words, a, err);

		if (rc)
			return rc;
		if (!answer->partial)
			n += look(run, words, a, items + n);
		n += score_found(run, a, q->lexical, q->n_lexical, items + n);
		n += score_found(run, a, q->others, q->n_others, items + n);
	}
	answer->items = items;
	answer->n = join(items, n, q->arena);
	return 0;
}

static bool has_model(const struct kb_settings *s, struct kb_str name)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		if (s->vectors[i].known && kb_str_eq(s->vectors[i].model, name))
			return true;
	return false;
}

/* Does the record speak of a model that the indexes were built with? Then only
 * its vectors are looked at, where it may be one of two. */
static bool same_model(struct run *run)
{
	const struct vector_leg *leg = run->leg;
	struct kb_str theirs;

	if (!kb_json_str(kb_vectors_read(run->q->vectors).model, run->q->arena,
			 &theirs))
		return true;
	for (size_t i = 0; i < leg->n_indexes; i++) {
		const struct kb_settings *s = &leg->indexes[i]->settings;

		if (s->vectors[0].model.len && !has_model(s, theirs))
			return false;
		if (s->vectors[1].known)
			run->id = kb_vector_model_id(theirs);
	}
	return true;
}

static void ask_nothing(struct run *run)
{
	while (run->n)
		kb_vec_query_release(&run->asks[--run->n].query);
}

/* Has some index vectors of as many numbers as those of the question? If not,
 * says so and drops them. */
static bool same_dim(struct run *run)
{
	const struct vector_leg *leg = run->leg;
	size_t dim = 0;

	for (size_t i = 0; i < leg->n_indexes * KB_VECTOR_SLOTS; i++) {
		const struct kb_vector_settings *v =
		    &leg->indexes[i / KB_VECTOR_SLOTS]
			 ->settings.vectors[i % KB_VECTOR_SLOTS];

		if (v->known && (!run->id || !dim ||
				 run->id == kb_vector_model_id(v->model)))
			dim = v->dim;
		for (size_t a = 0; v->known && a < run->n; a++)
			if (run->asks[a].query.dim == v->dim)
				return true;
	}
	run->degraded = kb_arena_printf(
	    run->q->arena,
	    "the question's vector has %zu dimensions, the index's %zu",
	    run->asks[0].query.dim, dim);
	ask_nothing(run);
	return false;
}

/*
 * The gain of word vectors for this question, beside the leg's weight. It falls
 * with the certainty of a linked name, and is 0 from a certainty of
 * 1 / LINKED_GAIN on: the vectors only reorder the passages about that name.
 * It grows with the similarity of the lengths of question and passages: then
 * one passage says the same in other words. Where word vectors stand in for
 * those of a model, the leg's weight is made for the latter.
 */
static float gain_of_words(const struct kb_leg_query *q)
{
	double similarity = kb_length_similarity(q->scope, q->terms->length);

	return (float)((1 + SIMILAR_LENGTH_GAIN * similarity) *
		       fmax(0, 1 - LINKED_GAIN * (double)q->linked));
}

/*
 * The gain of vectors of a model: as brief as the question, one passage says
 * the same in other words, unless the question names what it is about.
 */
static double gain_of_model(const struct kb_leg_query *q, double similar)
{
	double similarity = kb_length_similarity(q->scope, q->terms->length);

	return 1 + similar * similarity * similarity * (1 - (double)q->linked);
}

static int search(void *state, const struct kb_leg_query *q,
		  struct kb_leg_answer *answer, struct kb_err *err)
{
	const struct vector_leg *leg = state;
	struct run run = {.leg = state, .q = q};
	bool words = true;
	int rc = 0;

	*answer = (struct kb_leg_answer){0};
	run.model = kb_leg_models_choose(&leg->models, q->text);
	if (leg->has_vectors) {
		if (q->vectors.type != KB_JSON_OBJECT && run.model)
			ask_or_say(&run);
		else if (q->vectors.type != KB_JSON_OBJECT)
			run.degraded = leg->no_model ? "no model, by --no-model"
						     : "the record has no "
						       "vectors";
		else if (!same_model(&run))
			run.degraded = "the record's vectors are of another "
				       "model";
		else if (!(rc = ask_record(&run, err)) && !run.n)
			run.degraded = "the record's vectors are none, or zero";
		words = run.n == 0 || !same_dim(&run);
		if (words)
			ask_statics(&run);
		words &= !run.encoder;
	}
	if (!rc && words) {
		answer->gain = gain_of_words(q);
		if (run.leg->has_vectors)
			answer->gain *= WEIGHT_WORDS / WEIGHT_MODEL;
		for (uint32_t i = 0; i < run.leg->n_indexes; i++) {
			if (run.leg->words[i] && answer->gain > 0)
				ask_learned(&run, i);
		}
	}
	if (!rc)
		rc = look_all(&run, words, answer, err);
	answer->most = 1;
	answer->model = !words && !run.encoder;
	if (run.encoder) {
		answer->gain = (float)(STATIC_GAIN *
				       gain_of_model(q, SIMILAR_LENGTH_STATIC));
		answer->least = run.least;
	} else if (!words) {
		answer->gain = (float)gain_of_model(q, SIMILAR_LENGTH_MODEL);
		answer->least =
		    kb_leg_least_cosine(leg->indexes, leg->n_indexes, run.id,
					run.asks[0].query.dim);
	}
	answer->degraded = run.degraded;
	ask_nothing(&run);
	return rc;
}

static void close_leg(void *state)
{
	struct vector_leg *leg = state;

	for (size_t i = 0; i < leg->n_indexes; i++)
		kb_wordvec_free(leg->words[i]);
	kb_leg_models_release(&leg->models);
	kb_terms_release(&leg->terms);
	kb_analyzer_free(leg->analyzer);
	free(leg->words);
	free(leg->keys);
	free(leg->views);
	free(leg);
}

int kb_leg_vector_open(struct kb_leg *out, struct kb_index *const *indexes,
		       size_t n, struct kb_search_shared *shared,
		       struct kb_err *err)
{
	struct vector_leg *leg = kb_calloc(1, sizeof(*leg));
	bool any = false;
	int rc = 0;

	*out = (struct kb_leg){0};
	leg->indexes = indexes;
	leg->n_indexes = n;
	leg->words = kb_calloc(n, sizeof(struct kb_wordvec *));
	leg->analyzer = kb_analyzer_new();
	for (size_t i = 0; i < n && !rc; i++) {
		const struct kb_container_view *model =
		    kb_index_global(indexes[i], KB_WORDVEC_SLOT);

		if (model)
			rc = kb_wordvec_open(&leg->words[i], model, err);
		any |= leg->words[i] != NULL;
		for (size_t s = 0; s < KB_VECTOR_SLOTS; s++)
			leg->has_vectors |= kb_index_has_section(
			    indexes[i], (int)kb_vec_slots[s].vectors);
	}
	leg->no_model = kb_search_shared_no_model(shared);
	if (!rc && leg->has_vectors)
		rc = kb_leg_models_open(&leg->models, indexes, n, shared, err);
	if (rc || !(any || leg->has_vectors)) {
		close_leg(leg);
		return rc;
	}
	*out = (struct kb_leg){.name = "vector",
			       .state = leg,
			       .search = search,
			       .close = close_leg};
	return 0;
}
