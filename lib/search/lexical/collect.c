#include "search/lexical/collect.h"

#include <stdatomic.h>

#include "base/simd.h"

static inline uint32_t take(uint64_t mask, size_t from, uint32_t n,
			    uint16_t *found)
{
	for (; mask; mask &= mask - 1)
		found[n++] = (uint16_t)(from + (size_t)__builtin_ctzll(mask));
	return n;
}

static uint32_t collect_scalar(const int32_t *points, size_t n, int32_t least,
			       uint16_t *found)
{
	uint32_t n_found = 0;

	for (size_t i = 0; i < n; i++) {
		found[n_found] = (uint16_t)i;
		n_found += points[i] >= least;
	}
	return n_found;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* Bit i: points[i] of 32 are above 'below'. */
__attribute__((target("avx2"))) static inline uint32_t above32(
    const int32_t *points, __m256i below)
{
	const __m256i *at = (const __m256i *)(const void *)points;
	/* packing works within halves of 128 bits: this order undoes it */
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
	__m256i a = _mm256_cmpgt_epi32(_mm256_loadu_si256(at), below);
	__m256i b = _mm256_cmpgt_epi32(_mm256_loadu_si256(at + 1), below);
	__m256i c = _mm256_cmpgt_epi32(_mm256_loadu_si256(at + 2), below);
	__m256i d = _mm256_cmpgt_epi32(_mm256_loadu_si256(at + 3), below);

	a = _mm256_packs_epi16(_mm256_packs_epi32(a, b),
			       _mm256_packs_epi32(c, d));
	a = _mm256_permutevar8x32_epi32(a, order);
	return (uint32_t)_mm256_movemask_epi8(a);
}

__attribute__((target("avx2,bmi"))) static uint32_t collect_avx2(
    const int32_t *points, size_t n, int32_t least, uint16_t *found)
{
	const __m256i below = _mm256_set1_epi32(least - 1);
	uint32_t n_found = 0;

	for (size_t i = 0; i < n; i += KB_COLLECT_STEP) {
		uint64_t mask = above32(points + i, below) |
				(uint64_t)above32(points + i + 32, below) << 32;

		n_found = take(mask, i, n_found, found);
	}
	return n_found;
}

#define TARGET_512 \
	__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt")))

/* As take(), for windows where many are found: the bytes 0 to 63, those of
 * set bits moved together. Writes 64 places whatever there are. */
TARGET_512 static inline uint32_t take_many(uint64_t mask, __m512i iota,
					    size_t from, uint32_t n,
					    uint16_t *found)
{
	const __m512i base = _mm512_set1_epi16((short)from);
	__m512i at = _mm512_maskz_compress_epi8(mask, iota);
	__m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(at));
	__m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(at, 1));

	_mm512_storeu_si512(found + n, _mm512_add_epi16(low, base));
	_mm512_storeu_si512(found + n + 32, _mm512_add_epi16(high, base));
	return n + (uint32_t)__builtin_popcountll(mask);
}

TARGET_512 static uint32_t collect_avx512(const int32_t *points, size_t n,
					  int32_t least, uint16_t *found)
{
	static const unsigned char places[KB_COLLECT_STEP] = {
	    0,	1,  2,	3,  4,	5,  6,	7,  8,	9,  10, 11, 12, 13, 14, 15,
	    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
	    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
	    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
	const __m512i iota = _mm512_loadu_si512(places);
	const __m512i floor = _mm512_set1_epi32(least);
	uint32_t n_found = 0;

	for (size_t i = 0; i < n; i += KB_COLLECT_STEP) {
		uint64_t mask = 0;

		for (unsigned j = 0; j < KB_COLLECT_STEP; j += 16)
			mask |= (uint64_t)_mm512_cmpge_epi32_mask(
				    _mm512_loadu_si512(points + i + j), floor)
				<< j;
		if (mask)
			n_found = take_many(mask, iota, i, n_found, found);
	}
	return n_found;
}
#endif

const struct kb_collect kb_collect_all[] = {
#if defined(__x86_64__)
    {"avx512", kb_cpu_has_avx512, collect_avx512},
    {"avx2", kb_cpu_has_avx2, collect_avx2},
#endif
    {"scalar", kb_cpu_any, collect_scalar},
    {NULL, NULL, NULL},
};

kb_collect_fn *kb_collect_best(void)
{
	static _Atomic(kb_collect_fn *) best;
	kb_collect_fn *fn = atomic_load_explicit(&best, memory_order_relaxed);
	const struct kb_collect *c = kb_collect_all;

	if (fn)
		return fn;
	while (!c->supported())
		c++;
	atomic_store_explicit(&best, c->run, memory_order_relaxed);
	return c->run;
}
