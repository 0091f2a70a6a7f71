/*
 * The record scanner and everything that walks what it let pass. The input
 * is one line; what is written again must scan again and mean the same.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "json/rec.h"
#include "json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct kb_json val, struct kb_arena *arena, int depth)
{
	struct kb_json_iter it = kb_json_iter(val), in = it, inner;
	struct kb_str text;
	int64_t n;
	double x;

	kb_json_str(val, arena, &text);
	kb_json_num(val, &x);
	kb_json_int(val, &n);
	while (depth < 4 && kb_json_next(&it)) {
		struct kb_json again;

		if (it.object)
			assert(kb_json_iter_is(&it, "message") ==
			       kb_json_key_is(it.key, "message"));
		/* an element ends where the checking scan says it does */
		assert(!kb_json_check(it.val.ptr, it.val.len, &again, NULL));
		assert(again.len == it.val.len);
		assert(kb_json_enter(&in, &inner));
		kb_json_leave(&in, &inner);
		assert(in.val.ptr == it.val.ptr && in.val.len == it.val.len);
		walk(it.val, arena, depth + 1);
	}
	assert(depth >= 4 || !kb_json_enter(&in, &inner));
}

/* Written with every string decoded and quoted anew. */
static void write_anew(const struct kb_rec *rec, struct kb_arena *arena,
		       struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	for (size_t i = 0; i < rec->n; i++) {
		const struct kb_member *m = &rec->members[i];
		struct kb_str text;

		kb_jw_key(&w, "k");
		if (kb_json_str(m->val, arena, &text))
			kb_jw_str(&w, text);
		else
			kb_jw_raw(&w, (struct kb_str){m->val.ptr, m->val.len});
	}
	kb_jw_end(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = size ? (const char *)data : "";
	struct kb_arena arena;
	struct kb_buf out;
	struct kb_err err;
	struct kb_rec rec, again;

	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	if (kb_rec_scan(&rec, &arena, line, size, &err))
		goto out;
	for (size_t i = 0; i < rec.n; i++)
		walk(rec.members[i].val, &arena, 0);
	kb_rec_id(&rec);
	kb_rec_write(&rec, &out);
	assert(out.len == size && !memcmp(out.ptr, line, size));
	kb_buf_reset(&out);
	write_anew(&rec, &arena, &out);
	assert(!kb_rec_scan(&again, &arena, out.ptr, out.len, &err));
	assert(again.n == rec.n);
	kb_rec_set(&rec, "id", KB_STR("[7]"));
	kb_rec_del(&rec, "query");
	kb_buf_reset(&out);
	kb_rec_write(&rec, &out);
	assert(!kb_rec_scan(&again, &arena, out.ptr, out.len, &err));
	assert(kb_json_count(kb_rec_get(&again, "id")) == 1);
	assert(kb_rec_get(&again, "query").type == KB_JSON_NONE);
out:
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return 0;
}
