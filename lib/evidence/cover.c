#include "evidence/cover.h"

#include <math.h>

#include "answer/lexicon/alike.h"
#include "evidence/compare_weights.h"
#include "passage/token_weights.h"

bool kb_cover_is_repeat(const struct kb_prepared *claim, size_t i)
{
	return kb_prepared_find(claim, claim->occ[i].key) != &claim->occ[i];
}

void kb_cover_window(struct kb_comparer *c, float *window, uint32_t s,
		     uint32_t mark, float weight)
{
	const struct kb_prepared_sentence *sentences = c->evidence->sentences;
	uint32_t from = s >= 2 ? s - 2 : 0;

	for (uint32_t w = from; w <= s; w++) {
		if (c->last[w] == mark || sentences[w].hit != sentences[s].hit)
			continue;
		if (!c->last[w])
			c->touched[c->n_touched++] = w;
		c->last[w] = mark;
		window[w] += weight;
	}
}

void kb_cover_clean(struct kb_comparer *c)
{
	while (c->n_touched) {
		uint32_t w = c->touched[--c->n_touched];

		c->one[w] = c->three[w] = c->in_title[w] = 0;
		c->title[c->evidence->sentences[w].hit] = 0;
		c->last[w] = c->counted[w] = 0;
	}
}

/* The sentences that hold the quantity. */
static void find_agreed(const struct kb_compare_input *in, size_t quantity,
			struct kb_agreed *out)
{
	const struct kb_prepared *ev = in->evidence;
	const struct kb_quantity *q = &in->claim->quantities[quantity];

	*out = (struct kb_agreed){.n = 0};
	if (!kb_compare_visit(in, ev->n_quantities * KB_QUANTITY_VISITS))
		return;
	for (size_t k = 0; k < ev->n_quantities; k++) {
		uint32_t s = ev->quantity_at[k].sentence;

		if (out->n == KB_AGREED_SENTENCES)
			return;
		if (kb_quantity_compare(q, &ev->quantities[k]) !=
			KB_AGREE_SAME ||
		    !kb_compare_allowed(in, s))
			continue;
		out->whole |=
		    q->dim != KB_DIM_DATE || (q->lo >= ev->quantities[k].lo &&
					      q->lo <= ev->quantities[k].lo);
		if (!out->n || out->sentences[out->n - 1] != s)
			out->sentences[out->n++] = s;
	}
}

/* Tie the claim's tokens to the quantities that they are part of. */
static void note_agreed(const struct kb_compare_input *in)
{
	struct kb_comparer *c = in->comparer;
	const struct kb_prepared *claim = in->claim;
	struct kb_agreed *found;

	c->n_agreed = 0;
	if (!claim->n_quantities)
		return;
	found =
	    kb_arena_alloc(claim->arena, claim->n_quantities * sizeof(*found));
	c->agreed = kb_arena_calloc(claim->arena, claim->n_tokens,
				    sizeof(const struct kb_agreed *));
	c->n_agreed = claim->n_tokens;
	for (size_t i = 0; i < claim->n_quantities; i++) {
		find_agreed(in, i, &found[i]);
		for (uint32_t k = claim->quantity_at[i].token;
		     k < claim->quantity_at[i].after; k++)
			c->agreed[k] = &found[i];
	}
}

/* A term of the claim that is being looked for. */
struct term {
	const struct kb_compare_input *in;
	uint32_t mark;
	float weight; /* that it adds where it is found */
	bool found;
};

static void count(struct term *t, uint32_t s)
{
	struct kb_comparer *c = t->in->comparer;

	if (!kb_compare_allowed(t->in, s))
		return;
	t->found = true;
	if (c->counted[s] == t->mark)
		return;
	c->counted[s] = t->mark;
	c->one[s] += t->weight;
	kb_cover_window(c, c->three, s, t->mark, t->weight);
}

/* Where the term itself stands. Titles precede their texts. */
static void count_key(struct term *t, uint64_t key)
{
	const struct kb_prepared *ev = t->in->evidence;
	const struct kb_occurrence *o = kb_prepared_find(ev, key);
	struct kb_comparer *c = t->in->comparer;
	uint32_t seen = UINT32_MAX, title = UINT32_MAX;
	size_t visits = 1;

	for (; o; o = kb_prepared_next(ev, o), visits++) {
		uint32_t s = ev->tokens[o->token].sentence;
		uint32_t hit = ev->sentences[s].hit;

		if (s == seen || !kb_compare_allowed(t->in, s))
			continue;
		seen = s;
		count(t, s);
		if (!ev->sentences[s].title) {
			if (title == hit)
				c->in_title[s] += t->weight;
		} else if (title != hit) {
			title = hit;
			c->title[hit] += t->weight;
		}
	}
	kb_compare_visit(t->in, visits);
}

/* Where another word for the same stands, in a sentence that holds 'beside' of
 * the claim: such words are everywhere. */
static void count_alike(struct term *t, uint64_t key, float beside)
{
	uint64_t others[KB_ALIKE_MAX];
	size_t n = kb_alike_find(key, others);

	for (size_t i = 0; i < n; i++) {
		const struct kb_prepared *ev = t->in->evidence;
		const struct kb_occurrence *o = kb_prepared_find(ev, others[i]);
		size_t visits = 1;

		for (; o; o = kb_prepared_next(ev, o), visits++) {
			uint32_t s = ev->tokens[o->token].sentence;

			if (t->in->comparer->one[s] >= beside)
				count(t, s);
		}
		kb_compare_visit(t->in, visits);
	}
}

/* The quantity that all of the term is part of. */
static const struct kb_agreed *agreed(const struct kb_compare_input *in,
				      const struct kb_occurrence *o)
{
	const struct kb_comparer *c = in->comparer;
	uint32_t last =
	    o->token + (kb_term_class(o->key) == KB_TERM_HAN2 ? 1 : 0);

	if (last >= c->n_agreed || c->agreed[o->token] != c->agreed[last])
		return NULL;
	return c->agreed[last];
}

/* The term as it is, or in a quantity; false when it is nowhere. */
static bool count_term(const struct kb_compare_input *in, size_t i)
{
	const struct kb_occurrence *o = &in->claim->occ[i];
	const struct kb_agreed *quantity = agreed(in, o);
	struct term t = {in, (uint32_t)i + 1, o->weight, false};

	count_key(&t, o->key);
	for (size_t k = 0; quantity && k < quantity->n; k++)
		count(&t, quantity->sentences[k]);
	return t.found;
}

/* What terms that are nowhere weigh in other words. */
static void cover_alike(const struct kb_compare_input *in, const size_t *missed,
			size_t n, struct kb_cover *cover)
{
	float beside = fminf(ALIKE_WEIGHT, cover->total * ALIKE_BESIDE);

	for (size_t i = 0; i < n && !kb_comparer_spent(in->comparer); i++) {
		const struct kb_occurrence *o = &in->claim->occ[missed[i]];
		struct term t = {in, (uint32_t)missed[i] + 1,
				 o->weight * ALIKE_SHARE, false};

		count_alike(&t, o->key, beside);
		if (!t.found)
			continue;
		cover->found += t.weight;
		if (o->weight >= TOKEN_MISSED)
			cover->missing -= t.weight;
	}
}

void kb_cover_claim(const struct kb_compare_input *in, struct kb_cover *cover)
{
	const struct kb_prepared *claim = in->claim;
	size_t *missed, n = 0;

	note_agreed(in);
	missed =
	    kb_arena_alloc(claim->arena, (claim->n_occ + 1) * sizeof(*missed));
	for (size_t i = 0; i < claim->n_occ; i++) {
		float w = claim->occ[i].weight;

		if (kb_cover_is_repeat(claim, i))
			continue;
		cover->total += w;
		if (count_term(in, i)) {
			cover->found += w;
		} else if (w >= TOKEN_CONTENT) {
			cover->missing += w >= TOKEN_MISSED ? w : 0;
			missed[n++] = i;
		}
		if (kb_comparer_spent(in->comparer))
			return;
	}
	cover_alike(in, missed, n, cover);
}

void kb_cover_note_told(const struct kb_compare_input *in, uint32_t sentence)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	const struct kb_prepared_sentence *all = ev->sentences;
	uint32_t s = sentence;
	bool *told;

	in->comparer->told = NULL;
	while (s && all[s - 1].hit == all[sentence].hit)
		s--;
	if (all[sentence].title || !all[s].title)
		return;
	told = kb_arena_calloc(claim->arena, claim->n_tokens, sizeof(*told));
	for (; all[s].title; s++) {
		if (!kb_compare_visit(in, claim->n_tokens * all[s].n))
			return;
		for (uint32_t k = all[s].first; k < all[s].first + all[s].n;
		     k++)
			for (uint32_t i = 0; i < claim->n_tokens; i++)
				told[i] |=
				    claim->tokens[i].key == ev->tokens[k].key;
	}
	in->comparer->told = told;
}

bool kb_cover_only_asks(const struct kb_compare_input *in, uint64_t key)
{
	const struct kb_relevance *r = in->comparer->relevance;
	const uint64_t *bits =
	    r && r->n_units ? kb_map_get(&r->bits, key) : NULL;

	for (uint64_t units = bits ? *bits : 0; units; units &= units - 1) {
		const struct kb_form_unit *u =
		    &r->form.units[r->of[__builtin_ctzll(units)]];

		if (!u->asks && !u->aside)
			return false;
	}
	return r && r->n_units;
}
