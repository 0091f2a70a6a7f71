/*
 * Phrases that may be what a text is about, without a segmenter: quotations
 * and 《titles》, codes and names in Latin letters, runs of content words,
 * and for Chinese what is left of a run of characters when function words
 * are taken out of it.
 */
#ifndef KB_DIALOGUE_PHRASE_H
#define KB_DIALOGUE_PHRASE_H

#include "base/mem.h"

enum kb_phrase_kind {
	KB_PHRASE_WORDS, /* content words of a Latin script */
	KB_PHRASE_HAN,
	KB_PHRASE_NAME, /* capitalised inside a sentence */
	KB_PHRASE_CODE, /* with a digit: X12, A-1009 */
	KB_PHRASE_QUOTE,
};

struct kb_noun_phrase {
	struct kb_str text; /* in the source, without quotation marks */
	enum kb_phrase_kind kind;
};

#define KB_PHRASES_MAX 64

/* At most KB_PHRASES_MAX phrases in the order of the text. */
size_t kb_phrases(struct kb_str text, struct kb_noun_phrase *out);

/* The longest Chinese function word that starts at p (bytes), or 0. */
size_t kb_function_han(const char *p, size_t len);

#endif
