/*
 * A value that a text mentions: its span, and the slot that it fills.
 */
#ifndef KB_DIALOGUE_MENTION_H
#define KB_DIALOGUE_MENTION_H

#include <stdbool.h>

#include "base/str.h"

struct kb_mention {
	const char *slot;   /* "name", "price" ... or the gazetteer's */
	size_t start, end;  /* bytes of the text */
	bool named;	    /* the text itself says which slot */
	struct kb_str norm; /* the value in canonical units, "" for none; in the
			       arena */
};

#endif
