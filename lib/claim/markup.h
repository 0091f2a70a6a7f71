/*
 * The marks that models write into an answer for the eye: Markdown, a little
 * HTML, quotation marks around the whole. They say nothing and are read
 * through.
 */
#ifndef KB_CLAIM_MARKUP_H
#define KB_CLAIM_MARKUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* The sentence without its marks; itself when it has none, else in the
 * arena. */
struct kb_str kb_markup_strip(struct kb_str sentence, struct kb_arena *arena);

/* Is the line that begins at text + at the head of a table, a fence of code,
 * or a heading ('#')? end: of the line. */
bool kb_markup_is_heading(struct kb_str text, size_t at, size_t end);

#endif
