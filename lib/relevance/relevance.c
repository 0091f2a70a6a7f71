#include "relevance/relevance.h"

#include <math.h>
#include <stdlib.h>

#include "answer/cues.h"
#include "base/ascii.h"
#include "base/num.h"
#include "base/utf8.h"
#include "query/term_lookup.h"
#include "relevance/lacking.h"
#include "relevance/relevance_weights.h"
#include "text/entity.h"
#include "text/fold.h"
#include "text/script.h"

const char *const kb_relevance_features[KB_RELEVANCE_FEATURES] = {
    [KB_RELEVANCE_MARGIN] = "margin",
    [KB_RELEVANCE_MARGIN_PASSAGE] = "margin_passage",
    [KB_RELEVANCE_RANK] = "rank",
    [KB_RELEVANCE_HIT] = "hit",
    [KB_RELEVANCE_OWN] = "own",
    [KB_RELEVANCE_WINDOW] = "window",
    [KB_RELEVANCE_RUN] = "run",
    [KB_RELEVANCE_NAMES] = "names",
    [KB_RELEVANCE_NAMES_PASSAGE] = "names_passage",
    [KB_RELEVANCE_NAMES_ALL] = "names_all",
    [KB_RELEVANCE_KNOWN] = "known",
    [KB_RELEVANCE_KIND] = "kind",
    [KB_RELEVANCE_MEASURE] = "measure",
    [KB_RELEVANCE_NEAR] = "near",
    [KB_RELEVANCE_LACK] = "lack",
    [KB_RELEVANCE_LACK_WINDOW] = "lack_window",
    [KB_RELEVANCE_HELD] = "held",
    [KB_RELEVANCE_LONG] = "long",
    [KB_RELEVANCE_OPEN] = "open",
    [KB_RELEVANCE_POSSIBLE] = "possible",
    [KB_RELEVANCE_THINGS] = "things",
    [KB_RELEVANCE_NUMBERS] = "numbers",
    [KB_RELEVANCE_NEWS] = "news",
    [KB_RELEVANCE_PART] = "part",
    [KB_RELEVANCE_HAN] = "han",
};

/* ---- the question over the evidence ---- */

/* Keys of the question by their place. */
static uint64_t *keys_of(const struct kb_form *form, struct kb_arena *arena)
{
	uint64_t *keys =
	    kb_arena_calloc(arena, form->n_keys + 1, sizeof(*keys));
	struct kb_map_slot slot;
	size_t pos = 0;

	while (kb_map_next(&form->keys, &pos, &slot))
		keys[slot.value - 1] = slot.key;
	return keys;
}

/* Set the bit in every sentence that holds the key. */
static void mark(struct kb_relevance *r, uint64_t key, uint64_t bit)
{
	const struct kb_occurrence *o = kb_prepared_find(r->evidence, key);

	for (; o; o = kb_prepared_next(r->evidence, o))
		r->own[r->evidence->tokens[o->token].sentence] |= bit;
}

/* A character is there in one of its pairs; by itself it says little. */
static void mark_unit(struct kb_relevance *r, const struct kb_form_unit *u,
		      const uint64_t *keys, uint64_t bit)
{
	if (u->left >= 0)
		mark(r, keys[u->left], bit);
	if (u->right >= 0)
		mark(r, keys[u->right], bit);
	if (u->left < 0 && u->right < 0)
		mark(r, keys[u->key], bit);
	*kb_map_put(&r->bits, keys[u->key], NULL) |= bit;
}

/* Passages of the index that hold the unit: of a character, the commoner of
 * its pairs, as one of both may go over the border of two words. */
static double frequency(const struct kb_scope *scope,
			const struct kb_form_unit *u, const uint64_t *keys)
{
	uint64_t left = 0, right = 0;

	if (u->left < 0 && u->right < 0)
		return (double)kb_scope_frequency(scope, keys[u->key]);
	if (u->left >= 0)
		left = kb_scope_frequency(scope, keys[u->left]);
	if (u->right >= 0)
		right = kb_scope_frequency(scope, keys[u->right]);
	return (double)(left > right ? left : right);
}

/* 1 for what no passage holds. */
static double rarity(const struct kb_scope *scope, double df)
{
	double n = (double)scope->n_chunks;

	return fmax(log((n + 1) / (df + .5)) / log((n + 1) / .5), LEAST_RARITY);
}

/* What of a word's rarity is known: a small index says little of it, and holds
 * few words that every text has. */
static double telling(const struct kb_scope *scope, double rarity)
{
	double n = (double)scope->n_chunks;

	return (pow(rarity, TELLING_POWER) * n + TELLING_CHUNKS) /
	       (n + TELLING_CHUNKS);
}

static void mark_units(struct kb_relevance *r, const struct kb_scope *scope,
		       struct kb_arena *arena)
{
	const uint64_t *keys = keys_of(&r->form, arena);
	size_t last = SIZE_MAX;

	for (size_t i = 0;
	     i < r->form.n_units && r->n_units < KB_RELEVANCE_UNITS; i++) {
		const struct kb_form_unit *u = &r->form.units[i];

		/* The evidence is known by its words, not by its codes. */
		if (u->weight < CONTENT_UNIT || u->aside ||
		    kb_term_class(keys[u->key]) == KB_TERM_CODE)
			continue;
		if (r->n_units && last + 1 == i)
			r->runs |= 1ull << (r->n_units - 1);
		last = i;
		r->weight[r->n_units] =
		    scope ? u->weight * rarity(scope, frequency(scope, u, keys))
			  : u->weight;
		r->full[r->n_units] =
		    u->weight *
		    (scope ? telling(scope, r->weight[r->n_units] / u->weight)
			   : 1) *
		    (u->told ? TOLD : 1);
		r->of[r->n_units] = (uint16_t)i;
		r->keys[r->n_units] = keys[u->key];
		mark_unit(r, u, keys, 1ull << r->n_units++);
	}
}

/* The words of a thing are among reader->terms. */
static void add_thing(struct kb_relevance *r, const struct kb_scope *scope,
		      struct kb_str text)
{
	const struct kb_terms *terms = &r->reader->terms;
	struct kb_relevance_thing *thing = &r->things[r->n_things];

	if (r->n_things == KB_RELEVANCE_THINGS_MAX)
		return;
	*thing = (struct kb_relevance_thing){.text = text};
	for (size_t i = 0; i < terms->n && thing->n < KB_RELEVANCE_WORDS_MAX;
	     i++) {
		const struct kb_term *t = &terms->items[i];

		if (kb_term_class(t->key) != KB_TERM_WORD)
			continue;
		if (scope && kb_scope_frequency(scope, t->key) > 0)
			thing->known |= 1u << thing->n;
		thing->keys[thing->n] = t->key;
		thing->words[thing->n++] =
		    (struct kb_str){text.ptr + t->start, t->end - t->start};
	}
	r->n_things += thing->n > 0;
}

/* The names, numbers and codes of the question, each as its units. */
static void mark_names(struct kb_relevance *r, const struct kb_scope *scope,
		       struct kb_str question)
{
	struct kb_terms *terms = &r->reader->terms;
	struct kb_entities found = {0};

	kb_entities_find(&found, question.ptr, question.len);
	for (size_t i = 0; i < found.n && r->n_names < KB_RELEVANCE_NAME_MAX;
	     i++) {
		const struct kb_entity *e = &found.items[i];
		uint64_t units = 0;

		if (e->weak)
			continue;
		kb_terms_reset(terms);
		kb_analyze(r->reader->an, question.ptr + e->start,
			   e->end - e->start, terms);
		add_thing(r, scope,
			  (struct kb_str){question.ptr + e->start,
					  e->end - e->start});
		for (size_t k = 0; k < terms->n; k++) {
			const uint64_t *bits =
			    kb_map_get(&r->bits, terms->items[k].key);

			units |= bits ? *bits : 0;
		}
		if (units)
			r->names[r->n_names++] = units;
	}
	kb_entities_release(&found);
}

/* What each sentence holds with the one before it and its title, and what
 * each passage holds. */
static void widen(struct kb_relevance *r)
{
	const struct kb_prepared_sentence *s = r->evidence->sentences;
	uint64_t title = 0;

	for (size_t i = 0; i < r->evidence->n_sentences; i++) {
		bool first = !i || s[i - 1].hit != s[i].hit;

		if (first) {
			title = 0;
			r->first[s[i].hit] = (uint32_t)i;
		}
		if (s[i].title)
			title |= r->own[i];
		r->window[i] = r->own[i] | title;
		if (!first && !s[i - 1].title)
			r->window[i] |= r->own[i - 1];
		r->passage[s[i].hit] |= r->own[i];
	}
}

static void weigh_by_evidence(struct kb_relevance *r)
{
	size_t n = 0, df[KB_RELEVANCE_UNITS] = {0};

	for (size_t i = 0; i < r->evidence->n_sentences; i++) {
		if (r->evidence->sentences[i].title)
			continue;
		n++;
		for (uint64_t m = r->own[i]; m; m &= m - 1)
			df[__builtin_ctzll(m)]++;
	}
	for (size_t i = 0; i < r->n_units; i++) {
		double d = (double)df[i];

		r->weight[i] *= kb_idf((double)n, d);
	}
}

static void weigh_units(struct kb_relevance *r, bool known)
{
	double sum = 0;

	if (!known)
		weigh_by_evidence(r);
	for (size_t i = 0; i < r->n_units; i++)
		sum += r->weight[i];
	for (size_t i = 0; i < r->n_units; i++)
		r->weight[i] /= sum;
}

double kb_relevance_weight(const struct kb_relevance *r, uint64_t units)
{
	double sum = 0;

	for (; units; units &= units - 1)
		sum += r->weight[__builtin_ctzll(units)];
	return sum;
}

static int by_score(const void *a, const void *b, void *context)
{
	const double *score = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (score[x] != score[y])
		return score[x] < score[y] ? 1 : -1;
	return (x > y) - (x < y);
}

/* Sentences without any of the question are all alike, and last. */
static void rank(struct kb_relevance *r)
{
	const struct kb_prepared_sentence *s = r->evidence->sentences;

	for (size_t i = 0; i < r->evidence->n_sentences; i++) {
		if (s[i].title)
			continue;
		r->score[i] =
		    SHARE_OWN * kb_relevance_weight(r, r->own[i]) +
		    SHARE_WINDOW * kb_relevance_weight(r, r->window[i]) +
		    SHARE_PASSAGE *
			kb_relevance_weight(r, r->passage[s[i].hit]);
		if (r->score[i] > 0)
			r->order[r->n_order++] = (uint32_t)i;
	}
	qsort_r(r->order, r->n_order, sizeof(*r->order), by_score, r->score);
}

/* Words and half the Chinese characters. */
static double length_of(struct kb_str s)
{
	double n = 0;
	bool in_word = false;

	for (size_t i = 0; i < s.len;) {
		uint32_t cp;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		if (kb_is_han(cp)) {
			n += .5;
			in_word = false;
			continue;
		}
		n += !in_word && cp < 0x80 && kb_is_alnum((char)cp);
		in_word = cp >= 0x80 || kb_is_alnum((char)cp) || cp == '\'';
	}
	return n;
}

int kb_relevance_begin(struct kb_relevance *r, struct kb_reader *reader,
		       const struct kb_prepared *evidence, size_t n_hits,
		       const struct kb_scope *scope, struct kb_str question,
		       struct kb_arena *arena, struct kb_err *err)
{
	size_t n = evidence->n_sentences;
	int rc = 0;

	*r = (struct kb_relevance){
	    .reader = reader,
	    .arena = arena,
	    .evidence = evidence,
	    .n_hits = n_hits,
	    .own = kb_arena_calloc(arena, n + 1, sizeof(uint64_t)),
	    .window = kb_arena_calloc(arena, n + 1, sizeof(uint64_t)),
	    .passage =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(uint64_t)),
	    .first =
		kb_arena_calloc(arena, evidence->n_texts + 1, sizeof(uint32_t)),
	    .placed = kb_arena_calloc(arena, 1, sizeof(uint64_t)),
	    .things = kb_arena_calloc(arena, KB_RELEVANCE_THINGS_MAX,
				      sizeof(*r->things)),
	    .likes = kb_arena_calloc(arena, evidence->n_texts + 1,
				     sizeof(*r->likes)),
	    .score = kb_arena_calloc(arena, n + 1, sizeof(double)),
	    .order = kb_arena_calloc(arena, n + 1, sizeof(uint32_t)),
	};
	question.len = kb_utf8_cut(question.ptr, question.len, KB_FORM_QUERY);
	kb_map_init(&r->bits);
	r->question = question;
	kb_form_read(reader, arena, question, &r->form);
	r->length = length_of(question);
	r->telling =
	    fmin(pow(LENGTH_TELLING / fmax(r->length, 1), LENGTH_POWER), 1);
	if (r->form.states || (!r->form.asks && r->length > LENGTH_SHORT))
		return 0;
	mark_units(r, scope, arena);
	if (!r->n_units)
		return 0;
	mark_names(r, scope, question);
	r->n_numbers =
	    kb_lacking_number(r->form.folded, KB_STR(""), KB_STR("")).n;
	if (scope)
		rc = kb_relevance_known(r, scope, question, arena, err);
	widen(r);
	weigh_units(r, scope != NULL);
	rank(r);
	return rc;
}

void kb_relevance_end(struct kb_relevance *r)
{
	kb_map_release(&r->bits);
	kb_form_release(&r->form);
}

/* ---- a claim ---- */

/* The most of the claim in a sentence that is no title. */
static float most_in_text(const struct kb_relevance *r, const float *covered)
{
	float most = 0;

	for (size_t i = 0; i < r->evidence->n_sentences; i++)
		if (!r->evidence->sentences[i].title && covered[i] > most)
			most = covered[i];
	return most;
}

/* Of the sentences that hold nearly as much of the claim as the best one, the
 * one that the question is most about. */
static uint32_t holder_of(const struct kb_relevance *r, const float *covered,
			  float least)
{
	for (size_t i = 0; i < r->n_order; i++)
		if (covered[r->order[i]] >= least)
			return r->order[i];
	for (uint32_t i = 0; i < r->evidence->n_sentences; i++)
		if (covered[i] >= least && !r->evidence->sentences[i].title)
			return i;
	return UINT32_MAX;
}

/* Yes or no has no words of its own that a sentence could be known by. */
static bool is_bare(const struct kb_relevance *r, float most)
{
	return r->form.kind == KB_WANTED_YES_NO && most < SUBJECT_LEAST;
}

/* The sentence that the claim may be of, in words of its own, and the most
 * about the question. */
static uint32_t subject_of(const struct kb_relevance *r, const float *covered,
			   float most, uint32_t holder)
{
	float least = is_bare(r, most) ? 0 : most * SUBJECT_SHARE;

	for (size_t i = 0; i < r->n_order; i++)
		if (covered[r->order[i]] >= least)
			return r->order[i];
	return holder;
}

static void measure_margins(const struct kb_relevance *r, uint32_t holder,
			    const float *covered, float least, double *f)
{
	const struct kb_prepared_sentence *s = r->evidence->sentences;
	double other = -1, passage = -1;
	size_t better = 0;

	for (size_t i = 0; i < r->n_order && (other < 0 || passage < 0); i++) {
		uint32_t k = r->order[i];

		if (covered[k] >= least)
			continue;
		if (other < 0)
			other = r->score[k];
		if (passage < 0 && s[k].hit != s[holder].hit)
			passage = r->score[k];
	}
	for (size_t i = 0; i < r->n_order; i++, better++)
		if (!(r->score[r->order[i]] > r->score[holder]))
			break;
	f[KB_RELEVANCE_MARGIN] = r->score[holder] - fmax(other, 0);
	f[KB_RELEVANCE_MARGIN_PASSAGE] = r->score[holder] - fmax(passage, 0);
	f[KB_RELEVANCE_RANK] = 1 / (1 + (double)better);
}

/* The largest weight of units in a row that are missing: a name is. */
static double missing_run(const struct kb_relevance *r, uint64_t missing)
{
	double most = 0, sum = 0;

	for (size_t i = 0; i < r->n_units; i++) {
		sum = missing >> i & 1 ? sum + r->weight[i] : 0;
		most = fmax(most, sum);
		if (!(r->runs >> i & 1))
			sum = 0;
	}
	return most;
}

/* Share of the n names half of whose weight is among the units. */
static double names_in(const struct kb_relevance *r, const uint64_t *names,
		       size_t n, uint64_t units)
{
	size_t in = 0;

	for (size_t i = 0; i < n; i++)
		in += kb_relevance_weight(r, names[i] & units) * 2 >=
		      kb_relevance_weight(r, names[i]);
	return (double)in / (double)n;
}

static void measure_covers(const struct kb_relevance *r, uint32_t holder,
			   double *f)
{
	uint32_t hit = r->evidence->sentences[holder].hit;
	uint64_t all = r->n_units < 64 ? (1ull << r->n_units) - 1 : ~0ull;

	f[KB_RELEVANCE_HIT] = hit < r->n_hits ? 1 / (1 + (double)hit) : 0;
	f[KB_RELEVANCE_OWN] = kb_relevance_weight(r, r->own[holder]);
	f[KB_RELEVANCE_WINDOW] = kb_relevance_weight(r, r->window[holder]);
	f[KB_RELEVANCE_RUN] = 1 - missing_run(r, all & ~r->passage[hit]);
	if (!r->n_names)
		return;
	f[KB_RELEVANCE_NAMES] =
	    names_in(r, r->names, r->n_names, r->window[holder]);
	f[KB_RELEVANCE_NAMES_PASSAGE] =
	    names_in(r, r->names, r->n_names, r->passage[hit]);
	f[KB_RELEVANCE_NAMES_ALL] = f[KB_RELEVANCE_NAMES_PASSAGE] >= 1;
}

/* Does the claim itself offer what the question wants? */
static unsigned measure_kind(const struct kb_relevance *r,
			     const struct kb_prepared *claim, double *f)
{
	const struct kb_form *form = &r->form;
	struct kb_str text;
	unsigned cues;

	if (form->kind == KB_WANTED_WHAT && !form->names)
		return 0;
	text = kb_text_fold(claim->arena, claim->texts[0]);
	cues = kb_cues_find(r->reader, text, form->folded);
	if (form->kind != KB_WANTED_WHAT)
		f[KB_RELEVANCE_KIND] = kb_form_kind_met(form->kind, cues);
	if (form->names)
		f[KB_RELEVANCE_MEASURE] = cues & form->names ? 1 : -1;
	if (!(cues & KB_CUE_NUMBERS) && kb_cue_amount(text))
		cues |= KB_CUE_AMOUNT;
	return cues;
}

/* Nearness of the question's pieces in the sentence to what of the claim is
 * not of the question: for each piece e^(-words between / NEAR_WORDS). */
static double nearness(const struct kb_relevance *r,
		       const struct kb_prepared *claim, uint32_t holder)
{
	const struct kb_prepared_sentence *s = &r->evidence->sentences[holder];
	const struct kb_prepared_token *t = r->evidence->tokens + s->first;
	double best[KB_RELEVANCE_UNITS] = {0}, sum = 0;

	for (int pass = 0; pass < 2; pass++) {
		double near = 0;

		for (uint32_t k = 0; k < s->n; k++) {
			uint32_t i = pass ? s->n - 1 - k : k;
			const uint64_t *bits = kb_map_get(&r->bits, t[i].key);
			uint64_t units = bits ? *bits & r->own[holder] : 0;

			near *= NEAR_DECAY;
			if (!units && t[i].weight >= CONTENT_TOKEN &&
			    kb_prepared_find(claim, t[i].key))
				near = 1;
			for (; units; units &= units - 1) {
				int u = __builtin_ctzll(units);

				best[u] = fmax(best[u], near);
			}
		}
	}
	for (size_t u = 0; u < r->n_units; u++)
		sum += r->weight[u] * best[u];
	return sum;
}

static double news(const struct kb_relevance *r,
		   const struct kb_prepared *claim)
{
	double all = 0, asked = 0;

	for (size_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];

		all += t->weight;
		if (kb_map_get(&r->bits, t->key))
			asked += t->weight;
	}
	return all > 0 ? 1 - asked / all : 0;
}

/* How much of the sentence the claim is, by their lengths. */
static double part(const struct kb_relevance *r,
		   const struct kb_prepared *claim, uint32_t holder)
{
	uint32_t n = r->evidence->sentences[holder].n;

	return n ? fmin((double)claim->n_tokens / n, 1) : 1;
}

void kb_relevance_measure(const struct kb_relevance *r,
			  const struct kb_prepared *claim, const float *covered,
			  float most, double *f, struct kb_missing *missing)
{
	float least = is_bare(r, most) ? 0 : most * HELD_SHARE;
	uint32_t holder;

	*missing = (struct kb_missing){.kind = KB_MISSING_NOTHING};
	for (size_t i = 0; i < KB_RELEVANCE_FEATURES; i++)
		f[i] = NAN;
	if (!r->n_units || !(most > 0))
		return;
	holder = holder_of(r, covered, least);
	if (holder == UINT32_MAX) {
		/* A title holds more of it than what stands under it. */
		most = most_in_text(r, covered);
		least = most * HELD_SHARE;
		holder = holder_of(r, covered, least);
	}
	if (holder == UINT32_MAX)
		return;
	measure_margins(r, holder, covered, least, f);
	measure_covers(r, holder, f);
	kb_lacking_features(r, subject_of(r, covered, most, holder), holder,
			    claim, measure_kind(r, claim, f), f, missing);
	f[KB_RELEVANCE_NEAR] = nearness(r, claim, holder);
	f[KB_RELEVANCE_NEWS] = news(r, claim);
	f[KB_RELEVANCE_HAN] = r->form.is_han;
	f[KB_RELEVANCE_PART] = part(r, claim, holder);
}
