/*
 * Leading eigenvectors of a large sparse symmetric matrix, by randomised
 * subspace iteration (Halko, Martinsson, Tropp 2011, algorithms 4.4 and
 * 5.3): multiply by a random block, orthonormalise, multiply again, and
 * solve the small projected problem with Jacobi's method. Fixed seed, one
 * thread, no contraction: the result is the same everywhere.
 */
#ifndef KB_VECTOR_EIGEN_H
#define KB_VECTOR_EIGEN_H

#include <stddef.h>
#include <stdint.h>

/* The upper triangle, diagonal included, by rows. */
struct kb_sparse {
	uint32_t n;
	const size_t *row_start; /* n + 1 */
	const uint32_t *cols;	 /* >= the row */
	const float *vals;
};

/* Dimensions of an embedding made from it. */
#define KB_EIGEN_DIM 128

/*
 * out[i * KB_EIGEN_DIM + d] = component i of eigenvector d times the size of
 * its eigenvalue, the largest first; columns past n are 0.
 */
void kb_eigen_embed(const struct kb_sparse *m, float *out);

#endif
