/* A value beside its schema, and what is wrong with it where. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "schema/schema_impl.h"

/* Where in the value the check is. */
struct spot {
	const struct spot *up;
	struct kb_str key; /* ptr NULL: an index */
	size_t index;
};

struct checking {
	struct kb_arena *arena;
	struct kb_err *err;
	struct kb_pattern_budget *budget;
	struct kb_buf *faults; /* NULL: nobody asks */
	size_t n_faults;
	uint64_t steps;
	int depth;
};

static int check(struct checking *c, const struct kb_schema_node *node,
		 struct kb_json value, const struct spot *at);

/* ---- faults ---- */

static void put_spot(struct kb_buf *out, const struct spot *at)
{
	bool is_name = true;

	if (!at) {
		kb_buf_add_char(out, '$');
		return;
	}
	put_spot(out, at->up);
	if (!at->key.ptr) {
		kb_buf_printf(out, "[%zu]", at->index);
		return;
	}
	for (size_t i = 0; i < at->key.len; i++) {
		unsigned char b = (unsigned char)at->key.ptr[i];

		is_name =
		    is_name && (b >= 128 || b == '_' || kb_is_alnum((char)b));
	}
	kb_buf_add_cstr(out, is_name && at->key.len ? "." : "['");
	kb_buf_add_str(out, at->key);
	if (!is_name || !at->key.len)
		kb_buf_add_cstr(out, "']");
}

/* Control characters and great lengths are for no message. */
static void put_clipped(struct kb_buf *out, struct kb_str text)
{
	char quoted[KB_QUOTE_MAX];

	kb_buf_add_cstr(
	    out, kb_err_quote(quoted, text.ptr ? text.ptr : "", text.len));
}

/* Always 0: it does not hold. */
static int fault(struct checking *c, const struct spot *at, const char *fmt,
		 ...) __attribute__((format(printf, 3, 4)));

static int fault(struct checking *c, const struct spot *at, const char *fmt,
		 ...)
{
	char what[200 + KB_QUOTE_MAX];
	struct kb_buf place;
	va_list args;

	if (!c->faults || c->n_faults++ >= KB_SCHEMA_FAULTS)
		return 0;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (c->faults->len)
		kb_buf_add_cstr(c->faults, "; ");
	kb_buf_init(&place, 0);
	put_spot(&place, at);
	put_clipped(c->faults, kb_buf_str(&place));
	kb_buf_release(&place);
	kb_buf_add_cstr(c->faults, ": ");
	kb_buf_add_cstr(c->faults, what);
	return 0;
}

static const char *clip(char *to, struct kb_json value)
{
	return kb_err_quote(to, value.ptr, value.len < 80 ? value.len : 80);
}

/* ---- types ---- */

static unsigned type_bits(struct kb_json value)
{
	double x;

	switch (value.type) {
	case KB_JSON_NULL:
		return KB_SCHEMA_NULL;
	case KB_JSON_FALSE:
	case KB_JSON_TRUE:
		return KB_SCHEMA_BOOLEAN;
	case KB_JSON_NUMBER:
		if (kb_json_num(value, &x) && x == floor(x))
			return KB_SCHEMA_NUMBER | KB_SCHEMA_INTEGER;
		return KB_SCHEMA_NUMBER;
	case KB_JSON_STRING:
		return KB_SCHEMA_STRING;
	case KB_JSON_ARRAY:
		return KB_SCHEMA_ARRAY;
	case KB_JSON_OBJECT:
		return KB_SCHEMA_OBJECT;
	default:
		return 0;
	}
}

static const char *type_names(char *to, size_t size, unsigned bits)
{
	size_t n = 0;

	*to = '\0';
	for (size_t i = 0; i < KB_SCHEMA_TYPES && n < size; i++)
		if (bits & kb_schema_types[i].bit)
			n += (size_t)snprintf(to + n, size - n, "%s%s",
					      n ? " or " : "",
					      kb_schema_types[i].name);
	return to;
}

static int check_type(struct checking *c, const struct kb_schema_node *node,
		      struct kb_json value, const struct spot *at)
{
	unsigned is = type_bits(value);
	char wanted[120], got[40];

	if (!node->types || (node->types & is))
		return 1;
	/* "got number" says more of 3.5 than that it is no integer */
	is &= is & KB_SCHEMA_INTEGER ? (unsigned)KB_SCHEMA_INTEGER : ~0u;
	return fault(c, at, "expected %s, got %s",
		     type_names(wanted, sizeof(wanted), node->types),
		     type_names(got, sizeof(got), is));
}

static int check_values(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at)
{
	struct kb_json_iter it = kb_json_iter(node->values);
	char wanted[KB_QUOTE_MAX], got[KB_QUOTE_MAX];

	if (node->constant.type != KB_JSON_NONE &&
	    !kb_schema_equal(node->constant, value, c->arena, &c->steps))
		return fault(c, at, "expected %s, got %s",
			     clip(wanted, node->constant), clip(got, value));
	if (node->values.type == KB_JSON_NONE)
		return 1;
	while (kb_json_next(&it))
		if (kb_schema_equal(it.val, value, c->arena, &c->steps))
			return 1;
	return fault(c, at, "expected one of %s, got %s",
		     clip(wanted, node->values), clip(got, value));
}

/* ---- sizes ---- */

static double characters(struct kb_str s)
{
	size_t n = 0;
	uint32_t cp;

	for (size_t i = 0; i < s.len; n++)
		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
	return (double)n;
}

static int check_size(struct checking *c, const struct kb_schema_node *node,
		      const struct spot *at, double size, int least,
		      const char *unit)
{
	int most = least + 1;

	if (node->has & 1u << least && size < node->bounds[least])
		return fault(c, at, "expected at least %g %s, got %g",
			     node->bounds[least], unit, size);
	if (node->has & 1u << most && size > node->bounds[most])
		return fault(c, at, "expected at most %g %s, got %g",
			     node->bounds[most], unit, size);
	return 1;
}

/* Of decimal fractions a division is exact but for the last bits. */
static bool is_multiple(double x, double of)
{
	double q = x / of;

	return fabs(q - round(q)) <= 1e-9 * fmax(1, fabs(q));
}

static int check_number(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at)
{
	const double *b = node->bounds;
	double x;

	if (!node->has)
		return 1;
	if (!kb_json_num(value, &x))
		return fault(c, at, "the number is out of range");
	if (node->has & 1u << KB_MINIMUM && x < b[KB_MINIMUM])
		return fault(c, at, "expected %g or more, got %g",
			     b[KB_MINIMUM], x);
	if (node->has & 1u << KB_MAXIMUM && x > b[KB_MAXIMUM])
		return fault(c, at, "expected %g or less, got %g",
			     b[KB_MAXIMUM], x);
	if (node->has & 1u << KB_ABOVE && x <= b[KB_ABOVE])
		return fault(c, at, "expected more than %g, got %g",
			     b[KB_ABOVE], x);
	if (node->has & 1u << KB_BELOW && x >= b[KB_BELOW])
		return fault(c, at, "expected less than %g, got %g",
			     b[KB_BELOW], x);
	if (node->has & 1u << KB_MULTIPLE && !is_multiple(x, b[KB_MULTIPLE]))
		return fault(c, at, "expected a multiple of %g, got %g",
			     b[KB_MULTIPLE], x);
	return 1;
}

/* ---- strings, arrays, objects ---- */

static int check_string(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at)
{
	char wanted[KB_QUOTE_MAX], got[KB_QUOTE_MAX];
	struct kb_str s;
	int rc;

	if (!node->has && !node->pattern && !node->format)
		return 1;
	kb_json_str(value, c->arena, &s);
	if (node->has && !check_size(c, node, at, characters(s), KB_MIN_LENGTH,
				     "characters"))
		return 0;
	if (node->format && !node->format->is(s))
		return fault(c, at, "expected the format %s, got %s",
			     node->format->name, clip(got, value));
	if (!node->pattern)
		return 1;
	rc = kb_pattern_match(node->pattern, s, c->budget, c->err);
	if (rc)
		return rc;
	return fault(c, at, "expected the pattern %.100s, got %.100s",
		     kb_err_quote(wanted, node->pattern_text.ptr,
				  node->pattern_text.len),
		     clip(got, value));
}

static int check_unique(struct checking *c, struct kb_json value,
			const struct spot *at)
{
	struct kb_json_iter a = kb_json_iter(value);
	size_t i = 0;

	for (; kb_json_next(&a); i++) {
		struct kb_json_iter b = a;
		size_t j = i + 1;

		for (; c->steps && kb_json_next(&b); j++)
			if (kb_schema_equal(a.val, b.val, c->arena, &c->steps))
				return fault(
				    c, at, "items %zu and %zu are equal", i, j);
	}
	return 1;
}

static int check_array(struct checking *c, const struct kb_schema_node *node,
		       struct kb_json value, const struct spot *at)
{
	struct kb_json_iter it = kb_json_iter(value);
	struct spot spot = {.up = at};
	int all = 1;

	if (node->has && !check_size(c, node, at, (double)kb_json_count(value),
				     KB_MIN_ITEMS, "items"))
		all = 0;
	if (node->unique && !check_unique(c, value, at))
		all = 0;
	for (; node->items && kb_json_next(&it); spot.index++) {
		int rc = check(c, node->items, it.val, &spot);

		if (rc < 0)
			return rc;
		all = all && rc;
	}
	return all;
}

static size_t property_at(const struct kb_schema_node *node, struct kb_str name)
{
	size_t low = 0, high = node->n_properties;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kb_str_cmp(node->properties[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < node->n_properties &&
		       kb_str_eq(node->properties[low].name, name)
		   ? low
		   : SIZE_MAX;
}

static int check_member(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at,
			bool *there)
{
	size_t i = property_at(node, at->key);

	if (i != SIZE_MAX)
		there[i] = true;
	if (i != SIZE_MAX && node->properties[i].node)
		return check(c, node->properties[i].node, value, at);
	if (!node->others)
		return 1;
	return node->others->never ? fault(c, at, "not among the properties")
				   : check(c, node->others, value, at);
}

static int check_object(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at)
{
	struct kb_json_iter it = kb_json_iter(value);
	bool *there;
	int all = 1;

	if (node->has && !check_size(c, node, at, (double)kb_json_count(value),
				     KB_MIN_PROPERTIES, "members"))
		all = 0;
	if (!node->n_properties && !node->others)
		return all;
	there = kb_arena_calloc(c->arena, node->n_properties + 1, 1);
	while (kb_json_next(&it)) {
		const struct spot spot = {at, kb_schema_key(&it, c->arena), 0};
		int rc = check_member(c, node, it.val, &spot, there);

		if (rc < 0)
			return rc;
		all = all && rc;
	}
	for (size_t i = 0; i < node->n_properties; i++) {
		const struct spot spot = {at, node->properties[i].name, 0};

		if (node->properties[i].required && !there[i])
			all = fault(c, &spot, "missing");
	}
	return all;
}

/* ---- other schemas of the same value ---- */

/* Without a word of what is wrong. */
static int check_quietly(struct checking *c, const struct kb_schema_node *node,
			 struct kb_json value, const struct spot *at)
{
	struct kb_buf *faults = c->faults;
	int rc;

	c->faults = NULL;
	rc = check(c, node, value, at);
	c->faults = faults;
	return rc;
}

/* How many of the list hold, 2 at most; or an error. */
static int count_held(struct checking *c, const struct kb_schema_list *list,
		      struct kb_json value, const struct spot *at, int most)
{
	int held = 0;

	for (size_t i = 0; i < list->n && held < most; i++) {
		int rc = check_quietly(c, list->items[i], value, at);

		if (rc < 0)
			return rc;
		held += rc;
	}
	return held;
}

/* None holds: say what is wrong beside the first that is of this type. */
static int fault_of_any(struct checking *c, const struct kb_schema_list *list,
			struct kb_json value, const struct spot *at)
{
	const struct kb_schema_node *nearest = list->items[0], *node;

	fault(c, at, "none of %zu alternatives", list->n);
	for (size_t i = list->n; i-- > 0;) {
		for (node = list->items[i]; node->ref && !node->types;)
			node = node->ref;
		if (node->types & type_bits(value))
			nearest = list->items[i];
	}
	return c->faults ? check(c, nearest, value, at) : 0;
}

static int check_lists(struct checking *c, const struct kb_schema_node *node,
		       struct kb_json value, const struct spot *at)
{
	const struct kb_schema_list *all = &node->lists[KB_ALL_OF],
				    *any = &node->lists[KB_ANY_OF],
				    *only = &node->lists[KB_ONE_OF];
	int rc = 1;

	for (size_t i = 0; rc == 1 && i < all->n; i++)
		rc = check(c, all->items[i], value, at);
	if (rc == 1 && any->n) {
		rc = count_held(c, any, value, at, 1);
		if (rc == 0)
			return fault_of_any(c, any, value, at);
	}
	if (rc == 1 && only->n) {
		rc = count_held(c, only, value, at, 2);
		if (rc == 0)
			return fault_of_any(c, only, value, at);
		if (rc == 2)
			return fault(c, at,
				     "more than one of the %zu "
				     "alternatives of oneOf",
				     only->n);
	}
	return rc;
}

static int check_others(struct checking *c, const struct kb_schema_node *node,
			struct kb_json value, const struct spot *at)
{
	int rc = 1;

	if (node->ref)
		rc = check(c, node->ref, value, at);
	if (rc == 1)
		rc = check_lists(c, node, value, at);
	if (rc == 1 && node->not ) {
		rc = check_quietly(c, node->not, value, at);
		if (rc == 1)
			return fault(c, at, "it is what 'not' excludes");
		rc = rc ? rc : 1;
	}
	return rc;
}

static int check_content(struct checking *c, const struct kb_schema_node *node,
			 struct kb_json value, const struct spot *at)
{
	switch (value.type) {
	case KB_JSON_NUMBER:
		return check_number(c, node, value, at);
	case KB_JSON_STRING:
		return check_string(c, node, value, at);
	case KB_JSON_ARRAY:
		return check_array(c, node, value, at);
	case KB_JSON_OBJECT:
		return check_object(c, node, value, at);
	default:
		return 1;
	}
}

static int refuse_depth(struct checking *c)
{
	return kb_err_set(c->err, KB_ELIMIT,
			  c->steps ? "schema: a check goes deeper than %u"
				   : "schema: a check takes more than %u steps",
			  c->steps ? KB_SCHEMA_DEPTH : KB_SCHEMA_STEPS);
}

static int check(struct checking *c, const struct kb_schema_node *node,
		 struct kb_json value, const struct spot *at)
{
	int rc;

	if (!c->steps || c->depth == KB_SCHEMA_DEPTH)
		return refuse_depth(c);
	c->steps--;
	if (node->never)
		return fault(c, at, "nothing is allowed here");
	c->depth++;
	rc = check_type(c, node, value, at);
	if (rc == 1)
		rc = check_values(c, node, value, at);
	if (rc == 1)
		rc = check_content(c, node, value, at);
	if (rc == 1)
		rc = check_others(c, node, value, at);
	c->depth--;
	return rc >= 0 && !c->steps ? refuse_depth(c) : rc;
}

int kb_schema_check(const struct kb_schema *schema, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_buf *faults, struct kb_err *err)
{
	struct checking c = {.arena = arena,
			     .err = err,
			     .budget = budget,
			     .faults = faults,
			     .steps = KB_SCHEMA_STEPS};

	if (value.type == KB_JSON_NONE)
		return fault(&c, NULL, "it is no JSON");
	return check(&c, schema->root, value, NULL);
}
