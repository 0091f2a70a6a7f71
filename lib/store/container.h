/*
 * The container: the form of every file of an index but the manifest.
 *
 *	header   64 bytes: magic, major, minor, kind, CRC32C
 *	sections each at a multiple of 64, zero bytes between
 *	table    32 bytes a section: type, flags, offset, length, CRC32C
 *	footer   32 bytes: place and CRC32C of the table, size of the file
 *
 * The table stands at the end because a file is written in one pass. A
 * reader refuses a section that is marked required and that it does not
 * know, and skips an optional one. Opening checks all of this but not the
 * sections' content; kb_container_verify() reads everything.
 */
#ifndef KB_STORE_CONTAINER_H
#define KB_STORE_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/io.h"

#define KB_FORMAT_MAJOR	      4 /* a reader refuses any other */
#define KB_FORMAT_MINOR	      1 /* a reader takes every one */
#define KB_CONTAINER_ALIGN    64
#define KB_CONTAINER_MAGIC    8	 /* bytes that every file begins with */
#define KB_CONTAINER_SECTIONS 32 /* types are 1 .. 31 */

enum kb_container_kind {
	KB_KIND_SEGMENT = 1,
	KB_KIND_LIVE = 2,
	KB_KIND_SOURCES = 3,
	KB_KIND_GLOBAL = 4, /* a file shared by all segments, such as a model */
};

/* Are these bytes the start of an index file? */
bool kb_container_is_magic(const char start[KB_CONTAINER_MAGIC]);

/* ---- writing ---- */

struct kb_container_entry {
	uint32_t type;
	uint32_t flags; /* 1: required */
	uint64_t offset, length;
	uint32_t crc;
	uint32_t zero;
};

struct kb_container {
	struct kb_io *io;
	int file; /* -1 when none is open */
	char name[64];
	struct kb_buf buf; /* not yet written */
	uint64_t size;	   /* bytes so far, the buffer's included */
	bool open;	   /* a section is being written */
	int failed;	   /* first error's code, 0 while all is well */
	struct kb_err err; /* and its message */
	struct kb_container_entry entries[KB_CONTAINER_SECTIONS];
	uint32_t n;
	uint32_t table_crc; /* after kb_container_finish() */
};

/* Write errors are kept and reported by kb_container_finish(), so that
 * sections can be written without a check at every call. */
int kb_container_create(struct kb_container *c, struct kb_io *io,
			const char *name, enum kb_container_kind kind,
			struct kb_err *err);
void kb_container_begin(struct kb_container *c, uint32_t type, bool required);
void kb_container_add(struct kb_container *c, const void *ptr, size_t len);
void kb_container_end(struct kb_container *c);

/* Bytes of the section being written. */
uint64_t kb_container_pos(const struct kb_container *c);

/* begin, add, end */
void kb_container_put(struct kb_container *c, uint32_t type, bool required,
		      const void *ptr, size_t len);

/* Write table and footer, sync and close. The file is removed on error. */
int kb_container_finish(struct kb_container *c, struct kb_err *err);
/* Give up: close and remove. Harmless after finish. */
void kb_container_abort(struct kb_container *c);

/* ---- reading ---- */

struct kb_container_view {
	const unsigned char *ptr; /* the whole file */
	size_t len;
	uint32_t table_crc;
	struct {
		const unsigned char *ptr; /* NULL when there is none */
		size_t len;
		uint32_t crc;
		bool required;
	} sec[KB_CONTAINER_SECTIONS];
};

/* Sections of 'known' (bit per type) are understood by the caller. */
int kb_container_parse(struct kb_container_view *view, const void *ptr,
		       size_t len, enum kb_container_kind kind, uint32_t known,
		       const char *name, struct kb_err *err);

/* Map a file of the directory and parse it; kb_container_unmap() after. */
int kb_container_map(struct kb_container_view *view, int dir, const char *name,
		     enum kb_container_kind kind, uint32_t known,
		     struct kb_err *err);
void kb_container_unmap(struct kb_container_view *view);

/* Read every section and compare its CRC; KB_EFORMAT names the section. */
int kb_container_verify(const struct kb_container_view *view, const char *name,
			struct kb_err *err);

#endif
