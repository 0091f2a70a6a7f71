/*
 * What the dictionaries said of a term, remembered: in one search the same
 * terms are looked up for their statistics, their lists, the spelling, the
 * graph, the scores of other legs' candidates and the confidence, and the
 * frequent ones in the next search again.
 *
 * A kb_lookup belongs to one thread, and to one generation of the segments
 * of its scope.
 */
#ifndef KB_QUERY_TERM_LOOKUP_H
#define KB_QUERY_TERM_LOOKUP_H

#include "query/scope.h"

struct kb_lookup *kb_lookup_new(void);
void kb_lookup_free(struct kb_lookup *lookup);

/* Forget: other segments come. */
void kb_lookup_clear(struct kb_lookup *lookup);

/* kb_segment_find_term() in a segment of the scope, by way of scope->lookup if
 * it has one. */
bool kb_scope_find(const struct kb_scope *scope, size_t segment, uint64_t key,
		   struct kb_term_info *info);

/* Chunks alive that hold a term, in all segments. */
uint64_t kb_scope_frequency(const struct kb_scope *scope, uint64_t key);

#endif
