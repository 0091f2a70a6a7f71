#include "json/plain.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* ---- a word at a time ---- */

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Are all of eight bytes plain? */
static bool all_plain(uint64_t bytes)
{
	uint64_t ones = UINT64_MAX / 255;
	uint64_t quote = bytes ^ ones * '"', back = bytes ^ ones * '\\';

	/* a borrow only rises from a byte that is refused itself */
	return !((bytes | (bytes - ones * 0x20) | ((quote - ones) & ~quote) |
		  ((back - ones) & ~back)) &
		 ones * 0x80);
}

static const unsigned char *plain_end(const unsigned char *p,
				      const unsigned char *end)
{
	while (p < end) {
		uint64_t bytes;
		size_t n;

		if (end - p >= 8) {
			if (kb_utf8_pair(p, &bytes)) {
				p += KB_UTF8_PAIR_SIZE;
				continue;
			}
			if (all_plain(bytes)) {
				p += 8;
				continue;
			}
		}
		if (*p < 0x80 && !is_plain(*p))
			return p;
		n = kb_utf8_len(p, (size_t)(end - p));
		if (!n)
			return p;
		p += n;
	}
	return end;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* ---- 32 bytes at a time ---- */

#define BLOCK 32

/*
 * UTF-8 by three look-ups (Keiser and Lemire, "Validating UTF-8 in less than
 * one instruction per byte", 2021). Two bytes in a row are broken when the
 * first, by its high and by its low half, and the second, by its high half,
 * allow the same fault: a bit of these.
 */
enum {
	TOO_SHORT = 1, /* a lead, and no byte that goes on */
	TOO_LONG = 2,  /* ASCII, and one that goes on */
	LONG_3 = 4,    /* overlong, of three bytes */
	TOO_LARGE = 8, /* above U+10FFFF: F4 90 and beyond */
	SURROGATE = 16,
	LONG_2 = 32,	 /* overlong, of two bytes */
	LARGE_OR_4 = 64, /* F5 80 and beyond; overlong, of four bytes */
	TWO_INNER = 128, /* right in the third and fourth place alone */
	ANY_LOW = TOO_SHORT | TOO_LONG | TWO_INNER, /* whatever the low half */
};

#define TARGET __attribute__((target("avx2,bmi")))

TARGET static inline __m256i look_up(__m256i half, __m128i table)
{
	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), half);
}

/* The faults of each byte of v behind the one before it, in 'one_back'. */
TARGET static inline __m256i pair_faults(__m256i v, __m256i one_back)
{
	const __m256i low = _mm256_set1_epi8(15);
	const __m128i first_high = _mm_setr_epi8(
	    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
	    TOO_LONG, TOO_LONG, (char)TWO_INNER, (char)TWO_INNER,
	    (char)TWO_INNER, (char)TWO_INNER, TOO_SHORT | LONG_2, TOO_SHORT,
	    TOO_SHORT | LONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | LARGE_OR_4);
	const __m128i first_low =
	    _mm_setr_epi8((char)(ANY_LOW | LONG_3 | LONG_2 | LARGE_OR_4),
			  (char)(ANY_LOW | LONG_2), (char)ANY_LOW,
			  (char)ANY_LOW, (char)(ANY_LOW | TOO_LARGE),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4 | SURROGATE),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4),
			  (char)(ANY_LOW | TOO_LARGE | LARGE_OR_4));
	const __m128i second_high = _mm_setr_epi8(
	    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
	    TOO_SHORT, TOO_SHORT,
	    (char)(TOO_LONG | LONG_2 | TWO_INNER | LONG_3 | LARGE_OR_4),
	    (char)(TOO_LONG | LONG_2 | TWO_INNER | LONG_3 | TOO_LARGE),
	    (char)(TOO_LONG | LONG_2 | TWO_INNER | SURROGATE | TOO_LARGE),
	    (char)(TOO_LONG | LONG_2 | TWO_INNER | SURROGATE | TOO_LARGE),
	    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(one_back, 4), low);
	__m256i next = _mm256_and_si256(_mm256_srli_epi16(v, 4), low);
	__m256i faults = _mm256_and_si256(
	    look_up(high, first_high),
	    look_up(_mm256_and_si256(one_back, low), first_low));

	return _mm256_and_si256(faults, look_up(next, second_high));
}

/* A bit for each byte of v that is not in its place, 'before' being the 32
 * bytes before it. */
TARGET static inline uint32_t misplaced(__m256i v, __m256i before)
{
	__m256i ends = _mm256_permute2x128_si256(before, v, 0x21);
	__m256i one = _mm256_alignr_epi8(v, ends, 15);
	__m256i two = _mm256_alignr_epi8(v, ends, 14);
	__m256i three = _mm256_alignr_epi8(v, ends, 13);
	/* the top bit stays where a third or fourth byte is due */
	__m256i due = _mm256_or_si256(
	    _mm256_subs_epu8(two, _mm256_set1_epi8(0xe0 - 0x80)),
	    _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xf0 - 0x80))));
	__m256i top = _mm256_and_si256(due, _mm256_set1_epi8((char)0x80));
	__m256i faults = _mm256_xor_si256(pair_faults(v, one), top);
	__m256i none = _mm256_cmpeq_epi8(faults, _mm256_setzero_si256());

	return ~(uint32_t)_mm256_movemask_epi8(none);
}

/* A bit for each byte of v that is a quote, a backslash or a control. */
TARGET static inline uint32_t refused(__m256i v)
{
	const __m256i limit = _mm256_set1_epi8(0x1f);
	__m256i hit = _mm256_or_si256(
	    _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')),
			    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'))),
	    _mm256_cmpeq_epi8(_mm256_max_epu8(v, limit), limit));

	return (uint32_t)_mm256_movemask_epi8(hit);
}

/* Where a character begins that is not complete before p. */
static const unsigned char *last_start(const unsigned char *start,
				       const unsigned char *p)
{
	for (int back = 1; back < 4 && p - start >= back; back++)
		if (p[-back] >= 0xc0)
			return p - back;
	return p;
}

/* The first n bytes at p, fewer than BLOCK and a multiple of four; blanks
 * behind them. Nothing is stored to be loaded again as a whole, which costs
 * more than all the rest of a short string. */
TARGET static inline __m256i load_part(const unsigned char *p, size_t n)
{
	const __m256i iota = _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28);
	__m256i here = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), iota);
	__m256i v = _mm256_maskload_epi32((const int *)(const void *)p, here);

	return _mm256_blendv_epi8(_mm256_set1_epi8(' '), v, here);
}

TARGET static const unsigned char *plain_end_avx2(const unsigned char *p,
						  const unsigned char *end)
{
	const unsigned char *start = p;
	__m256i before = _mm256_setzero_si256(), v;

	for (size_t n = BLOCK; end - p >= 4; p += n, before = v) {
		uint32_t stop, wrong = 0;

		if (end - p >= BLOCK) {
			v = _mm256_loadu_si256((const void *)p);
		} else {
			n = (size_t)(end - p) & ~(size_t)3;
			v = load_part(p, n);
		}
		stop = refused(v);
		/* behind a part a character may go on */
		if (_mm256_movemask_epi8(_mm256_or_si256(v, before)))
			wrong = misplaced(v, before) &
				(uint32_t)(((uint64_t)1 << n) - 1);
		if (!(stop | wrong))
			continue;
		/* what is wrong shows behind where it began */
		if (wrong & (stop ^ (stop - 1)))
			return plain_end(last_start(start, p), end);
		return p + __builtin_ctz(stop);
	}
	/* the last bytes, and a character that was cut before them */
	return plain_end(last_start(start, p), end);
}

const unsigned char *kb_json_plain_end(const unsigned char *p,
				       const unsigned char *end)
{
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return plain_end_avx2(p, end);
	return plain_end(p, end);
}
#else
const unsigned char *kb_json_plain_end(const unsigned char *p,
				       const unsigned char *end)
{
	return plain_end(p, end);
}
#endif
