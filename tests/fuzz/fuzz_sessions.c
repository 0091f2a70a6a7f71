/* Any lines: what becomes a record is one, and no message is lost. */
#include <stdint.h>
#include <stdlib.h>

#include "record/sessions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_sessions *s = kb_sessions_new("s", "t");
	struct kb_str rest = {(const char *)data, size}, line, record;
	size_t added = 0, given = 0;
	struct kb_arena arena;
	struct kb_rec rec;

	kb_arena_init(&arena);
	while (kb_str_line(&rest, &line))
		added += kb_sessions_add(s, line, NULL) == 0;
	while (kb_sessions_next(s, true, &record)) {
		if (kb_rec_scan(&rec, &arena, record.ptr, record.len, NULL) < 0)
			abort();
		given += kb_json_count(kb_rec_get(&rec, "messages"));
		kb_arena_reset(&arena);
	}
	if (given != added)
		abort();
	kb_arena_release(&arena);
	kb_sessions_free(s);
	return 0;
}
