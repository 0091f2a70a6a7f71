/*
 * What an answer must be like, said by gold.assert: an array of objects, or
 * one object. Each keyword of an object is an assertion:
 *
 *   contains    the text stands in the answer; case, width, punctuation and
 *               spaces do not matter, as for a gold answer
 *   regex       the pattern (PCRE2) matches some part of it
 *   max_length  it has at most so many characters
 *   schema      it is JSON of this schema (schema/schema.h)
 *   not         of an object, its assertions do not all hold
 */
#ifndef KB_EVAL_ASSERTION_H
#define KB_EVAL_ASSERTION_H

#include "json/rec.h"

/*
 * Count the assertions in *n and those that hold in *held; both 0 when there
 * are none (NONE or NULL). KB_EINVAL for what is no assertion; KB_ELIMIT from
 * a pattern, and for more than KB_EVAL_GOLDS.
 */
int kb_assertions_judge(struct kb_json assertions, struct kb_str answer,
			struct kb_arena *arena, size_t *n, size_t *held,
			struct kb_err *err);

#endif
