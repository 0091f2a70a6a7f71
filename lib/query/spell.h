/*
 * Spelling: what a word was meant to be that no document holds.
 *
 * Letters: the words of the index within a distance of one edit (insertion,
 * deletion, change, two neighbours swapped), or of two for a long word that
 * has none at one. Distance counts bytes. Words with digits are left alone:
 * a wrong product code is worse than none.
 *
 * Chinese: a character that makes a pair which no document holds, replaced
 * by a homophone that makes pairs which some hold with both neighbours.
 *
 * A correction is made only for a clear winner: nearest, and commoner than
 * the next by a factor. Work is bounded by the constants of spell.c and the
 * number of different beginnings of words, not by the number of words.
 */
#ifndef KB_QUERY_SPELL_H
#define KB_QUERY_SPELL_H

#include "query/scope.h"
#include "text/analyze.h"

struct kb_spell {
	const struct kb_scope *scope;
	struct kb_analyzer *analyzer;
	const struct kb_terms *terms; /* of text */
	struct kb_terms *scratch;
	struct kb_str text;
	struct kb_arena *arena;
};

/* The text with its corrections into *out, in the arena. False, and *out
 * untouched, when there is none. */
bool kb_spell_correct(const struct kb_spell *spell, struct kb_str *out);

#endif
