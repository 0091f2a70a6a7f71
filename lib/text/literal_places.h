/*
 * The places of a text at which a literal that keeps the borders of words may
 * stand, told 64 bytes at a time by where words begin and by the first three
 * bytes:
 *
 *	struct kb_literal_places places = kb_literal_places(index, text, len);
 *	for (at = kb_literal_place(&places, 0); at < len;
 *	     at = kb_literal_place(&places, at + 1)) ...
 */
#ifndef KB_TEXT_LITERAL_PLACES_H
#define KB_TEXT_LITERAL_PLACES_H

#include "text/literals.h"

struct kb_literal_places {
	const struct kb_literal_index *index; /* borrowed, as is the text */
	const char *text;
	size_t len, block; /* the block that is looked at begins here */
	uint64_t bits;	   /* its places */
};

/* Those of the 64 bytes from 'block' on, as bits; block is a multiple of 64
 * below len. Bytes behind the text count as none of it. */
uint64_t kb_literal_block(const struct kb_literal_index *index,
			  const char *text, size_t len, size_t block);

static inline struct kb_literal_places kb_literal_places(
    const struct kb_literal_index *index, const char *text, size_t len)
{
	return (struct kb_literal_places){
	    index, text, len, 0,
	    len ? kb_literal_block(index, text, len, 0) : 0};
}

/* The first one at 'from' or behind it; the length of the text for none. */
static inline size_t kb_literal_place(struct kb_literal_places *p, size_t from)
{
	while (from < p->len) {
		if (from - p->block >= 64) {
			p->block = from & ~(size_t)63;
			p->bits = kb_literal_block(p->index, p->text, p->len,
						   p->block);
		}
		if (p->bits >> (from & 63))
			return from +
			       (size_t)__builtin_ctzll(p->bits >> (from & 63));
		from = p->block + 64;
	}
	return p->len;
}

#endif
