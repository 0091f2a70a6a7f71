/* From the text of a schema to its nodes. */
#include <stdio.h>
#include <stdlib.h>

#include "schema/schema_impl.h"

const struct kb_schema_type kb_schema_types[KB_SCHEMA_TYPES] = {
    {"null", KB_SCHEMA_NULL},	  {"boolean", KB_SCHEMA_BOOLEAN},
    {"number", KB_SCHEMA_NUMBER}, {"integer", KB_SCHEMA_INTEGER},
    {"string", KB_SCHEMA_STRING}, {"array", KB_SCHEMA_ARRAY},
    {"object", KB_SCHEMA_OBJECT},
};

/* Where in the text the compiler is: a part of a JSON pointer. */
struct place {
	const struct place *up;
	struct kb_str key;
};

struct compiler {
	struct kb_schema *schema;
	struct kb_err *err;
	int depth;
};

/* A keyword that is being read, of a node. */
struct reading {
	struct compiler *c;
	struct kb_schema_node *node;
	const struct place *at; /* of the node */
	struct kb_json_iter it; /* at the keyword */
	int which;		/* row of the bound or the list */
};

static int compile(struct compiler *c, struct kb_json raw,
		   const struct place *at, struct kb_schema_node **out);

/* ---- messages ---- */

static void put_place(struct kb_buf *out, const struct place *at)
{
	if (!at) {
		kb_buf_add_char(out, '#');
		return;
	}
	put_place(out, at->up);
	kb_buf_add_char(out, '/');
	kb_buf_add(out, at->key.ptr, at->key.len < 60 ? at->key.len : 60);
}

static int refuse_at(struct compiler *c, const struct place *at, int code,
		     const char *what)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_buf place;
	int rc;

	kb_buf_init(&place, 0);
	put_place(&place, at);
	rc = kb_err_set(c->err, code, "schema %s: %s",
			kb_err_quote(quoted, place.ptr, place.len), what);
	kb_buf_release(&place);
	return rc;
}

static int refuse(struct reading *r, const char *wanted)
{
	char key[KB_QUOTE_MAX], what[KB_QUOTE_MAX + 120];

	snprintf(what, sizeof(what), "'%s' must be %s",
		 kb_err_quote(key, r->it.key.ptr, r->it.key.len), wanted);
	return refuse_at(r->c, r->at, KB_EINVAL, what);
}

static struct kb_arena *arena_of(struct reading *r)
{
	return &r->c->schema->arena;
}

/* ---- keywords: 0 or an error ---- */

static int add_type(struct reading *r, struct kb_json name)
{
	struct kb_str s;

	if (kb_json_str(name, arena_of(r), &s))
		for (size_t i = 0; i < KB_SCHEMA_TYPES; i++)
			if (kb_str_is(s, kb_schema_types[i].name)) {
				r->node->types |= kb_schema_types[i].bit;
				return 0;
			}
	return refuse(r, "one of null, boolean, number, integer, string, "
			 "array, object");
}

static int take_type(struct reading *r)
{
	struct kb_json_iter it = kb_json_iter(r->it.val);
	int rc = 0;

	if (r->it.val.type != KB_JSON_ARRAY)
		return add_type(r, r->it.val);
	if (!kb_json_count(r->it.val))
		return refuse(r, "a type, or an array of some");
	while (rc == 0 && kb_json_next(&it))
		rc = add_type(r, it.val);
	return rc;
}

static int take_enum(struct reading *r)
{
	if (r->it.val.type != KB_JSON_ARRAY || !kb_json_count(r->it.val))
		return refuse(r, "an array of values");
	r->node->values = r->it.val;
	return 0;
}

static int take_const(struct reading *r)
{
	r->node->constant = r->it.val;
	return 0;
}

/* A schema at a place below the keyword. */
static int child(struct reading *r, struct kb_json raw, struct kb_str key,
		 struct kb_schema_node **out)
{
	const struct place keyword = {r->at, r->it.key};
	const struct place at = {key.ptr ? &keyword : r->at,
				 key.ptr ? key : r->it.key};

	return compile(r->c, raw, &at, out);
}

static struct kb_schema_property *add_property(struct reading *r,
					       struct kb_str name)
{
	struct kb_schema_node *node = r->node;
	struct kb_schema_property *p;

	kb_arena_grow(arena_of(r), &node->properties, &node->cap_properties,
		      node->n_properties, node->n_properties + 1, sizeof(*p));
	p = &node->properties[node->n_properties++];
	*p = (struct kb_schema_property){.name = name};
	return p;
}

static int take_properties(struct reading *r)
{
	struct kb_json_iter it = kb_json_iter(r->it.val);
	int rc = 0;

	if (r->it.val.type != KB_JSON_OBJECT)
		return refuse(r, "an object");
	while (rc == 0 && kb_json_next(&it)) {
		struct kb_schema_node *node;

		rc = child(r, it.val, it.key, &node);
		if (rc == 0)
			add_property(r, kb_schema_key(&it, arena_of(r)))->node =
			    node;
	}
	return rc;
}

static int take_required(struct reading *r)
{
	struct kb_json_iter it = kb_json_iter(r->it.val);
	struct kb_str name;

	if (r->it.val.type != KB_JSON_ARRAY)
		return refuse(r, "an array of strings");
	while (kb_json_next(&it)) {
		if (!kb_json_str(it.val, arena_of(r), &name))
			return refuse(r, "an array of strings");
		if (r->node->n_properties > KB_SCHEMA_NODES)
			return refuse(r, "shorter");
		add_property(r, name)->required = true;
	}
	return 0;
}

static int take_others(struct reading *r)
{
	return child(r, r->it.val, (struct kb_str){0}, &r->node->others);
}

static int take_items(struct reading *r)
{
	return child(r, r->it.val, (struct kb_str){0}, &r->node->items);
}

static int take_not(struct reading *r)
{
	return child(r, r->it.val, (struct kb_str){0}, &r->node->not );
}

static int take_defs(struct reading *r)
{
	struct kb_json_iter it = kb_json_iter(r->it.val);
	struct kb_schema_node *node;
	int rc = 0;

	if (r->it.val.type != KB_JSON_OBJECT)
		return refuse(r, "an object");
	while (rc == 0 && kb_json_next(&it))
		rc = child(r, it.val, it.key, &node);
	return rc;
}

static int take_list(struct reading *r)
{
	struct kb_schema_list *list = &r->node->lists[r->which];
	struct kb_json_iter it = kb_json_iter(r->it.val);
	size_t n = kb_json_count(r->it.val);
	int rc = 0;

	if (r->it.val.type != KB_JSON_ARRAY || !n)
		return refuse(r, "an array of schemas");
	if (n > KB_SCHEMA_NODES)
		return refuse(r, "shorter");
	list->items =
	    kb_arena_calloc(arena_of(r), n, sizeof(struct kb_schema_node *));
	list->n = 0;
	while (rc == 0 && kb_json_next(&it)) {
		const char *index =
		    kb_arena_printf(arena_of(r), "%zu", list->n);

		rc = child(r, it.val, kb_str_of(index), &list->items[list->n]);
		list->n += rc == 0;
	}
	return rc;
}

static int take_bound(struct reading *r)
{
	double x;

	if (!kb_json_num(r->it.val, &x))
		return refuse(r, "a number");
	if (r->which < KB_MINIMUM && !(x >= 0))
		return refuse(r, "0 or more");
	if (r->which == KB_MULTIPLE && !(x > 0))
		return refuse(r, "above 0");
	r->node->bounds[r->which] = x;
	r->node->has |= 1u << r->which;
	return 0;
}

static int take_unique(struct reading *r)
{
	if (r->it.val.type != KB_JSON_TRUE && r->it.val.type != KB_JSON_FALSE)
		return refuse(r, "true or false");
	r->node->unique = r->it.val.type == KB_JSON_TRUE;
	return 0;
}

static int take_pattern(struct reading *r)
{
	struct kb_err why = {0};
	int rc;

	if (!kb_json_str(r->it.val, arena_of(r), &r->node->pattern_text))
		return refuse(r, "a string");
	kb_pattern_free(r->node->pattern);
	rc = kb_pattern_new(&r->node->pattern, r->node->pattern_text, false,
			    &why);
	return rc ? refuse_at(r->c, r->at, rc, why.msg) : 0;
}

static int take_format(struct reading *r)
{
	struct kb_str name = {"", 0};

	kb_json_str(r->it.val, arena_of(r), &name);
	r->node->format = kb_schema_format_named(name);
	return r->node->format
		   ? 0
		   : refuse(r, "one of date, time, date-time, email, uri, "
			       "uuid, ipv4, ipv6");
}

static int take_ref(struct reading *r)
{
	if (!kb_json_str(r->it.val, arena_of(r), &r->node->ref_text) ||
	    !r->node->ref_text.len || *r->node->ref_text.ptr != '#')
		return refuse(r, "a place of this schema, such as "
				 "\"#/$defs/name\"");
	return 0;
}

static const struct keyword {
	const char *name;
	int (*take)(struct reading *r); /* NULL: it says nothing */
	int which;
} keywords[] = {
    {"type", take_type, 0},
    {"enum", take_enum, 0},
    {"const", take_const, 0},
    {"properties", take_properties, 0},
    {"required", take_required, 0},
    {"additionalProperties", take_others, 0},
    {"items", take_items, 0},
    {"uniqueItems", take_unique, 0},
    {"pattern", take_pattern, 0},
    {"format", take_format, 0},
    {"allOf", take_list, KB_ALL_OF},
    {"anyOf", take_list, KB_ANY_OF},
    {"oneOf", take_list, KB_ONE_OF},
    {"not", take_not, 0},
    {"$ref", take_ref, 0},
    {"$defs", take_defs, 0},
    {"definitions", take_defs, 0},
    {"minItems", take_bound, KB_MIN_ITEMS},
    {"maxItems", take_bound, KB_MAX_ITEMS},
    {"minLength", take_bound, KB_MIN_LENGTH},
    {"maxLength", take_bound, KB_MAX_LENGTH},
    {"minProperties", take_bound, KB_MIN_PROPERTIES},
    {"maxProperties", take_bound, KB_MAX_PROPERTIES},
    {"minimum", take_bound, KB_MINIMUM},
    {"maximum", take_bound, KB_MAXIMUM},
    {"exclusiveMinimum", take_bound, KB_ABOVE},
    {"exclusiveMaximum", take_bound, KB_BELOW},
    {"multipleOf", take_bound, KB_MULTIPLE},
    {"$schema", NULL, 0},
    {"$id", NULL, 0},
    {"$comment", NULL, 0},
    {"title", NULL, 0},
    {"description", NULL, 0},
    {"default", NULL, 0},
    {"examples", NULL, 0},
    {"deprecated", NULL, 0},
    {"readOnly", NULL, 0},
    {"writeOnly", NULL, 0},
};

/* ---- nodes ---- */

static int by_name(const void *a, const void *b)
{
	const struct kb_schema_property *x = a, *y = b;

	return kb_str_cmp(x->name, y->name);
}

/* One of each name: what 'properties' and 'required' say of it. */
static void settle_properties(struct kb_schema_node *node)
{
	struct kb_schema_property *p = node->properties;
	size_t n = 0;

	if (!node->n_properties)
		return;
	qsort(p, node->n_properties, sizeof(*p), by_name);
	for (size_t i = 1; i < node->n_properties; i++) {
		if (!kb_str_eq(p[n].name, p[i].name)) {
			p[++n] = p[i];
			continue;
		}
		p[n].required |= p[i].required;
		if (p[i].node)
			p[n].node = p[i].node;
	}
	node->n_properties = n + 1;
}

static int take_keyword(struct reading *r)
{
	char quoted[KB_QUOTE_MAX], what[KB_QUOTE_MAX + 40];

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (!kb_json_iter_is(&r->it, keywords[i].name))
			continue;
		r->which = keywords[i].which;
		return keywords[i].take ? keywords[i].take(r) : 0;
	}
	snprintf(what, sizeof(what), "unknown keyword '%s'",
		 kb_err_quote(quoted, r->it.key.ptr,
			      r->it.key.len < 80 ? r->it.key.len : 80));
	return refuse_at(r->c, r->at, KB_EINVAL, what);
}

static struct kb_schema_node *new_node(struct kb_schema *schema,
				       struct kb_json raw)
{
	struct kb_schema_node *node =
	    kb_arena_calloc(&schema->arena, 1, sizeof(*node));

	kb_arena_grow(&schema->arena, &schema->nodes, &schema->cap_nodes,
		      schema->n_nodes, schema->n_nodes + 1,
		      sizeof(struct kb_schema_node *));
	schema->nodes[schema->n_nodes++] = node;
	node->raw = raw;
	node->never = raw.type == KB_JSON_FALSE;
	return node;
}

static int compile(struct compiler *c, struct kb_json raw,
		   const struct place *at, struct kb_schema_node **out)
{
	struct reading r = {.c = c, .at = at, .it = kb_json_iter(raw)};
	int rc = 0;

	*out = NULL;
	if (raw.type != KB_JSON_OBJECT && raw.type != KB_JSON_TRUE &&
	    raw.type != KB_JSON_FALSE)
		return refuse_at(c, at, KB_EINVAL,
				 "a schema must be an object, true or false");
	if (c->schema->n_nodes == KB_SCHEMA_NODES)
		return refuse_at(c, at, KB_ELIMIT, "more than 10000 schemas");
	if (c->depth == KB_SCHEMA_NESTING)
		return refuse_at(c, at, KB_ELIMIT,
				 "more than 64 schemas in one another");
	c->depth++;
	r.node = *out = new_node(c->schema, raw);
	while (rc == 0 && raw.type == KB_JSON_OBJECT && kb_json_next(&r.it))
		rc = take_keyword(&r);
	settle_properties(r.node);
	c->depth--;
	return rc;
}

int kb_schema_compile(struct kb_schema *schema, struct kb_json root,
		      struct kb_err *err)
{
	struct compiler c = {schema, err, 0};

	return compile(&c, root, NULL, &schema->root);
}
