/* Any record as a question: what is asked, what completes it, its vectors,
 * and its hits as text. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "context/complete.h"
#include "search/search_record.h"
#include "vector/vector_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct kb_buf *out, struct kb_str text)
{
	kb_buf_add_str(out, text);
}

static void vectors(struct kb_json all, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(all);

	while (kb_json_next(&it)) {
		float *x;
		size_t n;

		if (kb_vec_from_json(it.val, arena, &x, &n, NULL))
			continue;
		for (size_t i = 0; i < n; i++)
			if (!isfinite(x[i]))
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kb_analyzer *analyzer;
	static struct kb_terms terms;
	struct kb_text_style style = {.put = put, .terms = &terms};
	struct kb_request request;
	struct kb_completion done;
	struct kb_arena arena;
	struct kb_buf out;
	struct kb_rec rec;

	if (!analyzer)
		analyzer = kb_analyzer_new();
	style.analyzer = analyzer;
	kb_arena_init(&arena);
	kb_buf_init(&out, 1 << 20);
	if (kb_rec_scan(&rec, &arena, (const char *)data, size, NULL) == 0) {
		if (kb_request_read(&rec, &arena, &request, NULL) == 0) {
			if (!request.query.len &&
			    request.vectors.type != KB_JSON_OBJECT)
				abort();
			kb_context_complete(kb_rec_get(&rec, "messages"),
					    request.query, &arena, &done, NULL);
		}
		vectors(kb_rec_get(&rec, "vectors"), &arena);
		for (int format = 1; format <= 3; format++)
			kb_record_print(&rec, kb_rec_id(&rec), format, &style,
					&arena, &out);
	}
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return 0;
}
