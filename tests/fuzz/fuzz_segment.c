#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "index/columns.h"
#include "index/segment_file.h"
#include "posting/postings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool count_word(void *arg, struct kb_str text, uint64_t key)
{
	(void)text;
	(void)key;
	return ++*(unsigned *)arg < 4096;
}

static bool count_value(void *arg, struct kb_str value, size_t n)
{
	(void)value;
	(void)n;
	return ++*(unsigned *)arg < 4096;
}

static void walk_terms(const struct kb_segment *seg)
{
	struct kb_dict_cursor c = {.dict = &seg->file->dict};
	struct kb_section postings = seg->sec[KB_SEC_POSTINGS];
	uint32_t chunks[1024 + 128];
	uint16_t freqs[1024 + 128];

	for (int i = 0; i < 4096 && kb_dict_next(&c, postings) > 0; i++)
		if (c.info.count <= 1024)
			kb_postings_decode(c.info.ptr, c.info.size,
					   c.info.count, seg->n_chunks, chunks,
					   freqs);
}

static void walk_columns(const struct kb_segment *seg)
{
	const double *x = kb_columns_numbers(seg, KB_STR("price"));
	uint64_t *bits = calloc((size_t)seg->n_chunks / 64 + 1, 8);
	const uint32_t *docs;
	unsigned n_values = 0;
	double sum = 0;
	size_t n;

	if (kb_columns_keyword(seg, KB_STR("lang"), KB_STR("zh"), &docs, &n))
		kb_columns_mark(seg, docs, n, bits);
	kb_columns_values(seg, KB_STR("lang"), count_value, &n_values);
	for (uint32_t d = 0; x && d < seg->n_docs; d++)
		sum += x[d];
	free(bits);
	(void)sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_segment *seg;
	struct kb_stored_reader reader;
	struct kb_arena arena;
	unsigned words = 0;
	uint32_t from = 0;

	if (kb_segment_open_memory(&seg, data, size, NULL, 0, NULL) < 0)
		return 0;
	kb_arena_init(&arena);
	kb_segment_words(seg, KB_STR("b"), count_word, &words);
	walk_terms(seg);
	walk_columns(seg);
	kb_segment_find_id(seg, KB_STR("d1"), &from);
	for (uint32_t c = 0; c < seg->n_chunks && c < 256; c++) {
		struct kb_passage p;

		for (int step = 0; step < KB_PREFETCH_STEPS; step++)
			kb_segment_prefetch(seg, c, step);
		kb_segment_fetch(seg, c, &arena, &p, NULL);
		kb_segment_id(seg, c);
		kb_arena_reset(&arena);
	}
	kb_stored_reader_init(&reader, seg);
	for (uint32_t d = 0; d < seg->n_docs && d < 256; d++) {
		struct kb_stored_doc doc;

		kb_stored_read(&reader, d, &doc, NULL);
	}
	kb_stored_reader_release(&reader);
	kb_arena_release(&arena);
	kb_segment_close(seg);
	return 0;
}
