/*
 * The manifest: the one file that says what an index is made of.
 *
 * It is text, one fact a line, and ends with the CRC32C of all before:
 *
 *	kb-index 4.0
 *	generation 7
 *	segment g7-0.seg SIZE TABLECRC DOCS CHUNKS LIVE LENGTH NAME SIZE CRC
 *	sources g7.src SIZE TABLECRC
 *	global SLOT g5-words.glb SIZE TABLECRC
 *	settings {"title_weight":1}
 *	end CRC
 *
 * A generation is published by renaming a complete manifest over the old
 * one, after every file it names was synced: readers see the old set of
 * files or the new one.
 */
#ifndef KB_STORE_MANIFEST_H
#define KB_STORE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/file_out.h"
#include "store/io.h"

#define KB_MANIFEST_NAME     KB_FILE_OUT_GUARD
#define KB_MANIFEST_TMP	     KB_MANIFEST_NAME ".tmp"
#define KB_MANIFEST_START    KB_FILE_OUT_GUARD_START /* it begins so */
#define KB_MANIFEST_SEGMENTS 256
#define KB_MANIFEST_GLOBALS  8
#define KB_MANIFEST_MAX	     ((size_t)16 << 20) /* bytes of the file */

struct kb_manifest_file {
	char name[48]; /* empty: there is none */
	uint64_t size; /* bytes */
	uint32_t crc;  /* of its section table */
};

struct kb_manifest_segment {
	struct kb_manifest_file file;
	struct kb_manifest_file live; /* deletions, or none */
	uint32_t n_docs, n_chunks;    /* dead ones included */
	uint32_t n_live;	      /* chunks alive */
	uint64_t total_length;	      /* of the chunks alive */
};

struct kb_manifest {
	uint64_t generation;
	char commit[33]; /* hex digest of the content */
	struct kb_manifest_segment *segments;
	size_t n_segments, cap_segments;
	struct kb_manifest_file sources;
	struct {
		char slot[25];
		struct kb_manifest_file file;
	} globals[KB_MANIFEST_GLOBALS];
	size_t n_globals;
	struct kb_buf settings; /* JSON object, one line */
};

void kb_manifest_init(struct kb_manifest *m);
void kb_manifest_release(struct kb_manifest *m);
void kb_manifest_copy(struct kb_manifest *dst, const struct kb_manifest *src);

struct kb_manifest_segment *kb_manifest_add(struct kb_manifest *m);

/* KB_EFORMAT when the text is damaged or of another version. */
int kb_manifest_parse(struct kb_manifest *m, const char *text, size_t len,
		      struct kb_err *err);

/* The text; sets m->commit. */
void kb_manifest_format(struct kb_manifest *m, struct kb_buf *out);

/* Read the one of a directory; KB_ENOENT when there is none. */
int kb_manifest_load(struct kb_manifest *m, int dir, const char *path,
		     struct kb_err *err);

/* Make it the directory's: all files it names must be synced already. */
int kb_manifest_publish(struct kb_manifest *m, struct kb_io *io,
			struct kb_err *err);

/* Whether it names a file. */
bool kb_manifest_names(const struct kb_manifest *m, const char *name);

#endif
