#include "verify/compare.h"

#include <math.h>

#include "verify/check_weights.h"

/* Scratch of one comparison, a number for each sentence or token. */
struct cover {
	float *one;	/* weight of claim terms in the sentence */
	float *three;	/* in the window of three that starts there */
	float *asked;	/* weight of question terms in that window */
	uint32_t *last; /* claim term counted last for a window, + 1 */
	float total, found, missing, question;
};

/* The claim terms are unique: a repeated one counts once. */
static bool is_repeat(const struct kb_prepared *claim, size_t i)
{
	return kb_prepared_find(claim, claim->occ[i].key) != &claim->occ[i];
}

/* Add weight to every window of three that holds sentence s; 'mark' is the
 * number of the term, so that no window counts it twice. */
static void add_window(const struct kb_prepared *ev, float *window,
		       uint32_t *last, uint32_t s, uint32_t mark, float weight)
{
	uint32_t from = s >= 2 ? s - 2 : 0;

	for (uint32_t w = from; w <= s; w++) {
		if (last[w] == mark ||
		    ev->sentences[w].hit != ev->sentences[s].hit)
			continue;
		last[w] = mark;
		window[w] += weight;
	}
}

static void cover_claim(const struct kb_compare_input *in, struct cover *c)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;

	for (size_t i = 0; i < claim->n_occ; i++) {
		float w = claim->occ[i].weight;
		uint32_t seen = UINT32_MAX;
		const struct kb_occurrence *o;

		if (is_repeat(claim, i))
			continue;
		c->total += w;
		o = kb_prepared_find(ev, claim->occ[i].key);
		for (; o; o = kb_prepared_next(ev, o)) {
			uint32_t s = ev->tokens[o->token].sentence;

			if (s == seen || !kb_compare_allowed(in, s))
				continue;
			seen = s;
			c->one[s] += w;
			add_window(ev, c->three, c->last, s, (uint32_t)i + 1,
				   w);
		}
		if (seen != UINT32_MAX)
			c->found += w;
		else if (w >= TOKEN_MISSED)
			c->missing += w;
	}
}

static void cover_question(const struct kb_compare_input *in, struct cover *c)
{
	const struct kb_prepared *q = in->question, *ev = in->evidence;

	memset(c->last, 0, ev->n_sentences * sizeof(*c->last));
	for (size_t i = 0; q && i < q->n_occ; i++) {
		const struct kb_occurrence *o;
		float w = q->occ[i].weight;

		if (is_repeat(q, i) || w < TOKEN_CONTENT)
			continue;
		c->question += w;
		o = kb_prepared_find(ev, q->occ[i].key);
		for (; o; o = kb_prepared_next(ev, o)) {
			uint32_t s = ev->tokens[o->token].sentence;

			if (kb_compare_allowed(in, s))
				add_window(ev, c->asked, c->last, s,
					   (uint32_t)i + 1, w);
		}
	}
}

struct runs {
	float pairs, pairs_all, triples, triples_all;
	uint32_t longest;
};

/*
 * Common runs by the usual table over (claim token, evidence token), of
 * which only the cells that match are visited: lengths[i & 1][t] is the
 * length of the run that ends at claim token i and evidence token t.
 */
static void find_runs(const struct kb_compare_input *in, struct kb_arena *arena,
		      struct runs *r)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	uint32_t *lengths[2], *stamps[2];

	for (int k = 0; k < 2; k++) {
		lengths[k] = kb_arena_calloc(arena, ev->n_tokens, 4);
		stamps[k] = kb_arena_calloc(arena, ev->n_tokens, 4);
	}
	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];
		uint32_t *now = lengths[i & 1], *before = lengths[~i & 1];
		const struct kb_occurrence *o;
		uint32_t best = 0;

		o = kb_prepared_find(ev, t->key);
		for (; o; o = kb_prepared_next(ev, o)) {
			uint32_t at = o->token, n = 1;

			if (!kb_compare_allowed(in, ev->tokens[at].sentence))
				continue;
			if (i && at && stamps[~i & 1][at - 1] == i)
				n = before[at - 1] + 1;
			now[at] = n;
			stamps[i & 1][at] = i + 1;
			if (n > best)
				best = n;
		}
		if (best > r->longest)
			r->longest = best;
		if (i >= 1) {
			float w = t->weight + claim->tokens[i - 1].weight;

			r->pairs_all += w;
			r->pairs += best >= 2 ? w : 0;
		}
		if (i >= 2) {
			r->triples_all += t->weight;
			r->triples += best >= 3 ? t->weight : 0;
		}
	}
}

static double share(double part, double all, double none)
{
	return all > 0 ? fmin(part / all, 1) : none;
}

/* The narrowest best place: one sentence when it holds nearly as much as
 * three. */
static void set_place(const struct kb_compare_input *in, const struct cover *c,
		      uint32_t best1, uint32_t best3, struct kb_comparison *out)
{
	const struct kb_prepared_sentence *s = in->evidence->sentences;
	uint32_t first = best1, last = best1;

	if (c->three[best3] > c->one[best1] * WIDER_PLACE) {
		first = best3;
		last = best3 + 2;
		if (last >= in->evidence->n_sentences)
			last = (uint32_t)in->evidence->n_sentences - 1;
		while (s[last].hit != s[first].hit)
			last--;
	}
	while (first < last && s[first].title)
		first++;
	out->place = !(c->one[best1] <= 0);
	out->hit = s[first].hit;
	out->start = s[first].title ? 0 : s[first].start;
	out->end = s[first].title ? 0 : s[last].end;
}

static void compare_words(const struct kb_compare_input *in,
			  struct kb_arena *arena, struct kb_comparison *out)
{
	size_t n = in->evidence->n_sentences;
	uint32_t best1 = 0, best3 = 0;
	struct cover c = {0};
	double together = 0;

	c.one = kb_arena_calloc(arena, n, sizeof(float));
	c.three = kb_arena_calloc(arena, n, sizeof(float));
	c.asked = kb_arena_calloc(arena, n, sizeof(float));
	c.last = kb_arena_calloc(arena, n, sizeof(uint32_t));
	cover_claim(in, &c);
	cover_question(in, &c);
	for (uint32_t s = 0; s < n; s++) {
		double met = share(c.three[s], c.total, 0) *
			     share(c.asked[s], c.question, 1);

		if (c.one[s] > c.one[best1])
			best1 = s;
		if (c.three[s] > c.three[best3])
			best3 = s;
		if (met > together)
			together = met;
	}
	out->f[KB_F_COVER] = share(c.found, c.total, 0);
	out->f[KB_F_BEST1] = share(c.one[best1], c.total, 0);
	out->f[KB_F_BEST3] = share(c.three[best3], c.total, 0);
	out->f[KB_F_PRESENT] = exp(-(double)c.missing / 2);
	out->f[KB_F_QUESTION] = together;
	set_place(in, &c, best1, best3, out);
	kb_compare_polarity(in, best1, out->f[KB_F_BEST1], out);
}

void kb_compare(const struct kb_compare_input *in, struct kb_arena *arena,
		struct kb_comparison *out)
{
	struct runs r = {0};

	*out = (struct kb_comparison){0};
	out->f[KB_F_NUMBERS] = out->f[KB_F_ENTITIES] = 1;
	out->f[KB_F_POLARITY] = 1;
	if (!in->evidence->n_tokens || !in->claim->n_tokens)
		return;
	compare_words(in, arena, out);
	find_runs(in, arena, &r);
	out->f[KB_F_PAIRS] = share(r.pairs, r.pairs_all, out->f[KB_F_COVER]);
	out->f[KB_F_TRIPLES] =
	    share(r.triples, r.triples_all, out->f[KB_F_PAIRS]);
	out->f[KB_F_RUN] = share(r.longest, (double)in->claim->n_tokens, 0);
	kb_compare_numbers(in, out);
	kb_compare_entities(in, out);
}
