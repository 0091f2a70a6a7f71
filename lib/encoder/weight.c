#include "encoder/weight.h"

#include <math.h>

#include "base/load.h"

size_t kb_weight_size(enum kb_weight_type type)
{
	switch (type) {
	case KB_WEIGHT_F32:
		return 4;
	case KB_WEIGHT_F16:
	case KB_WEIGHT_BF16:
		return 2;
	default:
		return 1;
	}
}

static float of_bits(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* IEEE 754 binary16. */
static float of_half(uint32_t h)
{
	uint32_t sign = (h & 0x8000) << 16, power = h >> 10 & 31;
	uint32_t rest = h & 0x3ff;

	if (power == 31)
		return of_bits(sign | 0x7f800000 | rest << 13);
	if (power)
		return of_bits(sign | (power + 112) << 23 | rest << 13);
	return (sign ? -1.0f : 1.0f) * ldexpf((float)rest, -24);
}

float kb_weight_scale(const struct kb_weight *w, size_t row)
{
	return of_bits(kb_load32(w->scales + 4 * (w->n_scales > 1 ? row : 0)));
}

float kb_weight_float(const struct kb_weight *w, size_t row, size_t col)
{
	size_t at = kb_weight_place(w, row, col);
	uint16_t half;

	switch (w->type) {
	case KB_WEIGHT_F32:
		return of_bits(kb_load32(w->data + 4 * at));
	case KB_WEIGHT_F16:
		memcpy(&half, w->data + 2 * at, sizeof(half));
		return of_half(half);
	case KB_WEIGHT_BF16:
		memcpy(&half, w->data + 2 * at, sizeof(half));
		return of_bits((uint32_t)half << 16);
	default:
		return (float)(kb_weight_byte(w, row, col) -
			       kb_weight_zero(w)) *
		       kb_weight_scale(w, row);
	}
}
