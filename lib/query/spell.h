/*
 * Spelling: what a word may have been meant to be that no document holds.
 *
 * A correction is an offer: the search goes for it beside the word as it is
 * written. It is made for a word that neither the index, nor everyday English
 * (common_words.h), nor a rule of how words are made of others knows.
 *
 * Letters: the words that stand in the index within a distance of one edit
 * (insertion, deletion, change, two neighbours swapped), or of two for a long
 * word that has none at one. Distance counts bytes. Left alone are codes and
 * words with digits, what is capitalised inside a sentence, and what stands in
 * quotes.
 *
 * Chinese: a character whose pairs are in no document and in no word, replaced
 * by a homophone that makes pairs which documents hold with both neighbours.
 *
 * Only a clear winner is offered: nearest, and commoner than the next by a
 * factor. Time grows with the length of the question; the rest is bounded by
 * the constants of spell*.c and the number of different beginnings of words,
 * not by the number of words.
 */
#ifndef KB_QUERY_SPELL_H
#define KB_QUERY_SPELL_H

#include "query/scope.h"
#include "query/syntax.h"
#include "text/analyze.h"

struct kb_spell {
	const struct kb_scope *scope;
	struct kb_analyzer *analyzer;
	const struct kb_query *query;
	const struct kb_terms *terms; /* of query->text */
	struct kb_terms *scratch;
	struct kb_arena *arena;
	/* Of the weight of the question's words beside 'word', the share that
	 * the best passage with the term 'to' holds: 0 to 1. */
	double (*borne_out)(void *arg, struct kb_str word, uint64_t to);
	void *arg;
};

/* query->text with its corrections into *out, in the arena: words as they stand
 * in the documents, but for their case. False, and *out untouched, when there
 * is none. */
bool kb_spell_correct(const struct kb_spell *spell, struct kb_str *out);

#endif
