#include "schema/schema_openapi.h"

#include <math.h>

#include "base/ascii.h"
#include "schema/schema_impl.h"
#include "json/write.h"

#define DEPTH_MAX (KB_JW_DEPTH / 2 - 2) /* what the writer nests */

struct writing {
	struct kb_jw w;
	struct kb_buf *out;
	size_t start;
	int depth;
	bool failed;
};

static void put(struct writing *t, const struct kb_schema_node *node);

static void put_raw(struct writing *t, const char *name, struct kb_json raw)
{
	if (raw.type == KB_JSON_NONE)
		return;
	kb_jw_key(&t->w, name);
	kb_jw_raw(&t->w, (struct kb_str){raw.ptr, raw.len});
}

static void put_type(struct writing *t, unsigned bit)
{
	char name[16];
	size_t n = 0;

	for (size_t i = 0; i < KB_SCHEMA_TYPES; i++)
		if (kb_schema_types[i].bit == bit)
			for (const char *p = kb_schema_types[i].name; *p; p++)
				name[n++] = (char)(*p & ~32);
	kb_jw_key(&t->w, "type");
	kb_jw_str(&t->w, (struct kb_str){name, n});
}

/* One of several types is one of several schemas. */
static void put_types(struct writing *t, unsigned types)
{
	unsigned others = types & ~(unsigned)KB_SCHEMA_NULL;

	if (types & KB_SCHEMA_NULL && others) {
		kb_jw_key(&t->w, "nullable");
		kb_jw_bool(&t->w, true);
	}
	if (!(others & (others - 1))) {
		put_type(t, others ? others : (unsigned)KB_SCHEMA_NULL);
		return;
	}
	kb_jw_key(&t->w, "anyOf");
	kb_jw_arr(&t->w);
	for (unsigned bit = 1; bit <= KB_SCHEMA_OBJECT; bit <<= 1)
		if (others & bit) {
			kb_jw_obj(&t->w);
			put_type(t, bit);
			kb_jw_end(&t->w);
		}
	kb_jw_end(&t->w);
}

static bool are_strings(struct kb_json list)
{
	struct kb_json_iter it = kb_json_iter(list);

	while (kb_json_next(&it))
		if (it.val.type != KB_JSON_STRING)
			return false;
	return list.type == KB_JSON_ARRAY;
}

/* Values that are strings alone can be listed. */
static void put_values(struct writing *t, const struct kb_schema_node *node)
{
	if (node->constant.type == KB_JSON_STRING) {
		kb_jw_key(&t->w, "enum");
		kb_jw_arr(&t->w);
		kb_jw_raw(&t->w, (struct kb_str){node->constant.ptr,
						 node->constant.len});
		kb_jw_end(&t->w);
	} else if (are_strings(node->values)) {
		put_raw(t, "enum", node->values);
	} else {
		return;
	}
	if (!node->types)
		put_type(t, KB_SCHEMA_STRING);
}

static void put_properties(struct writing *t, const struct kb_schema_node *node)
{
	bool any = false;

	kb_jw_key(&t->w, "properties");
	kb_jw_obj(&t->w);
	for (size_t i = 0; i < node->n_properties; i++) {
		const struct kb_schema_property *p = &node->properties[i];
		struct kb_buf name;

		if (!p->node)
			continue;
		kb_buf_init(&name, 0);
		kb_json_quote(&name, p->name);
		kb_jw_key_raw(&t->w,
			      (struct kb_str){name.ptr + 1, name.len - 2});
		kb_buf_release(&name);
		put(t, p->node);
		any = any || p->required;
	}
	kb_jw_end(&t->w);
	if (!any)
		return;
	kb_jw_key(&t->w, "required");
	kb_jw_arr(&t->w);
	for (size_t i = 0; i < node->n_properties; i++)
		if (node->properties[i].required && node->properties[i].node)
			kb_jw_str(&t->w, node->properties[i].name);
	kb_jw_end(&t->w);
}

static void put_bounds(struct writing *t, const struct kb_schema_node *node)
{
	static const char *const names[] = {
	    [KB_MIN_ITEMS] = "minItems",   [KB_MAX_ITEMS] = "maxItems",
	    [KB_MIN_LENGTH] = "minLength", [KB_MAX_LENGTH] = "maxLength",
	    [KB_MINIMUM] = "minimum",	   [KB_MAXIMUM] = "maximum",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] && node->has & 1u << i) {
			kb_jw_key(&t->w, names[i]);
			kb_jw_num(&t->w, node->bounds[i]);
		}
}

static void put_alternatives(struct writing *t,
			     const struct kb_schema_list *list)
{
	kb_jw_key(&t->w, "anyOf");
	kb_jw_arr(&t->w);
	for (size_t i = 0; i < list->n; i++)
		put(t, list->items[i]);
	kb_jw_end(&t->w);
}

static void put_members(struct writing *t, const struct kb_schema_node *node)
{
	const struct kb_schema_list *any = node->lists[KB_ANY_OF].n
					       ? &node->lists[KB_ANY_OF]
					       : &node->lists[KB_ONE_OF];
	unsigned types = node->types;

	if (!types && node->n_properties)
		types = KB_SCHEMA_OBJECT;
	if (!types && node->items)
		types = KB_SCHEMA_ARRAY;
	if (types && !(any->n && types & (types - 1)))
		put_types(t, types);
	put_raw(t, "title", kb_json_get(node->raw, "title"));
	put_raw(t, "description", kb_json_get(node->raw, "description"));
	put_values(t, node);
	if (node->n_properties)
		put_properties(t, node);
	if (node->items) {
		kb_jw_key(&t->w, "items");
		put(t, node->items);
	}
	put_bounds(t, node);
	if (node->pattern)
		put_raw(t, "pattern", kb_json_get(node->raw, "pattern"));
	if (node->format && !strcmp(node->format->name, "date-time"))
		put_raw(t, "format", kb_json_get(node->raw, "format"));
	if (any->n)
		put_alternatives(t, any);
}

static void put(struct writing *t, const struct kb_schema_node *node)
{
	while (node->ref)
		node = node->ref;
	kb_jw_obj(&t->w);
	if (t->depth == DEPTH_MAX ||
	    t->out->len - t->start > KB_SCHEMA_OPENAPI_MAX)
		t->failed = true;
	t->depth++;
	if (!t->failed)
		put_members(t, node);
	t->depth--;
	kb_jw_end(&t->w);
}

bool kb_schema_put_openapi(const struct kb_schema *schema, struct kb_buf *out)
{
	struct writing t = {.out = out, .start = out->len};

	kb_jw_init(&t.w, out);
	put(&t, schema->root);
	if (t.failed)
		out->len = t.start;
	return !t.failed;
}
