/*
 * Vectors of 16 floats, for the sources of a kernel (encoder_functions_impl.h):
 * those of the compiler, so that a source says in which order things are
 * added, and each machine does it with the registers it has.
 */
#ifndef KB_ENCODER_ENCODER_VECTOR_IMPL_H
#define KB_ENCODER_ENCODER_VECTOR_IMPL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "encoder/encoder_kernel.h"

/* gcc's analyzer takes a vector for one number: 4 bits wide, and not set by an
 * initialiser. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-use-of-uninitialized-value"
#pragma GCC diagnostic ignored "-Wanalyzer-shift-count-overflow"
#endif

#define LANES  KB_ENCODER_LANES
#define INLINE static inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("GCC unroll 8")

typedef float vec __attribute__((vector_size(64)));
typedef int32_t ivec __attribute__((vector_size(64)));
typedef uint32_t uvec __attribute__((vector_size(64)));
typedef uint8_t bvec __attribute__((vector_size(16)));

/* As the numbers lie in memory, at any address. */
typedef float lvec __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint32_t luvec __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint8_t lbvec __attribute__((vector_size(16), aligned(1), may_alias));

#define LOAD(p)	    (*(const lvec *)(const void *)(p))
#define STORE(p, v) (*(lvec *)(void *)(p) = (v))
/* Written out, as 0 + x would be computed: it is not x where x is -0. */
#define SPLAT(x) ((vec){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define BITS(v)	 ((ivec)(v))

/* Of two vectors by a mask; macros, as a vector that is handed over may need
 * registers that the caller's machine lacks. */
#define SELECT(mask, a, b) ((vec)((BITS(a) & (mask)) | (BITS(b) & ~(mask))))
#define MAX(a, b)	   SELECT((a) > (b), a, b)
#define MIN(a, b)	   SELECT((a) < (b), a, b)

/* 1.5 * 2^23: a float of at most 2^22 added to it is rounded to a whole
 * number, in the lowest bits. */
#define ROUNDER	     12582912.0f
#define ROUNDER_BITS 0x4b400000

INLINE float sum_lanes(const vec *v)
{
	float lanes[LANES];

	memcpy(lanes, v, sizeof(lanes));
	for (size_t n = LANES / 2; n; n /= 2)
		for (size_t i = 0; i < n; i++)
			lanes[i] += lanes[i + n];
	return lanes[0];
}

INLINE float max_lanes(const vec *v)
{
	float lanes[LANES], max;

	memcpy(lanes, v, sizeof(lanes));
	max = lanes[0];
	for (size_t i = 1; i < LANES; i++)
		max = lanes[i] > max ? lanes[i] : max;
	return max;
}

/*
 * e^x for x <= 0, to about 2e-7 of its value: 2^n * e^r with r within
 * ln(2) / 2 of 0, where e^r is its Taylor polynomial of degree 7. Below -87 it
 * is what it is there.
 */
INLINE void exp_negative(vec *x)
{
	vec v = MAX(*x, SPLAT(-87.0f));
	vec n = v * 1.44269504f + ROUNDER;
	ivec power = (BITS(n) - ROUNDER_BITS + 127) << 23;
	vec r, p;

	n -= ROUNDER;
	r = v - n * 0.693359375f; /* ln 2 in two parts */
	r = r - n * -2.12194440e-4f;
	p = r * 1.98412698e-4f + 1.38888889e-3f;
	p = p * r + 8.33333333e-3f;
	p = p * r + 4.16666667e-2f;
	p = p * r + 1.66666667e-1f;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;
	*x = p * (vec)power;
}

/*
 * x * Phi(x), the normal distribution by erf as in Abramowitz and Stegun
 * 7.1.26, to 1.5e-7.
 */
INLINE void gelu_of(vec *x)
{
	ivec minus = *x < SPLAT(0);
	vec z = *x * 0.70710678f, e, t, erf;

	z = SELECT(minus, -z, z);
	z = MIN(z, SPLAT(9.0f));
	e = -z * z;
	exp_negative(&e);
	t = 1.0f / (z * 0.3275911f + 1.0f);
	erf = t * 1.061405429f - 1.453152027f;
	erf = erf * t + 1.421413741f;
	erf = erf * t - 0.284496736f;
	erf = erf * t + 0.254829592f;
	erf = 1.0f - erf * t * e;
	erf = SELECT(minus, -erf, erf);
	*x = *x * 0.5f * (erf + 1.0f);
}

#endif
