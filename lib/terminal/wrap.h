/*
 * Text for people, broken at the width of their terminal.
 */
#ifndef KB_TERMINAL_WRAP_H
#define KB_TERMINAL_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/* Columns of the terminal at fd; 0 when it is none or does not say. */
size_t kb_wrap_width(int fd);

/*
 * Append text with its lines broken so that none takes more than width
 * columns: at blanks and beside wide characters, but not before a mark that
 * closes, else in the middle of a word. What follows is indented as the line
 * it belongs to. Escape sequences ("\033[1m") take no column. Below 20
 * columns text is appended as it is.
 */
void kb_wrap_text(struct kb_buf *out, struct kb_str text, size_t width);

#endif
