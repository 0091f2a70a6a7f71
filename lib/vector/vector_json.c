#include "vector/vector_json.h"

#include <math.h>
#include <stdint.h>

#include "base/base64.h"
#include "vector/rotate.h"

static int too_long(struct kb_err *err, size_t dim)
{
	return kb_err_set(err, KB_ELIMIT, "vector of %zu dimensions, limit %d",
			  dim, KB_VEC_DIM_MAX);
}

static int from_array(struct kb_json val, struct kb_arena *arena, float **x,
		      size_t *dim, struct kb_err *err)
{
	size_t n = kb_json_count(val), i = 0;
	struct kb_json_iter it = kb_json_iter(val);

	if (n > KB_VEC_DIM_MAX)
		return too_long(err, n);
	*x = kb_arena_alloc(arena, (n + 1) * sizeof(**x));
	while (i < n && kb_json_next(&it)) {
		double number;

		if (!kb_json_num(it.val, &number) || !(fabs(number) < 1e30))
			return kb_err_set(err, KB_EINVAL,
					  "vector: element %zu is no number "
					  "of a vector",
					  i);
		(*x)[i++] = (float)number;
	}
	*dim = i;
	return 0;
}

static int from_base64(struct kb_str s, struct kb_arena *arena, float **x,
		       size_t *dim, struct kb_err *err)
{
	struct kb_str raw;

	if (s.len > (size_t)KB_VEC_DIM_MAX * 4 / 3 * 4 + 8)
		return too_long(err, s.len * 3 / 16);
	if (!kb_base64_decode(s, arena, &raw))
		return kb_err_set(err, KB_EINVAL,
				  "vector: byte %zu is no base64", raw.len);
	if (raw.len % 4)
		return kb_err_set(err, KB_EINVAL,
				  "vector: %zu bytes of base64 are no float32s",
				  raw.len);
	*dim = raw.len / 4;
	if (*dim > KB_VEC_DIM_MAX)
		return too_long(err, *dim);
	*x = kb_arena_alloc(arena, raw.len + 4);
	memcpy(*x, raw.ptr, raw.len);
	return 0;
}

int kb_vec_from_json(struct kb_json val, struct kb_arena *arena, float **x,
		     size_t *dim, struct kb_err *err)
{
	struct kb_str s;
	int rc;

	if (val.type == KB_JSON_ARRAY)
		rc = from_array(val, arena, x, dim, err);
	else if (kb_json_str(val, arena, &s))
		rc = from_base64(s, arena, x, dim, err);
	else
		return kb_err_set(err, KB_EINVAL,
				  "vector is neither an array nor base64");
	if (rc)
		return rc;
	if (*dim == 0)
		return kb_err_set(err, KB_EINVAL, "vector of no dimensions");
	for (size_t i = 0; i < *dim; i++) {
		if (!isfinite((*x)[i]))
			return kb_err_set(err, KB_EINVAL,
					  "vector: element %zu is not finite",
					  i);
	}
	return 0;
}
