/*
 * The questions in one: "When does the pool open, and until when is breakfast?"
 * An answer answers it when it answers each.
 */
#ifndef KB_ANSWER_QUESTION_PARTS_H
#define KB_ANSWER_QUESTION_PARTS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/mem.h"

#define KB_QUESTION_PARTS 4 /* of more no parts are told */

/*
 * Parts the text where a sentence or clause ends and both sides ask by a word
 * of their own (when, how much, 几点, 吗); what does not ask goes with what
 * follows, the end with the last. Returns the number of parts, each borrowed
 * from the text; 0 where it asks one thing, or more than KB_QUESTION_PARTS.
 */
size_t kb_question_parts(struct kb_str text,
			 struct kb_str parts[KB_QUESTION_PARTS]);

/*
 * A part as a question of its own: "How heavy is the Aero 3, and what does it
 * cost?" Where it has none itself, before it stand the names and codes of the
 * parts before it: words with a capital or with letters and digits, and numbers
 * behind those. In the arena, or the part itself.
 */
struct kb_str kb_question_part(struct kb_arena *arena, struct kb_str text,
			       struct kb_str part);

#endif
