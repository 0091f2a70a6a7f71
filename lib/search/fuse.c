#include "search/fuse.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "search/diverse_weights.h"
#include "search/leg_weights.h"
#include "search/places.h"

#define SLACK 1e-2f /* of a maximum: scores are rounded */

static float normalise(const struct kb_leg_answer *answer, size_t rank,
		       bool reciprocal)
{
	float most = answer->most;
	float raw = answer->items[rank].raw;

	if (reciprocal)
		return (RECIPROCAL_K + 1) / (RECIPROCAL_K + 1 + (float)rank);
	if (most <= answer->least)
		most = answer->items[0].raw;
	if (most <= answer->least)
		return 0;
	return (raw - answer->least) / (most - answer->least);
}

float kb_fuse_weight(const struct kb_fuse_input *input, size_t leg)
{
	float gain = input->answers[leg].gain;

	return input->weights[leg] * (gain > 0 ? gain : 1);
}

float kb_fuse_unseen(const struct kb_fuse_input *input, size_t depth)
{
	const struct kb_leg_answer *lexical = &input->answers[KB_LEG_LEXICAL];
	float total = 0, most = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		if (!input->answers[leg].n)
			continue;
		total += kb_fuse_weight(input, leg);
		if (input->answers[leg].partial)
			most += kb_fuse_weight(input, leg) * (1 + SLACK);
	}
	if (depth && lexical->n >= depth)
		most += input->weights[KB_LEG_LEXICAL] * (1 + SLACK) *
			normalise(lexical, depth - 1, false);
	return total > 0 ? most / total : 1;
}

struct by_place {
	const struct kb_scope *scope;
	const struct kb_fused *items;
};

/* Of equal scores. */
static int by_id_and_place(const void *a, const void *b, void *arg)
{
	const struct by_place *by = arg;
	const struct kb_fused *x = by->items + (uint32_t) * (const uint64_t *)a;
	const struct kb_fused *y = by->items + (uint32_t) * (const uint64_t *)b;
	const struct kb_scope_segment *segments = by->scope->segments;
	int order =
	    kb_str_cmp(kb_segment_id(segments[x->segment].segment, x->chunk),
		       kb_segment_id(segments[y->segment].segment, y->chunk));

	if (order)
		return order;
	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* The items in order, in the arena. */
static struct kb_fused *sorted(const struct kb_scope *scope,
			       const struct kb_fused *items, size_t n,
			       struct kb_arena *arena)
{
	struct kb_fused *out = kb_arena_alloc(arena, (n + 1) * sizeof(*out));
	uint64_t *keys = kb_arena_alloc(arena, 2 * n * sizeof(*keys));
	struct by_place by = {scope, items};

	for (size_t i = 0; i < n; i++)
		keys[i] = kb_sort_key(items[i].score, (uint32_t)i);
	kb_sort_keys(keys, keys + n, n);
	for (size_t i = 0, end; i < n; i = end) {
		end = kb_sort_equals(keys, n, i);
		if (end - i > 1)
			kb_sort(keys + i, end - i, sizeof(*keys),
				by_id_and_place, &by);
	}
	for (size_t i = 0; i < n; i++)
		out[i] = items[(uint32_t)keys[i]];
	return out;
}

void kb_fuse_sort(const struct kb_scope *scope, struct kb_fused *items,
		  size_t n, struct kb_arena *arena)
{
	memcpy(items, sorted(scope, items, n, arena), n * sizeof(*items));
}

static void weigh(struct kb_fused *items, size_t n,
		  const struct kb_fuse_input *input)
{
	float total = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++)
		if (input->answers[leg].n)
			total += kb_fuse_weight(input, leg);
	for (size_t i = 0; i < n && total > 0; i++)
		for (size_t leg = 0; leg < KB_LEGS; leg++)
			items[i].score +=
			    input->weights[leg] / total * items[i].part[leg];
}

/* What a leg found, each chunk once; returns the new number of items. */
static size_t add_answer(const struct kb_fuse_input *input, size_t leg,
			 struct kb_places *places, struct kb_fused *items,
			 size_t n)
{
	const struct kb_leg_answer *answer = &input->answers[leg];

	for (size_t i = 0; i < answer->n; i++) {
		const struct kb_candidate *c = &answer->items[i];
		uint32_t *no = kb_places_at(places, c->segment, c->chunk);
		struct kb_fused *to;

		if (!*no) {
			items[n] = (struct kb_fused){.segment = c->segment,
						     .chunk = c->chunk};
			*no = (uint32_t)++n;
		}
		to = &items[*no - 1];
		to->raw[leg] = c->raw;
		to->has[leg] = true;
		to->part[leg] = normalise(answer, i, input->reciprocal);
		if (answer->gain > 0)
			to->part[leg] *= answer->gain;
	}
	return n;
}

size_t kb_fuse(const struct kb_scope *scope, const struct kb_fuse_input *input,
	       struct kb_arena *arena, struct kb_fused **out)
{
	struct kb_places places;
	struct kb_fused *items;
	size_t n = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++)
		n += input->answers[leg].n;
	kb_places_init(&places, n, arena);
	items = kb_arena_alloc(arena, n * sizeof(*items));
	n = 0;
	for (size_t leg = 0; leg < KB_LEGS; leg++)
		n = add_answer(input, leg, &places, items, n);
	weigh(items, n, input);
	*out = sorted(scope, items, n, arena);
	return n;
}

bool kb_fuse_same_document(const struct kb_scope *scope,
			   const struct kb_fused *a, const struct kb_fused *b)
{
	const struct kb_segment *seg = scope->segments[a->segment].segment;

	return a->segment == b->segment &&
	       seg->chunks[a->chunk].doc == seg->chunks[b->chunk].doc;
}

/* The first place from i on whose document has room among the i before; n
 * when there is none. */
static size_t next_other(const struct kb_scope *scope,
			 const struct kb_fused *items, size_t i, size_t n)
{
	for (size_t at = i; at < n; at++) {
		size_t same = 0;

		for (size_t k = 0; k < i; k++)
			same +=
			    kb_fuse_same_document(scope, &items[k], &items[at]);
		if (same < SPREAD_OF_ONE)
			return at;
	}
	return n;
}

bool kb_fuse_spread(const struct kb_scope *scope, struct kb_fused *items,
		    size_t n)
{
	for (size_t i = SPREAD_OF_ONE; i < SPREAD_FIRST && i < n; i++) {
		size_t at = next_other(scope, items, i, n);
		struct kb_fused moved;

		if (at == n)
			return false;
		moved = items[at];
		memmove(items + i + 1, items + i, (at - i) * sizeof(*items));
		items[i] = moved;
	}
	return true;
}
