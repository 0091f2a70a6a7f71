/*
 * Characters that a person would not see, or that steer what a person sees:
 * controls (C0, DEL, C1), marks of direction, line separators, characters
 * without a width, tags. A text for people shows a mark or an escape in their
 * place; texts for programs keep them.
 *
 * U+200C and U+200D join and part letters of many scripts, and emoji: between
 * two characters beyond ASCII they are text like any other.
 */
#ifndef KB_BASE_VISIBLE_H
#define KB_BASE_VISIBLE_H

#include "base/utf8.h"

/* Whatever stands beside it. Newline and tab are controls, too. */
bool kb_is_hidden(uint32_t cp);

/*
 * The character at text.ptr[pos]; returns its bytes. *hidden: it must not be
 * shown as it is, for the reasons above or because its byte (*cp is
 * KB_UTF8_BAD then) begins no character.
 */
size_t kb_visible_next(struct kb_str text, size_t pos, uint32_t *cp,
		       bool *hidden);

/* Append text with 'mark' for each hidden character. */
void kb_visible_add(struct kb_buf *out, struct kb_str text, const char *mark);

#endif
