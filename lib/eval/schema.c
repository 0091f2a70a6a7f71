#include "eval/schema.h"

#include <math.h>

#include "base/utf8.h"
#include "query/pattern.h"

struct checking {
	struct kb_arena *arena;
	struct kb_err *err;
	struct kb_pattern_budget *budget;
};

static int holds(struct checking *c, struct kb_json schema,
		 struct kb_json value);

static int refuse(struct checking *c, const char *keyword, const char *wanted)
{
	return kb_err_set(c->err, KB_EINVAL, "schema: '%s' must be %s", keyword,
			  wanted);
}

/* The name of the member just met; a raw key stands between its quotes. */
static struct kb_str key_of(const struct kb_json_iter *it,
			    struct kb_arena *arena)
{
	const struct kb_json quoted = {KB_JSON_STRING, it->key.ptr - 1,
				       it->key.len + 2};
	struct kb_str key = it->key;

	if (it->escaped)
		kb_json_str(quoted, arena, &key);
	return key;
}

static struct kb_json member(struct kb_json object, struct kb_str name,
			     struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(object);
	struct kb_json found = {0};

	while (kb_json_next(&it))
		if (kb_str_eq(key_of(&it, arena), name))
			found = it.val;
	return found;
}

/* ---- equality: numbers by their value, objects in any order ---- */

static bool are_equal(struct kb_json a, struct kb_json b,
		      struct kb_arena *arena);

static bool equal_arrays(struct kb_json a, struct kb_json b,
			 struct kb_arena *arena)
{
	struct kb_json_iter x = kb_json_iter(a), y = kb_json_iter(b);

	if (kb_json_count(a) != kb_json_count(b))
		return false;
	while (kb_json_next(&x) && kb_json_next(&y))
		if (!are_equal(x.val, y.val, arena))
			return false;
	return true;
}

static bool equal_objects(struct kb_json a, struct kb_json b,
			  struct kb_arena *arena)
{
	struct kb_json_iter x = kb_json_iter(a);

	if (kb_json_count(a) != kb_json_count(b))
		return false;
	while (kb_json_next(&x))
		if (!are_equal(x.val, member(b, key_of(&x, arena), arena),
			       arena))
			return false;
	return true;
}

static bool are_equal(struct kb_json a, struct kb_json b,
		      struct kb_arena *arena)
{
	struct kb_str s, t;
	double x, y;

	if (a.type != b.type || a.type == KB_JSON_NONE)
		return false;
	switch (a.type) {
	case KB_JSON_NUMBER:
		return kb_json_num(a, &x) && kb_json_num(b, &y) ? x == y
								: false;
	case KB_JSON_STRING:
		return kb_json_str(a, arena, &s) && kb_json_str(b, arena, &t) &&
		       kb_str_eq(s, t);
	case KB_JSON_ARRAY:
		return equal_arrays(a, b, arena);
	case KB_JSON_OBJECT:
		return equal_objects(a, b, arena);
	default:
		return true;
	}
}

/* ---- keywords: 1, 0, or an error ---- */

static bool is_whole(struct kb_json value)
{
	double x;

	return kb_json_num(value, &x) && x == floor(x);
}

static int is_type(struct checking *c, struct kb_json name,
		   struct kb_json value)
{
	static const struct {
		const char *name;
		enum kb_json_type type;
	} types[] = {
	    {"null", KB_JSON_NULL},	{"boolean", KB_JSON_FALSE},
	    {"number", KB_JSON_NUMBER}, {"integer", KB_JSON_NUMBER},
	    {"string", KB_JSON_STRING}, {"array", KB_JSON_ARRAY},
	    {"object", KB_JSON_OBJECT},
	};
	enum kb_json_type type =
	    value.type == KB_JSON_TRUE ? KB_JSON_FALSE : value.type;
	struct kb_str s;

	for (size_t i = 0; kb_json_str(name, c->arena, &s) &&
			   i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (kb_str_is(s, types[i].name))
			return type == types[i].type &&
			       (!kb_str_is(s, "integer") || is_whole(value));
	return refuse(c, "type",
		      "one of null, boolean, number, integer, string, array, "
		      "object");
}

static int of_type(struct checking *c, struct kb_json types,
		   struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(types);
	int rc = 0;

	if (types.type != KB_JSON_ARRAY)
		return is_type(c, types, value);
	while (rc == 0 && kb_json_next(&it))
		rc = is_type(c, it.val, value);
	return rc;
}

static int of_enum(struct checking *c, struct kb_json list,
		   struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(list);

	if (list.type != KB_JSON_ARRAY)
		return refuse(c, "enum", "an array");
	while (kb_json_next(&it))
		if (are_equal(it.val, value, c->arena))
			return 1;
	return 0;
}

static int of_const(struct checking *c, struct kb_json wanted,
		    struct kb_json value)
{
	return are_equal(wanted, value, c->arena);
}

static int of_properties(struct checking *c, struct kb_json properties,
			 struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(properties);
	int rc = 1;

	if (properties.type != KB_JSON_OBJECT)
		return refuse(c, "properties", "an object");
	while (rc == 1 && kb_json_next(&it)) {
		struct kb_json at =
		    member(value, key_of(&it, c->arena), c->arena);

		if (value.type == KB_JSON_OBJECT && at.type != KB_JSON_NONE)
			rc = holds(c, it.val, at);
	}
	return rc;
}

static int of_required(struct checking *c, struct kb_json names,
		       struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(names);
	struct kb_str name;

	if (names.type != KB_JSON_ARRAY)
		return refuse(c, "required", "an array");
	while (kb_json_next(&it)) {
		if (!kb_json_str(it.val, c->arena, &name))
			return refuse(c, "required", "an array of strings");
		if (value.type == KB_JSON_OBJECT &&
		    member(value, name, c->arena).type == KB_JSON_NONE)
			return 0;
	}
	return 1;
}

static int of_items(struct checking *c, struct kb_json schema,
		    struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(value);
	int rc = 1;

	if (schema.type != KB_JSON_OBJECT)
		return refuse(c, "items", "an object");
	while (value.type == KB_JSON_ARRAY && rc == 1 && kb_json_next(&it))
		rc = holds(c, schema, it.val);
	return rc;
}

static int of_pattern(struct checking *c, struct kb_json text,
		      struct kb_json value)
{
	struct kb_pattern *pattern;
	struct kb_str s, subject;
	int rc;

	if (!kb_json_str(text, c->arena, &s))
		return refuse(c, "pattern", "a string");
	rc = kb_pattern_new(&pattern, s, false, c->err);
	if (rc < 0)
		return rc;
	rc = kb_json_str(value, c->arena, &subject)
		 ? kb_pattern_match(pattern, subject, c->budget, c->err)
		 : 1;
	kb_pattern_free(pattern);
	return rc;
}

static double characters(struct checking *c, struct kb_json value)
{
	struct kb_str s = {"", 0};
	size_t n = 0;
	uint32_t cp;

	kb_json_str(value, c->arena, &s);
	for (size_t i = 0; i < s.len; n++)
		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
	return (double)n;
}

/* A bound on the size of values of one type: its sign says on which side. */
static const struct bound {
	const char *name;
	enum kb_json_type type;
	int sign;
} bounds[] = {
    {"minItems", KB_JSON_ARRAY, -1},   {"maxItems", KB_JSON_ARRAY, 1},
    {"minLength", KB_JSON_STRING, -1}, {"maxLength", KB_JSON_STRING, 1},
    {"minimum", KB_JSON_NUMBER, -1},   {"maximum", KB_JSON_NUMBER, 1},
};

static int of_bound(struct checking *c, const struct bound *bound,
		    struct kb_json limit, struct kb_json value)
{
	double at = 0, x;

	if (!kb_json_num(limit, &x))
		return refuse(c, bound->name, "a number");
	if (value.type != bound->type)
		return 1;
	if (value.type == KB_JSON_ARRAY)
		at = (double)kb_json_count(value);
	else if (value.type == KB_JSON_STRING)
		at = characters(c, value);
	else if (!kb_json_num(value, &at))
		return 0;
	return bound->sign < 0 ? at >= x : at <= x;
}

static const struct {
	const char *name;
	int (*fn)(struct checking *, struct kb_json, struct kb_json);
} keywords[] = {
    {"type", of_type},
    {"enum", of_enum},
    {"const", of_const},
    {"properties", of_properties},
    {"required", of_required},
    {"items", of_items},
    {"pattern", of_pattern},
    {"$schema", NULL},
    {"$id", NULL},
    {"title", NULL},
    {"description", NULL},
    {"default", NULL},
    {"examples", NULL},
};

/* No member of the value but those that the schema lists. */
static int no_others(struct checking *c, struct kb_json schema,
		     struct kb_json allowed, struct kb_json value)
{
	struct kb_json listed = kb_json_get(schema, "properties");
	struct kb_json_iter it = kb_json_iter(value);

	if (allowed.type == KB_JSON_TRUE)
		return 1;
	if (allowed.type != KB_JSON_FALSE)
		return refuse(c, "additionalProperties", "true or false");
	while (value.type == KB_JSON_OBJECT && kb_json_next(&it))
		if (member(listed, key_of(&it, c->arena), c->arena).type ==
		    KB_JSON_NONE)
			return 0;
	return 1;
}

static int one(struct checking *c, struct kb_json schema,
	       const struct kb_json_iter *it, struct kb_json value)
{
	if (kb_json_iter_is(it, "additionalProperties"))
		return no_others(c, schema, it->val, value);
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (kb_json_iter_is(it, keywords[i].name))
			return keywords[i].fn
				   ? keywords[i].fn(c, it->val, value)
				   : 1;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (kb_json_iter_is(it, bounds[i].name))
			return of_bound(c, &bounds[i], it->val, value);
	return kb_err_set(c->err, KB_EINVAL, "schema: unknown keyword '%.*s'",
			  (int)(it->key.len < 40 ? it->key.len : 40),
			  it->key.ptr);
}

static int holds(struct checking *c, struct kb_json schema,
		 struct kb_json value)
{
	struct kb_json_iter it = kb_json_iter(schema);
	int rc, all = 1;

	if (schema.type != KB_JSON_OBJECT)
		return kb_err_set(c->err, KB_EINVAL,
				  "schema: a schema must be an object");
	/* to the end also when one fails: an unknown keyword is said */
	while (kb_json_next(&it)) {
		rc = one(c, schema, &it, value);
		if (rc < 0)
			return rc;
		all = all && rc;
	}
	return all;
}

int kb_schema_holds(struct kb_json schema, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_err *err)
{
	struct checking c = {arena, err, budget};
	int rc = holds(&c, schema, value);

	return rc < 0 ? rc : rc && value.type != KB_JSON_NONE;
}
