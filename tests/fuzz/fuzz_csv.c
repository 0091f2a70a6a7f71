/*
 * Tables: a row ends at the same place however the text is cut, every row of
 * the first one's columns is a JSON object with as many strings, and what a
 * field says comes back.
 */
#include <stdlib.h>

#include "json/csv.h"
#include "json/rec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t row_end(enum kb_csv_kind kind, struct kb_str text, size_t cut)
{
	struct kb_csv_scan scan = {0};
	size_t at = kb_csv_row_end(&scan, kind, text.ptr, cut);

	if (at < cut)
		return at;
	return cut +
	       kb_csv_row_end(&scan, kind, text.ptr + cut, text.len - cut);
}

static void check_object(const struct kb_csv *csv, struct kb_str text)
{
	struct kb_arena arena;
	struct kb_rec rec;

	kb_arena_init(&arena);
	if (kb_rec_scan(&rec, &arena, text.ptr, text.len, NULL) ||
	    rec.n != csv->n)
		abort();
	for (size_t i = 0; i < rec.n; i++)
		if (rec.members[i].val.type != KB_JSON_STRING)
			abort();
	kb_arena_release(&arena);
}

static void read_table(enum kb_csv_kind kind, struct kb_str rest)
{
	struct kb_buf object;
	struct kb_csv csv;
	bool head = false;

	kb_csv_init(&csv, kind);
	kb_buf_init(&object, 0);
	while (rest.len) {
		struct kb_str row = rest;

		row.len = row_end(kind, rest, 0);
		if (row_end(kind, rest, rest.len / 2) != row.len ||
		    row_end(kind, rest, rest.len) != row.len)
			abort();
		rest = kb_str_skip(rest, row.len + (row.len < rest.len));
		if (!head) {
			head = !kb_csv_head(&csv, row, NULL);
			continue;
		}
		kb_buf_reset(&object);
		if (!kb_csv_object(&csv, row, &object, NULL))
			check_object(&csv, kb_buf_str(&object));
	}
	kb_buf_release(&object);
	kb_csv_release(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {(const char *)data, size};

	read_table(KB_CSV, text);
	read_table(KB_TSV, text);
	return 0;
}
