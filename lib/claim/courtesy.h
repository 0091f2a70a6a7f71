/*
 * What a model says around an answer: greetings, thanks, offers of help,
 * closings, and phrases that lead to a statement without being one ("according
 * to the passages", "the answer is", "please note that").
 *
 * A clause is courteous when all its words are of courtesy and one of them
 * means nothing else; with a number, an address or a word of another kind it
 * is a statement ("feel free to return it within 90 days").
 */
#ifndef KB_CLAIM_COURTESY_H
#define KB_CLAIM_COURTESY_H

#include <stdbool.h>

#include "base/str.h"

/* The statement of a sentence, without courteous clauses before and behind it
 * and without phrases that lead to it; len 0 when nothing is left. */
struct kb_str kb_courtesy_strip(struct kb_str sentence);

/* Bytes of "yes," or "no," before a statement, or of the whole sentence when it
 * is nothing else; 0 where it opens otherwise. *denies: it is a no. */
size_t kb_courtesy_particle(struct kb_str sentence, bool *denies);

/* Does the sentence close a letter ("Kind regards,"), so that a name may
 * follow? */
bool kb_courtesy_closes(struct kb_str sentence);

/* A line of few words, without a number, that may stand below a closing. */
bool kb_courtesy_signs(struct kb_str line);

#endif
