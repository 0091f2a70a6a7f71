#include "classify/class_features.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "text/han.h"
#include "text/script.h"

enum {
	PIECE_MAX = 5,	    /* characters, with the ends of the word */
	FIRST_SLOTS = 2048, /* few of which a line of text takes */
};

/* What a hash begins with: the kinds of features. */
#define OF_WORD	 UINT64_C(0x5bd1e9955bd1e995)
#define OF_PAIR	 UINT64_C(0x9e3779b97f4a7c15)
#define OF_PIECE UINT64_C(0xc2b2ae3d27d4eb4f)
/* What stands before a text, and before and behind a word. */
#define TEXT_EDGE UINT64_C(0xd6e8feb86659fd93)
#define WORD_EDGE 0x110000u /* no character */

void kb_class_features_init(struct kb_class_features *f)
{
	*f = (struct kb_class_features){0};
}

void kb_class_features_release(struct kb_class_features *f)
{
	free(f->items);
	free(f->slots);
	free(f->chars);
	*f = (struct kb_class_features){0};
}

/* ---- the set ---- */

static void enlarge(struct kb_class_features *f, size_t n_slots)
{
	if (n_slots > f->cap_slots) {
		free(f->slots);
		f->slots = kb_calloc(n_slots, sizeof(*f->slots));
		f->cap_slots = n_slots;
	} else {
		memset(f->slots, 0, n_slots * sizeof(*f->slots));
	}
	f->n_slots = n_slots;
	for (size_t i = 0; i < f->n; i++) {
		size_t at = f->items[i].key & (f->n_slots - 1);

		while (f->slots[at])
			at = (at + 1) & (f->n_slots - 1);
		f->slots[at] = (uint32_t)i + 1;
	}
}

static inline void add(struct kb_class_features *f, uint64_t hash,
		       enum kb_class_group group)
{
	uint32_t key = (uint32_t)(hash * OF_PAIR >> 32);
	size_t at;

	if (f->n * 2 >= f->n_slots)
		enlarge(f, f->n_slots * 2);
	at = key & (f->n_slots - 1);
	for (; f->slots[at]; at = (at + 1) & (f->n_slots - 1)) {
		struct kb_class_feature *old = &f->items[f->slots[at] - 1];

		if (old->key == key) {
			old->count++;
			return;
		}
	}
	if (f->n == f->cap)
		kb_grow(&f->items, &f->cap, f->n + 1, sizeof(*f->items));
	f->items[f->n] = (struct kb_class_feature){key, 1, group & 1u};
	f->slots[at] = (uint32_t)++f->n;
}

/* ---- characters ---- */

enum kind { GAP, LETTER, ALONE };

static uint32_t fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp - 'A' < 26 ? cp + 32 : cp;
	if (cp >= 0xff01 && cp <= 0xff5e)
		return fold(cp - 0xfee0);
	if (cp == 0x3000 || cp == 0xa0)
		return ' ';
	if (kb_is_cjk(cp))
		return kb_han_simplify(cp);
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

static enum kind kind_of(uint32_t cp)
{
	if (cp < 0x80) {
		if (cp - 'a' < 26 || cp - '0' < 10)
			return LETTER;
		return cp > ' ' && cp < 0x7f ? ALONE : GAP;
	}
	if (kb_is_cjk(cp))
		return ALONE;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
		return LETTER;
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return GAP;
	default:
		return ALONE;
	}
}

static size_t fold_all(struct kb_class_features *f, struct kb_str text)
{
	size_t n = 0;

	if (f->cap_chars < text.len)
		kb_grow(&f->chars, &f->cap_chars, text.len, sizeof(*f->chars));
	for (size_t i = 0; i < text.len;) {
		uint32_t cp;

		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (cp != KB_UTF8_BAD)
			f->chars[n++] = fold(cp);
	}
	return n;
}

/* ---- features ---- */

static inline uint64_t go_on(uint64_t hash, uint32_t cp)
{
	return (hash ^ cp) * UINT64_C(0x100000001b3) + (hash >> 29);
}

/* The pieces of a word of n characters; its ends are characters 0 and n + 1. */
static void add_pieces(struct kb_class_features *f, const uint32_t *word,
		       size_t n)
{
	for (size_t from = 0; from < n + 1; from++) {
		uint64_t hash =
		    go_on(OF_PIECE, from ? word[from - 1] : WORD_EDGE);

		for (size_t at = from + 1; at < n + 2 && at < from + PIECE_MAX;
		     at++) {
			hash = go_on(hash, at > n ? WORD_EDGE : word[at - 1]);
			add(f, hash, KB_CLASS_PIECES);
		}
	}
}

/* A word behind others. */
static uint64_t chain(uint64_t before, uint64_t word)
{
	return kb_mix64(before ^ OF_PAIR) + word;
}

void kb_class_features_make(struct kb_class_features *f, struct kb_str text)
{
	uint64_t before = TEXT_EDGE, start = TEXT_EDGE;
	size_t n, end, n_words = 0;

	f->n = 0;
	enlarge(f, FIRST_SLOTS);
	if (text.len > KB_CLASS_TEXT_MAX)
		text.len = kb_utf8_cut(text.ptr, text.len, KB_CLASS_TEXT_MAX);
	n = fold_all(f, text);
	for (size_t at = 0; at < n; at = end) {
		enum kind kind = kind_of(f->chars[at]);
		uint64_t word;

		end = at + 1;
		if (kind == GAP)
			continue;
		word = go_on(OF_WORD, f->chars[at]);
		while (kind == LETTER && end < n &&
		       kind_of(f->chars[end]) == LETTER)
			word = go_on(word, f->chars[end++]);
		add(f, word, KB_CLASS_WORDS);
		add(f, chain(before, word), KB_CLASS_WORDS);
		if (!kb_is_cjk(f->chars[at]))
			add_pieces(f, f->chars + at, end - at);
		before = word;
		if (n_words < 3) {
			start = chain(start, word);
			if (n_words)
				add(f, start, KB_CLASS_WORDS);
		}
		n_words++;
	}
	if (n_words)
		add(f, chain(before, TEXT_EDGE), KB_CLASS_WORDS);
}
