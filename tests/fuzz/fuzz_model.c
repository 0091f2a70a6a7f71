/*
 * A model file: whatever it is, a model that was taken scores to finite
 * numbers, a logistic one within 0 and 1, and what is written of it reads
 * back as the same.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "learn/model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void score(const struct kb_linear_model *m)
{
	static const double values[] = {0, 1, -1, 1e6, -1e6, .1};
	double row[KB_LINEAR_FEATURES];
	const char *names[KB_LINEAR_FEATURES];
	struct kb_linear l;

	for (size_t i = 0; i < m->n; i++)
		names[i] = m->features[i].name;
	if (kb_linear_bind(&l, m, names, m->n))
		abort();
	for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
		double s;

		for (size_t i = 0; i < m->n; i++)
			row[i] = i % 5 == 4 ? NAN : values[v];
		s = kb_linear_score(&l, row);
		if (!isfinite(s) ||
		    (m->kind == KB_LOGISTIC && !(s >= 0 && s <= 1)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {size ? (const char *)data : "", size};
	const struct kb_linear_model *list[KB_MODEL_FILE_MODELS];
	struct kb_model_file all, again;
	struct kb_buf first, second;
	struct kb_arena arena;

	kb_arena_init(&arena);
	kb_buf_init(&first, 0);
	kb_buf_init(&second, 0);
	if (!kb_model_file_parse_all(text, &arena, &all, NULL)) {
		for (size_t i = 0; i < all.n; i++) {
			score(&all.models[i]);
			list[i] = &all.models[i];
		}
		kb_model_file_write_all(list, all.n, &first);
		if (kb_model_file_parse_all(kb_buf_str(&first), &arena, &again,
					    NULL) ||
		    again.n != all.n)
			abort();
		for (size_t i = 0; i < again.n; i++)
			list[i] = &again.models[i];
		kb_model_file_write_all(list, again.n, &second);
		if (first.len != second.len ||
		    memcmp(first.ptr, second.ptr, first.len))
			abort();
	}
	kb_buf_release(&first);
	kb_buf_release(&second);
	kb_arena_release(&arena);
	return 0;
}
