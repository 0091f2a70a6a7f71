/*
 * "The second one", 第三款: which item of a list that was given before.
 */
#ifndef KB_DIALOGUE_ORDINAL_H
#define KB_DIALOGUE_ORDINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define KB_LIST_ITEMS 32 /* of a list are looked at */

struct kb_list_ordinal {
	size_t at, len;	 /* bytes of the question */
	unsigned number; /* from 1; 0: the last */
};

/* The first in the question; false for none. "The first floor" is none, nor is
 * 第二个月. */
bool kb_ordinal_find(struct kb_str question, struct kb_list_ordinal *out);

/* What the items of the text's list are called, up to KB_LIST_ITEMS, borrowed:
 * lines that a number or a bullet begins, or else names with commas between,
 * the last behind "and" or 和. Returns their number, 0 for no list of two. */
size_t kb_list_items(struct kb_str text, struct kb_str *items);

#endif
