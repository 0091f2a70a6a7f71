#include "evidence/compare.h"

#include <assert.h>
#include <math.h>

#include "evidence/compare_weights.h"
#include "evidence/cover.h"
#include "evidence/gaps.h"
#include "passage/token_weights.h"
#include "relevance/lacking.h"
#include "text/entity.h"

/* No claim changes what the question covers; windows of passages that a
 * claim may not use have no weight of the claim either. */
static void cover_question(struct kb_comparer *c)
{
	const struct kb_prepared *q = c->question, *ev = c->evidence;

	for (size_t i = 0; q && i < q->n_occ; i++) {
		const struct kb_occurrence *o;
		float w = q->occ[i].weight;

		if (kb_cover_is_repeat(q, i) || w < TOKEN_CONTENT)
			continue;
		c->asked_all += w;
		o = kb_prepared_find(ev, q->occ[i].key);
		for (; o; o = kb_prepared_next(ev, o))
			kb_cover_window(c, c->asked,
					ev->tokens[o->token].sentence,
					(uint32_t)i + 1, w);
	}
	kb_cover_clean(c);
}

/* Where one has the numbers and names of the question, those that lack some are
 * of another thing: the 100 W charger beside the one of 65 W. */
static void leave_sisters(struct kb_comparer *c)
{
	const struct kb_relevance *r = c->relevance;
	bool *sister = c->sister, some = false;

	if (!r->n_numbers && !r->n_known && r->n_things != 1)
		return;
	for (uint32_t i = 0; i < c->evidence->n_texts; i++) {
		sister[i] = kb_lacking_thing(r, i);
		some |= c->asked_of[i] && !sister[i];
	}
	for (uint32_t i = 0; i < c->evidence->n_texts; i++)
		sister[i] &= some;
}

/* Passages that hold nearly as much of the question as the best one. A
 * question that no passage holds tells none of them from the others. */
static void find_asked(struct kb_comparer *c)
{
	const struct kb_prepared_sentence *s = c->evidence->sentences;
	size_t n = c->evidence->n_texts + 1;
	float most = 0;

	for (size_t i = 0; i < c->evidence->n_sentences; i++) {
		uint32_t hit = s[i].hit;

		if (c->asked[i] > c->most[hit])
			c->most[hit] = c->asked[i];
		if (c->asked[i] > most)
			most = c->asked[i];
	}
	c->asks = most > 0 && most >= c->asked_all * ASKED_LEAST;
	for (size_t i = 0; i < n; i++)
		c->asked_of[i] = !c->asks || c->most[i] >= most * ASKED_SHARE;
	if (c->asks)
		leave_sisters(c);
}

void kb_comparer_begin(struct kb_comparer *c,
		       const struct kb_prepared *evidence,
		       const struct kb_prepared *question,
		       const struct kb_relevance *relevance,
		       const struct kb_scope *scope, size_t bytes,
		       struct kb_arena *arena)
{
	size_t n = evidence->n_sentences, tokens = evidence->n_tokens;

	*c = (struct kb_comparer){
	    .evidence = evidence,
	    .question = question,
	    .relevance = relevance,
	    .scope = scope,
	    .max_visits = KB_COMPARE_VISITS +
			  (uint64_t)bytes * KB_COMPARE_VISITS_PER_BYTE,
	    .one = kb_arena_calloc(arena, n, sizeof(float)),
	    .three = kb_arena_calloc(arena, n, sizeof(float)),
	    .asked = kb_arena_calloc(arena, n, sizeof(float)),
	    .in_title = kb_arena_calloc(arena, n, sizeof(float)),
	    .counted = kb_arena_calloc(arena, n, sizeof(uint32_t)),
	    .title =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(float)),
	    .last = kb_arena_calloc(arena, n, sizeof(uint32_t)),
	    .touched = kb_arena_calloc(arena, n, sizeof(uint32_t)),
	    .most =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(float)),
	    .near = kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(bool)),
	    .sister =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(bool)),
	    .asked_of =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(bool)),
	    .align = kb_arena_alloc(arena, sizeof(struct kb_align_scratch)),
	};
	for (int k = 0; k < 2; k++) {
		c->lengths[k] =
		    kb_arena_calloc(arena, tokens, sizeof(uint32_t));
		c->stamps[k] = kb_arena_calloc(arena, tokens, sizeof(uint32_t));
	}
	cover_question(c);
	find_asked(c);
}

void kb_compare_find(struct kb_comparison *out, enum kb_finding_kind kind,
		     struct kb_str claim, struct kb_str source, uint32_t hit)
{
	if (kb_finding_contradicts(kind))
		out->contradicted = true;
	if (kb_finding_is_foreign(kind))
		out->foreign = true;
	if (out->n_findings == KB_FINDINGS_MAX)
		return;
	out->findings[out->n_findings++] =
	    (struct kb_finding){kind, claim, source, hit};
}

/* Passages that only have a title, or none left, have no text. */
struct kb_str kb_compare_slice(const struct kb_prepared *ev, uint32_t sentence,
			       uint32_t start, uint32_t end)
{
	const struct kb_prepared_sentence *s = &ev->sentences[sentence];

	if (s->title || s->hit >= ev->n_texts)
		return (struct kb_str){"", 0};
	return (struct kb_str){ev->texts[s->hit].ptr + start, end - start};
}

struct runs {
	float pairs, pairs_all, triples, triples_all;
	uint32_t longest;
};

/* The run of 'best' tokens that ends at token i; what says a quantity of the
 * evidence otherwise is as good as a run. */
static void add_run(const struct kb_compare_input *in, struct runs *r,
		    uint32_t i, uint32_t best)
{
	const struct kb_prepared_token *t = in->claim->tokens;
	bool agreed = kb_cover_agreed(in->comparer, i);

	if (i >= 1) {
		float w = t[i].weight + t[i - 1].weight;

		agreed &= kb_cover_agreed(in->comparer, i - 1);
		r->pairs_all += w;
		r->pairs += best >= 2 || agreed ? w : 0;
	}
	if (i >= 2) {
		agreed &= kb_cover_agreed(in->comparer, i - 2);
		r->triples_all += t[i].weight;
		r->triples += best >= 3 || agreed ? t[i].weight : 0;
	}
}

/*
 * Common runs by the usual table over (claim token, evidence token), of
 * which only the cells that match are visited: lengths[i & 1][t] is the
 * length of the run that ends at claim token i and evidence token t.
 */
static void find_runs(const struct kb_compare_input *in, struct runs *r)
{
	const struct kb_prepared *claim = in->claim, *ev = in->evidence;
	struct kb_comparer *c = in->comparer;
	uint32_t base = c->stamp;

	c->stamp += (uint32_t)claim->n_tokens + 1;
	for (uint32_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];
		uint32_t *now = c->lengths[i & 1], *stamps = c->stamps[i & 1];
		const struct kb_occurrence *o;
		uint32_t best = 0;
		size_t visits = 1;

		o = kb_prepared_find(ev, t->key);
		for (; o; o = kb_prepared_next(ev, o), visits++) {
			uint32_t at = o->token, n = 1;

			if (!kb_compare_allowed(in, ev->tokens[at].sentence))
				continue;
			if (i && at && c->stamps[~i & 1][at - 1] == base + i)
				n = c->lengths[~i & 1][at - 1] + 1;
			now[at] = n;
			stamps[at] = base + i + 1;
			if (n > best)
				best = n;
		}
		if (!kb_compare_visit(in, visits))
			return;
		if (best > r->longest)
			r->longest = best;
		add_run(in, r, i, best);
	}
}

static double share(double part, double all, double none)
{
	return all > 0 ? fmin(part / all, 1) : none;
}

/* The narrowest best place: one sentence when it holds nearly as much as
 * three. */
static void set_place(const struct kb_compare_input *in, uint32_t best1,
		      uint32_t best3, struct kb_comparison *out)
{
	const struct kb_prepared_sentence *s = in->evidence->sentences;
	const struct kb_comparer *c = in->comparer;
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

/* Is place s better than the best so far? The first of equals is. */
static bool is_better(const float *weight, uint32_t s, uint32_t best)
{
	return weight[s] > weight[best] ||
	       (!(weight[s] < weight[best]) && s < best);
}

struct best {
	uint32_t one, three; /* sentence, and window of three */
	double together;     /* of claim and question in one window */
	float alone;	     /* the most of a sentence without its title */
};

/* A sentence with its title; a title alone is the last choice. */
static bool is_better_told(const struct kb_comparer *c, uint32_t s,
			   uint32_t best)
{
	const struct kb_prepared_sentence *all = c->evidence->sentences;
	float a = kb_cover_told(c, s), b = kb_cover_told(c, best);

	if (a > b || a < b)
		return a > b;
	if (all[s].title != all[best].title)
		return all[best].title;
	return s < best;
}

static struct best find_best(const struct kb_comparer *c, double total)
{
	struct best best = {0, 0, 0, 0};

	for (size_t i = 0; i < c->n_touched; i++) {
		uint32_t s = c->touched[i];
		double met = share(c->three[s], total, 0) *
			     share(c->asked[s], c->asked_all, 1);

		if (is_better_told(c, s, best.one))
			best.one = s;
		if (c->one[s] > best.alone)
			best.alone = c->one[s];
		if (is_better(c->three, s, best.three))
			best.three = s;
		if (met > best.together)
			best.together = met;
	}
	return best;
}

/* Note the passages that hold nearly as much of the claim as the best one. Few
 * words stand in any passage by chance: then it must be one that was asked of.
 * False when all passages that hold anything do. */
static bool narrow(struct kb_comparer *c, const struct kb_prepared *claim,
		   float total)
{
	const struct kb_prepared_sentence *s = c->evidence->sentences;
	size_t n = c->evidence->n_texts + 1, far = 0;
	float most = 0, chance = CHANCE_WEIGHT;

	if (claim->n_tokens >= CHANCE_TOKENS)
		chance = fminf(chance, total * CHANCE_SHARE);
	memset(c->most, 0, n * sizeof(*c->most));
	for (size_t i = 0; i < c->n_touched; i++) {
		uint32_t k = c->touched[i], hit = s[k].hit;

		if (c->three[k] > c->most[hit])
			c->most[hit] = c->three[k];
	}
	for (size_t i = 0; i < n; i++) {
		c->near[i] =
		    !c->sister[i] && (c->asked_of[i] || c->most[i] >= chance);
		if (c->near[i] && c->most[i] > most)
			most = c->most[i];
	}
	for (size_t i = 0; i < n; i++) {
		c->near[i] &= c->most[i] >= most * NEAR_PASSAGE;
		far += !c->near[i] && c->most[i] > 0;
	}
	return far > 0;
}

#define FIT_SENTENCES 4 /* of those that cover a claim best are aligned */

/* The sentences that hold nearly as much of the claim as the best one. */
static size_t best_sentences(const struct kb_comparer *c, uint32_t best,
			     uint32_t *out)
{
	const struct kb_prepared_sentence *s = c->evidence->sentences;
	size_t n = 0;

	for (size_t i = 0; i < c->n_touched && n < FIT_SENTENCES; i++) {
		uint32_t k = c->touched[i];

		if (!s[k].title && c->one[k] > 0 &&
		    kb_cover_told(c, k) >= kb_cover_told(c, best) * HELD_BY_FIT)
			out[n++] = k;
	}
	return n;
}

/* in: narrowed to the passages near the claim. */
static void compare_words(struct kb_compare_input *in,
			  struct kb_comparison *out)
{
	struct kb_comparer *c = in->comparer;
	struct kb_cover cover = {0};
	struct best best;
	uint32_t sentences[FIT_SENTENCES];
	size_t n;

	kb_cover_claim(in, &cover);
	best = find_best(c, cover.total);
	if (!in->asks)
		kb_relevance_measure(c->relevance, in->claim, c->one,
				     best.alone, out->relevance, &out->missing);
	if (!in->allowed && narrow(c, in->claim, cover.total)) {
		in->allowed = c->near;
		kb_cover_clean(c);
		cover = (struct kb_cover){0};
		kb_cover_claim(in, &cover);
		best = find_best(c, cover.total);
	}
	out->f[KB_F_COVER] = share(cover.found, cover.total, 0);
	out->f[KB_F_BEST1] = share(kb_cover_told(c, best.one), cover.total, 0);
	out->f[KB_F_BEST3] = fmax(share(c->three[best.three], cover.total, 0),
				  out->f[KB_F_BEST1]);
	out->f[KB_F_PRESENT] = exp(-(double)cover.missing / 2);
	out->f[KB_F_QUESTION] = best.together;
	set_place(in, best.one, best.three, out);
	n = best_sentences(c, best.one, sentences);
	kb_cover_clean(c);
	kb_cover_note_told(in, best.one);
	kb_compare_gaps(in, sentences, n, out);
	kb_compare_polarity(in, best.one, out->f[KB_F_BEST1], out);
	if (!in->asks && !out->n_findings)
		kb_compare_subject(in, best.one, out);
}

static bool occurs(const struct kb_compare_input *in, uint64_t key)
{
	const struct kb_occurrence *o = kb_prepared_find(in->evidence, key);

	for (; o; o = kb_prepared_next(in->evidence, o)) {
		if (kb_compare_allowed(in,
				       in->evidence->tokens[o->token].sentence))
			return true;
		kb_compare_visit(in, 1);
	}
	return in->question && kb_prepared_find(in->question, key);
}

static void compare_entities(const struct kb_compare_input *in,
			     struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;
	struct kb_str text = claim->texts[0];
	struct kb_entities e = {0};
	size_t all = 0, found = 0, t = 0;

	kb_entities_find(&e, text.ptr, text.len);
	for (size_t i = 0; i < e.n; i++) {
		const struct kb_entity *it = &e.items[i];
		bool here = true;

		if (it->weak)
			continue;
		while (t < claim->n_tokens && claim->tokens[t].end <= it->start)
			t++;
		for (size_t k = t;
		     k < claim->n_tokens && claim->tokens[k].start < it->end;
		     k++)
			if (claim->tokens[k].weight >= TOKEN_CONTENT &&
			    !kb_cover_respelled(in->comparer, (uint32_t)k))
				here &= occurs(in, claim->tokens[k].key);
		all++;
		found += here;
		if (!here)
			kb_compare_find(out, KB_FIND_ENTITY_MISSING,
					(struct kb_str){text.ptr + it->start,
							it->end - it->start},
					(struct kb_str){"", 0}, 0);
	}
	kb_entities_release(&e);
	if (all)
		out->f[KB_F_ENTITIES] = (double)found / (double)all;
}

/* A claim that is nothing but a quantity of the evidence in another spelling,
 * 1500 g for 1.5 kg, is no less of a copy. */
static void respell(const struct kb_compare_input *in,
		    struct kb_comparison *out)
{
	const struct kb_prepared *claim = in->claim;

	for (size_t i = 0; i < claim->n_tokens; i++)
		if (claim->tokens[i].weight >= TOKEN_CONTENT &&
		    !kb_cover_respelled(in->comparer, (uint32_t)i))
			return;
	if (claim->n_quantities && out->f[KB_F_BEST1] >= 1)
		out->f[KB_F_RUN] = out->f[KB_F_ALIGNED] = 1;
}

/* What was asked of may give another number than the claim does, which it then
 * holds little of. */
static void widen(const struct kb_compare_input *in)
{
	struct kb_comparer *c = in->comparer;

	if (in->allowed != c->near || !c->asks)
		return;
	for (size_t i = 0; i <= in->evidence->n_texts; i++)
		c->near[i] |= c->asked_of[i];
}

void kb_compare(const struct kb_compare_input *given, struct kb_comparison *out)
{
	struct kb_compare_input near = *given, *in = &near;
	struct runs r = {0};

	assert(in->comparer && in->evidence && in->claim);
	assert(out);
	*out = (struct kb_comparison){0};
	out->f[KB_F_NUMBERS] = out->f[KB_F_ENTITIES] = 1;
	out->f[KB_F_POLARITY] = 1;
	if (!in->evidence->n_tokens || !in->claim->n_tokens)
		return;
	compare_words(in, out);
	if (in->asks) /* nothing but its words of polarity is asked of it */
		return;
	find_runs(in, &r);
	out->f[KB_F_PAIRS] = share(r.pairs, r.pairs_all, out->f[KB_F_COVER]);
	out->f[KB_F_TRIPLES] =
	    share(r.triples, r.triples_all, out->f[KB_F_PAIRS]);
	out->f[KB_F_RUN] = share(r.longest, (double)in->claim->n_tokens, 0);
	respell(in, out);
	compare_entities(in, out);
	widen(in);
	kb_compare_numbers(in, out);
}
