/*
 * Text to terms: the one analysis of documents and queries.
 *
 * Normalisation: full-width forms and compatibility ligatures folded, case
 * folded, traditional Chinese to simplified, combining marks composed.
 * Runs are split at every change between Han and other scripts. Then
 *
 *   Han run     every character (HAN1) and every adjacent pair (HAN2)
 *   word        letters and digits, an inner apostrophe dropped: its
 *               English stem (WORD), and the form as written (EXACT) when
 *               that differs from the stem; "'s" is none, nor "'ll", "'re"
 *               ... where they stand apart from their word
 *   mixed token iPhone15ProMax256G, SKU-12345, 1.5, 2024-01-31: the joined
 *               whole (CODE) and its letter and digit pieces as words
 *   option      -xzf, --no-preserve, -9: the same, and the whole with its
 *               dashes (CODE)
 *   other       kana and hangul like Han; any other script by runs (WORD);
 *               an emoji (WORD), whatever its colour; a sign that is short
 *               for text as that text
 *
 * A term is a 64-bit key with the class in its top bits: Han terms hold
 * their code points, the others a hash of the normalised text. Base terms
 * (HAN1 and WORD) count towards the document's length; the others are
 * refinements, whose weight the search decides by their class.
 *
 * An analyser may not be used by two threads at once.
 */
#ifndef KB_TEXT_ANALYZE_H
#define KB_TEXT_ANALYZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* Of what is written above and in kb_path_terms(): another number wherever
 * the terms of some text change. An index keeps the one it was built with. */
#define KB_ANALYSIS 2

enum kb_term_class {
	KB_TERM_HAN1 = 1,  /* one CJK character */
	KB_TERM_HAN2 = 2,  /* two adjacent CJK characters */
	KB_TERM_WORD = 3,  /* a word or piece, stemmed: one for every word */
	KB_TERM_EXACT = 4, /* the word as written, when its stem differs */
	KB_TERM_CODE = 5,  /* a mixed token joined */
	KB_TERM_USER = 6,  /* an entry of the user dictionary */
	KB_TERM_PATH = 7,  /* one of the above in the name of a file */
};

struct kb_term {
	uint64_t key;	     /* class << 60 | code points or hash */
	uint32_t start, end; /* bytes of the source text it came from */
	uint32_t pos;	     /* running number of base tokens */
	uint16_t text_len;   /* normalised text: offset below, in terms.text */
	uint32_t text_off;   /* (for HAN1/HAN2 decode the key instead) */
};

/*
 * Keys of Han terms hold their code points: HAN1 the character, HAN2 the
 * first character << 24 | the second. Others: kb_term_key().
 */
struct kb_terms {
	struct kb_term *items;
	size_t n, cap;
	uint32_t length; /* number of base tokens: the document's length */
	char *text;	 /* normalised text of word-like terms, packed */
	size_t text_len, text_cap;
};

struct kb_analyzer;

static inline enum kb_term_class kb_term_class(uint64_t key)
{
	return (enum kb_term_class)(key >> 60);
}

/* Is it of the terms that a text has one of for every character or word? */
static inline bool kb_term_is_base(uint64_t key)
{
	enum kb_term_class class = kb_term_class(key);

	return class == KB_TERM_HAN1 || class == KB_TERM_WORD;
}

/* The key of a term that is no Han term, from its normalised text. */
uint64_t kb_term_key(enum kb_term_class class, const char *text, size_t len);

static inline uint64_t kb_term_han1(uint32_t cp)
{
	return (uint64_t)KB_TERM_HAN1 << 60 | cp;
}

static inline uint64_t kb_term_han2(uint32_t first, uint32_t second)
{
	return (uint64_t)KB_TERM_HAN2 << 60 | (uint64_t)first << 24 | second;
}

/* Of any other term, as it stands in the name of a file. */
uint64_t kb_term_path(uint64_t key);

/* What every document has that is found by the name of its file. */
#define KB_TERM_NAMED ((uint64_t)KB_TERM_PATH << 60)

/* A Han term as UTF-8 in dst[8]; returns its bytes, 0 for other classes. */
size_t kb_term_han_text(uint64_t key, char *dst);

struct kb_analyzer *kb_analyzer_new(void);
void kb_analyzer_free(struct kb_analyzer *an);

/*
 * Replace the user dictionary: n entries of any text, copied. Where the
 * base terms of an entry stand side by side in a text, the longest entry
 * from there becomes a KB_TERM_USER over them, found from left to right
 * without overlap. n of 0 clears it.
 */
void kb_analyzer_set_words(struct kb_analyzer *an, const struct kb_str *words,
			   size_t n);

/*
 * Append the terms of text to terms (kb_terms_reset() first for a new one).
 * Text of any bytes is accepted: broken UTF-8 separates. Positions go on
 * from terms->length. At most 1 GiB of text between two resets.
 */
void kb_analyze(struct kb_analyzer *an, const char *text, size_t len,
		struct kb_terms *terms);

/*
 * Append the terms of the directories and the name of a file: words, codes and
 * pairs of Chinese characters, as KB_TERM_PATH, without text and of no length;
 * and KB_TERM_NAMED, if there are any.
 */
void kb_path_terms(struct kb_analyzer *an, struct kb_str path,
		   struct kb_terms *terms);

void kb_terms_reset(struct kb_terms *terms);
void kb_terms_release(struct kb_terms *terms);

/* The first max terms, borrowed: as if the text had ended there. */
struct kb_terms kb_terms_head(const struct kb_terms *terms, size_t max);

#endif
