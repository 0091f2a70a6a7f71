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
#ifndef KB_RELEVANCE_RESPELL_H
#define KB_RELEVANCE_RESPELL_H

#include <stddef.h>

#include "base/arena.h"

#define KB_RESPELL_PASSAGES 10	  /* that are looked at, the first ones */
#define KB_RESPELL_BYTES    16384 /* of the text of each */

/* Titles and texts, borrowed. Starts as zeros. */
struct kb_spellings {
	struct kb_str texts[2 * KB_RESPELL_PASSAGES];
	size_t n;
};

/* One more passage, the best first; beyond the limit nothing is added. */
void kb_spellings_add(struct kb_spellings *s, struct kb_str title,
		      struct kb_str text);

/* The question, or the question put right, in the arena. */
struct kb_str kb_respell(struct kb_str question, const struct kb_spellings *s,
			 struct kb_arena *arena);

#endif
