/*
 * A compiled schema. Private to lib/schema.
 *
 * Nodes stand in the order of the text, so that the node of a place is found by
 * halving. Everything lives in the arena of the schema, but for the patterns.
 */
#ifndef KB_SCHEMA_SCHEMA_IMPL_H
#define KB_SCHEMA_SCHEMA_IMPL_H

#include "schema/schema.h"

/* Bits of a set of types; an integer is a number without a fraction. */
enum {
	KB_SCHEMA_NULL = 1,
	KB_SCHEMA_BOOLEAN = 2,
	KB_SCHEMA_NUMBER = 4,
	KB_SCHEMA_INTEGER = 8,
	KB_SCHEMA_STRING = 16,
	KB_SCHEMA_ARRAY = 32,
	KB_SCHEMA_OBJECT = 64,
};

struct kb_schema_type {
	const char *name;
	unsigned bit;
};
#define KB_SCHEMA_TYPES 7
extern const struct kb_schema_type kb_schema_types[KB_SCHEMA_TYPES];

enum kb_schema_bound {
	KB_MIN_ITEMS,
	KB_MAX_ITEMS,
	KB_MIN_LENGTH,
	KB_MAX_LENGTH,
	KB_MIN_PROPERTIES,
	KB_MAX_PROPERTIES,
	KB_MINIMUM,
	KB_MAXIMUM,
	KB_ABOVE,
	KB_BELOW,
	KB_MULTIPLE,
	KB_SCHEMA_BOUNDS,
};

struct kb_schema_property {
	struct kb_str name;
	struct kb_schema_node *node; /* NULL: only required */
	bool required;
};

struct kb_schema_list {
	struct kb_schema_node **items;
	size_t n;
};

enum kb_schema_list_kind { KB_ALL_OF, KB_ANY_OF, KB_ONE_OF, KB_SCHEMA_LISTS };

struct kb_schema_node {
	struct kb_json raw;
	bool never;			       /* the schema 'false' */
	unsigned types;			       /* 0: any */
	struct kb_json values, constant;       /* of enum and const, or NONE */
	struct kb_schema_property *properties; /* by name */
	size_t n_properties, cap_properties;
	struct kb_schema_node *others; /* members that have none of these */
	struct kb_schema_node *items;
	double bounds[KB_SCHEMA_BOUNDS];
	unsigned has; /* bits of bounds */
	bool unique;
	struct kb_pattern *pattern;
	struct kb_str pattern_text;
	const struct kb_schema_format *format;
	struct kb_schema_list lists[KB_SCHEMA_LISTS];
	struct kb_schema_node * not ;
	struct kb_schema_node *ref;
	struct kb_str ref_text; /* len 0: none */
	int state;		/* of the search for circles */
};

struct kb_schema {
	struct kb_arena arena;
	struct kb_str text;
	struct kb_schema_node **nodes;
	size_t n_nodes, cap_nodes;
	struct kb_schema_node *root;
};

struct kb_schema_format {
	const char *name;
	bool (*is)(struct kb_str text);
};

/* NULL for a name that is none of those that are known. */
const struct kb_schema_format *kb_schema_format_named(struct kb_str name);

/* Fill schema->nodes and root from the text. */
int kb_schema_compile(struct kb_schema *schema, struct kb_json root,
		      struct kb_err *err);

/* Lead every reference to its node. KB_EINVAL for one that leads nowhere, or
 * back to itself without an item or a member between. */
int kb_schema_link(struct kb_schema *schema, struct kb_err *err);

/* Equality: numbers by their value, objects in any order. *steps is charged
 * and 0 when they ran out. */
bool kb_schema_equal(struct kb_json a, struct kb_json b, struct kb_arena *arena,
		     uint64_t *steps);

/* The name of a member that an iterator stands at, decoded. */
struct kb_str kb_schema_key(const struct kb_json_iter *it,
			    struct kb_arena *arena);

#endif
