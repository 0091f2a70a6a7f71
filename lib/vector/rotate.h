/*
 * A fast random rotation of vectors.
 *
 * Rotated coordinates of any vector look like independent Gaussian numbers
 * of one size, which is what 1-bit codes and int8 with one scale need: no
 * coordinate carries much more than another. The rotation is a product of
 * random sign flips and Walsh-Hadamard transforms, O(d log d), orthogonal,
 * so dot products stay what they were. It depends on the padded dimension
 * alone (fixed seed): vectors of all segments and queries meet in one space.
 *
 * A dimension that is no power of two is covered by transforms of its first
 * and of its last 2^k coordinates in turn, which overlap.
 */
#ifndef KB_VECTOR_ROTATE_H
#define KB_VECTOR_ROTATE_H

#include <stddef.h>

#define KB_VEC_DIM_MAX 4096

/* The padded dimension: dim rounded up to a multiple of 64. */
size_t kb_rotate_padded(size_t dim);

/* Rotate x in place; n is a padded dimension, x[dim..n-1] are 0. */
void kb_rotate(float *x, size_t n);

/* Divide x by its length. False (x untouched) when it is 0 or not finite. */
int kb_vec_normalise(float *x, size_t n);

#endif
