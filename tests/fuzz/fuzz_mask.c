/* Any record: what is masked stands nowhere in what goes out, and undoing it
 * gives the same values back. */
#include <stdint.h>
#include <stdlib.h>

#include "mask/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const members[] = {
    "messages", "query", "standalone", "rewrites", "hyde", "content", "name"};

/* The decoded strings and keys of a value, a line each, those of JSON inside of
 * a string, too. */
static void flatten(struct kb_json value, struct kb_arena *arena,
		    struct kb_buf *out)
{
	struct kb_json_iter it = kb_json_iter(value);
	struct kb_json inner;
	struct kb_str text;

	if (kb_json_str(value, arena, &text)) {
		if (text.len && (*text.ptr == '{' || *text.ptr == '[') &&
		    kb_json_check(text.ptr, text.len, &inner, NULL) == 0)
			flatten(inner, arena, out);
		else
			kb_buf_add_str(out, text);
	}
	if (value.type == KB_JSON_NUMBER)
		kb_buf_add(out, value.ptr, value.len);
	kb_buf_add_char(out, '\n');
	while (kb_json_next(&it)) {
		if (it.object)
			kb_buf_add_str(out, it.key);
		flatten(it.val, arena, out);
	}
}

static struct kb_str all_of(const struct kb_rec *rec, struct kb_arena *arena)
{
	struct kb_buf out;
	struct kb_str text;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		flatten(kb_rec_get(rec, members[i]), arena, &out);
	text = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}

static void check_map(struct kb_str map, struct kb_str before,
		      struct kb_str after, struct kb_arena *arena)
{
	struct kb_json json;
	struct kb_json_iter it;
	struct kb_str value;

	if (kb_json_check(map.ptr, map.len, &json, NULL) < 0)
		abort();
	it = kb_json_iter(json);
	while (kb_json_next(&it)) {
		if (!kb_json_str(it.val, arena, &value) || !value.len)
			abort();
		if (!kb_str_has(before, value) || kb_str_has(after, value))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_arena arena;
	struct kb_str map, before;
	struct kb_rec rec;

	kb_arena_init(&arena);
	if (kb_rec_scan(&rec, &arena, (const char *)data, size, NULL) == 0) {
		before = all_of(&rec, &arena);
		if (kb_mask_undo(&rec, (struct kb_json){0}, &arena, NULL) == 0)
			before = all_of(&rec, &arena);
		kb_mask_apply(&rec, NULL, &arena, &map);
		if (map.len && !memmem(data, size, ";base64,", 8)) {
			check_map(map, before, all_of(&rec, &arena), &arena);
			kb_mask_keep(&rec, map, &arena);
			if (kb_mask_undo(&rec, (struct kb_json){0}, &arena,
					 NULL) < 0 ||
			    !kb_str_eq(before, all_of(&rec, &arena)))
				abort();
		}
	}
	kb_arena_release(&arena);
	return 0;
}
