#include "encoder/encoder_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2")))
#define ROWS   2

/* Four bytes of a row, as 16-bit numbers, four times. */
TARGET static inline __attribute__((always_inline)) __m256i four(
    const uint8_t *q)
{
	int32_t word;

	memcpy(&word, q, sizeof(word));
	return _mm256_cvtepu8_epi16(_mm_set1_epi32(word));
}

/* Products of pairs of inputs, summed: of 8 outputs in two vectors. */
TARGET static inline __attribute__((always_inline)) void put8(__m256i a,
							      __m256i b,
							      int32_t *to)
{
	__m256i s = _mm256_permute4x64_epi64(_mm256_hadd_epi32(a, b), 0xd8);

	_mm256_storeu_si256((void *)to, s);
}

/*
 * 16 outputs. maddubs would be faster, but its sums of 16 bits do not hold two
 * products of 255 and 127: all is made 16 bits wide before.
 */
TARGET static inline __attribute__((always_inline)) void block(
    const int8_t *w, size_t step, size_t inputs, const uint8_t *q, size_t ld,
    const size_t rows, int32_t sums[][KB_ENCODER_PANEL], size_t at)
{
	__m256i acc[ROWS][4];

	for (size_t r = 0; r < rows; r++)
		for (size_t j = 0; j < 4; j++)
			acc[r][j] = _mm256_setzero_si256();
	for (size_t i = 0; i < inputs; i += 4, w += step) {
		__m256i x[ROWS];

#pragma GCC unroll 2
		for (size_t r = 0; r < rows; r++)
			x[r] = four(q + r * ld + i);
#pragma GCC unroll 4
		for (size_t j = 0; j < 4; j++) {
			__m256i y = _mm256_cvtepi8_epi16(
			    _mm_loadu_si128((const void *)(w + 16 * j)));

#pragma GCC unroll 2
			for (size_t r = 0; r < rows; r++)
				acc[r][j] = _mm256_add_epi32(
				    acc[r][j], _mm256_madd_epi16(x[r], y));
		}
	}
	for (size_t r = 0; r < rows; r++) {
		put8(acc[r][0], acc[r][1], sums[r] + at);
		put8(acc[r][2], acc[r][3], sums[r] + at + 8);
	}
}

TARGET static void dots(const int8_t *panel, size_t width, size_t inputs,
			const uint8_t *q, size_t ld, size_t rows,
			int32_t sums[][KB_ENCODER_PANEL])
{
	for (size_t o = 0; o < width; o += 16) {
		if (rows == 2)
			block(panel + 4 * o, 4 * width, inputs, q, ld, 2, sums,
			      o);
		else
			block(panel + 4 * o, 4 * width, inputs, q, ld, 1, sums,
			      o);
	}
}

#include "encoder/encoder_functions_impl.h"

const struct kb_encoder_kernel kb_encoder_avx2 = KERNEL_IS("avx2");

#endif
