#include "vector/eigen.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/simd.h"

#define DIM   KB_EIGEN_DIM
#define BLOCK (DIM + 16) /* columns of the random block */
#define SEED  0x5eed5eedu

/* y += a * x over one row of the block. */
static inline void add_row(float *restrict y, const float *restrict x, float a)
{
	for (size_t i = 0; i < BLOCK; i++)
		y[i] += a * x[i];
}

/* y = m x, for n rows of BLOCK columns. */
KB_WIDE static void multiply(const struct kb_sparse *m, const float *x,
			     float *y)
{
	memset(y, 0, (size_t)m->n * BLOCK * sizeof(*y));
	for (uint32_t i = 0; i < m->n; i++) {
		for (size_t k = m->row_start[i]; k < m->row_start[i + 1]; k++) {
			size_t j = m->cols[k];

			add_row(y + (size_t)i * BLOCK, x + j * BLOCK,
				m->vals[k]);
			if (j != i)
				add_row(y + j * BLOCK, x + (size_t)i * BLOCK,
					m->vals[k]);
		}
	}
}

/* g = a' b, BLOCK x BLOCK, summed in double over slices of rows. */
KB_WIDE static void gram(const float *a, const float *b, size_t n, double *g)
{
	float part[BLOCK * BLOCK];

	memset(g, 0, sizeof(*g) * BLOCK * BLOCK);
	for (size_t start = 0; start < n; start += 256) {
		size_t end = start + 256 < n ? start + 256 : n;

		memset(part, 0, sizeof(part));
		for (size_t i = start; i < end; i++) {
			for (size_t c = 0; c < BLOCK; c++)
				add_row(part + c * BLOCK, b + i * BLOCK,
					a[i * BLOCK + c]);
		}
		for (size_t c = 0; c < (size_t)BLOCK * BLOCK; c++)
			g[c] += (double)part[c];
	}
}

/* x = x r for a BLOCK x BLOCK matrix r. */
KB_WIDE static void times_small(float *x, size_t n, const float *r)
{
	float row[BLOCK];

	for (size_t i = 0; i < n; i++) {
		memset(row, 0, sizeof(row));
		for (size_t c = 0; c < BLOCK; c++)
			add_row(row, r + c * BLOCK, x[i * BLOCK + c]);
		memcpy(x + i * BLOCK, row, sizeof(row));
	}
}

/*
 * Eigenvalues of a symmetric matrix into w, eigenvectors into the columns
 * of v: cyclic Jacobi (Golub and Van Loan, section 8.5). a is destroyed.
 */
static void jacobi(double *a, double *v, double *w)
{
	for (size_t i = 0; i < (size_t)BLOCK * BLOCK; i++)
		v[i] = i / BLOCK == i % BLOCK;
	for (int sweep = 0; sweep < 12; sweep++) {
		double off = 0, all = 0;

		for (size_t p = 0; p < BLOCK; p++) {
			for (size_t q = 0; q < BLOCK; q++) {
				double x = a[p * BLOCK + q];

				all += x * x;
				off += p == q ? 0 : x * x;
			}
		}
		if (off <= 1e-14 * all)
			break;
		for (size_t p = 0; p < BLOCK; p++) {
			for (size_t q = p + 1; q < BLOCK; q++) {
				double apq = a[p * BLOCK + q];

				if (apq == 0)
					continue;
				double th =
				    (a[q * BLOCK + q] - a[p * BLOCK + p]) /
				    (2 * apq);
				double t = (th >= 0 ? 1 : -1) /
					   (fabs(th) + sqrt(th * th + 1));
				double c = 1 / sqrt(t * t + 1), s = t * c;

				for (size_t k = 0; k < BLOCK; k++) {
					double x = a[k * BLOCK + p];
					double y = a[k * BLOCK + q];

					a[k * BLOCK + p] = c * x - s * y;
					a[k * BLOCK + q] = s * x + c * y;
				}
				for (size_t k = 0; k < BLOCK; k++) {
					double x = a[p * BLOCK + k];
					double y = a[q * BLOCK + k];

					a[p * BLOCK + k] = c * x - s * y;
					a[q * BLOCK + k] = s * x + c * y;
					x = v[k * BLOCK + p];
					y = v[k * BLOCK + q];
					v[k * BLOCK + p] = c * x - s * y;
					v[k * BLOCK + q] = s * x + c * y;
				}
			}
		}
	}
	for (size_t i = 0; i < BLOCK; i++)
		w[i] = a[i * BLOCK + i];
}

struct small {
	double g[BLOCK * BLOCK], v[BLOCK * BLOCK], w[BLOCK];
	float r[BLOCK * BLOCK];
};

/* Make the columns of x orthonormal: x v w^-1/2 with x'x = v w v'.
 * Directions that have vanished become 0. */
static void orthonormalise(float *x, size_t n, struct small *s)
{
	double most = 0;

	gram(x, x, n, s->g);
	jacobi(s->g, s->v, s->w);
	for (size_t i = 0; i < BLOCK; i++)
		most = fmax(most, s->w[i]);
	for (size_t i = 0; i < BLOCK; i++) {
		double f = s->w[i] > 1e-9 * most ? 1 / sqrt(s->w[i]) : 0;

		for (size_t k = 0; k < BLOCK; k++)
			s->r[k * BLOCK + i] = (float)(s->v[k * BLOCK + i] * f);
	}
	times_small(x, n, s->r);
}

struct value {
	double size;
	size_t column;
};

static int by_size(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

/* The projected problem: out = x v |w|, largest |w| first. */
static void project(const struct kb_sparse *m, float *x, float *y,
		    struct small *s, float *out)
{
	struct value order[BLOCK];

	multiply(m, x, y);
	gram(x, y, m->n, s->g);
	for (size_t p = 0; p < BLOCK; p++) {
		for (size_t q = 0; q < p; q++) {
			double mean =
			    (s->g[p * BLOCK + q] + s->g[q * BLOCK + p]) / 2;

			s->g[p * BLOCK + q] = s->g[q * BLOCK + p] = mean;
		}
	}
	jacobi(s->g, s->v, s->w);
	for (size_t i = 0; i < BLOCK; i++)
		order[i] = (struct value){fabs(s->w[i]), i};
	qsort(order, BLOCK, sizeof(*order), by_size);
	memset(s->r, 0, sizeof(s->r));
	for (size_t d = 0; d < DIM; d++) {
		for (size_t k = 0; k < BLOCK; k++)
			s->r[k * BLOCK + d] =
			    (float)(s->v[k * BLOCK + order[d].column] *
				    order[d].size);
	}
	times_small(x, m->n, s->r);
	for (size_t i = 0; i < m->n; i++)
		memcpy(out + i * DIM, x + i * BLOCK, DIM * sizeof(*out));
}

void kb_eigen_embed(const struct kb_sparse *m, float *out)
{
	size_t cells = (size_t)m->n * BLOCK;
	float *x = kb_reallocarray(NULL, cells + 1, sizeof(*x));
	float *y = kb_reallocarray(NULL, cells + 1, sizeof(*y));
	struct small *s = kb_malloc(sizeof(*s));

	for (size_t i = 0; i < cells; i++) {
		uint64_t bits = kb_mix64(SEED + i);

		/* A sum of two uniforms is near enough to a Gaussian here. */
		x[i] = (float)((double)(int32_t)bits +
			       (double)(int32_t)(bits >> 32)) *
		       0x1p-31f;
	}
	multiply(m, x, y);
	orthonormalise(y, m->n, s);
	multiply(m, y, x);
	orthonormalise(x, m->n, s);
	project(m, x, y, s, out);
	free(s);
	free(x);
	free(y);
}
