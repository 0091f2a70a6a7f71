/* What every machine can do. */
#define TARGET
#define ROWS 4

#include "encoder/encoder_kernel.h"

static void dots(const int8_t *panel, size_t width, size_t inputs,
		 const uint8_t *q, size_t ld, size_t rows,
		 int32_t sums[][KB_ENCODER_PANEL])
{
	for (size_t r = 0; r < rows; r++) {
		for (size_t o = 0; o < width; o++) {
			const int8_t *w = panel + 4 * o;
			int32_t sum = 0;

			for (size_t i = 0; i < inputs; i += 4, w += 4 * width)
				for (size_t k = 0; k < 4; k++)
					sum += q[r * ld + i + k] * w[k];
			sums[r][o] = sum;
		}
	}
}

#include "encoder/encoder_functions_impl.h"

size_t kb_encoder_heads_work(size_t n_tokens, size_t dim)
{
	return (dim + QUERIES) * ((n_tokens + LANES - 1) / LANES * LANES);
}

const struct kb_encoder_kernel kb_encoder_plain = KERNEL_IS("plain");
