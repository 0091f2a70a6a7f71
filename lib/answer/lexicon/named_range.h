/*
 * Days and months in a range that is named by its ends: Saturday is in "Friday
 * to Sunday", 周三 in 周一至周五, July in "May - September".
 */
#ifndef KB_ANSWER_LEXICON_NAMED_RANGE_H
#define KB_ANSWER_LEXICON_NAMED_RANGE_H

#include <stdbool.h>

#include "base/str.h"

/* Is the word the name of a day or month (in any case, as three letters or
 * whole, plural or not), and has the text a range that it lies in? */
bool kb_named_range_has(struct kb_str text, struct kb_str word);

/* The first day of the week or month in what is said that the sentence, which
 * names others, and its passage do not name, nor a range that it lies in; len 0
 * for none. */
struct kb_str kb_named_missing(struct kb_str said, struct kb_str sentence,
			       struct kb_str passage);

#endif
