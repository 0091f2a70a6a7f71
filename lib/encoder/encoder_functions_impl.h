/*
 * The functions of one kernel (encoder_kernel.h), for a source that defines
 *
 *	KERNEL		its name
 *	TARGET		the attribute of what its functions are compiled for
 *	ROWS		rows that dots() takes at once, 6 at most
 *
 * and the products of one panel's weights with up to ROWS rows:
 *
 *	static void dots(const int8_t *panel, size_t width, size_t inputs,
 *			 const uint8_t *q, size_t ld, size_t rows,
 *			 int32_t sums[][KB_ENCODER_PANEL]);
 */
#ifndef KB_ENCODER_ENCODER_FUNCTIONS_IMPL_H
#define KB_ENCODER_ENCODER_FUNCTIONS_IMPL_H

#include "encoder/encoder_attention_impl.h"
#include "encoder/encoder_vector_impl.h"

/* ---- quantising ---- */

TARGET static void quantise(const float *x, size_t n, uint8_t *q,
			    struct kb_encoder_quant *quant)
{
	vec low = {0}, high = {0}, inverse;
	float min, max, zero;

	for (size_t i = 0; i < n; i += LANES) {
		vec v = LOAD(x + i);

		low = MIN(v, low);
		high = MAX(v, high);
	}
	low = -low;
	min = -max_lanes(&low);
	max = max_lanes(&high);
	quant->scale = (max - min) / 255;
	/* all is 0, or no number */
	if (!(quant->scale > 0) || !(quant->scale <= 1e30f)) {
		*quant = (struct kb_encoder_quant){1, 0};
		memset(q, 0, n);
		return;
	}
	zero = 1 / quant->scale;
	inverse = SPLAT(zero);
	zero = -min / quant->scale + ROUNDER - ROUNDER;
	quant->zero = (int32_t)zero;
	for (size_t i = 0; i < n; i += LANES) {
		vec v = LOAD(x + i) * inverse + zero;
		ivec bits;

		v = MIN(MAX(v, SPLAT(0)), SPLAT(255));
		bits = BITS(v + ROUNDER) & 255;
		*(lbvec *)(void *)(q + i) = __builtin_convertvector(bits, bvec);
	}
}

/* ---- linear maps ---- */

INLINE void put_row(const struct kb_encoder_matrix *m, size_t from,
		    size_t width, const int32_t *sums,
		    struct kb_encoder_quant quant, float *out, int gelu)
{
	for (size_t i = 0; i < width; i += LANES) {
		const int32_t *all = m->sums + from + i;
		/* of a damaged file it may be too large, and means nothing */
		uvec whole = *(const luvec *)(const void *)(sums + i);
		vec y;

		whole -=
		    *(const luvec *)(const void *)all * (uint32_t)quant.zero;
		y = __builtin_convertvector((ivec)whole, vec) *
			(LOAD(m->scales + from + i) * quant.scale) +
		    LOAD(m->bias + from + i);
		if (gelu)
			gelu_of(&y);
		STORE(out + i, y);
	}
}

TARGET static void multiply(const struct kb_encoder_matrix *m, const uint8_t *q,
			    size_t ld, const struct kb_encoder_quant *quant,
			    size_t rows, float *out, int gelu)
{
	int32_t sums[ROWS][KB_ENCODER_PANEL];

	for (size_t from = 0; from < m->outputs; from += KB_ENCODER_PANEL) {
		const int8_t *panel = m->data + from * m->inputs;
		size_t width = m->outputs - from;

		if (width > KB_ENCODER_PANEL)
			width = KB_ENCODER_PANEL;
		for (size_t r = 0; r < rows; r += ROWS) {
			size_t n = rows - r < ROWS ? rows - r : ROWS;

			dots(panel, width, m->inputs, q + r * ld, ld, n, sums);
			for (size_t i = 0; i < n; i++)
				put_row(m, from, width, sums[i], quant[r + i],
					out + (r + i) * m->outputs + from,
					gelu);
		}
	}
}

/* ---- normalisation ---- */

TARGET static void normalise(float *x, const float *add, const float *weight,
			     const float *bias, size_t n, float epsilon)
{
	vec sum = {0}, squares = {0}, mean;
	float scale;

	for (size_t i = 0; i < n; i += LANES) {
		vec v = LOAD(x + i);

		if (add) {
			v += LOAD(add + i);
			STORE(x + i, v);
		}
		sum += v;
	}
	scale = sum_lanes(&sum) / (float)n;
	mean = SPLAT(scale);
	for (size_t i = 0; i < n; i += LANES) {
		vec v = LOAD(x + i) - mean;

		squares += v * v;
	}
	scale = 1 / sqrtf(sum_lanes(&squares) / (float)n + epsilon);
	for (size_t i = 0; i < n; i += LANES)
		STORE(x + i, (LOAD(x + i) - mean) * scale * LOAD(weight + i) +
				 LOAD(bias + i));
}

#define KERNEL_IS(name_)                                                     \
	{                                                                    \
		.name = (name_), .quantise = quantise, .multiply = multiply, \
		.normalise = normalise, .attend = attend,                    \
	}

#endif
