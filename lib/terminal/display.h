/* Text on a terminal: its width, and what must not reach one. */
#ifndef KB_TERMINAL_DISPLAY_H
#define KB_TERMINAL_DISPLAY_H

#include "base/buf.h"

/* Columns: 0, 1 or 2 for each character, 1 for a bad byte. */
size_t kb_text_width(const char *ptr, size_t len);

/* Append text made fit for a terminal: bad bytes and hidden characters
 * (base/visible.h) but newline and tab become U+FFFD. */
void kb_text_printable(struct kb_buf *out, const char *ptr, size_t len);

#endif
