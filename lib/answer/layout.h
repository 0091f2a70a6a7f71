/*
 * The layout of a passage, told by its lines: headings, items of lists, rows of
 * tables under their header, options of a manual with what they mean, code.
 *
 * Plain text, Markdown and manuals as they are printed are known. What stands
 * under a line, stands under a heading, a header of a table, an option or
 * another term, or a line that ends in a colon; by its words, too, a reader
 * finds it.
 */
#ifndef KB_ANSWER_LAYOUT_H
#define KB_ANSWER_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define KB_LAYOUT_LINES 2000 /* of one passage; the rest is prose */
#define KB_LAYOUT_NONE	UINT32_MAX

enum kb_layout_kind {
	KB_LAYOUT_PROSE,
	KB_LAYOUT_HEADING,
	KB_LAYOUT_HEADER, /* the first row of a table */
	KB_LAYOUT_RULE,	  /* nothing but signs */
	KB_LAYOUT_ROW,
	KB_LAYOUT_TERM, /* an option, or another term that is explained */
	KB_LAYOUT_ITEM, /* the first line of one */
	KB_LAYOUT_CODE,
	KB_LAYOUT_LEAD, /* ends in a colon, or asks what the next answers */
};

/* Is it said of what stands under it, and by itself says little? */
static inline bool kb_layout_is_head(enum kb_layout_kind kind)
{
	return kind == KB_LAYOUT_HEADING || kind == KB_LAYOUT_HEADER ||
	       kind == KB_LAYOUT_TERM || kind == KB_LAYOUT_LEAD;
}

struct kb_layout_line {
	uint32_t start, end; /* bytes, without blanks at both ends */
	uint32_t indent;     /* columns */
	uint32_t under;	     /* number of the line it stands under, or NONE */
	enum kb_layout_kind kind;
};

struct kb_layout {
	struct kb_layout_line *lines; /* those that are not blank */
	size_t n;
};

/* Lives in the arena. */
void kb_layout_read(struct kb_layout *layout, struct kb_arena *arena,
		    struct kb_str text);

/* Number of the line that holds the byte, NONE for one beyond the last that
 * was read. */
uint32_t kb_layout_line_of(const struct kb_layout *layout, size_t at);

#endif
