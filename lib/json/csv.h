/*
 * Tables of text: CSV (RFC 4180) and TSV (text/tab-separated-values of IANA).
 *
 * A row becomes a JSON object with a string for each column, whose names are
 * those of the first row. In CSV a field that begins with a quotation mark ends
 * with one: separators and newlines in it are text, two marks stand for one; in
 * a field that begins otherwise a mark is a mark. In TSV there are none: a
 * field holds neither tabs nor newlines.
 *
 * A row with more fields than names or fewer is an error of that row. A column
 * without a name is called by its number, from 1 on.
 */
#ifndef KB_JSON_CSV_H
#define KB_JSON_CSV_H

#include "base/buf.h"
#include "base/err.h"

#define KB_CSV_COLUMNS 4096

enum kb_csv_kind { KB_CSV, KB_TSV };

/* Where a row ends, for text that comes in parts; zeroed before a row. */
struct kb_csv_scan {
	enum kb_csv_at {
		KB_CSV_AT_FIELD, /* at its first byte */
		KB_CSV_AT_PLAIN, /* in one without marks */
		KB_CSV_AT_QUOTED,
		KB_CSV_AT_MARK, /* behind one in a quoted field */
	} at;
};

/* The place of the newline that ends the row, or n: it goes on. */
size_t kb_csv_row_end(struct kb_csv_scan *scan, enum kb_csv_kind kind,
		      const char *ptr, size_t n);

struct kb_csv {
	enum kb_csv_kind kind;
	struct kb_buf text; /* the names, as JSON strings, one behind another */
	size_t *ends;	    /* n: where each ends there */
	size_t n, cap;
	struct kb_buf field; /* scratch */
};

void kb_csv_init(struct kb_csv *csv, enum kb_csv_kind kind);
void kb_csv_release(struct kb_csv *csv);

/* Take the names of a row without its newline. KB_EINVAL: two are alike;
 * KB_ELIMIT: more than KB_CSV_COLUMNS. */
int kb_csv_head(struct kb_csv *csv, struct kb_str row, struct kb_err *err);

/* Append the row as an object. KB_EINVAL says what is wrong with it. */
int kb_csv_object(struct kb_csv *csv, struct kb_str row, struct kb_buf *out,
		  struct kb_err *err);

#endif
