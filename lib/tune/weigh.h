/*
 * Which weights of the legs rank judged questions best.
 *
 * A question is the normalised scores of its candidates and what each is
 * worth. Ranking them anew under other weights is one pass, so a whole grid
 * of weights is tried; and because a peak of one point is chance, each
 * point counts as the mean of itself and its neighbours.
 */
#ifndef KB_TUNE_WEIGH_H
#define KB_TUNE_WEIGH_H

#include "learn/rank.h"
#include "search/fuse.h"

struct kb_weigh_item {
	uint64_t doc;	     /* hash of the id */
	float part[KB_LEGS]; /* normalised scores */
	float grade;	     /* 0: not relevant */
};

struct kb_weigh_question {
	struct kb_weigh_item *items; /* of any order that does not change */
	size_t n;
	size_t relevant; /* documents */
	double ideal;	 /* the best sum of discounted grades */
	bool learn;	 /* of the half that is learned from */
};

/* Fill a question; the items live in the arena. */
void kb_weigh_take(struct kb_weigh_question *question,
		   const struct kb_scope *scope, const struct kb_fused *fused,
		   size_t n, const struct kb_judged_query *judged,
		   struct kb_arena *arena);

/* weights: in, those to begin with; out, the best, or the same when nothing
 * is better. A leg without candidates keeps its weight. */
void kb_weigh_best(const struct kb_weigh_question *questions, size_t n,
		   float weights[KB_LEGS]);

#endif
