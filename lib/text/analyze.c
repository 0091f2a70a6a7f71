#include "text/analyze.h"

#include <assert.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/letters.h"
#include "base/utf8.h"
#include "text/analyzer.h"
#include "text/han.h"
#include "text/script.h"

struct kb_analyzer *kb_analyzer_new(void)
{
	struct kb_analyzer *an = kb_calloc(1, sizeof(*an));

	/* Words of ASCII letters only: that of UTF-8 decodes each of them. */
	an->stemmer = sb_stemmer_new("english", "ISO_8859_1");
	if (!an->stemmer)
		kb_oom();
	kb_stem_slots(an, KB_STEM_FIRST);
	kb_map_init(&an->words);
	kb_buf_init(&an->word_text, 0);
	return an;
}

void kb_analyzer_free(struct kb_analyzer *an)
{
	if (!an)
		return;
	sb_stemmer_delete(an->stemmer);
	free(an->slot_memory);
	kb_map_release(&an->words);
	kb_buf_release(&an->word_text);
	free(an);
}

struct kb_term *kb_terms_grow(struct kb_terms *terms)
{
	kb_grow(&terms->items, &terms->cap, terms->n + 1,
		sizeof(*terms->items));
	return &terms->items[terms->n];
}

void kb_terms_grow_text(struct kb_terms *terms, size_t n)
{
	kb_grow(&terms->text, &terms->text_cap, terms->text_len + n, 1);
}

void kb_terms_reset(struct kb_terms *terms)
{
	terms->n = 0;
	terms->length = 0;
	terms->text_len = 0;
}

void kb_terms_release(struct kb_terms *terms)
{
	free(terms->items);
	free(terms->text);
	*terms = (struct kb_terms){0};
}

struct kb_terms kb_terms_head(const struct kb_terms *terms, size_t max)
{
	struct kb_terms head = *terms;

	if (head.n <= max)
		return head;
	head.n = max;
	head.length = 0;
	for (size_t i = 0; i < max; i++)
		if (head.items[i].pos >= head.length)
			head.length = head.items[i].pos + 1;
	return head;
}

size_t kb_term_han_text(uint64_t key, char *dst)
{
	uint32_t first = (uint32_t)(key >> 24) & 0xffffff;
	uint32_t last = (uint32_t)key & 0xffffff;
	size_t n;

	switch (kb_term_class(key)) {
	case KB_TERM_HAN1:
		return kb_utf8_encode(dst, last);
	case KB_TERM_HAN2:
		n = kb_utf8_encode(dst, first);
		return n + kb_utf8_encode(dst + n, last);
	default:
		return 0;
	}
}

/* ---- CJK ---- */

/* Half-width kana and compatibility ideographs to their plain forms, then
 * traditional to simplified. */
static uint32_t fold_cjk(uint32_t cp)
{
	utf8proc_int32_t wide[4];

	if ((cp >= 0xf900 && cp <= 0xff9f) || (cp >= 0x2e80 && cp <= 0x2fd5) ||
	    (cp >= 0x3131 && cp <= 0x318e) || cp >= 0x2f800) {
		int boundary = 0;

		if (utf8proc_decompose_char((utf8proc_int32_t)cp, wide, 4,
					    UTF8PROC_COMPAT | UTF8PROC_COMPOSE,
					    &boundary) == 1)
			cp = (uint32_t)wide[0];
	}
	return kb_han_simplify(cp);
}

/* Room for the two terms of one more character behind n. */
static struct kb_term *han_room(struct kb_terms *terms, size_t n)
{
	terms->n = n;
	kb_grow(&terms->items, &terms->cap, terms->n + 2,
		sizeof(*terms->items));
	return terms->items + terms->n;
}

/* The run of CJK characters at text + at; returns the byte after it. */
static size_t scan_cjk(const char *text, size_t len, size_t at,
		       struct kb_terms *terms)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t prev = 0, prev_at = 0, pos = terms->length;
	struct kb_term *t = han_room(terms, terms->n);
	const struct kb_term *end = terms->items + terms->cap;

	while (at < len) {
		uint32_t cp;
		size_t n = 3;

		/* nearly all: three bytes, U+4E00 to U+9FFF */
		if (p[at] >= 0xe4 && p[at] <= 0xe9 && len - at >= 3 &&
		    (p[at + 1] & 0xc0) == 0x80 && (p[at + 2] & 0xc0) == 0x80) {
			cp = (uint32_t)(p[at] & 0x0f) << 12 |
			     (uint32_t)(p[at + 1] & 0x3f) << 6 |
			     (p[at + 2] & 0x3f);
			cp = kb_han_simplify(cp);
		} else {
			n = kb_utf8_next(text + at, len - at, &cp);
			if (cp == KB_UTF8_BAD || !kb_is_cjk(cp))
				break;
			cp = fold_cjk(cp);
		}
		if (end - t < 2) {
			t = han_room(terms, (size_t)(t - terms->items));
			end = terms->items + terms->cap;
		}
		*t++ = (struct kb_term){.key = kb_term_han1(cp),
					.start = (uint32_t)at,
					.end = (uint32_t)(at + n),
					.pos = pos};
		if (prev)
			*t++ = (struct kb_term){.key = kb_term_han2(prev, cp),
						.start = prev_at,
						.end = (uint32_t)(at + n),
						.pos = pos - 1};
		pos++;
		prev = cp;
		prev_at = (uint32_t)at;
		at += n;
	}
	terms->n = (size_t)(t - terms->items);
	terms->length = pos;
	return at;
}

/* ---- words ---- */

enum { SEP, LETTER, DIGIT, JOIN, SIGN, HIGH };

/* What a byte does after a run of letters or digits. */
__extension__ static const unsigned char class_of[256] = {
    ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = LETTER, ['0' ... '9'] = DIGIT,
    ['\''] = JOIN,	    ['-'] = JOIN,	    ['.'] = JOIN,
    ['_'] = JOIN,	    ['@'] = JOIN,	    ['&'] = JOIN,
    ['/'] = JOIN,	    [':'] = JOIN,	    [','] = JOIN,
    ['+'] = SIGN,	    ['#'] = SIGN,	    [0x80 ... 0xff] = HIGH,
};

/* Copy the run of ASCII letters at ptr in lower case, with zeros behind it, to
 * word[KB_STEM_ROOM]; returns its bytes, or KB_STEM_MAX when it has no less. */
static size_t copy_letters(const char *ptr, size_t len, char *word)
{
	size_t n = 0;

	while (n < KB_STEM_MAX) {
		char last[8] = {0};
		uint64_t bytes, others, mask = ~UINT64_C(0), zeros = 0;

		if (len - n < 8)
			memcpy(last, ptr + n, len - n);
		bytes = kb_lower_bytes(len - n < 8 ? last : ptr + n);
		others = kb_no_letters(bytes);
		if (others) /* the bytes below the first of them */
			mask = ((others & -others) >> 7) - 1;
		bytes &= mask;
		memcpy(word + n, &bytes, 8);
		memcpy(word + n + 8, &zeros, 8);
		memcpy(word + n + 16, &zeros, 8);
		if (others)
			return n + (size_t)__builtin_ctzll(others) / 8;
		n += 8;
	}
	return n;
}

static size_t copy_digits(const char *ptr, size_t len, char *word)
{
	size_t n = 0;

	while (n < KB_STEM_MAX && n < len && kb_is_digit(ptr[n])) {
		word[n] = ptr[n];
		n++;
	}
	memset(word + n, 0, KB_STEM_ROOM - KB_STEM_MAX);
	return n;
}

/* Bytes of "'s" that ends the word, at text + at; 0 when what is there may be
 * more. */
static size_t plain_possessive(const char *text, size_t len, size_t at)
{
	char next = at + 2 < len ? text[at + 2] : ' ';

	if (len - at < 2 || text[at] != '\'' || (text[at + 1] | 32) != 's' ||
	    class_of[(unsigned char)next] == HIGH ||
	    class_of[(unsigned char)next] == SIGN || kb_is_alnum(next))
		return 0;
	return 2;
}

/* A plain word or number, with nothing after it that could join: the common
 * case, done without the token's pieces. Returns 0 when it is not one. */
static size_t scan_plain(struct kb_analyzer *an, const char *text, size_t len,
			 size_t at, struct kb_terms *terms)
{
	const unsigned char *p = (const unsigned char *)text;
	char word[KB_STEM_ROOM];
	size_t n = class_of[p[at]] == LETTER
		       ? copy_letters(text + at, len - at, word)
		       : copy_digits(text + at, len - at, word);
	size_t end = at + n, possessive = 0;

	if (n == KB_STEM_MAX && end < len &&
	    class_of[p[end]] == class_of[p[at]])
		return 0;
	if (end < len) {
		unsigned char next = class_of[p[end]];

		if (next == JOIN && class_of[p[at]] == LETTER)
			possessive = plain_possessive(text, len, end);
		if (possessive || (next == JOIN && end + 1 < len &&
				   class_of[p[end + 1]] == SEP))
			next = SEP;
		else if (next == HIGH && p[end] >= 0xe4 && p[end] <= 0xe9)
			next = SEP;
		if (next != SEP)
			return 0;
	}
	kb_word_add_padded(an, terms, word, n, (uint32_t)at, (uint32_t)end);
	return end + possessive;
}

/* Is it what may stand behind an apostrophe, but for "n't"? */
static bool is_ending(const char *text, size_t n)
{
	static const char endings[][3] = {"s", "t", "d", "m", "ll", "re", "ve"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		const char *e = endings[i];

		if (strlen(e) == n && (text[0] | 32) == e[0] &&
		    (n == 1 || (text[1] | 32) == e[1]))
			return true;
	}
	return false;
}

/*
 * Bytes of a word's ending behind an apostrophe, at text + at: no word, though
 * a blank, a digit or a quotation mark keeps it from its word. 0 for anything
 * else, such as a letter in quotes.
 */
static size_t ending(const char *text, size_t len, size_t at)
{
	const unsigned char *p = (const unsigned char *)text;
	enum kb_char_kind kind = KB_CHAR_NONE;
	size_t end = at;
	uint32_t cp;

	while (end < len && end - at < 3 && class_of[p[end]] == LETTER)
		end++;
	if (!is_ending(text + at, end - at))
		return 0;
	/* "'s." ends a sentence, "'s-1" goes on */
	at = end;
	if (end < len && class_of[p[end]] == JOIN && p[end] != '\'')
		at++;
	if (at == len)
		return end;
	kb_utf8_next(text + at, len - at, &cp);
	if (cp != KB_UTF8_BAD && !kb_is_cjk(cp))
		kind = kb_char_kind(cp);
	return cp == '\'' || cp == 0x2019 || kind != KB_CHAR_NONE ? 0 : end;
}

/* Is the dot at text + at the first character of a name like .NET? */
static bool starts_dotted(const char *text, size_t len, size_t at)
{
	unsigned char next, before;

	if (at + 1 >= len)
		return false;
	next = (unsigned char)text[at + 1];
	if (class_of[next] != LETTER)
		return false;
	before = at ? (unsigned char)text[at - 1] : ' ';
	return before <= ' ' || before == '(' || before >= 0x80;
}

/* ---- user dictionary ---- */

/* A map value: bit 0 says that an entry may go on from here, bit 1 that one
 * ends here; then its text lies at value >> 18 in word_text, with a length
 * of value >> 2 & 0xffff. */
#define WORD_GOES_ON 1u
#define WORD_ENDS    2u

static uint64_t chain(uint64_t state, uint64_t key)
{
	return kb_mix64(state * 31 + key + 1);
}

static void add_base_text(struct kb_buf *out, const struct kb_terms *terms,
			  const struct kb_term *t, size_t from)
{
	char han[8];

	if (kb_term_class(t->key) == KB_TERM_HAN1) {
		kb_buf_add(out, han, kb_term_han_text(t->key, han));
		return;
	}
	if (out->len > from)
		kb_buf_add_char(out, ' ');
	kb_buf_add(out, terms->text + t->text_off, t->text_len);
}

static void learn_word(struct kb_analyzer *an, const struct kb_terms *terms)
{
	size_t from = an->word_text.len;
	uint64_t state = 0, *value = NULL;

	for (size_t i = 0; i < terms->n; i++) {
		if (!kb_term_is_base(terms->items[i].key))
			continue;
		if (value)
			*value |= WORD_GOES_ON;
		state = chain(state, terms->items[i].key);
		value = kb_map_put(&an->words, state, NULL);
		add_base_text(&an->word_text, terms, &terms->items[i], from);
	}
	if (!value || *value & WORD_ENDS)
		return;
	*value |= WORD_ENDS | (uint64_t)from << 18 |
		  (uint64_t)((an->word_text.len - from) & 0xffff) << 2;
}

void kb_analyzer_set_words(struct kb_analyzer *an, const struct kb_str *words,
			   size_t n)
{
	struct kb_terms terms = {0};

	kb_map_clear(&an->words);
	kb_buf_reset(&an->word_text);
	for (size_t i = 0; i < n; i++) {
		if (words[i].len > 1024)
			continue;
		kb_terms_reset(&terms);
		kb_analyze(an, words[i].ptr, words[i].len, &terms);
		learn_word(an, &terms);
	}
	kb_terms_release(&terms);
}

/* The next base term from i on, or limit. */
static size_t next_base(const struct kb_terms *terms, size_t i, size_t limit)
{
	while (i < limit && !kb_term_is_base(terms->items[i].key))
		i++;
	return i;
}

/* Mark the longest entries among the terms first..n, as analyze.h says.
 * Base terms stand side by side with at most one byte between them. */
static void add_user_terms(struct kb_analyzer *an, struct kb_terms *terms,
			   size_t first)
{
	size_t limit = terms->n;
	size_t i = next_base(terms, first, limit);

	while (i < limit) {
		uint32_t start = terms->items[i].start, pos;
		uint32_t end = start, best_end = 0;
		uint64_t state = 0, best = 0, best_state = 0, *value;
		size_t after = next_base(terms, i + 1, limit);

		pos = terms->items[i].pos;
		for (size_t j = i; j < limit;) {
			if (terms->items[j].start > end + 1)
				break;
			state = chain(state, terms->items[j].key);
			value = kb_map_get(&an->words, state);
			if (!value)
				break;
			end = terms->items[j].end;
			j = next_base(terms, j + 1, limit);
			if (*value & WORD_ENDS) {
				best = *value;
				best_state = state;
				best_end = end;
				after = j;
			}
			if (!(*value & WORD_GOES_ON))
				break;
		}
		if (best) {
			struct kb_term *t =
			    kb_terms_add(terms,
					 (uint64_t)KB_TERM_USER << 60 |
					     (best_state & KB_TERM_MASK),
					 start, best_end, pos);

			kb_terms_set_text(terms, t,
					  an->word_text.ptr + (best >> 18),
					  best >> 2 & 0xffff);
		}
		i = after;
	}
}

/* The commonest separators beyond ASCII, without asking utf8proc. */
static bool is_punctuation(uint32_t cp)
{
	return (cp >= 0x2010 && cp <= 0x203f) ||
	       (cp >= 0x3000 && cp <= 0x3020 && cp != 0x3005 && cp != 0x3007) ||
	       (cp >= 0xff01 && cp <= 0xff0f) || (cp >= 0xff1a && cp <= 0xff20);
}

static void scan(struct kb_analyzer *an, const char *text, size_t len,
		 struct kb_terms *terms);

/* The character cp of text[at..end) that is no letter and no digit: emoji are
 * words, flags those of two characters, and signs what they are short for.
 * Returns the byte after it. */
static size_t scan_sign(struct kb_analyzer *an, const char *text, size_t len,
			size_t at, size_t end, uint32_t cp,
			struct kb_terms *terms)
{
	char folded[KB_TOKEN_MAX];
	size_t n = kb_sign_text(cp, folded, sizeof(folded)), first = terms->n;
	uint32_t next = 0;

	if (n) {
		scan(an, folded, n, terms);
		for (; first < terms->n; first++) {
			terms->items[first].start = (uint32_t)at;
			terms->items[first].end = (uint32_t)end;
		}
		return end;
	}
	if (cp >= 0x1f1e6 && cp <= 0x1f1ff) {
		n = end < len ? kb_utf8_next(text + end, len - end, &next) : 0;
		if (next < 0x1f1e6 || next > 0x1f1ff)
			return end;
		end += n;
	} else if (!kb_is_pictograph(cp)) {
		return end;
	}
	kb_terms_set_text(
	    terms,
	    kb_terms_add(terms, kb_term_key(KB_TERM_WORD, text + at, end - at),
			 (uint32_t)at, (uint32_t)end, terms->length++),
	    text + at, end - at);
	return end;
}

static void scan(struct kb_analyzer *an, const char *text, size_t len,
		 struct kb_terms *terms)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t at = 0;

	while (at < len) {
		unsigned char c = p[at];
		size_t end;
		uint32_t cp;

		if (c < 0x80) {
			if (class_of[c] == LETTER || class_of[c] == DIGIT) {
				end = scan_plain(an, text, len, at, terms);
				at = end ? end
					 : kb_token_scan(an, text, len, at,
							 terms);
			} else if (c == '.' && starts_dotted(text, len, at)) {
				at = kb_token_scan(an, text, len, at, terms);
			} else if (c == '-') {
				at = kb_option_scan(an, text, len, at, terms);
			} else {
				end = c == '\'' ? ending(text, len, at + 1) : 0;
				at = end ? end : at + 1;
			}
			continue;
		}
		end = at + kb_utf8_next(text + at, len - at, &cp);
		if (cp == KB_UTF8_BAD)
			at = end;
		else if (kb_is_cjk(cp))
			at = scan_cjk(text, len, at, terms);
		else if (cp == 0x2019 && ending(text, len, end))
			at = ending(text, len, end);
		else if (is_punctuation(cp))
			at = end;
		else if (kb_char_kind(cp) != KB_CHAR_NONE)
			at = kb_token_scan(an, text, len, at, terms);
		else
			at = scan_sign(an, text, len, at, end, cp, terms);
	}
}

void kb_analyze(struct kb_analyzer *an, const char *text, size_t len,
		struct kb_terms *terms)
{
	size_t first = terms->n;

	assert(text || !len);
	assert(len <= (size_t)1 << 30);
	scan(an, text, len, terms);
	if (an->words.n)
		add_user_terms(an, terms, first);
}

/* ---- names of files ---- */

uint64_t kb_term_path(uint64_t key)
{
	return KB_TERM_NAMED | (kb_mix64(key) & KB_TERM_MASK);
}

/* Does it say enough alone? A form as written says no more than its stem. */
static bool tells(uint64_t key)
{
	enum kb_term_class class = kb_term_class(key);

	return class == KB_TERM_HAN2 || class == KB_TERM_WORD ||
	       class == KB_TERM_CODE;
}

/* The terms from 'first' on that tell, as those of a path. */
static void turn(struct kb_terms *terms, size_t first)
{
	size_t n = first;

	for (size_t i = first; i < terms->n; i++)
		if (tells(terms->items[i].key))
			terms->items[n++] = (struct kb_term){
			    .key = kb_term_path(terms->items[i].key)};
	terms->n = n;
}

void kb_path_terms(struct kb_analyzer *an, struct kb_str path,
		   struct kb_terms *terms)
{
	uint32_t length = terms->length;
	size_t first = terms->n;

	/* 2024/05 are two directories, in a text they were a date */
	for (size_t from = 0, to; from < path.len; from = to + 1) {
		const char *slash =
		    memchr(path.ptr + from, '/', path.len - from);

		to = slash ? (size_t)(slash - path.ptr) : path.len;
		kb_analyze(an, path.ptr + from, to - from, terms);
	}
	turn(terms, first);
	terms->length = length;
	if (terms->n > first)
		kb_terms_add(terms, KB_TERM_NAMED, 0, 0, length);
}
