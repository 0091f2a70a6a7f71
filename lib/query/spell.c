#include "query/spell.h"

#include <math.h>
#include <stdlib.h>

#include "query/spell_weights.h"
#include "query/term_lookup.h"
#include "text/han.h"

#define LEN_MAX	   32 /* bytes */
#define EDITS_MAX  2
#define CANDIDATES 32
#define WORDS_MAX  8  /* words and characters of a question that are tried */
#define DEAD_RUN   12 /* words passed one by one before a jump */
#define ROWS	   (LEN_MAX + EDITS_MAX + 2)
#define FAR	   100
#define HAN_MAX	   256	/* characters of a question that are looked at */
#define TOKEN_SPAN 1024 /* bytes; more than the analyser makes a token of */

struct change {
	uint32_t start, end; /* bytes of the text */
	struct kb_str to;
};

struct changes {
	struct change items[2 * WORDS_MAX];
	size_t n;
};

/* ---- words near a word ---- */

struct candidate {
	struct kb_str text;
	unsigned distance; /* doubled; a changed first letter is one more */
	uint64_t stem, df; /* key of the stem and what it occurs in */
};

/*
 * A walk over the sorted words of a segment with one row of the distance
 * matrix for each letter of the current word. A beginning whose row has
 * nothing within 'max' is dead, and with it every word that begins so.
 */
struct near {
	struct kb_str word;
	unsigned max;
	bool same_first; /* only words with the same first letter */
	unsigned char rows[ROWS][LEN_MAX + 1];
	unsigned char text[ROWS];
	size_t depth; /* letters whose rows are known */
	size_t dead;  /* length of a dead beginning, 0: none */
	size_t passed;
	bool jump;
	struct kb_arena *arena;
	struct candidate found[CANDIDATES];
	size_t n;
};

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Row i + 1, after letter i was set, within 'max' of the diagonal; returns
 * its least value. */
static unsigned fill_row(struct near *near, size_t i)
{
	const unsigned char *q = (const unsigned char *)near->word.ptr;
	const unsigned char *w = near->text;
	unsigned char *row = near->rows[i + 1], *above = near->rows[i];
	size_t from = i + 1 > near->max ? i + 1 - near->max : 1;
	size_t to = i + 1 + near->max;
	unsigned best = FAR;

	row[0] = (unsigned char)(i + 1);
	if (from > 1 && from <= near->word.len + 1)
		row[from - 1] = FAR;
	else
		best = row[0];
	for (size_t j = from; j <= to && j <= near->word.len; j++) {
		unsigned d = above[j - 1] + (unsigned)(q[j - 1] != w[i]);

		d = least(d, row[j - 1] + 1u);
		if (j < to)
			d = least(d, above[j] + 1u);
		if (i && j > 1 && q[j - 1] == w[i - 1] && q[j - 2] == w[i])
			d = least(d, near->rows[i - 1][j - 2] + 1u);
		row[j] = (unsigned char)least(d, FAR);
		best = least(best, d);
	}
	return best;
}

/* Two errors do not fall on both ends of a word, and a pair such as
 * stations and stating is two words. */
static bool ends_differ(const struct near *near, struct kb_str text)
{
	return near->max > 1 &&
	       (text.ptr[0] != near->word.ptr[0] ||
		text.ptr[text.len - 1] != near->word.ptr[near->word.len - 1]);
}

static void keep(struct near *near, struct kb_str text, unsigned distance)
{
	unsigned d = 2 * distance + (text.ptr[0] != near->word.ptr[0]);

	for (size_t i = 0; i < near->n; i++)
		if (kb_str_eq(near->found[i].text, text))
			return;
	if (near->n < CANDIDATES)
		near->found[near->n++] = (struct candidate){
		    .text = kb_arena_copy(near->arena, text), .distance = d};
}

static bool visit(void *arg, struct kb_str text, uint64_t key)
{
	struct near *near = arg;
	size_t i = 0, len = near->word.len;

	while (i < near->depth && i < text.len &&
	       near->text[i] == (unsigned char)text.ptr[i])
		i++;
	if (near->dead && i >= near->dead) {
		near->jump = ++near->passed >= DEAD_RUN;
		return !near->jump;
	}
	near->dead = near->passed = 0;
	if (near->same_first && text.len && text.ptr[0] != near->word.ptr[0])
		return false;
	for (; i < text.len; i++) {
		near->text[i] = (unsigned char)text.ptr[i];
		near->depth = i + 1;
		if (fill_row(near, i) > near->max || i >= len + near->max) {
			near->dead = i + 1;
			return true;
		}
	}
	near->depth = text.len;
	if (text.len + near->max >= len &&
	    near->rows[text.len][len] <= near->max &&
	    kb_term_class(key) != KB_TERM_CODE &&
	    kb_term_class(key) != KB_TERM_USER && !ends_differ(near, text))
		keep(near, text, near->rows[text.len][len]);
	return true;
}

static void walk_words(struct near *near, const struct kb_segment *seg)
{
	char from[ROWS];
	size_t len = near->same_first;

	near->depth = near->dead = near->passed = 0;
	for (size_t j = 0; j <= near->word.len; j++)
		near->rows[0][j] = (unsigned char)j;
	from[0] = near->word.ptr[0];
	do {
		near->jump = false;
		kb_segment_words(seg, (struct kb_str){from, len}, visit, near);
		/* what comes after the dead beginning; no byte of UTF-8 is
		 * 0xff, and a damaged dictionary ends the walk */
		len = near->dead;
		memcpy(from, near->text, len);
		if (!len || (unsigned char)from[len - 1] == 0xff)
			return;
		from[len - 1]++;
	} while (near->jump);
}

/* Stem and frequency of each candidate; those of one stem become one. */
static void join_stems(const struct kb_spell *spell, struct near *near)
{
	size_t kept = 0;

	for (size_t i = 0; i < near->n; i++) {
		struct candidate c = near->found[i];
		size_t j = 0;

		kb_terms_reset(spell->scratch);
		kb_analyze(spell->analyzer, c.text.ptr, c.text.len,
			   spell->scratch);
		if (spell->scratch->length != 1)
			continue;
		c.stem = spell->scratch->items[0].key;
		for (size_t k = 0; k < spell->scratch->n; k++)
			if (kb_term_class(spell->scratch->items[k].key) ==
			    KB_TERM_WORD)
				c.stem = spell->scratch->items[k].key;
		c.df = kb_scope_frequency(spell->scope, c.stem);
		while (j < kept && near->found[j].stem != c.stem)
			j++;
		if (j == kept)
			near->found[kept++] = c;
		else if (c.distance < near->found[j].distance)
			near->found[j] = c;
	}
	near->n = kept;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
	if (a->distance != b->distance)
		return a->distance < b->distance;
	if (a->df != b->df)
		return a->df > b->df;
	return kb_str_cmp(a->text, b->text) < 0;
}

static const struct candidate *clear_winner(const struct near *near)
{
	const struct candidate *best = NULL, *next = NULL;

	for (size_t i = 0; i < near->n; i++) {
		const struct candidate *c = &near->found[i];

		if (!c->df)
			continue;
		if (!best || better(c, best)) {
			next = best;
			best = c;
		} else if (!next || better(c, next)) {
			next = c;
		}
	}
	if (best && next && next->distance == best->distance &&
	    (double)best->df < CLEAR_WORD * (double)next->df)
		return NULL;
	return best;
}

static bool correct_word(const struct kb_spell *spell, struct kb_str word,
			 struct kb_str *to)
{
	struct near *near = kb_arena_alloc(spell->arena, sizeof(*near));
	const struct candidate *best = NULL;

	for (unsigned max = 1; max <= (word.len < LEN_TWO ? 1 : EDITS_MAX);
	     max++) {
		near->word = word;
		near->max = max;
		near->same_first = max > 1;
		near->arena = spell->arena;
		near->n = 0;
		for (size_t i = 0; i < spell->scope->n; i++)
			walk_words(near, spell->scope->segments[i].segment);
		join_stems(spell, near);
		if (near->n)
			break;
	}
	best = clear_winner(near);
	if (best)
		*to = best->text;
	return best != NULL;
}

/* ---- words of the question ---- */

static bool letters_only(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c < 0x80 && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return true;
}

/* The word as written of stem i; false when it is part of a code. Terms
 * ascend by tokens, so those of its token are near. */
static bool written_form(const struct kb_terms *terms, size_t i,
			 struct kb_str *out)
{
	const struct kb_term *word = &terms->items[i], *as = word;
	size_t from = i;

	while (from && terms->items[from - 1].start + TOKEN_SPAN > word->start)
		from--;
	for (size_t j = from; j < terms->n; j++) {
		const struct kb_term *t = &terms->items[j];
		enum kb_term_class class = kb_term_class(t->key);

		if (t->start >= word->end + TOKEN_SPAN)
			break;
		if (t->start > word->start || t->end < word->end)
			continue;
		if (class == KB_TERM_CODE)
			return false;
		if (class == KB_TERM_EXACT)
			as = t;
	}
	*out = (struct kb_str){terms->text + as->text_off, as->text_len};
	return out->len >= LEN_MIN && out->len <= LEN_MAX && letters_only(*out);
}

static void correct_words(const struct kb_spell *spell, struct changes *changes)
{
	const struct kb_terms *terms = spell->terms;
	size_t tried = 0;

	for (size_t i = 0; i < terms->n && tried < WORDS_MAX; i++) {
		const struct kb_term *t = &terms->items[i];
		struct kb_str word, to;

		if (kb_term_class(t->key) != KB_TERM_WORD ||
		    kb_scope_frequency(spell->scope, t->key) ||
		    !written_form(terms, i, &word))
			continue;
		tried++;
		if (correct_word(spell, word, &to))
			changes->items[changes->n++] =
			    (struct change){t->start, t->end, to};
	}
}

/* ---- Chinese ---- */

struct han {
	uint32_t cp, start, end;
	bool joined; /* to the one before */
};

/* So frequent in questions, and so much rarer in what answers them, that a
 * pair without a match says nothing. */
static const uint16_t small_words[] = {
    0x4e00, 0x4e0d, 0x4e2a, 0x4e3a, 0x4e48, 0x4e4b, 0x4e86, 0x4e8e, 0x4eba,
    0x4ec0, 0x4ed6, 0x4ee5, 0x4eec, 0x4f55, 0x4f60, 0x505a, 0x5176, 0x51e0,
    0x5230, 0x5417, 0x5427, 0x548c, 0x54ea, 0x5440, 0x5462, 0x554a, 0x5728,
    0x591a, 0x5927, 0x5979, 0x5b83, 0x5bf9, 0x5c11, 0x5f97, 0x600e, 0x60a8,
    0x6211, 0x662f, 0x6709, 0x6837, 0x6b21, 0x7684, 0x7740, 0x800c, 0x80fd,
    0x88ab, 0x8981, 0x8c01, 0x8fd8, 0x8fd9, 0x90a3, 0x90fd,
};

static bool is_small(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(small_words) / sizeof(*small_words); i++)
		if (small_words[i] == cp)
			return true;
	return false;
}

static size_t collect_han(const struct kb_terms *terms, struct han *out)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n && n < HAN_MAX; i++) {
		const struct kb_term *t = &terms->items[i];

		if (kb_term_class(t->key) != KB_TERM_HAN1)
			continue;
		out[n] = (struct han){(uint32_t)(t->key & 0xffffff), t->start,
				      t->end, n && out[n - 1].end == t->start};
		n++;
	}
	return n;
}

/* Of the pairs a character makes with its neighbours. */
struct fit {
	bool holes;   /* one of them occurs nowhere */
	double score; /* sum of the logarithms of what they occur in */
	double lift;  /* most: how much oftener together than by chance */
	uint64_t df;  /* of that pair */
};

static void add_pair(const struct kb_scope *scope, uint32_t first,
		     uint32_t second, struct fit *fit)
{
	uint64_t df = kb_scope_frequency(scope, kb_term_han2(first, second));
	double chance, lift;

	if (!df) {
		fit->holes = true;
		return;
	}
	chance = (double)kb_scope_frequency(scope, kb_term_han1(first)) *
		 (double)kb_scope_frequency(scope, kb_term_han1(second)) /
		 (double)(scope->total_length + 1);
	lift = (double)df / (chance > 0 ? chance : 1);
	fit->score += log(1 + (double)df);
	if (lift > fit->lift) {
		fit->lift = lift;
		fit->df = df;
	}
}

/* before and after are 0 where there is none. */
static struct fit fit_of(const struct kb_scope *scope, uint32_t before,
			 uint32_t cp, uint32_t after)
{
	struct fit fit = {.holes = false};

	if (before)
		add_pair(scope, before, cp, &fit);
	if (after)
		add_pair(scope, cp, after, &fit);
	return fit;
}

static bool correct_han(const struct kb_spell *spell, uint32_t before,
			const struct han *at, uint32_t after, struct kb_str *to)
{
	unsigned syllable = kb_pinyin_syllable(at->cp);
	double best = 0, next = 0;
	uint32_t winner = 0;
	char *text;

	for (uint32_t cp = KB_HAN_FIRST; cp <= KB_HAN_LAST; cp++) {
		struct fit fit;

		if (kb_han_syllable[cp - KB_HAN_FIRST] != syllable ||
		    cp == at->cp || kb_han_simplify(cp) != cp)
			continue;
		fit = fit_of(spell->scope, before, cp, after);
		if (fit.holes)
			continue;
		if (fit.score > best) {
			next = best;
			best = fit.score;
			winner = fit.df >= PAIR_MIN && fit.lift >= LIFT_WORD
				     ? cp
				     : 0;
		} else if (fit.score > next) {
			next = fit.score;
		}
	}
	if (!winner || best - next < log(CLEAR_HAN))
		return false;
	text = kb_arena_alloc(spell->arena, 8);
	*to =
	    (struct kb_str){text, kb_term_han_text(kb_term_han1(winner), text)};
	return true;
}

static void correct_chars(const struct kb_spell *spell, struct changes *changes)
{
	struct han *han = kb_arena_alloc(spell->arena, HAN_MAX * sizeof(*han));
	size_t n = collect_han(spell->terms, han), tried = 0;

	for (size_t i = 0; i < n && tried < WORDS_MAX; i++) {
		bool right = i + 1 < n && han[i + 1].joined;
		uint32_t before = han[i].joined ? han[i - 1].cp : 0;
		uint32_t after = right ? han[i + 1].cp : 0;
		struct kb_str to;
		struct fit fit;

		if (!kb_pinyin_syllable(han[i].cp) || is_small(han[i].cp))
			continue;
		fit = fit_of(spell->scope, before, han[i].cp, after);
		if (!fit.holes || fit.lift >= LIFT_CHANCE)
			continue;
		tried++;
		if (!correct_han(spell, before, &han[i], after, &to))
			continue;
		changes->items[changes->n++] =
		    (struct change){han[i].start, han[i].end, to};
		i++; /* the next one's pair was with the wrong character */
	}
}

/* ---- the text ---- */

static int by_start(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

bool kb_spell_correct(const struct kb_spell *spell, struct kb_str *out)
{
	struct changes changes = {.n = 0};
	size_t len = spell->text.len, at = 0;
	char *text, *to;

	correct_words(spell, &changes);
	correct_chars(spell, &changes);
	if (!changes.n)
		return false;
	qsort(changes.items, changes.n, sizeof(*changes.items), by_start);
	for (size_t i = 0; i < changes.n; i++)
		len += changes.items[i].to.len;
	text = to = kb_arena_alloc(spell->arena, len + 1);
	for (size_t i = 0; i < changes.n; i++) {
		const struct change *c = &changes.items[i];

		memcpy(to, spell->text.ptr + at, c->start - at);
		to += c->start - at;
		memcpy(to, c->to.ptr, c->to.len);
		to += c->to.len;
		at = c->end;
	}
	memcpy(to, spell->text.ptr + at, spell->text.len - at);
	to += spell->text.len - at;
	*out = (struct kb_str){text, (size_t)(to - text)};
	return true;
}
