/*
 * A passage's sentence as a person would write it down: on one line, without
 * the marks of its page.
 */
#ifndef KB_LLM_CLEAN_LINE_H
#define KB_LLM_CLEAN_LINE_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Append the text to what is there. Blanks in a row become one, and none
 * between two wide characters where a line ended; a word that a hyphen cut at
 * a line's end is whole again; the bars of a table's row (is_row) become
 * commas, wide ones with is_han; a label such as "A:" or "答：" before it goes,
 * as do the marks of emphasis and code that stand in pairs.
 */
void kb_clean_line_add(struct kb_buf *out, struct kb_str text, bool is_row,
		       bool is_han);

#endif
