/*
 * Rows of a spreadsheet as a table: cells are gathered until their row ends,
 * empty ones at its end and rows of nothing go. The first row of several cells
 * is the head.
 */
#ifndef KB_CONVERT_OFFICE_SHEET_ROWS_H
#define KB_CONVERT_OFFICE_SHEET_ROWS_H

#include "convert/office/page_text.h"

#define KB_SHEET_COLUMNS 1024u /* those behind are joined to the last */

struct kb_sheet_rows {
	struct kb_buf text; /* of the cells of the row */
	size_t ends[KB_SHEET_COLUMNS];
	unsigned n;	/* cells, the last with text */
	bool head_done; /* the head was written */
};

void kb_sheet_rows_init(struct kb_sheet_rows *rows);
void kb_sheet_rows_release(struct kb_sheet_rows *rows);
/* A sheet begins. */
void kb_sheet_rows_reset(struct kb_sheet_rows *rows);

/* The text of cell 'column', from 0; they come in order. */
void kb_sheet_rows_put(struct kb_sheet_rows *rows, unsigned column,
		       struct kb_str text);
/* The row ends: so many times it is written. */
void kb_sheet_rows_end(struct kb_sheet_rows *rows, struct kb_page_text *page,
		       unsigned times);

#endif
