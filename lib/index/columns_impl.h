/*
 * The columns' sections, shared by columns.c and columns_out.c.
 */
#ifndef KB_INDEX_COLUMNS_IMPL_H
#define KB_INDEX_COLUMNS_IMPL_H

#include "index/columns.h"

/* KB_SEC_KEYWORDS and KB_SEC_NUMBERS: a count and heads, then the data the
 * heads point at (offsets in the section, multiples of 8). */
struct kb_columns_header {
	uint32_t n, zero;
};

struct kb_keyword_head {
	char name[KB_COLUMN_NAME_MAX + 1]; /* NUL-padded */
	uint64_t texts;	 /* u32 each, n_values + 1: places in text */
	uint64_t text;	 /* the values in byte order */
	uint64_t starts; /* u32 each, n_values + 1: places in docs */
	uint64_t docs;	 /* u32 each, n_entries, ascending per value */
	uint64_t text_len;
	uint32_t n_values, n_entries;
};

struct kb_number_head {
	char name[KB_COLUMN_NAME_MAX + 1];
	uint64_t values; /* double each, n_docs */
	uint64_t zero;
};

_Static_assert(sizeof(struct kb_keyword_head) == 112, "keyword head");
_Static_assert(sizeof(struct kb_number_head) == 80, "number head");

#endif
