/* Any record through the fact check: what is written is a record again,
 * with a confidence between 0 and 1 and claims that lie in the answer. */
#include <stdint.h>
#include <stdlib.h>

#include "verify/verify_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct kb_rec *rec, struct kb_arena *arena)
{
	struct kb_json p = kb_rec_get(rec, "confidence");
	struct kb_json claims = kb_json_get(kb_rec_get(rec, "check"), "claims");
	struct kb_json_iter it = kb_json_iter(claims);
	struct kb_str answer = {0};
	int64_t start, end;
	double x;

	kb_json_str(kb_rec_get(rec, "answer"), arena, &answer);
	if (!kb_json_num(p, &x) || !(x >= 0 && x <= 1))
		abort();
	while (kb_json_next(&it))
		if (!kb_json_int(kb_json_get(it.val, "start"), &start) ||
		    !kb_json_int(kb_json_get(it.val, "end"), &end) ||
		    start < 0 || start > end || (size_t)end > answer.len)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_verify_options options = {.threshold = .6, .explain = true};
	static struct kb_checker checker;
	struct kb_rec rec, again;
	struct kb_err err = {0};
	struct kb_arena arena;
	struct kb_buf out;
	struct kb_verified got;

	if (!checker.reader.an)
		kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	if (kb_rec_scan(&rec, &arena, (const char *)data, size, &err) == 0) {
		bool checked =
		    !kb_verify_record(&checker, &rec, &options, &got, &err);

		kb_rec_write(&rec, &out);
		if (kb_rec_scan(&again, &arena, out.ptr, out.len, &err) < 0)
			abort();
		if (checked)
			look(&again, &arena);
	}
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return 0;
}
