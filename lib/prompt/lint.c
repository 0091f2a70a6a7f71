#include "prompt/render.h"

#include "text/literals.h"

/* Phrases that speak to a model rather than to a reader. */
static const char *const orders[] = {
    "ignore previous",
    "ignore all",
    "ignore the above",
    "ignore your",
    "disregard previous",
    "disregard all",
    "disregard the above",
    "forget previous",
    "forget your",
    "override your",
    "忽略以上",
    "忽略上述",
    "忽略之前",
    "忽略前面",
    "忽略所有",
    "无视以上",
    "无视之前",
    "无视上述",
    "不要理会",
    "忘记之前",
    "忘掉之前",
};

static struct kb_literals order_set = KB_LITERALS(orders);

/* In any case of their letters. */
static const char *const markers[] = {
    "<|im_start|>",  "<|im_end|>",    "<|system|>",    "<|user|>",
    "<|assistant|>", "<|endoftext|>", "<|eot_id|>",    "<|start_header_id|>",
    "<<sys>>",	     "[inst]",	      "<<<dotprompt:",
};

static struct kb_literals marker_set = KB_LITERALS(markers);

static bool any(struct kb_literals *set, const char *p, size_t len)
{
	struct kb_literal_it it =
	    kb_literals_at(kb_literals_index(set), p, len);

	return kb_literal_next(&it) != NULL;
}

/* U+200B to 200F, 202A to 202E, 2060 to 2064, 2066 to 2069, FEFF and the
 * tags from E0000. */
static bool is_hidden(const unsigned char *p, size_t len)
{
	if (len < 3)
		return false;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return (p[2] >= 0x8b && p[2] <= 0x8f) ||
		       (p[2] >= 0xaa && p[2] <= 0xae);
	if (p[0] == 0xe2 && p[1] == 0x81)
		return p[2] >= 0xa0 && p[2] <= 0xa9 && p[2] != 0xa5;
	if (p[0] == 0xef)
		return p[1] == 0xbb && p[2] == 0xbf;
	return p[0] == 0xf3 && p[1] == 0xa0 && (p[2] & 0xfe) == 0x80;
}

/*
 * What can begin something: a first byte and the one behind it share a bit.
 * Testing both at once keeps the loop free of the branches that common
 * letters would mislead.
 */
enum { IG = 1, DI = 2, FO = 4, OV = 8, MARK = 16, HAN = 32, HIDE = 64 };

static const unsigned char first[256] = {
    ['i'] = IG,	  ['I'] = IG,	 ['d'] = DI,	['D'] = DI,
    ['f'] = FO,	  ['F'] = FO,	 ['o'] = OV,	['O'] = OV,
    ['<'] = MARK, ['['] = MARK,	 [0xe4] = HAN,	[0xe5] = HAN,
    [0xe6] = HAN, [0xe2] = HIDE, [0xef] = HIDE, [0xf3] = HIDE,
};

static const unsigned char second[256] = {
    ['g'] = IG,	   ['G'] = IG,	  ['i'] = DI,	 ['I'] = DI | MARK,
    ['o'] = FO,	   ['O'] = FO,	  ['v'] = OV,	 ['V'] = OV,
    ['|'] = MARK,  ['<'] = MARK,  [0xb8] = HAN,	 [0xbf] = HAN,
    [0x97] = HAN,  [0x80] = HIDE, [0x81] = HIDE, [0xbb] = HIDE,
    [0xa0] = HIDE,
};

/* What begins at p, 'left' bytes before the end. */
static unsigned lint_at(const unsigned char *p, size_t left)
{
	unsigned may = first[p[0]] & second[p[1]];
	const char *text = (const char *)p;

	if (!may)
		return 0;
	if (may == HIDE)
		return is_hidden(p, left) ? KB_LINT_HIDDEN : 0;
	if (may == MARK && any(&marker_set, text, left))
		return KB_LINT_MARKER;
	return any(&order_set, text, left) ? KB_LINT_ORDERS : 0;
}

static unsigned lint_each(const unsigned char *p, const unsigned char *end)
{
	unsigned found = 0;

	for (; end - p > 1; p++)
		if (first[p[0]] & second[p[1]])
			found |= lint_at(p, (size_t)(end - p));
	return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

/*
 * The same for 32 bytes at a time: what may begin something is found by the
 * halves of three bytes in a row, each with the bits of what it may belong
 * to, and is looked at then.
 */
enum {
	IG_DI = 1,
	FO_OV = 2,
	MARKS = 4,
	ORDER = 8,
	SPACE = 16, /* E2 80, E2 81 */
	BOM = 32,   /* EF BB BF */
	TAG = 64,   /* F3 A0 */
};

#define LANE   32
#define TARGET __attribute__((target("avx2,bmi")))

/* By the low and the high half of the first byte, the second, the third. */
static const unsigned char halves[3][2][16] = {
    {{[2] = SPACE,
      [3] = TAG,
      [4] = IG_DI | ORDER,
      [5] = ORDER,
      [6] = FO_OV | ORDER,
      [9] = IG_DI,
      [11] = MARKS,
      [12] = MARKS,
      [15] = FO_OV | BOM},
     {[3] = MARKS,
      [4] = IG_DI | FO_OV,
      [5] = MARKS,
      [6] = IG_DI | FO_OV,
      [14] = SPACE | BOM | ORDER,
      [15] = TAG}},
    {{[0] = SPACE | TAG,
      [1] = SPACE,
      [6] = FO_OV,
      [7] = IG_DI | ORDER,
      [8] = ORDER,
      [9] = IG_DI | MARKS,
      [11] = BOM,
      [12] = MARKS,
      [15] = FO_OV | ORDER},
     {[3] = MARKS,
      [4] = IG_DI | FO_OV | MARKS,
      [5] = FO_OV,
      [6] = IG_DI | FO_OV | MARKS,
      [7] = FO_OV | MARKS,
      [8] = SPACE,
      [9] = ORDER,
      [10] = TAG,
      [11] = BOM | ORDER}},
    {{[0] = SPACE | TAG | ORDER,
      [1] = SPACE | TAG | MARKS,
      [2] = SPACE | FO_OV,
      [3] = SPACE | IG_DI | MARKS,
      [4] = SPACE,
      [5] = SPACE | FO_OV | MARKS,
      [6] = SPACE,
      [7] = SPACE,
      [8] = SPACE | ORDER,
      [9] = SPACE | MARKS,
      [10] = SPACE,
      [11] = SPACE,
      [12] = SPACE | MARKS,
      [13] = SPACE | ORDER,
      [14] = SPACE | IG_DI | MARKS,
      [15] = SPACE | BOM},
     {[3] = MARKS,
      [4] = IG_DI | FO_OV | MARKS,
      [5] = IG_DI | FO_OV | MARKS,
      [6] = IG_DI | FO_OV | MARKS,
      [7] = IG_DI | FO_OV | MARKS,
      [8] = SPACE | TAG | ORDER,
      [9] = ORDER,
      [10] = SPACE | ORDER,
      [11] = BOM | ORDER}},
};

/* What the byte at each place may belong to. */
TARGET static inline __m256i look_up(const unsigned char *p,
				     const unsigned char table[2][16])
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i v = _mm256_loadu_si256((const void *)p);
	__m256i low = _mm256_and_si256(v, half);
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);
	__m128i by_low = _mm_loadu_si128((const void *)table[0]);
	__m128i by_high = _mm_loadu_si128((const void *)table[1]);

	return _mm256_and_si256(
	    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(by_low), low),
	    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(by_high), high));
}

TARGET static unsigned lint_avx2(const unsigned char *p,
				 const unsigned char *end)
{
	unsigned found = 0;

	for (; end - p >= LANE + 2; p += LANE) {
		__m256i may = _mm256_and_si256(
		    _mm256_and_si256(look_up(p, halves[0]),
				     look_up(p + 1, halves[1])),
		    look_up(p + 2, halves[2]));
		__m256i none = _mm256_cmpeq_epi8(may, _mm256_setzero_si256());
		uint32_t some = ~(uint32_t)_mm256_movemask_epi8(none);

		for (; some; some &= some - 1) {
			const unsigned char *at = p + __builtin_ctz(some);

			found |= lint_at(at, (size_t)(end - at));
		}
	}
	return found | lint_each(p, end);
}
#endif

unsigned kb_prompt_lint(struct kb_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;

	if (!text.len)
		return 0;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return lint_avx2(p, p + text.len);
#endif
	return lint_each(p, p + text.len);
}
