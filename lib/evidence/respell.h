/*
 * A question as its passages spell it.
 *
 * Who mistypes a word asks for it all the same: "glacation" where the passages
 * say "glaciation", 编治日期 where they say 编制日期. A word that none of the
 * passages holds is put right to one that they hold, a letter away (Damerau
 * 1964) behind the same first one; a Chinese character to one of the same
 * sound that stands there beside the same neighbour. Left as they are: everyday
 * words, and pairs of characters that a Chinese word may have
 * (query/common_words.h), which are right as written; names and codes, that
 * is, words with a digit or with a capital behind the question's first letter:
 * who asks for one that is not there is not answered about another.
 */
#ifndef KB_EVIDENCE_RESPELL_H
#define KB_EVIDENCE_RESPELL_H

#include <stddef.h>

#include "base/arena.h"

#define KB_RESPELL_TEXTS 20    /* texts that are looked at */
#define KB_RESPELL_BYTES 16384 /* of each */

/* texts: the passages and their titles, best first. Returns the question, or
 * the question put right, in the arena. */
struct kb_str kb_respell(struct kb_str question, const struct kb_str *texts,
			 size_t n, struct kb_arena *arena);

#endif
