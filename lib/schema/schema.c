#include "schema/schema.h"

#include <stdlib.h>

#include "base/file.h"
#include "schema/schema_impl.h"
#include "json/write.h"

/* The text on one line, which newlines between its tokens do not survive. */
static void copy_text(struct kb_schema *schema, struct kb_json text)
{
	struct kb_buf line;
	struct kb_jw w;

	kb_buf_init(&line, 0);
	kb_jw_init(&w, &line);
	kb_jw_raw(&w, (struct kb_str){text.ptr, text.len});
	schema->text = kb_arena_copy(&schema->arena, kb_buf_str(&line));
	kb_buf_release(&line);
}

int kb_schema_new(struct kb_schema **out, struct kb_json text,
		  struct kb_err *err)
{
	struct kb_schema *schema;
	struct kb_json root;
	int rc;

	*out = NULL;
	if (text.len > KB_SCHEMA_SIZE_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "a schema of %zu bytes, the limit is %zu",
				  text.len, KB_SCHEMA_SIZE_MAX);
	schema = kb_calloc(1, sizeof(*schema));
	kb_arena_init(&schema->arena);
	copy_text(schema, text);
	rc = kb_json_check(schema->text.ptr, schema->text.len, &root, err);
	if (rc == 0)
		rc = kb_schema_compile(schema, root, err);
	if (rc == 0)
		rc = kb_schema_link(schema, err);
	if (rc == 0)
		*out = schema;
	else
		kb_schema_free(schema);
	return rc;
}

int kb_schema_load(struct kb_schema **out, const char *path, struct kb_err *err)
{
	struct kb_err why = {0};
	struct kb_json text;
	struct kb_buf file;
	int rc;

	*out = NULL;
	kb_buf_init(&file, 0);
	rc = kb_file_read(path, KB_SCHEMA_SIZE_MAX, &file, err);
	if (rc == 0) {
		rc = kb_json_check(file.ptr ? file.ptr : "", file.len, &text,
				   &why);
		if (rc == 0)
			rc = kb_schema_new(out, text, &why);
		if (rc)
			kb_err_set(err, rc, "'%.200s': %.300s", path, why.msg);
	}
	kb_buf_release(&file);
	return rc;
}

void kb_schema_free(struct kb_schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->n_nodes; i++)
		kb_pattern_free(schema->nodes[i]->pattern);
	kb_arena_release(&schema->arena);
	free(schema);
}

struct kb_str kb_schema_text(const struct kb_schema *schema)
{
	return schema->text;
}

static bool is_closed(const struct kb_schema_node *node)
{
	if (!(node->types & KB_SCHEMA_OBJECT) && !node->n_properties)
		return true;
	if (!node->others || !node->others->never)
		return false;
	for (size_t i = 0; i < node->n_properties; i++)
		if (!node->properties[i].required || !node->properties[i].node)
			return false;
	return true;
}

bool kb_schema_is_strict(const struct kb_schema *schema)
{
	if (!(schema->root->types & KB_SCHEMA_OBJECT))
		return false;
	for (size_t i = 0; i < schema->n_nodes; i++)
		if (!is_closed(schema->nodes[i]) ||
		    schema->nodes[i]->lists[KB_ALL_OF].n ||
		    schema->nodes[i]->lists[KB_ONE_OF].n ||
		    schema->nodes[i]->not )
			return false;
	return true;
}

int kb_schema_holds(struct kb_json text, struct kb_json value,
		    struct kb_pattern_budget *budget, struct kb_arena *arena,
		    struct kb_err *err)
{
	struct kb_schema *schema;
	int rc = kb_schema_new(&schema, text, err);

	if (rc == 0)
		rc = kb_schema_check(schema, value, budget, arena, NULL, err);
	kb_schema_free(schema);
	return rc;
}
