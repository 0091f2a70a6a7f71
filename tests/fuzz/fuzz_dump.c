/* The member kb_dump of a line: any bytes are refused or give chunks and
 * vectors that can be read to their ends. */
#include <stdint.h>
#include <stdlib.h>

#include "index/ingest/dump.h"
#include "vector/vector_dump.h"

static size_t read_vector(const struct kb_vec_dump *dump, size_t i)
{
	struct kb_vec_view view;
	size_t seen = 0;

	if (!dump || !kb_vec_dump_row(dump, i, 1, &view))
		return 0;
	if (view.stride < view.dim)
		abort();
	for (size_t j = 0; j < view.stride; j++)
		seen += (size_t)view.data[j];
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen; /* keeps what is read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_writer_doc doc = {.meta = {(const char *)data, size}};
	struct kb_writer_chunk *chunks = NULL;
	struct kb_arena arena;
	size_t cap = 0;

	kb_arena_init(&arena);
	if (kb_dump_restore(&doc, &arena, &chunks, &cap)) {
		for (size_t i = 0; i < doc.n_chunks; i++) {
			seen += doc.chunks[i].heading.len;
			for (size_t slot = 0; slot < KB_VECTOR_SLOTS; slot++)
				seen += read_vector(doc.vectors[slot], i);
		}
	}
	free(chunks);
	kb_arena_release(&arena);
	return 0;
}
