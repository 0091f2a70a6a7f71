/* References: to which node each leads, and that none goes round. */
#include <stdio.h>

#include "schema/schema_impl.h"

static struct kb_schema_node *node_at(const struct kb_schema *schema,
				      const char *ptr)
{
	size_t low = 0, high = schema->n_nodes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (schema->nodes[mid]->raw.ptr < ptr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < schema->n_nodes && schema->nodes[low]->raw.ptr == ptr
		   ? schema->nodes[low]
		   : NULL;
}

/* A part of a JSON pointer (RFC 6901) as a name: ~1 is '/', ~0 is '~'. */
static struct kb_str unescape(struct kb_str part, struct kb_arena *arena)
{
	char *to = kb_arena_alloc(arena, part.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];

		if (c == '~' && i + 1 < part.len &&
		    (part.ptr[i + 1] == '0' || part.ptr[i + 1] == '1'))
			c = part.ptr[++i] == '0' ? '~' : '/';
		to[n++] = c;
	}
	to[n] = '\0';
	return (struct kb_str){to, n};
}

static struct kb_json step_into(struct kb_json value, struct kb_str name,
				struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(value);
	struct kb_json found = {0};
	size_t i = 0;

	for (; kb_json_next(&it); i++) {
		char index[24];
		size_t len = (size_t)snprintf(index, sizeof(index), "%zu", i);

		if (it.object ? kb_str_eq(kb_schema_key(&it, arena), name)
			      : kb_str_eq((struct kb_str){index, len}, name))
			found = it.val;
	}
	return found;
}

static int link_one(struct kb_schema *schema, struct kb_schema_node *node,
		    struct kb_err *err)
{
	struct kb_str rest = kb_str_skip(node->ref_text, 1);
	struct kb_json at = schema->root->raw;
	char quoted[KB_QUOTE_MAX];

	while (rest.len && *rest.ptr == '/') {
		const char *slash = memchr(rest.ptr + 1, '/', rest.len - 1);
		size_t n = slash ? (size_t)(slash - rest.ptr) : rest.len;
		struct kb_str part = {rest.ptr + 1, n - 1};

		at = step_into(at, unescape(part, &schema->arena),
			       &schema->arena);
		rest = kb_str_skip(rest, n);
	}
	if (!rest.len && at.type != KB_JSON_NONE)
		node->ref = node_at(schema, at.ptr);
	return node->ref ? 0
			 : kb_err_set(err, KB_EINVAL,
				      "schema: $ref '%s' leads to no schema",
				      kb_err_quote(quoted, node->ref_text.ptr,
						   node->ref_text.len));
}

enum { NEW, OPEN, DONE };

/* What is checked of the same value as the node itself, again and again: true
 * when that leads back. */
static bool goes_round(struct kb_schema_node *node)
{
	bool round = false;

	if (node->state != NEW)
		return node->state == OPEN;
	node->state = OPEN;
	if (node->ref)
		round = goes_round(node->ref);
	if (node->not )
		round = round || goes_round(node->not );
	for (int kind = 0; kind < KB_SCHEMA_LISTS; kind++)
		for (size_t i = 0; !round && i < node->lists[kind].n; i++)
			round = goes_round(node->lists[kind].items[i]);
	node->state = DONE;
	return round;
}

int kb_schema_link(struct kb_schema *schema, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < schema->n_nodes; i++)
		if (schema->nodes[i]->ref_text.len)
			rc = link_one(schema, schema->nodes[i], err);
	for (size_t i = 0; rc == 0 && i < schema->n_nodes; i++)
		if (goes_round(schema->nodes[i]))
			rc = kb_err_set(err, KB_EINVAL,
					"schema: a $ref leads back to itself "
					"without a member or an item between");
	return rc;
}
