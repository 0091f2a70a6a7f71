/*
 * Does a sentence of an answer say that the answer is not known, or not in
 * the documents?
 *
 * Read by the form of the sentence, not by a list of sentences: who or what
 * (the speaker, a source), a denial, and a word of knowing, saying or being
 * available, in the order and nearness in which Chinese and English put
 * them. "We do not provide refunds" denies a deed and is a statement; "the
 * text does not provide a date" denies that a source says something.
 */
#ifndef KB_CLAIM_REFUSAL_H
#define KB_CLAIM_REFUSAL_H

#include <stdbool.h>

#include "base/str.h"

bool kb_is_refusal(struct kb_str sentence);

#endif
