#include "classify/class_kernel.h"

#include <stdatomic.h>
#include <string.h>

#include "base/simd.h"

void kb_class_add_terms_plain(int32_t *sums, size_t n,
			      const struct kb_class_term *terms, size_t n_terms)
{
	for (size_t t = 0; t < n_terms; t++)
		for (size_t c = 0; c < n; c++)
			sums[c] += terms[t].value * terms[t].weights[c];
}

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))
#define BLOCKS 2

/* 16 weights of two rows side by side, so that one instruction multiplies both
 * with their values and adds the products. */
TARGET static inline __attribute__((always_inline)) void add_16(__m256i *low,
								__m256i *high,
								const int8_t *a,
								const int8_t *b,
								__m256i values)
{
	__m128i x = _mm_loadu_si128((const void *)a);
	__m128i y = _mm_loadu_si128((const void *)b);
	__m256i first = _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(x, y));
	__m256i last = _mm256_cvtepi8_epi16(_mm_unpackhi_epi8(x, y));

	*low = _mm256_add_epi32(*low, _mm256_madd_epi16(first, values));
	*high = _mm256_add_epi32(*high, _mm256_madd_epi16(last, values));
}

/* BLOCK * 16 columns of all rows, the sums in registers. The last of an odd
 * number of rows is taken a second time, with the value 0. */
TARGET static inline __attribute__((always_inline)) void add_block(
    int32_t *sums, size_t at, const struct kb_class_term *terms, size_t n_terms,
    const size_t blocks)
{
	__m256i sum[2 * BLOCKS];

#pragma GCC unroll 4
	for (size_t i = 0; i < 2 * blocks; i++)
		sum[i] = _mm256_loadu_si256((const void *)(sums + 8 * i));
	for (size_t t = 0; t < n_terms; t += 2) {
		size_t next = t + 1 < n_terms ? t + 1 : t;
		int32_t value = next > t ? terms[next].value : 0;
		__m256i values = _mm256_set1_epi32((
		    int32_t)((uint32_t)value << 16 | (uint32_t)terms[t].value));

#pragma GCC unroll 2
		for (size_t i = 0; i < blocks; i++)
			add_16(&sum[2 * i], &sum[2 * i + 1],
			       terms[t].weights + at + 16 * i,
			       terms[next].weights + at + 16 * i, values);
	}
#pragma GCC unroll 4
	for (size_t i = 0; i < 2 * blocks; i++)
		_mm256_storeu_si256((void *)(sums + 8 * i), sum[i]);
}

TARGET static void add_avx2(int32_t *sums, size_t n,
			    const struct kb_class_term *terms, size_t n_terms)
{
	size_t at = 0;

	for (; n - at >= BLOCKS * 16; at += BLOCKS * 16)
		add_block(sums + at, at, terms, n_terms, BLOCKS);
	if (at < n)
		add_block(sums + at, at, terms, n_terms, 1);
}

void kb_class_add_terms(int32_t *sums, size_t n,
			const struct kb_class_term *terms, size_t n_terms)
{
	/* Threads that race write the same value. */
	static _Atomic int wide = -1;

	if (wide < 0) {
		__builtin_cpu_init();
		wide = kb_cpu_has_avx2();
	}
	if (wide)
		add_avx2(sums, n, terms, n_terms);
	else
		kb_class_add_terms_plain(sums, n, terms, n_terms);
}

#else

void kb_class_add_terms(int32_t *sums, size_t n,
			const struct kb_class_term *terms, size_t n_terms)
{
	kb_class_add_terms_plain(sums, n, terms, n_terms);
}

#endif
