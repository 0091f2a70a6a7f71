/*
 * What cells of a workbook say: shared strings, and values by the kind of
 * their number format (ECMA-376, part 1: 18.4, 18.8.30).
 */
#ifndef KB_CONVERT_OFFICE_EXCEL_CELLS_H
#define KB_CONVERT_OFFICE_EXCEL_CELLS_H

#include "base/map.h"
#include "convert/office/office.h"

#define KB_EXCEL_STRINGS_MAX ((size_t)64 << 20) /* bytes of shared strings */

struct kb_excel_cells {
	struct kb_buf strings; /* one behind the other */
	size_t *ends;	       /* of each in 'strings' */
	size_t n, cap;
	struct kb_map formats; /* number of a format -> its kind */
	unsigned char *kinds;  /* of each style of cells */
	size_t n_kinds, cap_kinds;
	bool from_1904; /* days are counted from there */
	char number[64];
};

void kb_excel_cells_init(struct kb_excel_cells *cells);
void kb_excel_cells_release(struct kb_excel_cells *cells);

/* Read both parts beside the workbook's, which may be missing. */
int kb_excel_cells_read(struct kb_excel_cells *cells, struct kb_office *office,
			struct kb_str workbook, struct kb_err *err);

/* What a cell of that type and style says; borrowed until the next call. */
struct kb_str kb_excel_cell(struct kb_excel_cells *cells, const char *type,
			    int style, const struct kb_buf *value);

#endif
