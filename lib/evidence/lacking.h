/*
 * What of its question the passage of a claim lacks.
 *
 * A claim says nothing to a question about a thing, an attribute or a condition
 * that its passage, title included, never names. A word is there as itself, as
 * a word of the same beginning or as a synonym; one that only names what an
 * answer gives ("how heavy" of a weight) is not looked for where the claim
 * gives that. A number in a name is there behind the word it stands behind in
 * the question, so "Book 15" is not in "Book 14, 15 hours".
 */
#ifndef KB_EVIDENCE_LACKING_H
#define KB_EVIDENCE_LACKING_H

#include "evidence/relevance.h"

/* The features of it, KB_RELEVANCE_LACK to KB_RELEVANCE_NUMBERS and
 * KB_RELEVANCE_KNOWN, beside those of kind and measure, which are known; and
 * the first of what is missing that says most. */
void kb_lacking_features(const struct kb_relevance *r, uint32_t subject,
			 unsigned offers, double *f,
			 struct kb_missing *missing);

/* asked_numbers.c: a number of the folded question, and in *n, unless NULL, how
 * many it has, that is neither in the folded text nor in its title, in digits
 * or words: with its unit or behind the same word. len 0 for none. */
struct kb_str kb_lacking_number(struct kb_str question, struct kb_str text,
				struct kb_str title, size_t *n);

#endif
