/*
 * The file of a model, .kbm: settings, vocabulary and weights, read where they
 * are mapped, so that any number of processes share their pages.
 *
 *	header   64 bytes: magic, version, size, place and CRC32C of the table
 *	entries  each at a multiple of 64, zero bytes between
 *	table    96 bytes an entry: name, type, shape, CRC32C, place
 *
 * Opening checks header and table; what the entries hold is checked by who
 * reads them, and kb_kbm_verify() compares all checksums. kb-model-format(5)
 * describes every byte.
 */
#ifndef KB_ENCODER_KBM_H
#define KB_ENCODER_KBM_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define KB_KBM_MAGIC   "KBMODEL" /* and its NUL */
#define KB_KBM_MAJOR   1	 /* a reader refuses any other */
#define KB_KBM_MINOR   1	 /* a reader takes every one */
#define KB_KBM_ALIGN   64
#define KB_KBM_ENTRIES 4096

enum kb_kbm_type {
	KB_KBM_TEXT = 1,      /* JSON */
	KB_KBM_WORDPIECE = 2, /* token/piece/wordpiece.h */
	KB_KBM_FLOATS = 3,    /* rows * cols float32 */
	KB_KBM_ROWS = 4,      /* rows * cols int8, then a float32 a row */
	KB_KBM_MATRIX = 5,    /* rows outputs, cols inputs: weights as in
			       * encoder_kernel.h, float32 scales, int32 sums */
	KB_KBM_UNIGRAM = 6,   /* token/piece/unigram.h */
};

struct kb_kbm_header {
	char magic[8];
	uint32_t major, minor;
	uint64_t size, table;
	uint32_t n, table_crc;
	uint32_t zero[5];
	uint32_t crc; /* of what stands before it */
};

struct kb_kbm_entry {
	char name[48]; /* NUL at the end */
	uint32_t type;
	uint32_t rows, cols;
	int32_t zero; /* ROWS: the byte that stands for 0 */
	uint32_t crc, reserved[3];
	uint64_t offset, length;
};

/* ---- reading ---- */

struct kb_kbm {
	const unsigned char *ptr;
	size_t len;
	const struct kb_kbm_entry *entries; /* in the file */
	uint32_t n, next; /* next: where the next one is looked for first */
	int mapped;
};

/* len bytes that outlive it, aligned to 16; name is for messages. KB_EFORMAT.
 */
int kb_kbm_parse(struct kb_kbm *kbm, const void *ptr, size_t len,
		 const char *name, struct kb_err *err);
int kb_kbm_map(struct kb_kbm *kbm, const char *path, struct kb_err *err);
void kb_kbm_unmap(struct kb_kbm *kbm);

/* The entry of a name and type; NULL: there is none of the shape. rows and
 * cols of 0 are any. Its length is what its type and shape make it. */
const struct kb_kbm_entry *kb_kbm_find(struct kb_kbm *kbm, const char *name,
				       enum kb_kbm_type type, size_t rows,
				       size_t cols);
static inline const void *kb_kbm_data(const struct kb_kbm *kbm,
				      const struct kb_kbm_entry *e)
{
	return kbm->ptr + e->offset;
}

/* Reads all; KB_EFORMAT names the entry whose checksum differs. */
int kb_kbm_verify(const struct kb_kbm *kbm, struct kb_err *err);

/* ---- writing ---- */

struct kb_file_out;

/* A file is written from front to back; errors are kept for the end. */
struct kb_kbm_writer {
	struct kb_file_out *file; /* borrowed, open */
	uint64_t at;
	struct kb_kbm_entry *entries;
	size_t n, cap;
	int failed;
	struct kb_err err;
};

void kb_kbm_begin(struct kb_kbm_writer *w, struct kb_file_out *file);
void kb_kbm_put(struct kb_kbm_writer *w, const char *name,
		enum kb_kbm_type type, size_t rows, size_t cols, int zero,
		const void *data, size_t len);
/* Write table and header, publish the file and close it. */
int kb_kbm_end(struct kb_kbm_writer *w, struct kb_err *err);
void kb_kbm_writer_release(struct kb_kbm_writer *w);

#endif
