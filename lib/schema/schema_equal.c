#include "schema/schema_impl.h"

struct kb_str kb_schema_key(const struct kb_json_iter *it,
			    struct kb_arena *arena)
{
	/* a raw key stands between its quotes */
	const struct kb_json quoted = {KB_JSON_STRING, it->key.ptr - 1,
				       it->key.len + 2};
	struct kb_str key = it->key;

	if (it->escaped)
		kb_json_str(quoted, arena, &key);
	return key;
}

static struct kb_json member(struct kb_json object, struct kb_str name,
			     struct kb_arena *arena, uint64_t *steps)
{
	struct kb_json_iter it = kb_json_iter(object);
	struct kb_json found = {0};

	while (*steps && kb_json_next(&it)) {
		--*steps;
		if (kb_str_eq(kb_schema_key(&it, arena), name))
			found = it.val;
	}
	return found;
}

static bool equal_arrays(struct kb_json a, struct kb_json b,
			 struct kb_arena *arena, uint64_t *steps)
{
	struct kb_json_iter x = kb_json_iter(a), y = kb_json_iter(b);

	if (kb_json_count(a) != kb_json_count(b))
		return false;
	while (kb_json_next(&x) && kb_json_next(&y))
		if (!kb_schema_equal(x.val, y.val, arena, steps))
			return false;
	return true;
}

static bool equal_objects(struct kb_json a, struct kb_json b,
			  struct kb_arena *arena, uint64_t *steps)
{
	struct kb_json_iter x = kb_json_iter(a);

	if (kb_json_count(a) != kb_json_count(b))
		return false;
	while (*steps && kb_json_next(&x)) {
		struct kb_json y =
		    member(b, kb_schema_key(&x, arena), arena, steps);

		if (!kb_schema_equal(x.val, y, arena, steps))
			return false;
	}
	return true;
}

bool kb_schema_equal(struct kb_json a, struct kb_json b, struct kb_arena *arena,
		     uint64_t *steps)
{
	struct kb_str s, t;
	double x, y;

	if (!*steps)
		return false;
	--*steps;
	if (a.type != b.type || a.type == KB_JSON_NONE)
		return false;
	switch (a.type) {
	case KB_JSON_NUMBER:
		return kb_json_num(a, &x) && kb_json_num(b, &y) && x == y;
	case KB_JSON_STRING:
		return kb_json_str(a, arena, &s) && kb_json_str(b, arena, &t) &&
		       kb_str_eq(s, t);
	case KB_JSON_ARRAY:
		return equal_arrays(a, b, arena, steps);
	case KB_JSON_OBJECT:
		return equal_objects(a, b, arena, steps);
	default:
		return true;
	}
}
