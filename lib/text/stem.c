#include <assert.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "base/load.h"
#include "base/utf8.h"
#include "text/analyzer.h"

uint64_t kb_term_key(enum kb_term_class class, const char *text, size_t len)
{
	return (uint64_t) class << 60 |
	       (kb_hash64(text, len, 0) & KB_TERM_MASK);
}

static bool all_letters(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] < 'a' || word[i] > 'z')
			return false;
	return true;
}

/*
 * Behind which letters the last letter of a word may be the end of a suffix of
 * the English stemmer (snowballstem.org, Porter2), as bits: -ic, -ed, -ing,
 * -ism, -ion, -er and -ator, -ant and -ent.
 */
#define AFTER(letter) (1u << ((letter)&31))
#define ANY	      ~0u

static const unsigned suffix_after[26] = {
    ['c' - 'a'] = AFTER('i'),
    ['d' - 'a'] = AFTER('e'),
    ['e' - 'a'] = ANY,
    ['g' - 'a'] = AFTER('n'),
    ['i' - 'a'] = ANY,
    ['l' - 'a'] = ANY,
    ['m' - 'a'] = AFTER('s'),
    ['n' - 'a'] = AFTER('o'),
    ['r' - 'a'] = AFTER('e') | AFTER('o'),
    ['s' - 'a'] = ANY,
    ['t' - 'a'] = AFTER('n'),
    ['y' - 'a'] = ANY,
};

/* Does no rule of it apply to the word or number? Two letters are too few. */
static bool is_own_stem(const char *word, size_t len)
{
	unsigned last;

	if (len < 3)
		return true;
	last = (unsigned)(word[len - 1] - 'a');
	return last >= 26 || !(suffix_after[last] & AFTER(word[len - 2]));
}

/* The stem into dst[KB_TOKEN_MAX]; long words and anything with a digit are
 * their own. */
static size_t stem(struct kb_analyzer *an, const char *word, size_t len,
		   char *dst)
{
	if (!is_own_stem(word, len) && len <= KB_STEM_MAX &&
	    all_letters(word, len)) {
		const sb_symbol *s = sb_stemmer_stem(
		    an->stemmer, (const sb_symbol *)word, (int)len);

		if (s) {
			len = (size_t)sb_stemmer_length(an->stemmer);
			memcpy(dst, s, len);
			return len;
		}
	}
	memcpy(dst, word, len);
	return len;
}

/* Room for n texts that are copied whole: a copy of a fixed size is no call. */
static void room_for_texts(struct kb_terms *terms, size_t n)
{
	if (terms->text_cap - terms->text_len < n * KB_STEM_WORD)
		kb_terms_grow_text(terms, n * KB_STEM_WORD);
}

/* A term's text: len bytes of a word of KB_STEM_WORD. */
static char *set_text(struct kb_terms *terms, struct kb_term *t,
		      const char *word, size_t len)
{
	char *text = terms->text + terms->text_len;

	memcpy(text, word, KB_STEM_WORD);
	t->text_off = (uint32_t)terms->text_len;
	t->text_len = (uint16_t)len;
	terms->text_len += len;
	return text;
}

/* The terms of a remembered word, and of its hash. */
static void add_slot(struct kb_terms *terms, const struct kb_stem_slot *s,
		     uint64_t hash, uint32_t start, uint32_t end)
{
	uint32_t pos = terms->length++;
	struct kb_term *t = kb_terms_add(terms, s->word_key, start, end, pos);
	char *text;

	room_for_texts(terms, 3);
	text = set_text(terms, t, s->word, (size_t)s->kept + s->end_len);
	memcpy(text + s->kept, s->end, KB_STEM_END);
	if (s->kept == s->word_len && !s->end_len)
		return;
	t = kb_terms_add(terms,
			 (uint64_t)KB_TERM_EXACT << 60 | (hash & KB_TERM_MASK),
			 start, end, pos);
	set_text(terms, t, s->word, s->word_len);
}

/* A base term of the stem, and one of the word where that is another. */
static void add_pair(struct kb_terms *terms, uint64_t word_key,
		     uint64_t exact_key, struct kb_str word,
		     struct kb_str stem_text, uint32_t start, uint32_t end)
{
	uint32_t pos = terms->length++;
	struct kb_term *t = kb_terms_add(terms, word_key, start, end, pos);

	kb_terms_set_text(terms, t, stem_text.ptr, stem_text.len);
	if (kb_str_eq(word, stem_text))
		return;
	t = kb_terms_add(terms, exact_key, start, end, pos);
	kb_terms_set_text(terms, t, word.ptr, word.len);
}

void kb_stem_slots(struct kb_analyzer *an, size_t n)
{
	size_t bytes = 2 * sizeof(*an->slots); /* of a pair */

	an->slot_memory = kb_calloc(n * sizeof(*an->slots) + bytes, 1);
	an->slots =
	    (struct kb_stem_slot *)(void *)((char *)an->slot_memory +
					    (-(uintptr_t)an->slot_memory &
					     (bytes - 1)));
	an->n_slots = n;
	an->n_words = 0;
}

/* The first of the two slots that a word may be remembered in; the other is
 * its neighbour. */
static struct kb_stem_slot *slot_of(const struct kb_analyzer *an, uint64_t hash)
{
	return &an->slots[hash >> 20 & (an->n_slots - 2)];
}

/* word: with zeros behind it. */
static bool is_of(const struct kb_stem_slot *slot, const char *word)
{
	return !memcmp(slot->word, word, KB_STEM_WORD);
}

/* Room for a word in the first of its slots; what was there goes to the second,
 * and what was there is forgotten. */
static struct kb_stem_slot *slot_for(struct kb_analyzer *an, uint64_t hash)
{
	struct kb_stem_slot *slot = slot_of(an, hash);

	an->n_words += !slot[1].word_len;
	slot[1] = slot[0];
	return slot;
}

/* A table that is half full makes way for one of four times the size. */
static void grow_slots(struct kb_analyzer *an)
{
	const struct kb_stem_slot *old = an->slots;
	void *memory = an->slot_memory;
	size_t n = an->n_slots;

	if (an->n_words <= n / 2 || n == KB_STEM_SLOTS)
		return;
	kb_stem_slots(an, n * 4);
	for (size_t i = 0; i < n; i++)
		if (old[i].word_len)
			*slot_for(an, kb_hash64(old[i].word, old[i].word_len,
						0)) = old[i];
	free(memory);
}

/* A word that is its own stem, with zeros behind it. */
static void add_own(struct kb_terms *terms, const char *word, size_t len,
		    uint64_t hash, uint32_t start, uint32_t end)
{
	uint64_t key = (uint64_t)KB_TERM_WORD << 60 | (hash & KB_TERM_MASK);
	struct kb_term *t =
	    kb_terms_add(terms, key, start, end, terms->length++);

	room_for_texts(terms, 1);
	set_text(terms, t, word, len);
}

/* kb_hash64() of at most 16 bytes with zeros behind them. */
static uint64_t hash_padded(const char *word, size_t len)
{
	uint64_t first = kb_load64((const unsigned char *)word);
	uint64_t a, b;

	if (len >= 8)
		return kb_hash64(word, len, 0);
	if (len >= 4) {
		a = first & 0xffffffff;
		b = first >> (8 * (len - 4));
	} else {
		a = (first & 255) << 16 |
		    (first >> (8 * (len / 2)) & 255) << 8 |
		    first >> (8 * (len - 1));
		b = 0;
	}
	return kb_hash64_pair(a, b, KB_HASH_SEED, len);
}

/* Remember a word of at most KB_STEM_WORD bytes, unless its stem has too much
 * that it has not. */
static void remember(struct kb_analyzer *an, struct kb_str word, uint64_t hash,
		     struct kb_str stem_text, uint64_t word_key)
{
	struct kb_stem_slot *slot;
	size_t kept = 0;

	while (kept < word.len && kept < stem_text.len &&
	       word.ptr[kept] == stem_text.ptr[kept])
		kept++;
	if (stem_text.len - kept > KB_STEM_END)
		return;
	grow_slots(an);
	slot = slot_for(an, hash);
	*slot = (struct kb_stem_slot){
	    .word_key = word_key,
	    .word_len = (unsigned char)word.len,
	    .kept = (unsigned char)kept,
	    .end_len = (unsigned char)(stem_text.len - kept),
	};
	memcpy(slot->word, word.ptr, word.len);
	memcpy(slot->end, stem_text.ptr + kept, stem_text.len - kept);
}

/* A word that is not remembered. */
__attribute__((noinline)) static void learn(struct kb_analyzer *an,
					    struct kb_terms *terms,
					    struct kb_str word, uint64_t hash,
					    uint32_t start, uint32_t end)
{
	char text[KB_TOKEN_MAX];
	struct kb_str s = {text, stem(an, word.ptr, word.len, text)};
	uint64_t key = kb_term_key(KB_TERM_WORD, s.ptr, s.len);

	if (word.len <= KB_STEM_WORD)
		remember(an, word, hash, s, key);
	add_pair(terms, key,
		 (uint64_t)KB_TERM_EXACT << 60 | (hash & KB_TERM_MASK), word, s,
		 start, end);
}

/* One that is too long to be remembered. */
static void add_long(struct kb_analyzer *an, struct kb_terms *terms,
		     const char *word, size_t len, uint32_t start, uint32_t end)
{
	learn(an, terms, (struct kb_str){word, len}, kb_hash64(word, len, 0),
	      start, end);
}

void kb_word_add_padded(struct kb_analyzer *an, struct kb_terms *terms,
			const char *word, size_t len, uint32_t start,
			uint32_t end)
{
	const struct kb_stem_slot *slot;
	uint64_t hash;

	assert(len && len <= KB_STEM_MAX);
	assert(start < end);
	if (len > KB_STEM_WORD) {
		add_long(an, terms, word, len, start, end);
		return;
	}
	hash = hash_padded(word, len);
	if (is_own_stem(word, len)) {
		add_own(terms, word, len, hash, start, end);
		return;
	}
	slot = slot_of(an, hash);
	if (!is_of(slot, word))
		slot++;
	if (is_of(slot, word))
		add_slot(terms, slot, hash, start, end);
	else
		learn(an, terms, (struct kb_str){word, len}, hash, start, end);
}

void kb_word_add(struct kb_analyzer *an, struct kb_terms *terms,
		 const char *word, size_t len, uint32_t start, uint32_t end)
{
	char padded[KB_STEM_ROOM] = {0};

	assert(len && len <= KB_TOKEN_MAX);
	if (len > KB_STEM_WORD) {
		add_long(an, terms, word, len, start, end);
		return;
	}
	memcpy(padded, word, len);
	kb_word_add_padded(an, terms, padded, len, start, end);
}

size_t kb_word_fold(const char *word, size_t len, bool strip, char *dst,
		    size_t cap)
{
	int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
		      UTF8PROC_IGNORE;
	utf8proc_int32_t wide[KB_TOKEN_MAX * 4];
	utf8proc_ssize_t n;

	options |=
	    strip ? UTF8PROC_STRIPMARK | UTF8PROC_DECOMPOSE : UTF8PROC_COMPOSE;
	n = utf8proc_decompose((const utf8proc_uint8_t *)word,
			       (utf8proc_ssize_t)len, wide,
			       (utf8proc_ssize_t)(KB_TOKEN_MAX * 4 - 1),
			       (utf8proc_option_t)options);
	if (n <= 0 || n >= KB_TOKEN_MAX * 4 - 1)
		return 0;
	n = utf8proc_reencode(wide, n, (utf8proc_option_t)options);
	if (n <= 0 || (size_t)n > cap)
		return 0;
	memcpy(dst, wide, (size_t)n);
	return (size_t)n;
}

void kb_word_add_wide(struct kb_analyzer *an, struct kb_terms *terms,
		      const char *word, size_t len, uint32_t start,
		      uint32_t end)
{
	char whole[KB_TOKEN_MAX], bare[KB_TOKEN_MAX], text[KB_TOKEN_MAX];
	size_t whole_len = kb_word_fold(word, len, false, whole, sizeof(whole));
	size_t bare_len = kb_word_fold(word, len, true, bare, sizeof(bare));
	struct kb_str w = {whole, whole_len > 255 ? 255 : whole_len}, s = w;

	assert(len && len <= KB_TOKEN_MAX);
	assert(start < end);
	if (!whole_len)
		return;
	if (bare_len && all_letters(bare, bare_len))
		s = (struct kb_str){text, stem(an, bare, bare_len, text)};
	if (s.len > 255)
		s.len = 255;
	add_pair(terms, kb_term_key(KB_TERM_WORD, s.ptr, s.len),
		 kb_term_key(KB_TERM_EXACT, whole, whole_len), w, s, start,
		 end);
}

enum kb_char_kind kb_char_kind(uint32_t cp)
{
	if (cp == 0xad || cp == 0x200c || cp == 0x200d || cp == 0x2060 ||
	    cp == 0xfeff)
		return KB_CHAR_MARK;
	/* the key around the digit of an emoji */
	if (cp == 0x20e3)
		return KB_CHAR_NONE;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return KB_CHAR_LETTER;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return KB_CHAR_DIGIT;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return KB_CHAR_MARK;
	default:
		return KB_CHAR_NONE;
	}
}

bool kb_is_pictograph(uint32_t cp)
{
	const utf8proc_property_t *p;

	/* clocks and buttons; other signs below are bullets and arrows */
	if (cp < 0x2600 && cp != 0x231a && cp != 0x231b &&
	    !(cp >= 0x23e9 && cp <= 0x23fa))
		return false;
	p = utf8proc_get_property((utf8proc_int32_t)cp);
	return p->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

size_t kb_sign_text(uint32_t cp, char *dst, size_t cap)
{
	char sign[4];
	size_t len = kb_utf8_encode(sign, cp), n;

	if (cp == 0x2120 || cp == 0x2122 ||
	    utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_SO)
		return 0;
	n = kb_word_fold(sign, len, false, dst, cap);
	return n == len && !memcmp(sign, dst, n) ? 0 : n;
}

_Static_assert(sizeof(struct kb_stem_slot) == 32, "half a line of the cache");
