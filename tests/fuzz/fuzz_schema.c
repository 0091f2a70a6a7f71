/* A schema and a value: the first byte says where the value begins, as a share
 * of the whole. Whatever both are, the schema is compiled or refused with a
 * reason, and a value that is not of it has a fault that is told. */
#include <stdint.h>
#include <stdlib.h>

#include "schema/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct kb_schema *schema, struct kb_json value)
{
	struct kb_pattern_budget budget = {100000};
	struct kb_err err = {0};
	struct kb_arena arena;
	struct kb_buf faults;
	int rc;

	kb_arena_init(&arena);
	kb_buf_init(&faults, 0);
	rc = kb_schema_check(schema, value, &budget, &arena, &faults, &err);
	if (rc < 0 ? !err.msg[0] : rc == 0 ? !faults.len : rc != 1)
		abort();
	kb_schema_is_strict(schema);
	kb_buf_release(&faults);
	kb_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_json text, value;
	struct kb_schema *schema;
	struct kb_err err = {0};
	size_t cut;

	if (!size)
		return 0;
	cut = 1 + (size - 1) * data[0] / 255;
	if (kb_json_check((const char *)data + 1, cut - 1, &text, NULL))
		return 0;
	if (kb_json_check((const char *)data + cut, size - cut, &value, NULL))
		value = (struct kb_json){0};
	if (kb_schema_new(&schema, text, &err)) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	judge(schema, value);
	judge(schema, text);
	kb_schema_free(schema);
	return 0;
}
