#include "index/unpack.h"

#include <stdatomic.h>
#include <string.h>

/* ---- scalar ---- */

static uint64_t load64(const unsigned char *ptr)
{
	uint64_t x;

	memcpy(&x, ptr, sizeof(x));
	return x;
}

static bool always(void)
{
	return true;
}

static void values_scalar(const unsigned char *ptr, unsigned bits,
			  uint32_t *out)
{
	uint64_t mask = bits ? UINT64_MAX >> (64 - bits) : 0;

	for (size_t i = 0; i < KB_UNPACK_N; i++) {
		size_t at = i * bits;

		out[i] =
		    (uint32_t)(load64(ptr + at / 8) >> (at % 8) & mask) + 1;
	}
}

static void deltas_scalar(const unsigned char *ptr, unsigned bits,
			  uint32_t base, uint32_t *out)
{
	values_scalar(ptr, bits, out);
	for (size_t i = 0; i < KB_UNPACK_N; i++) {
		base += out[i];
		out[i] = base;
	}
}

#if defined(__x86_64__)
#include <immintrin.h>

/*
 * Both vector forms work alike: the dwords of a group of lanes are loaded
 * once, each lane fetches by permutation the two dwords its value may
 * straddle, and shifts them together. A shift by 32 gives 0, so a value
 * that ends at a border takes nothing from the second one.
 */

/* ---- AVX2: 8 lanes, a group is 'bits' bytes ---- */

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

struct lanes8 {
	__m256i load, lo, hi, right, left, mask;
};

__attribute__((target("avx2"))) static struct lanes8 lanes8(unsigned bits)
{
	const __m256i iota = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	__m256i at = _mm256_mullo_epi32(iota, _mm256_set1_epi32((int)bits));
	struct lanes8 k;

	k.load =
	    _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(bits + 3) / 4), iota);
	k.lo = _mm256_srli_epi32(at, 5);
	k.hi = _mm256_add_epi32(k.lo, _mm256_set1_epi32(1));
	k.right = _mm256_and_si256(at, _mm256_set1_epi32(31));
	k.left = _mm256_sub_epi32(_mm256_set1_epi32(32), k.right);
	k.mask = _mm256_set1_epi32((int)(uint32_t)((1ull << bits) - 1));
	return k;
}

__attribute__((target("avx2"))) static inline __m256i take8(
    const unsigned char *ptr, struct lanes8 k)
{
	__m256i data =
	    _mm256_maskload_epi32((const int *)(const void *)ptr, k.load);
	__m256i lo = _mm256_permutevar8x32_epi32(data, k.lo);
	__m256i hi = _mm256_permutevar8x32_epi32(data, k.hi);

	lo = _mm256_srlv_epi32(lo, k.right);
	hi = _mm256_sllv_epi32(hi, k.left);
	lo = _mm256_and_si256(_mm256_or_si256(lo, hi), k.mask);
	return _mm256_add_epi32(lo, _mm256_set1_epi32(1));
}

__attribute__((target("avx2"))) static void values_avx2(
    const unsigned char *ptr, unsigned bits, uint32_t *out)
{
	struct lanes8 k = lanes8(bits);

	for (size_t i = 0; i < KB_UNPACK_N; i += 8, ptr += bits)
		_mm256_storeu_si256((__m256i *)(void *)(out + i),
				    take8(ptr, k));
}

__attribute__((target("avx2"))) static void deltas_avx2(
    const unsigned char *ptr, unsigned bits, uint32_t base, uint32_t *out)
{
	struct lanes8 k = lanes8(bits);
	__m256i carry = _mm256_set1_epi32((int)base);
	const __m256i last = _mm256_set1_epi32(7);
	const __m256i third = _mm256_setr_epi32(3, 3, 3, 3, 3, 3, 3, 3);
	const __m256i upper = _mm256_setr_epi32(0, 0, 0, 0, -1, -1, -1, -1);

	for (size_t i = 0; i < KB_UNPACK_N; i += 8, ptr += bits) {
		__m256i v = take8(ptr, k);
		__m256i low;

		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
		low = _mm256_permutevar8x32_epi32(v, third);
		v = _mm256_add_epi32(v, _mm256_and_si256(low, upper));
		v = _mm256_add_epi32(v, carry);
		_mm256_storeu_si256((__m256i *)(void *)(out + i), v);
		carry = _mm256_permutevar8x32_epi32(v, last);
	}
}

/* ---- AVX-512: 16 lanes, a group is 2 * bits bytes ---- */

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}

struct lanes16 {
	__m512i lo, hi, right, left, mask;
	__mmask16 load;
};

__attribute__((target("avx512f"))) static struct lanes16 lanes16(unsigned bits)
{
	const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);
	__m512i at = _mm512_mullo_epi32(iota, _mm512_set1_epi32((int)bits));
	struct lanes16 k;

	k.load = (__mmask16)((1u << (2 * bits + 3) / 4) - 1);
	k.lo = _mm512_srli_epi32(at, 5);
	k.hi = _mm512_add_epi32(k.lo, _mm512_set1_epi32(1));
	k.right = _mm512_and_si512(at, _mm512_set1_epi32(31));
	k.left = _mm512_sub_epi32(_mm512_set1_epi32(32), k.right);
	k.mask = _mm512_set1_epi32((int)(uint32_t)((1ull << bits) - 1));
	return k;
}

__attribute__((target("avx512f"))) static inline __m512i take16(
    const unsigned char *ptr, struct lanes16 k)
{
	__m512i data = _mm512_maskz_loadu_epi32(k.load, ptr);
	__m512i lo = _mm512_permutexvar_epi32(k.lo, data);
	__m512i hi = _mm512_permutexvar_epi32(k.hi, data);

	lo = _mm512_srlv_epi32(lo, k.right);
	hi = _mm512_sllv_epi32(hi, k.left);
	lo = _mm512_and_si512(_mm512_or_si512(lo, hi), k.mask);
	return _mm512_add_epi32(lo, _mm512_set1_epi32(1));
}

__attribute__((target("avx512f"))) static void values_avx512(
    const unsigned char *ptr, unsigned bits, uint32_t *out)
{
	struct lanes16 k = lanes16(bits);

	for (size_t i = 0; i < KB_UNPACK_N; i += 16, ptr += 2 * bits)
		_mm512_storeu_si512(out + i, take16(ptr, k));
}

__attribute__((target("avx512f"))) static void deltas_avx512(
    const unsigned char *ptr, unsigned bits, uint32_t base, uint32_t *out)
{
	struct lanes16 k = lanes16(bits);
	const __m512i zero = _mm512_setzero_si512();
	const __m512i last = _mm512_set1_epi32(15);
	__m512i carry = _mm512_set1_epi32((int)base);

	for (size_t i = 0; i < KB_UNPACK_N; i += 16, ptr += 2 * bits) {
		__m512i v = take16(ptr, k);

		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 15));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 14));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 12));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 8));
		v = _mm512_add_epi32(v, carry);
		_mm512_storeu_si512(out + i, v);
		carry = _mm512_permutexvar_epi32(last, v);
	}
}
#endif

const struct kb_unpack kb_unpack_all[] = {
#if defined(__x86_64__)
    {"avx512", has_avx512, values_avx512, deltas_avx512},
    {"avx2", has_avx2, values_avx2, deltas_avx2},
#endif
    {"scalar", always, values_scalar, deltas_scalar},
    {NULL, NULL, NULL, NULL},
};

const struct kb_unpack *kb_unpack_best(void)
{
	static _Atomic(const struct kb_unpack *) best;
	const struct kb_unpack *found =
	    atomic_load_explicit(&best, memory_order_relaxed);

	if (!found) {
		found = kb_unpack_all;
		while (!found->supported())
			found++;
		atomic_store_explicit(&best, found, memory_order_relaxed);
	}
	return found;
}
