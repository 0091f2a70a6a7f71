#include "posting/block_decode.h"

#include <stdatomic.h>
#include <string.h>

#include "base/load.h"
#include "base/simd.h"

/*
 * Places of the ones of a string of quotients, counted from its start. A
 * word of 64 bits is written as a whole, so there is room behind the last;
 * the place before the first, at[0], is -1 modulo
 * 2^16.
 */
struct ones {
	uint16_t at[1 + KB_BLOCK_N + 64];
};

/* Bytes up to the last of n ones, which begin at ptr. */
static const unsigned char *behind(const unsigned char *ptr,
				   const unsigned char *end,
				   const struct ones *ones, size_t n)
{
	uint32_t last = ones->at[KB_BLOCK_N];

	if (n < KB_BLOCK_N || last / 8 >= (size_t)(end - ptr) ||
	    last - (KB_BLOCK_N - 1) > KB_BLOCK_QUOTIENTS)
		return NULL;
	return ptr + last / 8 + 1;
}

/* Whether the word at 'bit' of the string may be needed. */
static bool is_inside(const unsigned char *ptr, const unsigned char *end,
		      uint32_t bit)
{
	return bit <= KB_BLOCK_N + KB_BLOCK_QUOTIENTS &&
	       bit / 8 < (size_t)(end - ptr);
}

/* ---- scalar ---- */

static void values_scalar(const unsigned char *ptr, unsigned bits,
			  uint32_t *out)
{
	uint64_t mask = bits ? UINT64_MAX >> (64 - bits) : 0;

	for (size_t i = 0; i < KB_BLOCK_N; i++) {
		size_t at = i * bits;

		out[i] =
		    (uint32_t)(kb_load64(ptr + at / 8) >> (at % 8) & mask) + 1;
	}
}

static void deltas_scalar(const unsigned char *ptr, unsigned bits,
			  uint32_t base, uint32_t *out)
{
	values_scalar(ptr, bits, out);
	for (size_t i = 0; i < KB_BLOCK_N; i++) {
		base += out[i];
		out[i] = base;
	}
}

static const unsigned char *ones_scalar(const unsigned char *ptr,
					const unsigned char *end,
					struct ones *ones)
{
	size_t n = 0;

	ones->at[0] = UINT16_MAX;
	for (uint32_t bit = 0; n < KB_BLOCK_N && is_inside(ptr, end, bit);
	     bit += 64)
		for (uint64_t x = kb_load64(ptr + bit / 8); x; x &= x - 1)
			ones->at[++n] =
			    (uint16_t)(bit + (uint32_t)__builtin_ctzll(x));
	return behind(ptr, end, ones, n);
}

static const unsigned char *high_values_scalar(const unsigned char *ptr,
					       const unsigned char *end,
					       unsigned bits, uint32_t *out)
{
	struct ones ones;

	ptr = ones_scalar(ptr, end, &ones);
	for (size_t i = 0; ptr && i < KB_BLOCK_N; i++) {
		out[i] += (uint32_t)(uint16_t)(ones.at[i + 1] - ones.at[i] - 1)
			  << bits;
	}
	return ptr;
}

static const unsigned char *high_deltas_scalar(const unsigned char *ptr,
					       const unsigned char *end,
					       unsigned bits, uint32_t *out)
{
	struct ones ones;

	ptr = ones_scalar(ptr, end, &ones);
	for (uint32_t i = 0; ptr && i < KB_BLOCK_N; i++)
		out[i] += (uint32_t)(ones.at[i + 1] - i) << bits;
	return ptr;
}

static uint32_t rank_scalar(const uint32_t *values, uint32_t x)
{
	uint32_t n = 0;

	for (size_t i = 0; i < KB_BLOCK_N; i++)
		n += values[i] < x;
	return n;
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

	for (size_t i = 0; i < KB_BLOCK_N; i += 8, ptr += bits)
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

	for (size_t i = 0; i < KB_BLOCK_N; i += 8, ptr += bits) {
		__m256i v = take8(ptr, k);
		__m256i low;

		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
		low = _mm256_permutevar8x32_epi32(v, third);
		v = _mm256_add_epi32(v, _mm256_and_si256(low, upper));
		_mm256_storeu_si256((__m256i *)(void *)(out + i),
				    _mm256_add_epi32(v, carry));
		/* of the group alone, so that groups overlap */
		v = _mm256_permutevar8x32_epi32(v, last);
		carry = _mm256_add_epi32(carry, v);
	}
}

/* The set bits of a byte as a byte each: pext takes, of the bytes 0 to 7, those
 * whose bit pdep spread out. */
__attribute__((target("avx2,bmi2,popcnt"))) static const unsigned char *
ones_avx2(const unsigned char *ptr, const unsigned char *end, struct ones *ones)
{
	const uint64_t places = 0x0706050403020100, low = 0x0101010101010101;
	size_t n = 0;

	ones->at[0] = UINT16_MAX;
	for (uint32_t bit = 0; n < KB_BLOCK_N && is_inside(ptr, end, bit);) {
		uint64_t word = kb_load64(ptr + bit / 8);

		for (uint32_t to = bit + 64; bit < to; bit += 8, word >>= 8) {
			uint64_t mask = _pdep_u64(word & 255, low) * 255;
			__m128i at = _mm_cvtsi64_si128(
			    (long long)_pext_u64(places, mask));

			at = _mm_add_epi16(_mm_cvtepu8_epi16(at),
					   _mm_set1_epi16((short)bit));
			_mm_storeu_si128((__m128i *)(void *)(ones->at + 1 + n),
					 at);
			n += (size_t)__builtin_popcountll(word & 255);
		}
	}
	return behind(ptr, end, ones, n);
}

__attribute__((target("avx2,bmi2,popcnt"))) static const unsigned char *
high_values_avx2(const unsigned char *ptr, const unsigned char *end,
		 unsigned bits, uint32_t *out)
{
	const __m128i shift = _mm_cvtsi32_si128((int)bits);
	const __m128i one = _mm_set1_epi16(1);
	struct ones ones;

	ptr = ones_avx2(ptr, end, &ones);
	for (size_t i = 0; ptr && i < KB_BLOCK_N; i += 8) {
		__m256i *to = (__m256i *)(void *)(out + i);
		const uint16_t *from = ones.at + i;
		__m128i gap = _mm_loadu_si128((const void *)(from + 1));
		__m256i v;

		gap = _mm_sub_epi16(gap, _mm_loadu_si128((const void *)from));
		v = _mm256_cvtepu16_epi32(_mm_sub_epi16(gap, one));
		v = _mm256_sll_epi32(v, shift);
		_mm256_storeu_si256(
		    to, _mm256_add_epi32(v, _mm256_loadu_si256(to)));
	}
	return ptr;
}

__attribute__((target("avx2,bmi2,popcnt"))) static const unsigned char *
high_deltas_avx2(const unsigned char *ptr, const unsigned char *end,
		 unsigned bits, uint32_t *out)
{
	const __m128i shift = _mm_cvtsi32_si128((int)bits);
	const __m256i eight = _mm256_set1_epi32(8);
	__m256i place = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	struct ones ones;

	ptr = ones_avx2(ptr, end, &ones);
	for (size_t i = 0; ptr && i < KB_BLOCK_N; i += 8) {
		__m256i *to = (__m256i *)(void *)(out + i);
		__m256i v = _mm256_cvtepu16_epi32(
		    _mm_loadu_si128((const void *)(ones.at + 1 + i)));

		v = _mm256_sll_epi32(_mm256_sub_epi32(v, place), shift);
		_mm256_storeu_si256(
		    to, _mm256_add_epi32(v, _mm256_loadu_si256(to)));
		place = _mm256_add_epi32(place, eight);
	}
	return ptr;
}

__attribute__((target("avx2,popcnt"))) static uint32_t rank_avx2(
    const uint32_t *values, uint32_t x)
{
	const __m256i top = _mm256_set1_epi32(INT32_MIN); /* compares signed */
	const __m256i limit = _mm256_set1_epi32((int)(x ^ 0x80000000u));
	__m256i n = _mm256_setzero_si256();
	__m128i half;

	for (size_t i = 0; i < KB_BLOCK_N; i += 8) {
		__m256i v = _mm256_loadu_si256((const void *)(values + i));

		v = _mm256_cmpgt_epi32(limit, _mm256_xor_si256(v, top));
		n = _mm256_sub_epi32(n, v);
	}
	half = _mm_add_epi32(_mm256_castsi256_si128(n),
			     _mm256_extracti128_si256(n, 1));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
	return (uint32_t)_mm_cvtsi128_si32(half);
}

/* ---- AVX-512: 16 lanes, a group is 2 * bits bytes ---- */

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

	for (size_t i = 0; i < KB_BLOCK_N; i += 16, ptr += 2 * bits)
		_mm512_storeu_si512(out + i, take16(ptr, k));
}

__attribute__((target("avx512f"))) static void deltas_avx512(
    const unsigned char *ptr, unsigned bits, uint32_t base, uint32_t *out)
{
	struct lanes16 k = lanes16(bits);
	const __m512i zero = _mm512_setzero_si512();
	const __m512i last = _mm512_set1_epi32(15);
	__m512i carry = _mm512_set1_epi32((int)base);

	for (size_t i = 0; i < KB_BLOCK_N; i += 16, ptr += 2 * bits) {
		__m512i v = take16(ptr, k);

		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 15));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 14));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 12));
		v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 8));
		_mm512_storeu_si512(out + i, _mm512_add_epi32(v, carry));
		/* of the group alone, so that groups overlap */
		v = _mm512_permutexvar_epi32(last, v);
		carry = _mm512_add_epi32(carry, v);
	}
}

#define TARGET_ONES \
	__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt")))

/* The bytes 0 to 63, those of set bits moved together. */
TARGET_ONES static const unsigned char *ones_avx512(const unsigned char *ptr,
						    const unsigned char *end,
						    struct ones *ones)
{
	static const unsigned char places[64] = {
	    0,	1,  2,	3,  4,	5,  6,	7,  8,	9,  10, 11, 12, 13, 14, 15,
	    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
	    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
	    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
	const __m512i iota = _mm512_loadu_si512(places);
	size_t n = 0;

	ones->at[0] = UINT16_MAX;
	for (uint32_t bit = 0; n < KB_BLOCK_N && is_inside(ptr, end, bit);
	     bit += 64) {
		uint64_t word = kb_load64(ptr + bit / 8);
		__m512i from = _mm512_set1_epi16((short)bit);
		__m512i at = _mm512_maskz_compress_epi8(word, iota);
		uint16_t *to = ones->at + 1 + n;

		_mm512_storeu_si512(
		    to,
		    _mm512_add_epi16(from, _mm512_cvtepu8_epi16(
					       _mm512_castsi512_si256(at))));
		at = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(at, 1));
		_mm512_storeu_si512(to + 32, _mm512_add_epi16(from, at));
		n += (size_t)__builtin_popcountll(word);
	}
	return behind(ptr, end, ones, n);
}

TARGET_ONES static const unsigned char *high_values_avx512(
    const unsigned char *ptr, const unsigned char *end, unsigned bits,
    uint32_t *out)
{
	const __m128i shift = _mm_cvtsi32_si128((int)bits);
	const __m256i one = _mm256_set1_epi16(1);
	struct ones ones;

	ptr = ones_avx512(ptr, end, &ones);
	for (size_t i = 0; ptr && i < KB_BLOCK_N; i += 16) {
		const uint16_t *from = ones.at + i;
		__m256i gap = _mm256_loadu_si256((const void *)(from + 1));
		__m512i v;

		gap = _mm256_sub_epi16(gap,
				       _mm256_loadu_si256((const void *)from));
		v = _mm512_cvtepu16_epi32(_mm256_sub_epi16(gap, one));
		v = _mm512_sll_epi32(v, shift);
		_mm512_storeu_si512(
		    out + i, _mm512_add_epi32(v, _mm512_loadu_si512(out + i)));
	}
	return ptr;
}

TARGET_ONES static const unsigned char *high_deltas_avx512(
    const unsigned char *ptr, const unsigned char *end, unsigned bits,
    uint32_t *out)
{
	const __m128i shift = _mm_cvtsi32_si128((int)bits);
	const __m512i step = _mm512_set1_epi32(16);
	__m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
					  12, 13, 14, 15);
	struct ones ones;

	ptr = ones_avx512(ptr, end, &ones);
	for (size_t i = 0; ptr && i < KB_BLOCK_N; i += 16) {
		__m512i v = _mm512_cvtepu16_epi32(
		    _mm256_loadu_si256((const void *)(ones.at + 1 + i)));

		v = _mm512_sll_epi32(_mm512_sub_epi32(v, place), shift);
		_mm512_storeu_si512(
		    out + i, _mm512_add_epi32(v, _mm512_loadu_si512(out + i)));
		place = _mm512_add_epi32(place, step);
	}
	return ptr;
}

__attribute__((target("avx512f,popcnt"))) static uint32_t rank_avx512(
    const uint32_t *values, uint32_t x)
{
	const __m512i limit = _mm512_set1_epi32((int)x);
	uint64_t low = 0, high = 0;

	for (unsigned i = 0; i < KB_BLOCK_N / 2; i += 16) {
		const uint32_t *at = values + i;

		low |= (uint64_t)_mm512_cmplt_epu32_mask(_mm512_loadu_si512(at),
							 limit)
		       << i;
		high |= (uint64_t)_mm512_cmplt_epu32_mask(
			    _mm512_loadu_si512(at + KB_BLOCK_N / 2), limit)
			<< i;
	}
	return (uint32_t)(__builtin_popcountll(low) +
			  __builtin_popcountll(high));
}
#endif

const struct kb_block_decoder kb_block_decoder_all[] = {
#if defined(__x86_64__)
    {"avx512", kb_cpu_has_avx512, values_avx512, deltas_avx512,
     high_values_avx512, high_deltas_avx512, rank_avx512},
    {"avx2", kb_cpu_has_avx2, values_avx2, deltas_avx2, high_values_avx2,
     high_deltas_avx2, rank_avx2},
#endif
    {"scalar", kb_cpu_any, values_scalar, deltas_scalar, high_values_scalar,
     high_deltas_scalar, rank_scalar},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct kb_block_decoder *kb_block_decoder_best(void)
{
	static _Atomic(const struct kb_block_decoder *) best;
	const struct kb_block_decoder *found =
	    atomic_load_explicit(&best, memory_order_relaxed);

	if (!found) {
		found = kb_block_decoder_all;
		while (!found->supported())
			found++;
		atomic_store_explicit(&best, found, memory_order_relaxed);
	}
	return found;
}
