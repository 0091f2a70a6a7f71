/*
 * The arithmetic of an encoder: products of int8 weights and activations,
 * normalisation, attention.
 *
 * There is one set of functions a kind of machine, chosen when the first
 * encoder is opened. Their results are the same to the bit: products are
 * summed as integers, and all that is done in floats is done in vectors of 16
 * in one order, without fused operations.
 *
 * Shapes: a row is a token; x[i * ld .. + n) are its n numbers. n of all rows
 * is a multiple of 16.
 */
#ifndef KB_ENCODER_ENCODER_KERNEL_H
#define KB_ENCODER_ENCODER_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define KB_ENCODER_LANES 16 /* what every dimension is a multiple of */
#define KB_ENCODER_PANEL 64 /* outputs whose weights stand together */

/*
 * Weights of a linear map, int8 with a scale for each output. They stand in
 * panels of 64 outputs (the last one may have 16, 32 or 48), in a panel by
 * groups of 4 inputs, in a group by outputs: the weight of output o and input
 * i, with w outputs in its panel, is at
 *	(o / 64) * 64 * inputs + (i / 4) * 4 * w + (o % 64) * 4 + i % 4.
 */
struct kb_encoder_matrix {
	const int8_t *data;
	const float *scales; /* of each output */
	const int32_t *sums; /* of each output's weights */
	const float *bias;
	size_t outputs, inputs;
};

/* Activations of a row: (q - zero) * scale. */
struct kb_encoder_quant {
	float scale;
	int32_t zero;
};

/* One sequence for attention: queries, keys and values of its tokens. */
struct kb_encoder_heads {
	const float *qkv;	    /* rows of 3 * n_heads * dim */
	size_t n_tokens, n_queries; /* the first n_queries ask */
	size_t n_heads, dim;
	float *out;  /* n_queries rows of n_heads * dim */
	float *work; /* kb_encoder_heads_work() floats */
};

enum kb_encoder_isa {
	KB_ENCODER_PLAIN,
	KB_ENCODER_AVX2,
	KB_ENCODER_AVX512, /* with VNNI */
};

struct kb_encoder_kernel {
	const char *name;
	/* One row of n numbers to 8 bits over its own range, 0 among it. */
	void (*quantise)(const float *x, size_t n, uint8_t *q,
			 struct kb_encoder_quant *quant);
	/* out[r] = matrix * row r + bias; rows of q are ld bytes apart, with
	 * gelu its exact form (Hendrycks and Gimpel 2016) is taken of it. */
	void (*multiply)(const struct kb_encoder_matrix *m, const uint8_t *q,
			 size_t ld, const struct kb_encoder_quant *quant,
			 size_t rows, float *out, int gelu);
	/* x = norm(x + add) * weight + bias (Ba et al. 2016); add may be
	 * NULL. */
	void (*normalise)(float *x, const float *add, const float *weight,
			  const float *bias, size_t n, float epsilon);
	/* Scaled dot-product attention (Vaswani et al. 2017, 3.2.1), a few
	 * queries at a time. */
	void (*attend)(const struct kb_encoder_heads *h);
};

/* Floats of work for a sequence of n tokens. */
size_t kb_encoder_heads_work(size_t n_tokens, size_t dim);

/* The best that this machine can do. */
const struct kb_encoder_kernel *kb_encoder_kernel(void);
/* For tests: from now on this one; -1 where the machine lacks it. */
int kb_encoder_force(enum kb_encoder_isa isa);

extern const struct kb_encoder_kernel kb_encoder_plain;
#if defined(__x86_64__)
extern const struct kb_encoder_kernel kb_encoder_avx2, kb_encoder_avx512;
#endif

#endif
