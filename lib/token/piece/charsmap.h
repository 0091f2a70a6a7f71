/*
 * The precompiled normalisation of SentencePiece (Kudo and Richardson 2018): a
 * double-array trie (Aoe 1989) from characters to what stands for them.
 *
 *	4 bytes		bytes of the trie
 *	trie		units of 32 bits
 *	texts		each with a NUL at its end
 *
 * It is looked up as the tokenizers library does: the shortest entry that a
 * grapheme of less than 6 bytes begins with stands for all of it, else each
 * character is looked up alone. Lookups never lead outside, whatever it holds.
 */
#ifndef KB_TOKEN_PIECE_CHARSMAP_H
#define KB_TOKEN_PIECE_CHARSMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define KB_CHARSMAP_GRAPHEME                            \
	5 /* bytes; a longer one is not looked up whole \
	   */

struct kb_charsmap {
	const uint32_t *units;
	size_t n_units; /* 0: nothing is normalised */
	struct kb_str texts;
};

/* Borrowed, aligned to 4 bytes; an empty one is fine. KB_EFORMAT. */
int kb_charsmap_open(struct kb_charsmap *map, struct kb_str bytes,
		     struct kb_err *err);

/* What stands for a key that begins with an entry; false: none does. */
bool kb_charsmap_find(const struct kb_charsmap *map, struct kb_str key,
		      struct kb_str *out);

#endif
