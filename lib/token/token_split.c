#include "token/token_split.h"

#include <assert.h>

#include "base/ascii.h"
#include "token/token_class.h"

#define INLINE static inline __attribute__((always_inline))

/* Sets of classes. */
#define IN(class)    (1u << (class))
#define LETTERS	     (IN(KB_TOKEN_LOWER) | IN(KB_TOKEN_UPPER) | IN(KB_TOKEN_LETTER))
#define MARKS	     IN(KB_TOKEN_MARK)
#define NUMBERS	     IN(KB_TOKEN_NUMBER)
#define SPACES	     IN(KB_TOKEN_SPACE)
#define SIGNS	     IN(KB_TOKEN_SYMBOL)
#define OTHERS	     IN(KB_TOKEN_OTHER)
#define HEADS	     (IN(KB_TOKEN_UPPER) | IN(KB_TOKEN_LETTER) | MARKS)
#define TAILS	     (IN(KB_TOKEN_LOWER) | IN(KB_TOKEN_LETTER) | MARKS)
#define NEITHER	     (SIGNS | OTHERS | MARKS) /* [^\s\p{L}\p{N}] */
#define HAS(set, in) (((set) >> (in)&1) != 0)

/* A text to be cut. */
struct cut {
	const char *text;
	size_t len;
};

/* Is the well-formed character of three bytes that a word begins with one of
 * U+4E00 to U+9FFF, which are all of one class? */
INLINE bool is_han(uint64_t word)
{
	return (word & 255) * 64 + (word >> 8 & 63) - (0xe4 * 64 + 0x38) <
	       0x5200 / 64;
}

/* The class of the character at 'at' < len, and its bytes. */
INLINE enum kb_token_class class_at(struct cut c, size_t at, size_t *n)
{
	unsigned char first = (unsigned char)c.text[at];
	uint32_t cp;

	*n = 1;
	if (first < 0x80)
		return kb_token_ascii_class(first);
	*n = kb_utf8_next(c.text + at, c.len - at, &cp);
	return kb_token_class(cp);
}

/* The end of the longest run of characters of a set from 'at' on; Han, which
 * come in long runs, by twos. */
INLINE size_t run_of(struct cut c, size_t at, unsigned set)
{
	size_t n;

	for (;;) {
		uint64_t two;

		while (
		    at < c.len && c.text[at] >= 0 &&
		    HAS(set, kb_token_ascii_class((unsigned char)c.text[at])))
			at++;
		if (at == c.len || c.text[at] >= 0)
			break;
		if (HAS(set, KB_TOKEN_LETTER) && c.len - at >= 8 &&
		    kb_utf8_pair(c.text + at, &two) && is_han(two) &&
		    is_han(two >> 24)) {
			at += KB_UTF8_PAIR_SIZE;
			continue;
		}
		if (!HAS(set, class_at(c, at, &n)))
			break;
		at += n;
	}
	return at;
}

/* At most 'most' characters. */
INLINE size_t some_of(struct cut c, size_t at, unsigned set, unsigned most)
{
	size_t n;

	while (most-- && at < c.len && HAS(set, class_at(c, at, &n)))
		at += n;
	return at;
}

static bool is_line_break(char ch)
{
	return ch == '\n' || ch == '\r';
}

/*
 * The end of 's, 't, 're, 've, 'm, 'll or 'd at 'at', else 'at'. In either
 * case the long s is one, too.
 */
static size_t contraction(struct cut c, size_t at, bool any_case)
{
	const char *p = c.text + at;
	size_t left = c.len - at;
	char a, b;

	if (left < 2 || p[0] != '\'')
		return at;
	a = any_case ? kb_lower(p[1]) : p[1];
	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return at + 2;
	if (left < 3)
		return at;
	if (any_case && p[1] == '\xc5' && p[2] == '\xbf')
		return at + 3;
	b = any_case ? kb_lower(p[2]) : p[2];
	if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') ||
	    (a == 'l' && b == 'l'))
		return at + 3;
	return at;
}

/*
 * What all rules say of blanks, in a run of them that begins at 'at' and no
 * word or mark has taken the first of: up to the last line break; else all
 * but the last one, which goes with what follows; else that one.
 */
INLINE size_t blanks(struct cut c, size_t at, bool lines, bool whole_at_end)
{
	size_t n = 1, last = at, behind_line = 0, p = at;

	for (; p < c.len; p += n) {
		if (class_at(c, p, &n) != KB_TOKEN_SPACE)
			break;
		last = p;
		if (is_line_break(c.text[p]))
			behind_line = p + 1;
	}
	if (whole_at_end && p == c.len)
		return p;
	if (lines && behind_line)
		return behind_line;
	return p == c.len || last == at ? p : last;
}

/* ---- words with their case: gpt-4o ---- */

/*
 * A word from 'at' on: capitals and then small letters, of which those without
 * case and marks may be either. 0: none. 'ends_low': that it has one of the
 * second kind is asked for, and said.
 */
INLINE size_t cased_word(struct cut c, size_t at, bool *ends_low)
{
	size_t p = at, behind_either = 0, n;

	*ends_low = true;
	while (p < c.len) {
		enum kb_token_class class;
		uint64_t two;

		if (c.text[p] < 0 && c.len - p >= 8 &&
		    kb_utf8_pair(c.text + p, &two) && is_han(two) &&
		    is_han(two >> 24)) {
			p += KB_UTF8_PAIR_SIZE;
			behind_either = p;
			continue;
		}
		class = class_at(c, p, &n);
		if (class == KB_TOKEN_LOWER)
			return run_of(c, p + n, TAILS);
		if (!HAS(HEADS, class))
			break;
		p += n;
		if (class != KB_TOKEN_UPPER)
			behind_either = p;
	}
	if (behind_either)
		return behind_either;
	*ends_low = false;
	return p > at ? p : 0;
}

static size_t split_o200k(struct cut c, size_t at)
{
	size_t n, end = 0;
	enum kb_token_class first = class_at(c, at, &n);
	bool low;

	if (HAS(LETTERS, first)) {
		end = cased_word(c, at, &low);
	} else if (first == KB_TOKEN_MARK) {
		/* it stands before a word, or is one */
		end = at + n < c.len ? cased_word(c, at + n, &low) : 0;
		if (!end || !low)
			end = at + n;
	} else if (first != KB_TOKEN_NUMBER && !is_line_break(c.text[at]) &&
		   at + n < c.len) {
		end = cased_word(c, at + n, &low);
	}
	if (end)
		return contraction(c, end, true);
	if (first == KB_TOKEN_NUMBER)
		return some_of(c, at, NUMBERS, 3);
	end = c.text[at] == ' ' ? at + 1 : at;
	n = run_of(c, end, NEITHER);
	if (n == end)
		return blanks(c, at, true, false);
	while (n < c.len && (is_line_break(c.text[n]) || c.text[n] == '/'))
		n++;
	return n;
}

/* ---- words without: gpt-4, Llama, Qwen ---- */

INLINE size_t split_plain(struct cut c, size_t at, unsigned digits,
			  bool whole_at_end)
{
	size_t n, end = contraction(c, at, true);
	enum kb_token_class first;

	if (end > at)
		return end;
	first = class_at(c, at, &n);
	if (HAS(LETTERS, first))
		return run_of(c, at + n, LETTERS);
	if (first == KB_TOKEN_NUMBER)
		return some_of(c, at, NUMBERS, digits);
	if (!is_line_break(c.text[at])) {
		end = run_of(c, at + n, LETTERS);
		if (end > at + n)
			return end;
	}
	end = c.text[at] == ' ' ? at + 1 : at;
	n = run_of(c, end, NEITHER);
	if (n == end)
		return blanks(c, at, true, whole_at_end);
	while (n < c.len && is_line_break(c.text[n]))
		n++;
	return n;
}

/* ---- a blank before anything: GPT-2 ---- */

static size_t split_gpt2(struct cut c, size_t at)
{
	static const unsigned kinds[] = {LETTERS, NUMBERS, NEITHER};
	size_t end = contraction(c, at, false);
	size_t from = c.text[at] == ' ' ? at + 1 : at;

	if (end > at)
		return end;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		end = run_of(c, from, kinds[i]);
		if (end > from)
			return end;
	}
	return blanks(c, at, false, false);
}

/* ---- cut after cut: DeepSeek ---- */

/* Han of the first Unicode, and kana with all that their blocks hold. */
static bool is_east(struct cut c, size_t at, size_t *n)
{
	uint32_t cp;

	*n = kb_utf8_next(c.text + at, c.len - at, &cp);
	return (cp >= 0x4e00 && cp <= 0x9fa5) || (cp >= 0x3040 && cp <= 0x30ff);
}

static size_t run_of_east(struct cut c, size_t at)
{
	size_t n;

	while (at < c.len && is_east(c, at, &n))
		at += n;
	return at;
}

/* Where the part that earlier cuts left, from 'at' on, ends: it is looked at
 * no further than the piece needs. */
static size_t run_in_part(struct cut c, size_t at, unsigned set)
{
	size_t n, ignored;

	while (at < c.len && HAS(set, class_at(c, at, &n)) &&
	       !is_east(c, at, &ignored))
		at += n;
	return at;
}

static bool ends_part(struct cut c, size_t at)
{
	size_t n;

	return at >= c.len || class_at(c, at, &n) == KB_TOKEN_NUMBER ||
	       is_east(c, at, &n);
}

/* All of it where the part ends there. */
static size_t blanks_in_part(struct cut c, size_t at)
{
	size_t end = blanks(c, at, true, false), run = run_of(c, at, SPACES);

	if (end < run && is_line_break(c.text[end - 1]))
		return end;
	return ends_part(c, run) ? run : end;
}

/* What no alternative matches is a piece up to where one does. */
static size_t unmatched(struct cut c, size_t at)
{
	size_t n;

	while (at < c.len && class_at(c, at, &n) == KB_TOKEN_OTHER &&
	       !ends_part(c, at) &&
	       run_in_part(c, at + n, LETTERS | MARKS) == at + n)
		at += n;
	return at;
}

static size_t split_deepseek(struct cut c, size_t at)
{
	size_t n, end;
	enum kb_token_class first = class_at(c, at, &n);
	char ch = c.text[at];

	if (first == KB_TOKEN_NUMBER)
		return some_of(c, at, NUMBERS, 3);
	if (is_east(c, at, &n))
		return run_of_east(c, at);
	if (first == KB_TOKEN_SYMBOL && ch > 0) {
		for (end = at + 1; end < c.len && kb_is_letter(c.text[end]);)
			end++;
		if (end > at + 1)
			return end;
	}
	if (HAS(LETTERS | MARKS, first))
		return run_in_part(c, at, LETTERS | MARKS);
	if (first != KB_TOKEN_SYMBOL && !is_line_break(ch)) {
		end = run_in_part(c, at + n, LETTERS | MARKS);
		if (end > at + n)
			return end;
	}
	end = run_in_part(c, ch == ' ' ? at + 1 : at, SIGNS);
	if (end > at + (ch == ' ')) {
		while (end < c.len && is_line_break(c.text[end]))
			end++;
		return end;
	}
	return first == KB_TOKEN_SPACE ? blanks_in_part(c, at)
				       : unmatched(c, at);
}

size_t kb_token_split(enum kb_split_rule rule, const char *text, size_t len,
		      size_t at)
{
	struct cut c = {text, len};

	assert(text && at < len);
	switch (rule) {
	case KB_SPLIT_O200K:
		return split_o200k(c, at);
	case KB_SPLIT_CL100K:
		return split_plain(c, at, 3, true);
	case KB_SPLIT_LLAMA3:
		return split_plain(c, at, 3, false);
	case KB_SPLIT_QWEN2:
		return split_plain(c, at, 1, false);
	case KB_SPLIT_GPT2:
		return split_gpt2(c, at);
	case KB_SPLIT_DEEPSEEK:
		return split_deepseek(c, at);
	case KB_SPLIT_RULES:
		break;
	}
	return len;
}
