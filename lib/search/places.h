/*
 * Which chunks were seen before, and as which: a table from a chunk's place in
 * the scope to a number of the caller's. It is made for a known number of
 * chunks and lives in an arena.
 */
#ifndef KB_SEARCH_PLACES_H
#define KB_SEARCH_PLACES_H

#include <stdint.h>

#include "base/arena.h"

struct kb_places {
	uint64_t *chunks;
	uint32_t *numbers; /* 0: free */
	unsigned bits;
};

/* For at most n chunks. */
static inline void kb_places_init(struct kb_places *p, size_t n,
				  struct kb_arena *arena)
{
	p->bits = 4;
	while ((size_t)1 << p->bits < 2 * n)
		p->bits++;
	p->chunks =
	    kb_arena_alloc(arena, sizeof(*p->chunks) * ((size_t)1 << p->bits));
	p->numbers =
	    kb_arena_calloc(arena, (size_t)1 << p->bits, sizeof(*p->numbers));
}

/* The number of a chunk, 0 when it is new: the caller sets another. */
static inline uint32_t *kb_places_at(struct kb_places *p, uint32_t segment,
				     uint32_t chunk)
{
	uint64_t key = (uint64_t)segment << 32 | chunk;
	size_t mask = ((size_t)1 << p->bits) - 1;
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> (64 - p->bits));

	while (p->numbers[i] && p->chunks[i] != key)
		i = (i + 1) & mask;
	p->chunks[i] = key;
	return &p->numbers[i];
}

#endif
