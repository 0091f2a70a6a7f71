/*
 * Columns: members of documents that a search can filter by.
 *
 * A keyword member ("category", "lang") holds strings, numbers, true or
 * false, or an array of them, compared as text. A numeric member ("price",
 * "updated") holds a number, or a string that spells one, or a date (Unix
 * seconds then). Which members are columns is declared when an index is
 * made and stands in its settings ("keywords", "numerics"); "valid_from"
 * and "valid_until" are numeric by themselves.
 *
 * Columns speak of documents; kb_columns_mark() turns a list of documents
 * into a set of chunks.
 */
#ifndef KB_INDEX_COLUMNS_H
#define KB_INDEX_COLUMNS_H

#include "index/segment.h"
#include "index/settings.h"

/*
 * Documents whose keyword member has a value, ascending; *n may be 0. False
 * when the segment has no such column. A damaged file may hold numbers past
 * seg->n_docs; kb_columns_mark() skips them.
 */
bool kb_columns_keyword(const struct kb_segment *seg, struct kb_str name,
			struct kb_str value, const uint32_t **docs, size_t *n);

/* Values of a keyword member in byte order with their number of documents
 * (dead ones included); fn returns false to stop. */
void kb_columns_values(const struct kb_segment *seg, struct kb_str name,
		       bool (*fn)(void *arg, struct kb_str value, size_t n),
		       void *arg);

/* One double per document, NaN where there is none; NULL when the segment
 * has no such column. */
const double *kb_columns_numbers(const struct kb_segment *seg,
				 struct kb_str name);

/* Set the bits of the documents' chunks; bits holds seg->n_chunks. */
void kb_columns_mark(const struct kb_segment *seg, const uint32_t *docs,
		     size_t n, uint64_t *bits);

#endif
