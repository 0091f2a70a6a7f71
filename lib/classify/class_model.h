/*
 * The file of a classifier, .tc: read where it is mapped, so that any number of
 * processes share its pages. kb-class-format(5) describes every byte.
 *
 *	header	  128 bytes: magic, version, size, sections, checksums
 *	slots	  a table of keys: where the row of a feature begins
 *	rows	  of each feature its idf, and weights of 8 bits of the columns
 *	columns   of each column a scale and a bias
 *	about	  JSON: labels, calibration, where the model comes from
 *
 * A column is a label, or the parent of labels that are written "parent/child".
 * Opening compares the checksum of all of it and checks every place, so that a
 * file that opens can be used without looking again.
 */
#ifndef KB_CLASSIFY_CLASS_MODEL_H
#define KB_CLASSIFY_CLASS_MODEL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "learn/calibrate.h"

#define KB_CLASS_MAGIC "KBCLASS" /* and its NUL */
#define KB_CLASS_MAJOR 1	 /* a reader refuses any other */
#define KB_CLASS_MINOR 0	 /* a reader takes every one */

#define KB_CLASS_FILE_MAX  ((size_t)1 << 31) /* bytes */
#define KB_CLASS_COLUMNS   16384
#define KB_CLASS_LABEL_MAX 256 /* bytes */
#define KB_CLASS_DENSE	   UINT32_MAX
#define KB_CLASS_PAD	   16  /* a dense row is a multiple of it */
#define KB_CLASS_KEPT	   200 /* steps of the quantiles */
#define KB_CLASS_NO_PARENT UINT32_MAX

struct kb_class_section {
	uint64_t offset, length; /* multiples of 16 */
};

struct kb_class_header {
	char magic[8];
	uint32_t major, minor;
	uint64_t size;
	uint32_t n_slots;	      /* a power of two */
	uint32_t n_columns, n_labels; /* labels come first */
	float unknown_idf; /* of a feature that is none of the slots' */
	float pieces;	   /* weight of the group of pieces, 0..1 */
	uint32_t zero[3];
	struct kb_class_section slots, rows, columns, about;
	uint32_t body_crc; /* of what stands behind the header */
	uint32_t crc;	   /* of what stands before it */
};

struct kb_class_slot {
	uint32_t key;
	uint32_t row; /* its place in the rows / 4, + 1; 0: free */
};

/* A row: what its feature tells, and how many weights follow. Of a dense one
 * (n is KB_CLASS_DENSE) an int8 for each column, padded with zeros; else n
 * uint16, the columns, rising, and then an int8 for each; both padded to a
 * multiple of 4 bytes. */
struct kb_class_row {
	float idf;
	uint32_t n;
};

struct kb_class_column {
	float scale; /* of the weights */
	float bias;
};

/* What a score is worth: of the labels, or of the parents. */
struct kb_class_scale {
	struct kb_calibration calibration; /* of the best column's z */
	/* Rising: the share i / KB_CLASS_KEPT of the texts that have one of
	 * the labels had a best column of less. n_kept is KB_CLASS_KEPT + 1,
	 * or 0: nothing is known. */
	const double *kept;
	size_t n_kept;
};

struct kb_class_about {
	struct kb_str *labels;		/* n_columns: labels, then parents */
	uint32_t *parent;		/* of each label its column, or
					 * KB_CLASS_NO_PARENT */
	struct kb_class_scale scale[2]; /* of labels, of parents */
	uint64_t records, calibrated;	/* learned from; calibrated on */
	struct kb_str date;		/* YYYY-MM-DD, or empty */
	double accuracy;		/* on what was held out; < 0: unknown */
};

struct kb_class_model {
	const unsigned char *ptr;
	size_t len;
	bool mapped;
	uint32_t n_slots, n_columns, n_labels;
	float unknown_idf, pieces;
	const struct kb_class_slot *slots;
	const unsigned char *rows;
	const struct kb_class_column *columns;
	struct kb_class_about about;
	struct kb_arena arena;
};

/* len bytes that outlive the model, aligned to 16; name is for messages.
 * KB_EFORMAT. The model is then to be released, opened or not. */
int kb_class_model_parse(struct kb_class_model *m, const void *ptr, size_t len,
			 const char *name, struct kb_err *err);
int kb_class_model_open(struct kb_class_model *m, const char *path,
			struct kb_err *err);
void kb_class_model_release(struct kb_class_model *m);

/* The row of a feature, or NULL. */
static inline const struct kb_class_row *kb_class_model_row(
    const struct kb_class_model *m, uint32_t key)
{
	uint32_t at = key & (m->n_slots - 1);

	for (; m->slots[at].row; at = (at + 1) & (m->n_slots - 1))
		if (m->slots[at].key == key)
			return (const void *)(m->rows +
					      (size_t)(m->slots[at].row - 1) *
						  4);
	return NULL;
}

/* ---- writing, in class_model_write.c ---- */

/* The parts of a model that is written: all but 'about' as they stand in the
 * file. */
struct kb_class_parts {
	uint32_t n_slots, n_columns, n_labels;
	float unknown_idf, pieces;
	struct kb_str slots, rows, columns;
	const struct kb_class_about *about;
};

/* Append the file. */
void kb_class_model_write(const struct kb_class_parts *parts,
			  struct kb_buf *out);

#endif
