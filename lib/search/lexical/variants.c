#include "search/lexical/variants.h"

#include <assert.h>

#include "base/ascii.h"
#include "query/term_lookup.h"
#include "search/lexical/lexical_weights.h"
#include "search/lexical/ordinals.h"
#include "text/words.h"

#define WORDS	   64 /* of a question that are looked at */
#define JOINED	   3  /* words that may be one */
#define JOINED_MAX 64 /* bytes of them */
#define GAP	   3  /* bytes between them */
#define PARTED_MIN 4  /* letters of a word that may be two */
#define PARTED	   4  /* partings that are looked for in passages */
#define PASSAGES   4  /* for each */
#define ORDINALS   8  /* of a question */

/* A word of the question that is no part of a longer token. */
struct word {
	struct kb_str text; /* as written, folded */
	uint64_t key;
	uint32_t start, end;
};

/* The terms of the question while they grow. */
struct growing {
	const struct kb_variants *v;
	struct kb_lex_term *terms;
	size_t n, max;
	struct word words[WORDS];
	size_t n_words;
};

static struct kb_lex_term *find(const struct growing *g, uint64_t key)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->terms[i].key == key)
			return &g->terms[i];
	return NULL;
}

static void add(struct growing *g, uint64_t key, float weight, uint64_t df,
		float idf)
{
	if (g->n < g->max)
		g->terms[g->n++] = (struct kb_lex_term){.key = key,
							.weight = weight,
							.df = df,
							.idf = idf,
							.added = true};
}

/* Another term for the same thing as term 'own' of the question: in its place
 * when no passage has that, else as rare as both are together. */
static void stand_for(struct growing *g, uint64_t own, uint64_t other)
{
	struct kb_lex_term *term = find(g, own);
	uint64_t df = kb_scope_frequency(g->v->scope, other);

	if (!term || !df || find(g, other))
		return;
	if (!term->df) {
		term->key = other;
		term->df = df;
		term->idf = kb_lexical_idf(g->v->scope->n_chunks, df);
		return;
	}
	term->idf = kb_lexical_idf(g->v->scope->n_chunks, term->df + df);
	add(g, other, VARIANT_WEIGHT * term->weight, df, term->idf);
}

/* The key of a word of letters; 0 when the text is something else. */
static uint64_t word_key(const struct growing *g, struct kb_str text)
{
	struct kb_terms *terms = g->v->scratch;

	for (size_t i = 0; i < text.len; i++)
		if (kb_is_digit(text.ptr[i]))
			return 0;
	kb_terms_reset(terms);
	kb_analyze(g->v->analyzer, text.ptr, text.len, terms);
	return terms->n && terms->length == 1 &&
		       kb_term_class(terms->items[0].key) == KB_TERM_WORD
		   ? terms->items[0].key
		   : 0;
}

/* ---- the words ---- */

static bool in_code(const struct kb_terms *terms, const struct kb_term *t)
{
	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *c = &terms->items[i];

		if (kb_term_class(c->key) == KB_TERM_CODE &&
		    c->start <= t->start && c->end >= t->end)
			return true;
	}
	return false;
}

static void take_words(struct growing *g)
{
	const struct kb_terms *terms = g->v->terms;
	struct kb_terms head = kb_terms_head(terms, 4 * WORDS);

	for (size_t i = 0; i < head.n && g->n_words < WORDS; i++) {
		const struct kb_term *t = &head.items[i], *as = t;

		if (kb_term_class(t->key) != KB_TERM_WORD || in_code(&head, t))
			continue;
		if (i + 1 < head.n && t[1].pos == t->pos &&
		    kb_term_class(t[1].key) == KB_TERM_EXACT)
			as++;
		g->words[g->n_words++] = (struct word){
		    .text = {terms->text + as->text_off, as->text_len},
		    .key = t->key,
		    .start = t->start,
		    .end = t->end};
	}
}

/* Wi-Fi finds wifi. */
static void write_codes_plain(struct growing *g)
{
	const struct kb_terms *terms = g->v->terms;

	for (size_t i = 0; i < terms->n && i < 4 * WORDS; i++) {
		const struct kb_term *t = &terms->items[i];
		struct kb_str text = {terms->text + t->text_off, t->text_len};
		uint64_t key;

		if (kb_term_class(t->key) != KB_TERM_CODE || !text.len ||
		    text.ptr[0] == '-')
			continue;
		key = word_key(g, text);
		if (key)
			stand_for(g, t->key, key);
	}
}

/* wifi finds Wi-Fi. */
static void write_words_joined(struct growing *g)
{
	for (size_t i = 0; i < g->n_words; i++) {
		struct kb_str text = g->words[i].text;

		stand_for(g, g->words[i].key,
			  kb_term_key(KB_TERM_CODE, text.ptr, text.len));
	}
}

/* ---- words that may be one ---- */

/* Blanks, or a sign with blanks around, that parts names. */
static bool joins(struct kb_str gap)
{
	if (!gap.len || gap.len > GAP)
		return false;
	for (size_t i = 0; i < gap.len; i++)
		if (!strchr(" -_/.&+", gap.ptr[i]))
			return false;
	return true;
}

/* "in to", "a part": the word that they make is another one. */
static bool is_chance(const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_stop_word(words[i].text.ptr, words[i].text.len))
			return true;
	return false;
}

/* A passage that has the one word lacks the others, and is worth no more than
 * if it had these. What has them joined by a sign or a change of case has them
 * as words, too. */
static void add_joined(struct growing *g, const struct word *words, size_t n,
		       struct kb_str joined)
{
	uint64_t key = word_key(g, joined);
	uint64_t df = key ? kb_scope_frequency(g->v->scope, key) : 0;
	float idf, parts = 0;

	if (!df || find(g, key))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct kb_lex_term *term = find(g, words[i].key);

		parts += term ? term->idf : 0;
	}
	idf = kb_lexical_idf(g->v->scope->n_chunks, df);
	add(g, key, VARIANT_WEIGHT, df, idf < parts ? idf : parts);
}

static void join_from(struct growing *g, size_t first)
{
	char text[JOINED_MAX];
	struct kb_str joined = {text, 0};

	for (size_t i = first; i < g->n_words && i < first + JOINED; i++) {
		const struct word *w = &g->words[i];

		if (i > first &&
		    (w->start < w[-1].end ||
		     !joins((struct kb_str){g->v->question.ptr + w[-1].end,
					    w->start - w[-1].end})))
			return;
		if (joined.len + w->text.len > JOINED_MAX)
			return;
		memcpy(text + joined.len, w->text.ptr, w->text.len);
		joined.len += w->text.len;
		if (i > first && !is_chance(&g->words[first], i + 1 - first))
			add_joined(g, &g->words[first], i + 1 - first, joined);
	}
}

/* ---- a word that may be two ---- */

/* Do the two stand side by side in the passage? */
static bool side_by_side(const struct growing *g, uint64_t a, uint64_t b,
			 const struct kb_passage *passage)
{
	const struct kb_str texts[] = {passage->title, passage->text};
	struct kb_terms *terms = g->v->scratch;

	kb_terms_reset(terms);
	for (size_t i = 0; i < 2; i++)
		kb_analyze(g->v->analyzer, texts[i].ptr, texts[i].len, terms);
	for (size_t i = 0; i < terms->n; i++)
		for (size_t j = i + 1;
		     terms->items[i].key == a && j < terms->n &&
		     terms->items[j].pos <= terms->items[i].pos + 1;
		     j++)
			if (terms->items[j].key == b &&
			    terms->items[j].pos == terms->items[i].pos + 1)
				return true;
	return false;
}

static bool stands_parted(const struct growing *g, uint64_t a, uint64_t b)
{
	const struct kb_variants *v = g->v;
	struct kb_lex_term both[] = {{.key = a, .weight = 1},
				     {.key = b, .weight = 1}};
	struct kb_candidate found[PASSAGES];
	struct kb_passage passage;
	size_t n;

	kb_lexical_stats(v->scope, both, 2);
	if (kb_lexical_search(v->lexical, v->scope, both, 2, v->params,
			      PASSAGES, found, &n, NULL) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!kb_segment_fetch(
			v->scope->segments[found[i].segment].segment,
			found[i].chunk, v->arena, &passage, NULL) &&
		    side_by_side(g, a, b, &passage))
			return true;
	return false;
}

/* Both count as much as the word does. */
static void take_parts(struct growing *g, const struct kb_lex_term *own,
		       uint64_t a, uint64_t b)
{
	struct kb_lex_term both[] = {{.key = a, .weight = own->weight / 2},
				     {.key = b, .weight = own->weight / 2}};

	kb_lexical_stats(g->v->scope, both, 2);
	for (size_t i = 0; i < 2; i++)
		if (!find(g, both[i].key))
			add(g, both[i].key, both[i].weight, both[i].df,
			    both[i].idf);
}

/* wifi finds wi fi: the first parting, from the left, that a text has. */
static void part(struct growing *g, const struct word *w)
{
	struct kb_lex_term *own = find(g, w->key);
	bool joined = kb_scope_frequency(
	    g->v->scope, kb_term_key(KB_TERM_CODE, w->text.ptr, w->text.len));
	size_t tried = 0;

	if (!own || (own->df && !joined) || w->text.len < PARTED_MIN ||
	    (!joined && g->v->corrected))
		return;
	for (size_t at = 1; at < w->text.len && tried < PARTED; at++) {
		struct kb_str left = {w->text.ptr, at};
		struct kb_str right = {w->text.ptr + at, w->text.len - at};
		uint64_t a = word_key(g, left), b = 0;

		if (a && kb_scope_frequency(g->v->scope, a))
			b = word_key(g, right);
		if (!b || !kb_scope_frequency(g->v->scope, b))
			continue;
		tried++;
		if (!stands_parted(g, a, b))
			continue;
		take_parts(g, own, a, b);
		return;
	}
}

/* ---- ordinal numbers ---- */

/* All terms of the other writing together count as the own one does, and are
 * no rarer: a number alone stands in texts for other things. */
static void add_ordinals(struct growing *g)
{
	struct kb_ordinal found[ORDINALS];
	size_t n = kb_ordinals_find(g->v->terms, found, ORDINALS);

	for (size_t i = 0; i < n; i++) {
		const struct kb_lex_term *own = find(g, found[i].own);

		for (size_t j = 0; own && j < found[i].n; j++) {
			uint64_t key = found[i].others[j];
			uint64_t df = kb_scope_frequency(g->v->scope, key);
			float idf = kb_lexical_idf(g->v->scope->n_chunks, df);

			if (!df || find(g, key))
				continue;
			add(g, key,
			    VARIANT_WEIGHT * own->weight / (float)found[i].n,
			    df, own->df && own->idf < idf ? own->idf : idf);
		}
	}
}

/* ---- names of files ---- */

/* Rare or not among those that have names, and no rarer than in the texts. */
static void add_path(struct growing *g, struct kb_lex_term *term,
		     uint64_t named)
{
	uint64_t key = kb_term_path(term->key);
	uint64_t df = kb_scope_frequency(g->v->scope, key);
	struct kb_lex_term path = {
	    .key = key,
	    .weight = term->weight * g->v->params->class_weight[KB_TERM_PATH],
	    .df = df,
	    .idf = kb_lexical_idf(named, df)};

	if (!df || (df == named && named > 1))
		return; /* what all have says nothing */
	if (!term->df)
		*term = path; /* known, after all */
	else
		add(g, key, path.weight, df,
		    path.idf < term->idf ? path.idf : term->idf);
}

static void add_paths(struct growing *g, size_t asked)
{
	uint64_t named = kb_scope_frequency(g->v->scope, KB_TERM_NAMED);

	for (size_t i = 0; i < asked && named; i++) {
		enum kb_term_class class = kb_term_class(g->terms[i].key);

		if (class == KB_TERM_HAN2 || class == KB_TERM_WORD ||
		    class == KB_TERM_CODE)
			add_path(g, &g->terms[i], named);
	}
}

size_t kb_variants_add(const struct kb_variants *v, struct kb_lex_term *terms,
		       size_t n, size_t max)
{
	struct growing g = {.v = v, .terms = terms, .n = n, .max = max};

	assert(n <= max && max <= KB_LEX_TERMS);
	assert(v->terms != v->scratch);
	take_words(&g);
	write_codes_plain(&g);
	write_words_joined(&g);
	for (size_t i = 0; i < g.n_words; i++)
		join_from(&g, i);
	for (size_t i = 0; i < g.n_words; i++)
		part(&g, &g.words[i]);
	add_ordinals(&g);
	add_paths(&g, n);
	return g.n;
}
