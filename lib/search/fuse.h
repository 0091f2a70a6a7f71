/*
 * Fusion: one ranking out of the candidates of several legs.
 *
 * Convex combination of scores that are normalised with the least score a
 * leg can give in theory (Bruch, Gai, Ingber 2023, section 4.2):
 *
 *	(raw - least) / (most - least)
 *
 * most is the leg's own maximum or the best score it gave. A chunk that a
 * leg did not return counts as its least. Reciprocal ranks (Cormack,
 * Clarke, Buettcher 2009; k = 60) serve lists without comparable scores.
 */
#ifndef KB_SEARCH_FUSE_H
#define KB_SEARCH_FUSE_H

#include "search/leg.h"
#include "search/search_base.h"

struct kb_fused {
	uint32_t segment, chunk;
	float score;	     /* weighted mean of the normalised ones, 0..1 */
	float raw[KB_LEGS];  /* as the leg gave it */
	float part[KB_LEGS]; /* normalised, times the leg's gain; 0 without */
	bool has[KB_LEGS];
};

struct kb_fuse_input {
	struct kb_leg_answer answers[KB_LEGS];
	float weights[KB_LEGS];
	bool reciprocal;
};

/* The weight of a leg for this question: with its gain. */
float kb_fuse_weight(const struct kb_fuse_input *input, size_t leg);

/* The union of all candidates, best first; ties by document id, segment,
 * chunk. The array is allocated in the arena. */
size_t kb_fuse(const struct kb_scope *scope, const struct kb_fuse_input *input,
	       struct kb_arena *arena, struct kb_fused **out);

/*
 * What a chunk scores at most that no leg has found yet: the least lexical
 * score found, when all of 'depth' were, and the maximum of a leg whose
 * answer is partial. Never less than what kb_fuse() would give it.
 */
float kb_fuse_unseen(const struct kb_fuse_input *input, size_t depth);

/* Are both of one document? */
bool kb_fuse_same_document(const struct kb_scope *scope,
			   const struct kb_fused *a, const struct kb_fused *b);

/* Of the first five, no more than two are of one document while the n hold
 * others: the rest comes after the five, in order. False when they hold no
 * others. */
bool kb_fuse_spread(const struct kb_scope *scope, struct kb_fused *items,
		    size_t n);

/* Sort by score with the same ties; the arena is for what it needs. */
void kb_fuse_sort(const struct kb_scope *scope, struct kb_fused *items,
		  size_t n, struct kb_arena *arena);

#endif
