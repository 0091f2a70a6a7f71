#include "encoder/encoder_kernel.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define ROWS   6

/* 24 sums, 4 vectors of weights and a row's four bytes fill the registers. */
TARGET static inline __attribute__((always_inline)) void block(
    const int8_t *w, size_t step, size_t inputs, const uint8_t *q, size_t ld,
    const size_t rows, const size_t blocks, int32_t sums[][KB_ENCODER_PANEL],
    size_t at)
{
	__m512i acc[ROWS][4];

#pragma GCC unroll 8
	for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 4
		for (size_t j = 0; j < blocks; j++)
			acc[r][j] = _mm512_setzero_si512();
	for (size_t i = 0; i < inputs; i += 4, w += step) {
		__m512i y[4];

#pragma GCC unroll 4
		for (size_t j = 0; j < blocks; j++)
			y[j] = _mm512_loadu_si512((const void *)(w + 64 * j));
#pragma GCC unroll 8
		for (size_t r = 0; r < rows; r++) {
			__m512i x;
			int32_t word;

			memcpy(&word, q + r * ld + i, sizeof(word));
			x = _mm512_set1_epi32(word);
#pragma GCC unroll 4
			for (size_t j = 0; j < blocks; j++)
				acc[r][j] =
				    _mm512_dpbusd_epi32(acc[r][j], x, y[j]);
		}
	}
#pragma GCC unroll 8
	for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 4
		for (size_t j = 0; j < blocks; j++)
			_mm512_storeu_si512((void *)(sums[r] + at + 16 * j),
					    acc[r][j]);
}

#define BLOCK(rows_, blocks_)                                              \
	block(panel + 4 * o, 4 * width, inputs, q, ld, (rows_), (blocks_), \
	      sums, o)

TARGET static void dots(const int8_t *panel, size_t width, size_t inputs,
			const uint8_t *q, size_t ld, size_t rows,
			int32_t sums[][KB_ENCODER_PANEL])
{
	size_t o = 0;

	if (width == KB_ENCODER_PANEL) {
		switch (rows) {
		case 6:
			BLOCK(6, 4);
			return;
		case 5:
			BLOCK(5, 4);
			return;
		case 4:
			BLOCK(4, 4);
			return;
		case 3:
			BLOCK(3, 4);
			return;
		case 2:
			BLOCK(2, 4);
			return;
		default:
			BLOCK(1, 4);
			return;
		}
	}
	for (; o < width; o += 16) {
		switch (rows) {
		case 6:
			BLOCK(6, 1);
			break;
		case 5:
			BLOCK(5, 1);
			break;
		case 4:
			BLOCK(4, 1);
			break;
		case 3:
			BLOCK(3, 1);
			break;
		case 2:
			BLOCK(2, 1);
			break;
		default:
			BLOCK(1, 1);
			break;
		}
	}
}

#include "encoder/encoder_functions_impl.h"

const struct kb_encoder_kernel kb_encoder_avx512 = KERNEL_IS("avx512-vnni");

#endif
