/*
 * What is searched: every segment of every open index, in one flat array. A
 * chunk is named by the segment's place in it and its number. 'allowed' holds
 * what may be found at all: the live chunks less what a filter or a date
 * excludes.
 */
#ifndef KB_QUERY_SCOPE_H
#define KB_QUERY_SCOPE_H

#include "index/index.h"

struct kb_scope_segment {
	const struct kb_segment *segment;
	const struct kb_index *index;
	uint32_t index_no;
	const uint64_t *allowed; /* bit per chunk; NULL: every one */
};

struct kb_scope {
	struct kb_scope_segment *segments;
	size_t n;
	uint64_t n_chunks;     /* alive */
	uint64_t total_length; /* of the chunks alive */
	bool cold; /* the index is not in memory: ask for pages early */
	struct kb_lookup *lookup; /* of the thread, or NULL: term_lookup.h */
};

static inline bool kb_scope_allows(const struct kb_scope *scope,
				   uint32_t segment, uint32_t chunk)
{
	const uint64_t *bits = scope->segments[segment].allowed;

	return !bits || (bits[chunk / 64] >> (chunk % 64) & 1);
}

struct kb_candidate {
	uint32_t segment; /* place in the scope */
	uint32_t chunk;
	float raw; /* score on the leg's scale */
};

/* Sort best first, equals by segment and chunk; the arena is for what that
 * needs. */
void kb_candidates_sort(struct kb_candidate *items, size_t n,
			struct kb_arena *arena);

#endif
