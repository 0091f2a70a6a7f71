#include "token/token_estimate.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/script.h"

/* What is compiled once for every machine, and once for a wider one. */
#define INLINE static inline __attribute__((always_inline))

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
	CYRILLIC = 66,	/* and runs */
	OTHER = 68,	/* other letters below U+2000 */
	SYMBOLS = 69,	/* other symbols, three-byte */
	EMOJI = 70,	/* four-byte characters, and others as dear */
	BAD = 71,	/* broken bytes */
	ACCENTS = 72,	/* marks by themselves, combining */
	GREEK = 73,
	HEBREW = 74,
	ARABIC = 75,
	DEVANAGARI = 76,
	INDIC = 77, /* from Bengali to Sinhala */
	THAI = 78,
	VIETNAMESE = 79, /* Latin letters with two marks */
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

/* The word of kb_token_common that a character of three bytes has its bit
 * in, by the first two of them; HAN_N / 64 or more for one without. The low
 * six bits of the third byte count the shift. */
INLINE uint32_t word_of(uint64_t bytes)
{
	return (uint32_t)(bytes & 255) * 64 + (uint32_t)(bytes >> 8 & 255) -
	       (0xe4 * 64 + 0xb8);
}

/*
 * Han of U+4E00 to U+9FFF and the marks of Chinese text, nearly all of it,
 * from p on; returns where it ends or something else stands. Han by twos, and
 * what they leave without a branch that depends on which of both it is: where
 * a clause ends cannot be foreseen.
 */
INLINE const char *add_han(uint32_t *f, const char *p, const char *end)
{
	uint32_t n_han = 0, common = 0, runs = 0, before = 0;
	const char *start = p;

	while (end - p >= 4) {
		uint32_t bytes, high, word, han, mark;
		uint64_t two;

		while (end - p >= 8) {
			uint32_t a, b;

			memcpy(&two, p, 8);
			a = word_of(two);
			b = word_of(two >> 24);
			if ((two & 0xc0c0f0c0c0f0u) != 0x8080e08080e0u ||
			    (a > b ? a : b) >= HAN_N / 64)
				break;
			common +=
			    (uint32_t)(kb_token_common[a] >> (two >> 16 & 63)) &
			    1;
			common +=
			    (uint32_t)(kb_token_common[b] >> (two >> 40 & 63)) &
			    1;
			n_han += 2;
			runs += !before;
			before = 1;
			p += 6;
		}
		if (end - p < 4)
			break;
		memcpy(&bytes, p, 4);
		word = word_of(bytes);
		han = word < HAN_N / 64;
		high = bytes & 0xffff;
		/* U+3000 to 303F but for 3005 and 3007, U+FF00 to FF7F */
		mark = (high == 0x80e3 && (bytes & 0xfd0000) != 0x850000) |
		       (high == 0xbcef) | (high == 0xbdef);
		if ((bytes & 0xc0c0f0) != 0x8080e0 || !(han | mark))
			break;
		common += han & (uint32_t)(kb_token_common[han ? word : 0] >>
					   (bytes >> 16 & 63));
		n_han += han;
		runs += han & ~before;
		before = han;
		p += 3;
	}
	f[HAN] += common;
	f[HAN_RARE] += n_han - common;
	f[HAN_MARKS] += (uint32_t)(p - start) / 3 - n_han;
	f[HAN_RUNS] += runs;
	return p;
}

/* A letter that Arabic or Persian has not, in Urdu, Pashto and others: it
 * merges with nothing in cl100k_base. */
static bool is_further_arabic(uint32_t cp)
{
	return cp > 0x670 && cp < 0x6d5 && cp != 0x67e && cp != 0x686 &&
	       cp != 0x698 && cp != 0x6a9 && cp != 0x6af && cp != 0x6cc;
}

/* The alphabets of U+0250 to U+1FFF, by their last character. Points of Hebrew
 * and further letters of Cyrillic are two tokens each, the syllables of
 * Ethiopia to the runes three. */
static int alphabet_of(uint32_t cp)
{
	static const struct {
		uint16_t last;
		uint8_t feature;
	} rows[] = {
	    {0x2ff, OTHER},	  {0x36f, ACCENTS}, {0x3ff, GREEK},
	    {0x45f, CYRILLIC},	  {0x5cf, OTHER},   {0x5ff, HEBREW},
	    {0x6ff, ARABIC},	  {0x8ff, OTHER},   {0x97f, DEVANAGARI},
	    {0xd7f, INDIC},	  {0xdff, OTHER},   {0xe7f, THAI},
	    {0x11ff, OTHER},	  {0x16ff, EMOJI},  {0x1dff, OTHER},
	    {0x1eff, VIETNAMESE}, {0x1fff, OTHER},
	};
	size_t i = 0;

	if (is_further_arabic(cp))
		return OTHER;
	while (rows[i].last < cp)
		i++;
	return rows[i].feature;
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
	if (cp < 0x2000)
		return alphabet_of(cp);
	if (cp >= 0x10000)
		return EMOJI;
	if (cp >= 0xac00 && cp <= 0xd7a3)
		return HANGUL;
	if (cp >= 0xa000 && cp < 0xac00)
		return EMOJI;
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
INLINE void add_wide(uint32_t *f, const char *p, const char *end,
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

/*
 * Words and marks, most of the runs, come first. The third bit is that of
 * kinds before which the last blank of a run stays by itself.
 */
enum kind {
	LOWER,
	MARK,
	UPPER,
	WIDE, /* beyond ASCII */
	BLANK,
	DIGIT,
	LINE,
	NO_KIND, /* the end */
};

#define BLOCK 64

/* Three bits of the kinds of up to BLOCK bytes, each in a word of its own. */
struct planes {
	uint64_t low, middle, high;
};

#ifdef __SSE2__
#define LANE 16

/* Bytes of v from 'low' on, 'n' of them, as 'kind'. */
INLINE __m128i range(__m128i v, char low, char n, enum kind kind)
{
	__m128i i = _mm_sub_epi8(v, _mm_set1_epi8(low));
	__m128i in =
	    _mm_cmpeq_epi8(_mm_min_epu8(i, _mm_set1_epi8((char)(n - 1))), i);

	return _mm_and_si128(in, _mm_set1_epi8((char)kind));
}

INLINE __m128i one(__m128i v, char c, enum kind kind)
{
	return _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)),
			     _mm_set1_epi8((char)kind));
}

INLINE __m128i kinds_of(__m128i v)
{
	__m128i lower = range(v, 'a', 26, MARK);
	__m128i k = _mm_and_si128(_mm_cmplt_epi8(v, _mm_setzero_si128()),
				  _mm_set1_epi8(WIDE ^ MARK));

	k = _mm_or_si128(k, range(v, 'A', 26, UPPER ^ MARK));
	k = _mm_or_si128(k, range(v, '0', 10, DIGIT ^ MARK));
	k = _mm_or_si128(k, one(v, ' ', BLANK ^ MARK));
	k = _mm_or_si128(k, one(v, '\t', BLANK ^ MARK));
	k = _mm_or_si128(k, one(v, '\n', LINE ^ MARK));
	k = _mm_or_si128(k, one(v, '\r', LINE ^ MARK));
	/* what is none of these is a mark */
	return _mm_xor_si128(_mm_xor_si128(k, lower), _mm_set1_epi8(MARK));
}

INLINE uint64_t plane(__m128i k, int bit)
{
	return (uint32_t)_mm_movemask_epi8(_mm_slli_epi16(k, 7 - bit));
}

/* The kinds of LANE bytes at p to kinds[], and to the planes at 'at'. */
INLINE void read_lane(const char *p, uint8_t *kinds, size_t at,
		      struct planes *planes)
{
	const void *from = p;
	void *to = kinds;
	__m128i k = kinds_of(_mm_loadu_si128(from));

	_mm_storeu_si128(to, k);
	planes->low |= plane(k, 0) << (at & 63);
	planes->middle |= plane(k, 1) << (at & 63);
	planes->high |= plane(k, 2) << (at & 63);
}
#else
#define LANE 8

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

INLINE void read_lane(const char *p, uint8_t *kinds, size_t at,
		      struct planes *planes)
{
	for (size_t i = 0; i < LANE; i++) {
		uint64_t k = kinds[i] = kind_of((unsigned char)p[i]);

		planes->low |= (k & 1) << (at + i);
		planes->middle |= (k >> 1 & 1) << (at + i);
		planes->high |= (k >> 2 & 1) << (at + i);
	}
}
#endif

/* The kinds of the n bytes at p, 1 to BLOCK, to kinds[]. */
INLINE struct planes read_kinds(const char *p, size_t n, uint8_t *kinds)
{
	struct planes planes = {0, 0, 0};
	char few[LANE] = {0};

	if (n == BLOCK) {
		for (size_t i = 0; i < BLOCK; i += LANE)
			read_lane(p + i, kinds + i, i, &planes);
	} else if (n >= LANE) {
		for (size_t i = 0; i + LANE < n; i += LANE)
			read_lane(p + i, kinds + i, i, &planes);
		n -= LANE; /* the last ones, some of them again */
		read_lane(p + n, kinds + n, n, &planes);
	} else {
		memcpy(few, p, n);
		read_lane(few, kinds, 0, &planes);
	}
	return planes;
}

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

/* The runs of a text, one after the other. */
struct runs {
	uint32_t *f;
	const char *text;
	size_t len;
	size_t start;	    /* of the open one */
	enum kind kind;	    /* of its first byte */
	enum before before; /* of what stands before it */
	uint64_t blanks;    /* its last bits: those of the block before */
	struct planes last; /* bit 0: the last byte of the block before */
};

/*
 * A bit for each byte of a block at which a run ends. A blank by itself goes
 * with the word or mark behind it, and ends no run: a text in English has
 * half as many then. Where runs end is what a branch a byte cannot foresee.
 */
INLINE uint64_t run_ends(struct runs *r, struct planes p)
{
	uint64_t blank = p.high & ~(p.middle | p.low);
	uint64_t after_blank = blank << 1 | r->blanks >> 63;
	uint64_t after_two = blank << 2 | r->blanks >> 62;
	uint64_t ends = (p.low ^ (p.low << 1 | r->last.low)) |
			(p.middle ^ (p.middle << 1 | r->last.middle)) |
			(p.high ^ (p.high << 1 | r->last.high));

	r->blanks = blank;
	r->last = (struct planes){p.low >> 63, p.middle >> 63, p.high >> 63};
	return ends & ~(after_blank & ~after_two & ~p.high);
}

/* Count n > 0 characters of a kind in a row. */
INLINE void count(uint32_t *f, enum kind kind, enum before before, size_t n)
{
	size_t most = forms[kind][before].most;
	uint32_t *first = f + forms[kind][before].first;

	if (n > most) {
		first[most] += (uint32_t)(n - most);
		n = most;
	}
	first[n - 1]++;
}

/* A run of n characters of another kind than words and marks. Returns what
 * it is to a word behind it. */
INLINE enum before add_other(struct runs *r, size_t at, size_t n,
			     enum kind kind, enum kind next)
{
	if (kind == WIDE) {
		add_wide(r->f, r->text + at - n, r->text + at,
			 r->text + r->len);
		return NOTHING;
	}
	if (kind == DIGIT) {
		r->f[DIGITS] += (uint32_t)((n + 2) / 3);
		r->f[DIGIT_RUNS]++;
		return NOTHING;
	}
	if (kind == UPPER && n == 1 && next == LOWER)
		return A_CAPITAL; /* and lower case make a word */
	if (kind == BLANK && next < BLANK)
		n--; /* the last goes with the word after it */
	if (n)
		count(r->f, kind, NOTHING, n);
	return kind == BLANK ? A_BLANK : NOTHING;
}

/* The open run ends at 'at' with a byte of 'kind'; 'next' begins another. */
INLINE void end_run(struct runs *r, size_t at, enum kind kind, enum kind next)
{
	size_t joined = kind != r->kind; /* its first byte is a blank */
	size_t n = at - r->start - joined;
	enum before before = r->before | (joined ? A_BLANK : NOTHING);

	r->start = at;
	r->kind = next;
	r->before = NOTHING;
	if (kind > MARK)
		r->before = add_other(r, at, n, kind, next);
	else
		count(r->f, kind, before, n + (before == A_CAPITAL));
}

INLINE void read_features(const char *text, size_t len, uint32_t *f)
{
	struct runs r = {.f = f, .text = text, .len = len};
	uint8_t kinds[BLOCK + 1] = {0}; /* of the byte before, and a block's */

	memset(f, 0, KB_TOKEN_FEATURES * sizeof(*f));
	for (size_t at = 0, n; at < len; at += n) {
		struct planes planes;
		uint64_t ends;

		n = len - at < BLOCK ? len - at : BLOCK;
		planes = read_kinds(text + at, n, kinds + 1);
		ends = run_ends(&r, planes) & UINT64_MAX >> (BLOCK - n);
		if (!at) { /* none ends where the first begins */
			r.kind = kinds[1];
			ends &= ~(uint64_t)1;
		}
		for (; ends; ends &= ends - 1) {
			size_t i = (size_t)__builtin_ctzll(ends);

			end_run(&r, at + i, kinds[i], kinds[i + 1]);
		}
		kinds[0] = kinds[n];
	}
	if (len)
		end_run(&r, len, kinds[0], NO_KIND);
}

#if defined(__x86_64__)
/* The same with the wider machine's instructions for bits and shifts. */
__attribute__((target("avx2,bmi,bmi2"))) static void read_features_avx2(
    const char *text, size_t len, uint32_t *f)
{
	read_features(text, len, f);
}
#endif

void kb_tokens_features(const char *text, size_t len,
			uint32_t f[KB_TOKEN_FEATURES])
{
	assert(text || !len);
	assert(f);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("bmi2")) {
		read_features_avx2(text, len, f);
		return;
	}
#endif
	read_features(text, len, f);
}

#define GROUP 8
_Static_assert(KB_TOKEN_FEATURES % GROUP == 0 && GROUP == 8,
	       "features go by groups");

/* In the order of the features; most texts have none of most groups, and
 * adding nothing changes nothing. */
static double weigh(const uint32_t *f, const double *weight)
{
	double sum = 0;

	for (size_t i = 0; i < KB_TOKEN_FEATURES; i += GROUP) {
		uint64_t some[GROUP / 2];

		memcpy(some, f + i, sizeof(some));
		if (!(some[0] | some[1] | some[2] | some[3]))
			continue;
		for (size_t k = i; k < i + GROUP; k++)
			sum += weight[k] * (double)f[k];
	}
	return sum;
}

static size_t whole(double sum)
{
	sum = ceil(sum);
	return sum < 1 ? 1 : (size_t)sum;
}

size_t kb_tokens_most(const char *text, size_t len)
{
	uint32_t f[KB_TOKEN_FEATURES];

	if (!len)
		return 0;
	kb_tokens_features(text, len, f);
	return whole(weigh(f, kb_token_weight));
}

size_t kb_tokens_estimate(const char *text, size_t len)
{
	uint32_t f[KB_TOKEN_FEATURES], han[2];
	double sum;

	if (!len)
		return 0;
	kb_tokens_features(text, len, f);
	sum = weigh(f, kb_token_expected);
	if (f[HAN] | f[HAN_RARE]) {
		kb_token_han(text, len, han);
		sum += kb_token_expected[KB_TOKEN_FEATURES] * han[0] +
		       kb_token_expected[KB_TOKEN_FEATURES + 1] * han[1];
	}
	return whole(sum < (double)len ? sum : (double)len);
}
