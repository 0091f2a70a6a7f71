/*
 * Everyday words that say the same of a thing: "runs for" and "lasts", 售 and
 * 卖. Narrower than the synonyms of a search (text/synonym.h), where "refund"
 * finds "money back guarantee": here a claim that has one of them in the place
 * of the other is no less true. Neither names nor opposites are among them.
 */
#ifndef KB_ANSWER_LEXICON_ALIKE_H
#define KB_ANSWER_LEXICON_ALIKE_H

#include <stddef.h>
#include <stdint.h>

#define KB_ALIKE_MAX 32 /* words alike one word */

/* The keys of the terms (text/analyze.h) alike one; returns their number. */
size_t kb_alike_find(uint64_t key, uint64_t *out);

/* Private: a class a string, its words in "|" between; NULL after the last. */
extern const char *const kb_alike_classes[];

#endif
