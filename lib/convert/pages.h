/*
 * The text of a printed document, page by page, as paragraphs: lines that a
 * page broke are joined, words it divided are whole again, and the lines that
 * stand at the head or foot of page after page are set aside.
 */
#ifndef KB_CONVERT_PAGES_H
#define KB_CONVERT_PAGES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

struct kb_pages {
	struct kb_str *pages; /* as printed, in the text given */
	size_t n;
	struct kb_arena arena;
	uint64_t *furniture; /* sorted hashes of lines set aside */
	size_t n_furniture;
	struct kb_map compounds; /* hashes of words with a hyphen in them */
};

/* 'text' is UTF-8 with a form feed behind each page; borrowed. */
void kb_pages_init(struct kb_pages *pages, struct kb_str text);
void kb_pages_release(struct kb_pages *pages);

/* Append the text of page i, from 0. */
void kb_pages_text(const struct kb_pages *pages, size_t i, struct kb_buf *out);

/* Does the page consist of short lines, as the cells of a table do? */
bool kb_pages_is_table(const struct kb_pages *pages, size_t i);
/* Append a page that is laid out as printed: what blanks separate in a line
 * are cells. False, and nothing is written, when few lines have several. */
bool kb_pages_rows(const struct kb_pages *pages, size_t i, struct kb_buf *out);

#endif
