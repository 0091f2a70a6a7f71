/*
 * Vectors in JSON: an array of numbers, or a base64 string of little-endian
 * float32 (RFC 4648, with or without padding).
 */
#ifndef KB_VECTOR_VECTOR_JSON_H
#define KB_VECTOR_VECTOR_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "json/rec.h"

/*
 * Decode a value into floats in the arena. KB_EINVAL when it is neither
 * form or a number does not fit a float; KB_ELIMIT above KB_VEC_DIM_MAX.
 */
int kb_vec_from_json(struct kb_json val, struct kb_arena *arena, float **x,
		     size_t *dim, struct kb_err *err);

#endif
