/*
 * Which segments are merged, and when.
 *
 * Segments are tiered by their live bytes, each tier eight times the one
 * below. Eight of a tier are merged, as long as the bytes stay within the
 * budget of one refresh; past ten segments the smallest are merged whatever
 * it costs, since every search pays for each of them. A segment with a
 * fifth of its chunks dead is written anew. When the index has doubled since
 * the legs learnt from all of it, all is merged and they learn anew.
 */
#include <stdio.h>
#include <stdlib.h>

#include "index/write/writer_impl.h"

#define TIER_FACTOR  8
#define TIER_BASE    ((uint64_t)1 << 20)
#define SEGMENTS_MAX 10
#define DEAD_PERCENT 20
#define BUDGET_BYTES ((uint64_t)8 << 20)
#define BUDGET_PART  100 /* or this part of the index, if larger */

struct candidate {
	size_t at;
	uint64_t bytes; /* alive */
	unsigned tier;
};

static int by_bytes(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int by_place(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The segments of the generation to be, smallest first. */
static size_t list_candidates(const struct kb_writer *w, struct candidate *list)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n_segs; i++) {
		const struct kb_writer_segment *s = &w->segs[i];
		struct candidate *c = &list[n];

		if (s->gone || !s->n_live)
			continue;
		c->at = i;
		c->bytes = (uint64_t)((double)s->entry.file.size * s->n_live /
				      s->seg->n_chunks);
		c->tier = 0;
		for (uint64_t b = TIER_BASE; b < c->bytes; b *= TIER_FACTOR)
			c->tier++;
		n++;
	}
	qsort(list, n, sizeof(*list), by_bytes);
	return n;
}

static bool is_wasteful(const struct kb_writer_segment *s)
{
	uint64_t dead = s->seg->n_chunks - s->n_live;

	return dead * 100 >= (uint64_t)s->seg->n_chunks * DEAD_PERCENT;
}

static uint64_t budget_of(const struct candidate *list, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += list[i].bytes;
	return total / BUDGET_PART > BUDGET_BYTES ? total / BUDGET_PART
						  : BUDGET_BYTES;
}

/* How many of the smallest to merge because there are too many; going on
 * while the next is no larger than all before keeps the work per byte
 * logarithmic. */
static size_t too_many(const struct candidate *list, size_t n)
{
	uint64_t sum = 0;
	size_t k;

	if (n <= SEGMENTS_MAX)
		return 0;
	for (k = 0; k < n; k++) {
		if (k > n - SEGMENTS_MAX && list[k].bytes > sum)
			break;
		sum += list[k].bytes;
	}
	return k;
}

/* From *first on, a tier of eight that fits into the budget. */
static size_t full_tier(const struct candidate *list, size_t n, uint64_t budget,
			size_t *first)
{
	for (size_t i = 0; i < n;) {
		uint64_t sum = 0;
		size_t j = i;

		while (j < n && list[j].tier == list[i].tier)
			sum += list[j++].bytes;
		if (j - i >= TIER_FACTOR && sum <= budget) {
			*first = i;
			return j - i;
		}
		i = j;
	}
	return 0;
}

static int merge_run(struct kb_writer *w, const struct candidate *list,
		     size_t n, bool renew, struct kb_err *err)
{
	size_t *which = kb_reallocarray(NULL, n, sizeof(*which));
	int rc;

	for (size_t i = 0; i < n; i++)
		which[i] = list[i].at;
	qsort(which, n, sizeof(*which), by_place);
	rc = kb_writer_merge_segments(w, which, n, renew, err);
	free(which);
	return rc;
}

static int reclaim(struct kb_writer *w, const struct candidate *list, size_t n,
		   uint64_t budget, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		if (!is_wasteful(&w->segs[list[i].at]))
			continue;
		if (list[i].bytes > budget)
			break;
		budget -= list[i].bytes;
		rc = merge_run(w, &list[i], 1, false, err);
	}
	return rc;
}

/* ---- learning anew ---- */

static uint64_t count_live(const struct kb_writer *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n_segs; i++)
		n += w->segs[i].gone ? 0 : w->segs[i].n_live;
	return n;
}

static bool some_learn(const struct kb_writer *w)
{
	for (size_t i = 0; i < w->n_legs; i++)
		if (w->ops[i].ops->renew)
			return true;
	return false;
}

/*
 * Do the legs have to learn anew? The settings hold how many chunks there
 * were when they did: the sum over all times stays below twice the index.
 */
static bool is_doubled(struct kb_writer *w)
{
	uint64_t live = count_live(w), then = w->settings.learnt;
	bool again = !w->fresh && !w->opt.rebuild && then > 0;

	if (!live || !some_learn(w) || (again && live < 2 * then))
		return false;
	w->settings.learnt = live;
	return again;
}

/* ---- all together ---- */

/* The usual merge: of a tier, of too many, of what is half dead. */
static int merge_some(struct kb_writer *w, const struct candidate *list,
		      size_t n, struct kb_err *err)
{
	uint64_t budget = budget_of(list, n);
	size_t first = 0, k = too_many(list, n);

	if (!k)
		k = full_tier(list, n, budget, &first);
	return k > 1 ? merge_run(w, list + first, k, false, err)
		     : reclaim(w, list, n, budget, err);
}

int kb_writer_merge(struct kb_writer *w, struct kb_err *err)
{
	struct candidate *list =
	    kb_reallocarray(NULL, w->n_segs + 1, sizeof(*list));
	size_t n = list_candidates(w, list);
	bool whole = n == 1 && w->segs[list[0].at].n_live ==
				   w->segs[list[0].at].seg->n_chunks;
	bool doubled = is_doubled(w);
	int rc = 0;

	if (n && (doubled || (w->opt.optimize && !whole)))
		rc = merge_run(w, list, n, doubled, err);
	else if (n && !w->opt.optimize &&
		 (n > 1 || is_wasteful(&w->segs[list[0].at])))
		rc = merge_some(w, list, n, err);
	free(list);
	return rc;
}
