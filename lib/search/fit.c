#include "search/fit.h"

#include "base/hash.h"
#include "search/fit_weights.h"

#define BYTES  2048 /* of a text that are looked at */
#define PLACES 1024 /* of the question's terms in a text that are seen */

static uint8_t *slot_of(struct kb_fit *r, uint64_t key)
{
	size_t at = kb_mix64(key) & 255;

	while (r->table[at] && r->keys[r->table[at] - 1] != key)
		at = (at + 1) & 255;
	return &r->table[at];
}

/* The first place of a key in the question, or -1. */
static int place_of(const struct kb_fit *r, uint64_t key)
{
	size_t at = kb_mix64(key) & 255;

	while (r->table[at] && r->keys[r->table[at] - 1] != key)
		at = (at + 1) & 255;
	return (int)r->table[at] - 1;
}

static float idf_of(const struct kb_lex_term *lex, size_t n, uint64_t key)
{
	for (size_t i = 0; i < n; i++)
		if (lex[i].key == key)
			return lex[i].idf;
	return 0;
}

void kb_fit_init(struct kb_fit *r, const struct kb_terms *terms,
		 const struct kb_lex_term *lex, size_t n_lex,
		 struct kb_analyzer *analyzer, struct kb_terms *scratch)
{
	r->n = 0;
	r->total = 0;
	r->analyzer = analyzer;
	r->scratch = scratch;
	memset(r->table, 0, sizeof(r->table));
	for (size_t i = 0; i < terms->n && r->n < KB_FIT_TERMS; i++) {
		uint64_t key = terms->items[i].key;
		uint8_t *slot;

		if (!kb_term_is_base(key))
			continue;
		slot = slot_of(r, key);
		r->keys[r->n] = key;
		r->weights[r->n] = idf_of(lex, n_lex, key);
		if (!*slot) {
			*slot = (uint8_t)(r->n + 1);
			r->total += r->weights[r->n];
		}
		r->same[r->n] = (uint8_t)(*slot - 1);
		r->n++;
	}
}

void kb_fit_weigh(struct kb_fit *r, const struct kb_lex_term *lex,
		  const float *weights, size_t n)
{
	r->total = 0;
	for (size_t i = 0; i < r->n; i++) {
		r->weights[i] = 0;
		for (size_t k = 0; k < n; k++)
			if (lex[k].key == r->keys[i])
				r->weights[i] = weights[k];
		if (r->same[i] == i)
			r->total += r->weights[i];
	}
}

/* A term of the question in a text. */
struct place {
	uint32_t pos;
	uint8_t term;
};

static size_t find_places(const struct kb_fit *r, struct kb_str text,
			  struct place *out)
{
	size_t n = 0;

	kb_terms_reset(r->scratch);
	kb_analyze(r->analyzer, text.ptr, text.len < BYTES ? text.len : BYTES,
		   r->scratch);
	for (size_t i = 0; i < r->scratch->n && n < PLACES; i++) {
		const struct kb_term *t = &r->scratch->items[i];
		int at = kb_term_is_base(t->key) ? place_of(r, t->key) : -1;

		if (at >= 0)
			out[n++] = (struct place){t->pos, (uint8_t)at};
	}
	return n;
}

/* Mark what is held and add its weight, each key once. */
static float hold(const struct kb_fit *r, const struct place *places, size_t n,
		  bool held[KB_FIT_TERMS])
{
	float sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t term = places[i].term;

		sum += held[term] ? 0 : r->weights[term];
		held[term] = true;
	}
	return sum;
}

static float measure_order(const struct kb_fit *r, const struct place *places,
			   size_t n)
{
	bool follows[KB_FIT_TERMS] = {false};
	float got = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1;
		     k < n && places[k].pos <= places[i].pos + FOLLOWS; k++)
			for (size_t q = 0; q + 1 < r->n; q++)
				if (r->same[q] == places[i].term &&
				    r->same[q + 1] == places[k].term)
					follows[q] = true;
	for (size_t q = 0; q + 1 < r->n; q++) {
		float weight = r->weights[q] + r->weights[q + 1];

		all += weight;
		got += follows[q] ? weight : 0;
	}
	return all > 0 ? got / all : 0;
}

static float measure_near(const struct kb_fit *r, const struct place *places,
			  size_t n)
{
	uint16_t count[KB_FIT_TERMS] = {0};
	uint32_t width = NEAR_WIDTH * (uint32_t)r->n;
	float sum = 0, best = 0;
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (count[places[i].term]++ == 0)
			sum += r->weights[places[i].term];
		for (; places[i].pos - places[from].pos >= width; from++)
			if (--count[places[from].term] == 0)
				sum -= r->weights[places[from].term];
		best = sum > best ? sum : best;
	}
	return r->total > 0 ? best / r->total : 0;
}

static float measure_run(const struct kb_fit *r, const struct place *places,
			 size_t n)
{
	float best = 0, all = 0;

	for (size_t q = 0; q < r->n; q++)
		all += r->weights[q];
	for (size_t i = 0; i < n; i++)
		for (size_t q = 0; q < r->n; q++) {
			float sum = 0;
			size_t k = 0;

			if (r->same[q] != places[i].term)
				continue;
			while (q + k < r->n && i + k < n &&
			       places[i + k].pos == places[i].pos + k &&
			       places[i + k].term == r->same[q + k])
				sum += r->weights[q + k++];
			/* one term alone is no run */
			if (k > 1 && sum > best)
				best = sum;
		}
	return all > 0 ? best / all : 0;
}

void kb_fit_measure(const struct kb_fit *r, const struct kb_passage *passage,
		    float out[KB_FIT_FEATURES])
{
	bool held[KB_FIT_TERMS] = {false};
	struct place places[PLACES];
	float title, text;
	size_t n;

	memset(out, 0, KB_FIT_FEATURES * sizeof(*out));
	if (!r->n || r->total <= 0)
		return;
	n = find_places(r, passage->title, places);
	title = hold(r, places, n, held);
	n = find_places(r, passage->text, places);
	text = hold(r, places, n, held);
	out[KB_FIT_COVER] = (title + text) / r->total;
	out[KB_FIT_TITLE] = title / r->total;
	out[KB_FIT_ORDER] = measure_order(r, places, n);
	out[KB_FIT_NEAR] = measure_near(r, places, n);
	out[KB_FIT_RUN] = measure_run(r, places, n);
}

float kb_fit_share(const float weights[KB_FIT_FEATURES],
		   const float features[KB_FIT_FEATURES])
{
	float most = 1, sum = 0;

	for (int f = 0; f < KB_FIT_FEATURES; f++) {
		most += weights[f];
		sum += weights[f] * features[f];
	}
	return sum / most;
}

int kb_fit_apply(const struct kb_fit *r, const struct kb_scope *scope,
		 const float weights[KB_FIT_FEATURES], struct kb_fused *items,
		 size_t n, bool *fitted, struct kb_arena *arena,
		 struct kb_err *err)
{
	float most = 1;

	for (int f = 0; f < KB_FIT_FEATURES; f++)
		most += weights[f];
	*fitted = most > 1;
	if (!*fitted)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const struct kb_scope_segment *seg =
		    &scope->segments[items[i].segment];
		float features[KB_FIT_FEATURES];
		struct kb_passage passage;
		int rc;

		if (i >= KB_FIT_DEPTH) {
			items[i].score /= most;
			continue;
		}
		rc = kb_segment_fetch(seg->segment, items[i].chunk, arena,
				      &passage, err);
		if (rc < 0)
			return kb_err_place(err, "'%s'", seg->index->path);
		kb_fit_measure(r, &passage, features);
		items[i].score /= most;
		items[i].score += kb_fit_share(weights, features);
	}
	kb_fuse_sort(scope, items, n, arena);
	return 0;
}
