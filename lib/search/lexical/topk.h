/*
 * The k best chunks seen so far, in whole points.
 *
 * Ties go to the smaller document id (memcmp order), then to the earlier
 * segment of the scope, then to the lower chunk: within one index the
 * order does not depend on how the index came to be.
 */
#ifndef KB_SEARCH_LEXICAL_TOPK_H
#define KB_SEARCH_LEXICAL_TOPK_H

#include "query/scope.h"

struct kb_top_item {
	int32_t points;
	uint32_t segment, chunk;
};

struct kb_topk {
	const struct kb_scope *scope; /* borrowed */
	struct kb_top_item *items;    /* a heap, worst first */
	size_t n, k, cap;
};

/* Empty, for the k best (k > 0); keeps the memory of before. */
void kb_topk_start(struct kb_topk *top, const struct kb_scope *scope, size_t k);
void kb_topk_release(struct kb_topk *top);

/* The least points that can still enter: a chunk with fewer cannot. */
static inline int32_t kb_topk_least(const struct kb_topk *top)
{
	return top->n < top->k ? 1 : top->items[0].points;
}

/* Of items with at least kb_topk_least(). */
void kb_topk_enter(struct kb_topk *top, struct kb_top_item item);

/* Most offers are refused by their points, without a call. */
static inline void kb_topk_offer(struct kb_topk *top, struct kb_top_item item)
{
	if (item.points >= kb_topk_least(top))
		kb_topk_enter(top, item);
}

/* Sort items best first; offers are over then. */
void kb_topk_sort(struct kb_topk *top);

#endif
