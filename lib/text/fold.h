/* The plainest form of a text, for lists of phrases. */
#ifndef KB_TEXT_FOLD_H
#define KB_TEXT_FOLD_H

#include "base/arena.h"

/*
 * ASCII lower case, half width, simplified Chinese; broken bytes go. Nothing
 * becomes longer. NUL-terminated, in the arena.
 */
struct kb_str kb_text_fold(struct kb_arena *arena, struct kb_str text);

#endif
