/* Reads bytes as a file and checks what lib/doc promises of documents,
 * blocks and chunks. */
#ifndef KB_TESTS_DOC_CHECK_H
#define KB_TESTS_DOC_CHECK_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "doc/chunk.h"
#include "doc/encode.h"

#define PROMISE(x)               \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

static inline void check_doc(struct kb_doc *doc, struct kb_arena *arena)
{
	static const struct kb_chunk_opts opts = {20, 40};
	struct kb_chunk *c;
	uint32_t end = 0;
	size_t i, n;

	PROMISE(doc->kind == KB_DOC_TRIPLE || doc->id.len);
	PROMISE(kb_utf8_valid(doc->text.ptr, doc->text.len));
	for (i = 0; i < doc->n_blocks; i++) {
		const struct kb_block *b = &doc->blocks[i];

		PROMISE(b->start >= end && b->end > b->start);
		PROMISE(b->end <= doc->text.len);
		for (; end < b->start; end++)
			PROMISE((unsigned char)doc->text.ptr[end] <= ' ');
		end = b->end;
		PROMISE(b->type != KB_BLOCK_HEADING ||
			(b->title_start >= b->start &&
			 b->title_end >= b->title_start &&
			 b->title_end <= b->end));
	}
	n = kb_chunk_doc(doc, &opts, arena, &c);
	PROMISE((n == 0) == (doc->kind != KB_DOC_PLAIN));
	for (i = 0, end = 0; i < n; i++) {
		PROMISE(c[i].start >= end && c[i].end <= doc->text.len);
		PROMISE(c[i].tokens <= 40);
		for (; end < c[i].start; end++)
			PROMISE((unsigned char)doc->text.ptr[end] <= ' ');
		end = c[i].end;
		PROMISE(kb_utf8_valid(doc->text.ptr + c[i].start,
				      c[i].end - c[i].start));
	}
}

static inline void check_with(const uint8_t *data, size_t size,
			      const char *name, const struct kb_doc_opts *opts)
{
	struct kb_doc_reader *r;
	struct kb_arena arena;
	struct kb_doc doc;
	int fd = memfd_create("fuzz", MFD_CLOEXEC), rc;

	if (fd < 0)
		return;
	if (write(fd, data, size) == (ssize_t)size &&
	    lseek(fd, 0, SEEK_SET) == 0 &&
	    kb_doc_open(&r, fd, NULL, name, opts, NULL) == 0) {
		kb_arena_init(&arena);
		while ((rc = kb_doc_next(r, &arena, &doc, NULL)) != 0) {
			if (rc > 0)
				check_doc(&doc, &arena);
			kb_arena_reset(&arena);
		}
		kb_arena_release(&arena);
		kb_doc_close(r);
	}
	close(fd);
}

static inline void check_file(const uint8_t *data, size_t size,
			      const char *name, bool lines)
{
	const struct kb_doc_opts opts = {.lines = lines,
					 .max_text_size = 1 << 20};

	check_with(data, size, name, &opts);
}

#endif
