/*
 * Near-duplicates among hits, and diversity.
 *
 * Two passages are near-duplicates when they hold the same terms in the
 * same order, or, both being long, share 95 in 100 and differ in no number: an
 * entry for another price or city is not a duplicate.
 *
 * Maximal marginal relevance (Carbonell, Goldstein 1998) trades relevance
 * for novelty; it costs precision and is off unless asked for.
 */
#ifndef KB_SEARCH_DIVERSE_H
#define KB_SEARCH_DIVERSE_H

#include "search/search_result.h"

struct kb_diverse;

/* Borrowed analyser and terms; what is kept lives in the arena. */
struct kb_diverse *kb_diverse_start(struct kb_analyzer *analyzer,
				    struct kb_terms *terms,
				    struct kb_arena *arena);

/*
 * Is the hit no near-duplicate of one that was new before? It is kept. Texts
 * are analysed only where two sketches say that they may be alike; without a
 * sketch (NULL) the hit's is made from its text.
 */
bool kb_diverse_new(struct kb_diverse *diverse, const struct kb_hit *hit,
		    const struct kb_term_sketch *sketch);

/* Reorder the hits and keep the k first: relevance counts lambda, likeness
 * to a hit already taken 1 - lambda. */
void kb_diverse_mmr(struct kb_analyzer *analyzer, struct kb_terms *terms,
		    struct kb_arena *arena, double lambda,
		    struct kb_result *result, size_t k);

#endif
