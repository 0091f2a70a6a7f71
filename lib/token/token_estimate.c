#include "token/token_estimate.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/script.h"

/* Features: for runs, the number of runs of each length up to a limit and
 * the characters beyond it. */
enum {
	WORD = 0,	 /* 16 lower-case letters with a blank before */
	WORD_GLUED = 16, /* 12 without */
	TITLE = 28,	 /* 12 a capital, then lower case */
	CAPS = 40,	 /* 5 capitals */
	DIGITS = 45,	 /* groups of up to three */
	DIGIT_RUNS = 46,
	BLANKS = 47, /* 3 runs of blanks: by the one character left over */
	LINES = 50,  /* 2 line breaks: runs, and further ones */
	MARKS = 52,  /* 5 runs of ASCII marks */
	HAN = 57,    /* characters */
	HAN_RUNS = 58,
	HAN_RARE = 59,	/* characters beyond the commoner half */
	HAN_MARKS = 60, /* 。，、 and full-width forms */
	KANA = 61,	/* and runs */
	HANGUL = 63,	/* and runs */
	LATIN = 65,	/* letters with marks */
	CYRILLIC = 66,	/* Greek and Cyrillic, and runs */
	OTHER = 68,	/* other letters below U+3000 */
	SYMBOLS = 69,	/* other symbols, three-byte */
	EMOJI = 70,	/* four-byte characters */
	BAD = 71,	/* broken bytes */
};

/* ---- beyond ASCII ---- */

#define HAN_FIRST 0x4e00
#define HAN_N	  0x5200u

/*
 * The code charts are in radical order, so what is common is scattered; the
 * table has a bit for each character of the commoner half.
 */
static bool is_common(uint32_t cp)
{
	uint32_t i = cp - HAN_FIRST;

	return i < HAN_N && (kb_token_common[i / 64] >> (i % 64) & 1);
}

/*
 * Han of U+4E00 to U+9FFF and the marks of Chinese text, nearly all of it,
 * from p on; returns where it ends or something else stands. Counted without
 * a branch that depends on which of them a character is: where a clause ends
 * cannot be foreseen.
 */
static const char *add_han(uint32_t *f, const char *p, const char *end)
{
	uint32_t n = 0, n_han = 0, common = 0, runs = 0, before = 0;
	const char *start = p;

	for (; end - p >= 4; p += 3) {
		uint32_t bytes, high, word, han, mark;

		memcpy(&bytes, p, 4);
		high = (bytes & 255) * 64 + (bytes >> 8 & 255);
		word = high - (0xe4 * 64 + 0xb8);
		han = word < HAN_N / 64;
		/* U+3000 to 303F but for 3005 and 3007, U+FF00 to FF7F */
		mark = (high == 0xe3 * 64 + 0x80 &&
			(bytes & 0xfd0000) != 0x850000) |
		       ((high & ~1u) == 0xef * 64 + 0xbc);
		if ((bytes & 0xc0c0f0) != 0x8080e0 || !(han | mark))
			break;
		/* the third byte's low six bits count the shift */
		common += han & (uint32_t)(kb_token_common[han ? word : 0] >>
					   (bytes >> 16 & 63));
		n_han += han;
		runs += han & ~before;
		before = han;
	}
	n = (uint32_t)(p - start) / 3;
	f[HAN] += common;
	f[HAN_RARE] += n_han - common;
	f[HAN_MARKS] += n - n_han;
	f[HAN_RUNS] += runs;
	return p;
}

/* The feature that counts characters such as cp, HAN for all of Han. */
static int feature_of(uint32_t cp)
{
	if (kb_is_han(cp))
		return HAN;
	if (cp == KB_UTF8_BAD)
		return BAD;
	if (cp < 0x250)
		return cp >= 0xc0 ? LATIN : SYMBOLS;
	if (cp < 0x530 && cp >= 0x370)
		return CYRILLIC;
	if (cp < 0x2000)
		return OTHER;
	if (cp >= 0x10000)
		return EMOJI;
	if (cp >= 0xac00 && cp <= 0xd7a3)
		return HANGUL;
	if (cp >= 0x3041 && cp <= 0x30ff)
		return KANA;
	if ((cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xffef) ||
	    (cp >= 0x2010 && cp <= 0x2026))
		return HAN_MARKS;
	return SYMBOLS;
}

/* Features whose runs are counted by the feature behind them. */
static bool has_runs(int feature)
{
	return feature == HAN || feature == KANA || feature == HANGUL ||
	       feature == CYRILLIC;
}

/* Is what add_han() counted at p a mark? */
static bool is_mark(const char *p)
{
	return (unsigned char)*p < 0xe4 || (unsigned char)*p > 0xe9;
}

/* A run of bytes beyond ASCII; up to 'text_end' they may be read. */
static void add_wide(uint32_t *f, const char *p, const char *end,
		     const char *text_end)
{
	int before = -1;

	while (p < end) {
		const char *next = add_han(f, p, text_end);
		uint32_t cp;
		int feature;

		if (next > p && before == HAN && !is_mark(p))
			f[HAN_RUNS]--; /* it goes on */
		if (next > p)
			before = is_mark(next - 3) ? HAN_MARKS : HAN;
		p = next;
		if (p >= end)
			break;
		p += kb_utf8_next(p, (size_t)(text_end - p), &cp);
		feature = feature_of(cp);
		if (feature == HAN && !is_common(cp))
			f[HAN_RARE]++;
		else
			f[feature]++;
		if (feature != before && has_runs(feature))
			f[feature + 1]++;
		before = feature;
	}
}

/* ---- runs of ASCII ---- */

enum kind {
	MARK,
	LOWER,
	UPPER,
	DIGIT,
	BLANK,
	LINE,
	WIDE, /* beyond ASCII */
	NO_KIND,
};

#define BLOCK 64

#ifdef __SSE2__
/* Bytes of v from 'low' on, 'n' of them, as 'kind'. */
static inline __m128i range(__m128i v, char low, char n, enum kind kind)
{
	__m128i i = _mm_sub_epi8(v, _mm_set1_epi8(low));
	__m128i in =
	    _mm_cmpeq_epi8(_mm_min_epu8(i, _mm_set1_epi8((char)(n - 1))), i);

	return _mm_and_si128(in, _mm_set1_epi8((char)kind));
}

static inline __m128i one(__m128i v, char c, enum kind kind)
{
	return _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)),
			     _mm_set1_epi8((char)kind));
}

static inline __m128i kinds_of(__m128i v)
{
	__m128i k = _mm_and_si128(_mm_cmplt_epi8(v, _mm_setzero_si128()),
				  _mm_set1_epi8(WIDE));

	k = _mm_or_si128(k, range(v, 'a', 26, LOWER));
	k = _mm_or_si128(k, range(v, 'A', 26, UPPER));
	k = _mm_or_si128(k, range(v, '0', 10, DIGIT));
	k = _mm_or_si128(k, one(v, ' ', BLANK));
	k = _mm_or_si128(k, one(v, '\t', BLANK));
	k = _mm_or_si128(k, one(v, '\n', LINE));
	return _mm_or_si128(k, one(v, '\r', LINE));
}

/*
 * The kinds of BLOCK bytes to kinds[1..], where kinds[0] is that of the byte
 * before; returns a bit for each that differs from the one before it. Where
 * runs end is what a branch a byte cannot foresee.
 */
static uint64_t read_kinds(const char *p, uint8_t *kinds)
{
	__m128i before = _mm_slli_si128(_mm_cvtsi32_si128(kinds[0]), 15);
	uint64_t change = 0;

	for (int i = 0; i < BLOCK; i += 16) {
		const void *from = p + i;
		void *to = kinds + i + 1;
		__m128i k = kinds_of(_mm_loadu_si128(from));
		__m128i shifted = _mm_or_si128(_mm_slli_si128(k, 1),
					       _mm_srli_si128(before, 15));
		int same = _mm_movemask_epi8(_mm_cmpeq_epi8(k, shifted));

		_mm_storeu_si128(to, k);
		change |= (uint64_t)(~(unsigned)same & 0xffff) << i;
		before = k;
	}
	return change;
}
#else
static uint8_t kind_of(unsigned char c)
{
	if (c >= 0x80)
		return WIDE;
	if (kb_is_lower((char)c))
		return LOWER;
	if (kb_is_upper((char)c))
		return UPPER;
	if (kb_is_digit((char)c))
		return DIGIT;
	if (c == ' ' || c == '\t')
		return BLANK;
	return c == '\n' || c == '\r' ? LINE : MARK;
}

static uint64_t read_kinds(const char *p, uint8_t *kinds)
{
	uint64_t change = 0;

	for (int i = 0; i < BLOCK; i++) {
		kinds[i + 1] = kind_of((unsigned char)p[i]);
		change |= (uint64_t)(kinds[i + 1] != kinds[i]) << i;
	}
	return change;
}
#endif

/* What stands before a run of lower case. */
enum before { NOTHING, A_BLANK, A_CAPITAL };

/* Where runs are counted: those of 1 to most characters each by itself from
 * first on, and behind these the characters beyond most. */
static const struct {
	uint8_t first, most;
} forms[NO_KIND][3] = {
    [MARK] = {{MARKS, 4}, {MARKS, 4}, {MARKS, 4}},
    [LOWER] = {{WORD_GLUED, 11}, {WORD, 15}, {TITLE, 11}},
    [UPPER] = {{CAPS, 4}, {CAPS, 4}, {CAPS, 4}},
    [BLANK] = {{BLANKS, 2}, {BLANKS, 2}, {BLANKS, 2}},
    [LINE] = {{LINES, 1}, {LINES, 1}, {LINES, 1}},
};

struct runs {
	uint32_t *f;
	enum before before;
};

/* A run of n > 0 ASCII characters with the kind of the next. */
static void add_run(struct runs *r, enum kind kind, size_t n, enum kind next)
{
	enum before before = r->before;
	size_t most;
	uint32_t *first;

	r->before = NOTHING;
	if (kind == DIGIT) {
		r->f[DIGITS] += (uint32_t)((n + 2) / 3);
		r->f[DIGIT_RUNS]++;
		return;
	}
	if (kind == UPPER && n == 1 && next == LOWER) {
		r->before = A_CAPITAL; /* and lower case make a word */
		return;
	}
	if (kind == BLANK) {
		r->before = A_BLANK;
		/* the last goes with the word after it */
		if (next != LINE && next != DIGIT && next != NO_KIND && !--n)
			return;
	}
	n += before == A_CAPITAL;
	most = forms[kind][before].most;
	first = r->f + forms[kind][before].first;
	if (n > most) {
		first[most] += (uint32_t)(n - most);
		n = most;
	}
	first[n - 1]++;
}

/* Close the runs of a block at 'at' that end where 'change' has a bit; the
 * open one, which began at *start, is of kinds[0]. */
static void add_block(struct runs *r, const char *text, size_t len, size_t at,
		      const uint8_t *kinds, uint64_t change, size_t *start)
{
	enum kind kind = kinds[0];

	for (; change; change &= change - 1) {
		size_t i = (size_t)__builtin_ctzll(change);
		enum kind next = kinds[i + 1];

		if (kind == WIDE) {
			add_wide(r->f, text + *start, text + at + i,
				 text + len);
			r->before = NOTHING;
		} else if (kind != NO_KIND) {
			add_run(r, kind, at + i - *start, next);
		}
		*start = at + i;
		kind = next;
	}
}

void kb_tokens_features(const char *text, size_t len,
			uint32_t f[KB_TOKEN_FEATURES])
{
	struct runs runs = {f, NOTHING};
	uint8_t kinds[BLOCK + 2] = {NO_KIND};
	char last[BLOCK] = {0};
	size_t start = 0, at = 0;
	uint64_t change;

	memset(f, 0, KB_TOKEN_FEATURES * sizeof(*f));
	for (; len - at >= BLOCK; at += BLOCK) {
		change = read_kinds(text + at, kinds);
		add_block(&runs, text, len, at, kinds, change, &start);
		kinds[0] = kinds[BLOCK];
	}
	if (len > at)
		memcpy(last, text + at, len - at);
	change = read_kinds(last, kinds);
	/* the end changes the kind, and nothing behind it */
	kinds[len - at + 1] = NO_KIND;
	change &= ((uint64_t)1 << (len - at)) - 1;
	change |= (uint64_t)1 << (len - at);
	add_block(&runs, text, len, at, kinds, change, &start);
}

#define GROUP 8
_Static_assert(KB_TOKEN_FEATURES % GROUP == 0, "features go by groups");

/* In the order of the features; most texts have none of most groups, and
 * adding nothing changes nothing. */
static double weigh(const uint32_t *f)
{
	double sum = 0;

	for (size_t i = 0; i < KB_TOKEN_FEATURES; i += GROUP) {
		uint32_t any = 0;

		for (size_t k = i; k < i + GROUP; k++)
			any |= f[k];
		for (size_t k = i; any && k < i + GROUP; k++)
			sum += kb_token_weight[k] * (double)f[k];
	}
	return sum;
}

size_t kb_tokens_estimate(const char *text, size_t len)
{
	uint32_t f[KB_TOKEN_FEATURES];
	double sum;

	if (!len)
		return 0;
	kb_tokens_features(text, len, f);
	sum = ceil(weigh(f));
	return sum < 1 ? 1 : (size_t)sum;
}
