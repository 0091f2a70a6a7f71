/*
 * Inside of the analysis: what analyze.c, token.c and stem.c share. Users
 * include text/analyze.h.
 */
#ifndef KB_TEXT_ANALYZER_H
#define KB_TEXT_ANALYZER_H

#include "base/buf.h"
#include "base/map.h"
#include "text/analyze.h"

#define KB_STEM_FIRST 256   /* at first: each fresh page is a fault */
#define KB_STEM_SLOTS 16384 /* at last, a power of two; 512 KiB */
#define KB_STEM_WORD  18    /* longest word that is remembered */
#define KB_STEM_END   3	    /* longest end of a stem that its word has not */
#define KB_STEM_MAX   64    /* longest word that is stemmed at all */
#define KB_STEM_ROOM  (KB_STEM_MAX + 24) /* for zeros behind one */
#define KB_TERM_MASK  (((uint64_t)1 << 60) - 1)

/* One remembered word: 32 bytes, two are a line of the cache. Its stem is the
 * beginning of the word with another end. */
struct kb_stem_slot {
	uint64_t word_key;
	char word[KB_STEM_WORD]; /* zeros behind it, all zeros: free */
	unsigned char word_len;
	unsigned char kept; /* bytes of the word that the stem begins with, */
	unsigned char end_len; /* and those that it ends in */
	char end[KB_STEM_END];
};

struct sb_stemmer;

struct kb_analyzer {
	struct sb_stemmer *stemmer;
	struct kb_stem_slot *slots; /* in pairs, by hash */
	void *slot_memory;	    /* that they are aligned in */
	size_t n_slots, n_words;
	struct kb_map words;	 /* user dictionary: hash of a sequence of
				 base keys -> what analyze.c says */
	struct kb_buf word_text; /* normalised texts of its entries */
};

struct kb_term *kb_terms_grow(struct kb_terms *terms);
void kb_terms_grow_text(struct kb_terms *terms, size_t n);

static inline struct kb_term *kb_terms_add(struct kb_terms *terms, uint64_t key,
					   uint32_t start, uint32_t end,
					   uint32_t pos)
{
	struct kb_term *t = terms->n < terms->cap ? &terms->items[terms->n]
						  : kb_terms_grow(terms);

	terms->n++;
	t->key = key;
	t->start = start;
	t->end = end;
	t->pos = pos;
	t->text_len = 0;
	t->text_off = 0;
	return t;
}

static inline void kb_terms_set_text(struct kb_terms *terms, struct kb_term *t,
				     const char *text, size_t len)
{
	if (len > terms->text_cap - terms->text_len)
		kb_terms_grow_text(terms, len);
	memcpy(terms->text + terms->text_len, text, len);
	t->text_off = (uint32_t)terms->text_len;
	t->text_len = (uint16_t)len;
	terms->text_len += len;
}

/* Take n free slots, aligned: a pair, nearly always one that is not near the
 * last, is one line of the cache. What there was is not released. */
void kb_stem_slots(struct kb_analyzer *an, size_t n);

/*
 * One word of lower-case ASCII letters (to be stemmed) or ASCII digits, at
 * most KB_TOKEN_MAX bytes: a base term, and EXACT when its stem differs.
 */
void kb_word_add(struct kb_analyzer *an, struct kb_terms *terms,
		 const char *word, size_t len, uint32_t start, uint32_t end);

/* The same for a word of at most KB_STEM_MAX bytes with 16 zeros behind it, or
 * more up to 24 bytes in all: it is compared, hashed and copied in words. */
void kb_word_add_padded(struct kb_analyzer *an, struct kb_terms *terms,
			const char *word, size_t len, uint32_t start,
			uint32_t end);

/* The same for a word in valid UTF-8 that is not all ASCII: compatibility
 * composed and case folded; Latin letters lose their marks in the stem. */
void kb_word_add_wide(struct kb_analyzer *an, struct kb_terms *terms,
		      const char *word, size_t len, uint32_t start,
		      uint32_t end);

/* Compatibility composition and case folding of valid UTF-8 into dst[cap];
 * returns the length, 0 when it does not fit. strip drops marks. */
size_t kb_word_fold(const char *word, size_t len, bool strip, char *dst,
		    size_t cap);

#define KB_TOKEN_MAX 256

/*
 * The token at text + at, which starts with a letter or digit of any script
 * but the CJK ones, or with the dot of .NET: adds its terms and returns the
 * byte after it.
 */
size_t kb_token_scan(struct kb_analyzer *an, const char *text, size_t len,
		     size_t at, struct kb_terms *terms);

/* The option at text + at, which is a dash: what follows as ever, and a code of
 * it with the dashes. Returns the byte after it, or after the dash. */
size_t kb_option_scan(struct kb_analyzer *an, const char *text, size_t len,
		      size_t at, struct kb_terms *terms);

enum kb_char_kind { KB_CHAR_NONE, KB_CHAR_LETTER, KB_CHAR_DIGIT, KB_CHAR_MARK };

/* Kind of a character that is neither ASCII nor CJK. */
enum kb_char_kind kb_char_kind(uint32_t cp);

/* A sign that people write as a word: an emoji, not a bullet or an arrow. */
bool kb_is_pictograph(uint32_t cp);

/* What a sign that is short for text stands for (U+338F: "kg"), into
 * dst[cap]: its bytes, 0 for others and for marks of ownership. */
size_t kb_sign_text(uint32_t cp, char *dst, size_t cap);

#endif
