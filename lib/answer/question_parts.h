/*
 * The questions in one: "When does the pool open, and until when is breakfast?"
 * An answer answers it when it answers each.
 */
#ifndef KB_ANSWER_QUESTION_PARTS_H
#define KB_ANSWER_QUESTION_PARTS_H

#include <stddef.h>

#include "base/str.h"

#define KB_QUESTION_PARTS 4 /* of more no parts are told */

/*
 * Parts the text where a sentence or clause ends and both sides ask by a word
 * of their own (when, how much, 几点, 吗); what does not ask goes with what
 * follows, the end with the last. Returns the number of parts, each borrowed
 * from the text; 0 where it asks one thing, or more than KB_QUESTION_PARTS.
 */
size_t kb_question_parts(struct kb_str text,
			 struct kb_str parts[KB_QUESTION_PARTS]);

#endif
