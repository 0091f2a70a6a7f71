#include "index/vecjson.h"

#include <math.h>
#include <stdint.h>

#include "index/rotate.h"

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

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static int from_base64(struct kb_str s, struct kb_arena *arena, float **x,
		       size_t *dim, struct kb_err *err)
{
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0;

	while (s.len && s.ptr[s.len - 1] == '=')
		s.len--;
	if (s.len > (size_t)KB_VEC_DIM_MAX * 4 / 3 * 4 + 4)
		return too_long(err, s.len * 3 / 16);
	unsigned char *bytes = kb_arena_alloc(arena, s.len + 4);

	for (size_t i = 0; i < s.len; i++) {
		int v = sextet(s.ptr[i]);

		if (v < 0)
			return kb_err_set(err, KB_EINVAL,
					  "vector: byte %zu is no base64", i);
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			bytes[n++] = (unsigned char)(bits >> have);
		}
	}
	if (n % 4)
		return kb_err_set(err, KB_EINVAL,
				  "vector: %zu bytes of base64 are no float32s",
				  n);
	*dim = n / 4;
	if (*dim > KB_VEC_DIM_MAX)
		return too_long(err, *dim);
	*x = kb_arena_alloc(arena, n + 4);
	memcpy(*x, bytes, n);
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
