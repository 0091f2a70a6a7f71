#include "vector/rotate.h"

#include <math.h>
#include <stdint.h>

#include "base/hash.h"

#define ROUNDS 4 /* of sign flips and transforms */
#define SEED   0x6b622d766563u

size_t kb_rotate_padded(size_t dim)
{
	return (dim + 63) / 64 * 64;
}

/* In-place Walsh-Hadamard transform, scaled to be orthogonal. The butterfly
 * adds in a fixed order, so every machine gets the same floats. */
static void hadamard(float *x, size_t n)
{
	float scale = 1.0f / sqrtf((float)n);

	for (size_t h = 1; h < n; h *= 2) {
		for (size_t i = 0; i < n; i += 2 * h) {
			float *restrict a = x + i, *restrict b = x + i + h;

			for (size_t j = 0; j < h; j++) {
				float s = a[j] + b[j];

				b[j] = a[j] - b[j];
				a[j] = s;
			}
		}
	}
	for (size_t i = 0; i < n; i++)
		x[i] *= scale;
}

static void flip_signs(float *x, size_t n, uint64_t round)
{
	for (size_t i = 0; i < n; i += 64) {
		uint64_t bits = kb_mix64(SEED + (round << 32) + i + 1);

		for (size_t j = 0; j < 64; j++)
			x[i + j] = bits >> j & 1 ? -x[i + j] : x[i + j];
	}
}

void kb_rotate(float *x, size_t n)
{
	size_t power = 64;

	while (power * 2 <= n)
		power *= 2;
	for (uint64_t r = 0; r < ROUNDS; r++) {
		flip_signs(x, n, r);
		hadamard(r % 2 ? x + n - power : x, power);
	}
}

int kb_vec_normalise(float *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * x[i];
	if (!(sum > 1e-30) || !isfinite(sum))
		return 0;
	double inv = 1 / sqrt(sum);

	for (size_t i = 0; i < n; i++)
		x[i] = (float)(x[i] * inv);
	return 1;
}
