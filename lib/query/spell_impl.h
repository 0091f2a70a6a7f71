/*
 * What the parts of the spelling share: spell.c, which takes the question
 * apart, and those that know words and Chinese characters.
 */
#ifndef KB_QUERY_SPELL_IMPL_H
#define KB_QUERY_SPELL_IMPL_H

#include "query/spell.h"

#define KB_SPELL_LETTERS 32 /* bytes of a word that is tried */
#define KB_SPELL_TRIED	 8  /* words, and characters, that are tried */

struct kb_spell_change {
	uint32_t start, end; /* bytes of the text */
	struct kb_str to;
};

struct kb_spell_changes {
	struct kb_spell_change items[2 * KB_SPELL_TRIED];
	size_t n;
};

/* Does what stands from start to end stand in quotes, or in a clause? */
bool kb_spell_quoted(const struct kb_spell *spell, size_t start, size_t end);

/* The word of the index that a folded word, a name or not, may have been meant
 * to be. */
bool kb_spell_near(const struct kb_spell *spell, struct kb_str word, bool name,
		   struct kb_str *to);

/* Is it a word, a form of one, or made of two, of English or of the index? */
bool kb_spell_plausible(const struct kb_spell *spell, struct kb_str word);

void kb_spell_chars(const struct kb_spell *spell,
		    struct kb_spell_changes *changes);

#endif
