/*
 * How often a term of a question stands in texts at large, by what kind of term
 * it is: a function word, an everyday word (common_words.h), a pair of
 * characters inside Chinese words, or none of them.
 *
 * An index of three notes says little of which words are rare: "the" may be in
 * none of them. With these shares as PRIOR_CHUNKS passages more, a small index
 * weighs the words of a question nearly as a large one does, and a large one as
 * before.
 */
#ifndef KB_QUERY_BACKGROUND_H
#define KB_QUERY_BACKGROUND_H

#include <stdint.h>

#include "base/str.h"
#include "text/analyze.h"

enum kb_background {
	KB_BACKGROUND_RARE,	/* a name, a code, and what is not known */
	KB_BACKGROUND_FUNCTION, /* "the", "what" */
	KB_BACKGROUND_COMMON,	/* an everyday word of English */
	KB_BACKGROUND_SHORT,	/* another of fewer than four letters */
	KB_BACKGROUND_HAN_FUNCTION,
	KB_BACKGROUND_HAN,  /* another character */
	KB_BACKGROUND_PAIR, /* inside Chinese words */
	KB_BACKGROUND_KINDS
};

/* text: the term's normalised text; unused for Han terms. */
enum kb_background kb_background_kind(uint64_t key, struct kb_str text);

/* Passages of n and those with the term among them, with those at large. */
void kb_background_add(enum kb_background kind, uint64_t *n, uint64_t *df);

/* Passages and the base terms of all of them, with those at large. */
void kb_background_lengths(uint64_t *n, uint64_t *terms);

#endif
