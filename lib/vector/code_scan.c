#include "vector/code_scan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define X86 1
#endif

static void dot2_plain(const int8_t *hi, const int8_t *lo, const int8_t *x,
		       size_t n, int32_t out[2])
{
	int32_t h = 0, l = 0;

	for (size_t i = 0; i < n; i++) {
		h += hi[i] * x[i];
		l += lo[i] * x[i];
	}
	out[0] = h;
	out[1] = l;
}

static void block_plain(const unsigned char *codes, const unsigned char *table,
			size_t groups, uint32_t sums[KB_SCAN_BLOCK])
{
	memset(sums, 0, KB_SCAN_BLOCK * sizeof(*sums));
	for (size_t g = 0; g < groups; g++) {
		for (size_t i = 0; i < 16; i++) {
			sums[i] += table[16 * g + (codes[16 * g + i] & 15)];
			sums[i + 16] +=
			    table[16 * g + (codes[16 * g + i] >> 4)];
		}
	}
}

#ifdef X86

__attribute__((target("avx2"))) static int32_t sum_avx2(__m256i v)
{
	__m128i s = _mm_add_epi32(_mm256_castsi256_si128(v),
				  _mm256_extracti128_si256(v, 1));

	s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
	s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
	return _mm_cvtsi128_si32(s);
}

/* maddubs wants one unsigned side: |x| * (q with the sign of x). Two
 * products of at most 127 * 127 fit its 16 bits. */
__attribute__((target("avx2"))) static void dot2_avx2(const int8_t *hi,
						      const int8_t *lo,
						      const int8_t *x, size_t n,
						      int32_t out[2])
{
	const __m256i ones = _mm256_set1_epi16(1);
	__m256i h = _mm256_setzero_si256(), l = h;

	for (size_t i = 0; i < n; i += 32) {
		__m256i v = _mm256_loadu_si256((const void *)(x + i));
		__m256i a = _mm256_loadu_si256((const void *)(hi + i));
		__m256i b = _mm256_loadu_si256((const void *)(lo + i));
		__m256i m = _mm256_abs_epi8(v);

		a = _mm256_maddubs_epi16(m, _mm256_sign_epi8(a, v));
		b = _mm256_maddubs_epi16(m, _mm256_sign_epi8(b, v));
		h = _mm256_add_epi32(h, _mm256_madd_epi16(a, ones));
		l = _mm256_add_epi32(l, _mm256_madd_epi16(b, ones));
	}
	out[0] = sum_avx2(h);
	out[1] = sum_avx2(l);
}

/*
 * Look both halves of the bytes up with pshufb, two groups in the two
 * lanes; four looked-up bytes of at most 60 are summed as a byte. The bytes
 * are then summed without unpacking: 'all' adds them as 16-bit numbers
 * (even byte + 256 * odd byte, modulo 2^16), 'odd' adds the odd bytes alone;
 * all - (odd << 8) is the sum of the even ones. 1024 groups in two lanes
 * make at most 512 * 60 = 30720.
 */
__attribute__((target("avx2"))) static void block_avx2(
    const unsigned char *codes, const unsigned char *table, size_t groups,
    uint32_t sums[KB_SCAN_BLOCK])
{
	const __m256i low = _mm256_set1_epi8(15);
	__m256i all0 = _mm256_setzero_si256(), odd0 = all0;
	__m256i all1 = all0, odd1 = all0;
	uint16_t lanes[4][16];

	for (size_t g = 0; g < groups; g += 8) {
		__m256i a = _mm256_setzero_si256(), b = a;

		for (size_t i = 0; i < 4; i++) {
			size_t at = 16 * (g + 2 * i);
			__m256i c =
			    _mm256_loadu_si256((const void *)(codes + at));
			__m256i t =
			    _mm256_loadu_si256((const void *)(table + at));
			__m256i h = _mm256_srli_epi16(c, 4);

			c = _mm256_shuffle_epi8(t, _mm256_and_si256(c, low));
			h = _mm256_shuffle_epi8(t, _mm256_and_si256(h, low));
			a = _mm256_add_epi8(a, c);
			b = _mm256_add_epi8(b, h);
		}
		all0 = _mm256_add_epi16(all0, a);
		odd0 = _mm256_add_epi16(odd0, _mm256_srli_epi16(a, 8));
		all1 = _mm256_add_epi16(all1, b);
		odd1 = _mm256_add_epi16(odd1, _mm256_srli_epi16(b, 8));
	}
	all0 = _mm256_sub_epi16(all0, _mm256_slli_epi16(odd0, 8));
	all1 = _mm256_sub_epi16(all1, _mm256_slli_epi16(odd1, 8));
	_mm256_storeu_si256((void *)lanes[0], all0);
	_mm256_storeu_si256((void *)lanes[1], odd0);
	_mm256_storeu_si256((void *)lanes[2], all1);
	_mm256_storeu_si256((void *)lanes[3], odd1);
	for (size_t i = 0; i < 8; i++) {
		for (size_t h = 0; h < 2; h++) {
			uint16_t *even = lanes[2 * h], *odd = lanes[2 * h + 1];

			sums[16 * h + 2 * i] = even[i] + (uint32_t)even[i + 8];
			sums[16 * h + 2 * i + 1] =
			    odd[i] + (uint32_t)odd[i + 8];
		}
	}
}

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void dot2_avx512(
    const int8_t *hi, const int8_t *lo, const int8_t *x, size_t n,
    int32_t out[2])
{
	/* vpdpbusd wants x unsigned: x + 128, and takes back 128 * sum q. */
	const __m512i flip = _mm512_set1_epi8((char)0x80);
	__m512i h = _mm512_setzero_si512(), l = h, ch = h, cl = h;

	for (size_t i = 0; i < n; i += 64) {
		__m512i v = _mm512_loadu_si512((const void *)(x + i));
		__m512i a = _mm512_loadu_si512((const void *)(hi + i));
		__m512i b = _mm512_loadu_si512((const void *)(lo + i));

		v = _mm512_xor_si512(v, flip);
		h = _mm512_dpbusd_epi32(h, v, a);
		l = _mm512_dpbusd_epi32(l, v, b);
		ch = _mm512_dpbusd_epi32(ch, flip, a);
		cl = _mm512_dpbusd_epi32(cl, flip, b);
	}
	out[0] = _mm512_reduce_add_epi32(_mm512_sub_epi32(h, ch));
	out[1] = _mm512_reduce_add_epi32(_mm512_sub_epi32(l, cl));
}

/* As block_avx2() with four groups in four lanes. */
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void block_avx512(
    const unsigned char *codes, const unsigned char *table, size_t groups,
    uint32_t sums[KB_SCAN_BLOCK])
{
	const __m512i low = _mm512_set1_epi8(15);
	__m512i all0 = _mm512_setzero_si512(), odd0 = all0;
	__m512i all1 = all0, odd1 = all0;
	uint16_t lanes[4][32];

	for (size_t g = 0; g < groups; g += 16) {
		__m512i a = _mm512_setzero_si512(), b = a;

		for (size_t i = 0; i < 4; i++) {
			size_t at = 16 * (g + 4 * i);
			__m512i c =
			    _mm512_loadu_si512((const void *)(codes + at));
			__m512i t =
			    _mm512_loadu_si512((const void *)(table + at));
			__m512i h = _mm512_srli_epi16(c, 4);

			c = _mm512_shuffle_epi8(t, _mm512_and_si512(c, low));
			h = _mm512_shuffle_epi8(t, _mm512_and_si512(h, low));
			a = _mm512_add_epi8(a, c);
			b = _mm512_add_epi8(b, h);
		}
		all0 = _mm512_add_epi16(all0, a);
		odd0 = _mm512_add_epi16(odd0, _mm512_srli_epi16(a, 8));
		all1 = _mm512_add_epi16(all1, b);
		odd1 = _mm512_add_epi16(odd1, _mm512_srli_epi16(b, 8));
	}
	all0 = _mm512_sub_epi16(all0, _mm512_slli_epi16(odd0, 8));
	all1 = _mm512_sub_epi16(all1, _mm512_slli_epi16(odd1, 8));
	_mm512_storeu_si512((void *)lanes[0], all0);
	_mm512_storeu_si512((void *)lanes[1], odd0);
	_mm512_storeu_si512((void *)lanes[2], all1);
	_mm512_storeu_si512((void *)lanes[3], odd1);
	memset(sums, 0, KB_SCAN_BLOCK * sizeof(*sums));
	for (size_t i = 0; i < 32; i++) {
		for (size_t h = 0; h < 2; h++) {
			uint32_t *to = sums + 16 * h + 2 * (i % 8);

			to[0] += lanes[2 * h][i];
			to[1] += lanes[2 * h + 1][i];
		}
	}
}

#endif

static enum kb_scan_isa best(void)
{
#ifdef X86
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vnni"))
		return KB_SCAN_AVX512;
	if (__builtin_cpu_supports("avx2"))
		return KB_SCAN_AVX2;
#endif
	return KB_SCAN_PLAIN;
}

/* -1 until the first use; threads that race write the same value. */
static _Atomic int chosen = -1;

enum kb_scan_isa kb_scan_isa(void)
{
	int isa = chosen;

	if (isa < 0)
		chosen = isa = (int)best();
	return (enum kb_scan_isa)isa;
}

int kb_scan_force(enum kb_scan_isa isa)
{
	if (isa > best())
		return -1;
	chosen = isa;
	return 0;
}

void kb_scan_dot2(const int8_t *hi, const int8_t *lo, const int8_t *x, size_t n,
		  int32_t out[2])
{
#ifdef X86
	enum kb_scan_isa isa = kb_scan_isa();

	if (isa == KB_SCAN_AVX512) {
		dot2_avx512(hi, lo, x, n, out);
		return;
	}
	if (isa == KB_SCAN_AVX2) {
		dot2_avx2(hi, lo, x, n, out);
		return;
	}
#endif
	dot2_plain(hi, lo, x, n, out);
}

void kb_scan_block(const unsigned char *codes, const unsigned char *table,
		   size_t groups, uint32_t sums[KB_SCAN_BLOCK])
{
#ifdef X86
	enum kb_scan_isa isa = kb_scan_isa();

	if (isa == KB_SCAN_AVX512) {
		block_avx512(codes, table, groups, sums);
		return;
	}
	if (isa == KB_SCAN_AVX2) {
		block_avx2(codes, table, groups, sums);
		return;
	}
#endif
	block_plain(codes, table, groups, sums);
}

/* SSE2 is part of x86-64: nothing to choose. */
uint32_t kb_scan_above(const uint32_t sums[KB_SCAN_BLOCK], float base,
		       const float *factors, float floor)
{
	uint32_t above = 0;

#ifdef X86
	const __m128 b = _mm_set1_ps(base), least = _mm_set1_ps(floor);

	for (unsigned i = 0; i < KB_SCAN_BLOCK; i += 4) {
		__m128i s = _mm_loadu_si128((const void *)(sums + i));
		__m128 x = _mm_mul_ps(_mm_sub_ps(_mm_cvtepi32_ps(s), b),
				      _mm_loadu_ps(factors + i));

		x = _mm_cmpgt_ps(x, least);
		above |= (uint32_t)_mm_movemask_ps(x) << i;
	}
#else
	for (unsigned i = 0; i < KB_SCAN_BLOCK; i++) {
		float x = ((float)sums[i] - base) * factors[i];

		above |= (uint32_t)(x > floor) << i;
	}
#endif
	return above;
}
