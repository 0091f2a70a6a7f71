#include "search/lexical/topk.h"

#include <stdlib.h>

void kb_topk_start(struct kb_topk *top, const struct kb_scope *scope, size_t k)
{
	top->scope = scope;
	top->n = 0;
	top->k = k;
}

void kb_topk_release(struct kb_topk *top)
{
	free(top->items);
	*top = (struct kb_topk){0};
}

/* Apart, so that comparing points stays a few instructions. */
__attribute__((noinline)) static bool first_of_equals(
    const struct kb_scope *scope, struct kb_top_item a, struct kb_top_item b)
{
	int order;

	if (a.segment == b.segment && a.chunk == b.chunk)
		return false;
	order = kb_str_cmp(
	    kb_segment_id(scope->segments[a.segment].segment, a.chunk),
	    kb_segment_id(scope->segments[b.segment].segment, b.chunk));
	if (order)
		return order < 0;
	if (a.segment != b.segment)
		return a.segment < b.segment;
	return a.chunk < b.chunk;
}

static inline bool better(const struct kb_scope *scope, struct kb_top_item a,
			  struct kb_top_item b)
{
	if (a.points != b.points)
		return a.points > b.points;
	return first_of_equals(scope, a, b);
}

/* Put an item in the place of the worst of the first n. */
static void replace_worst(struct kb_topk *top, struct kb_top_item item,
			  size_t n)
{
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;

		if (child >= n)
			break;
		if (child + 1 < n && better(top->scope, top->items[child],
					    top->items[child + 1]))
			child++;
		if (!better(top->scope, item, top->items[child]))
			break;
		top->items[at] = top->items[child];
		at = child;
	}
	top->items[at] = item;
}

void kb_topk_enter(struct kb_topk *top, struct kb_top_item item)
{
	size_t at;

	if (top->n == top->k) {
		if (!better(top->scope, item, top->items[0]))
			return;
		replace_worst(top, item, top->n);
		return;
	}
	kb_grow(&top->items, &top->cap, top->n + 1, sizeof(*top->items));
	at = top->n++;
	while (at && better(top->scope, top->items[(at - 1) / 2], item)) {
		top->items[at] = top->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	top->items[at] = item;
}

void kb_topk_sort(struct kb_topk *top)
{
	for (size_t n = top->n; n > 1; n--) {
		struct kb_top_item last = top->items[n - 1];

		top->items[n - 1] = top->items[0];
		replace_worst(top, last, n - 1);
	}
}
