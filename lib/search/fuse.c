#include "search/fuse.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"

#define RECIPROCAL_K 60.0f
#define FIRST	     5	   /* candidates, of which */
#define OF_ONE	     2	   /* may be of one document */
#define SLACK	     0.01f /* of a maximum: scores are rounded */

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

static int by_place(const struct kb_fused *x, const struct kb_fused *y)
{
	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	if (x->chunk != y->chunk)
		return x->chunk < y->chunk ? -1 : 1;
	return 0;
}

/* Those of one chunk in the order of the legs, so that their scores are added
 * in that order. */
static int by_place_and_leg(const void *a, const void *b, void *arg)
{
	const struct kb_fused *x = a, *y = b;
	int order = by_place(x, y);

	(void)arg;
	for (size_t leg = 0; leg < KB_LEGS && !order; leg++)
		order = y->has[leg] - x->has[leg];
	return order;
}

static int by_score(const void *a, const void *b, void *arg)
{
	const struct kb_fused *x = a, *y = b;
	const struct kb_scope *scope = arg;
	int order;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	order = kb_str_cmp(
	    kb_segment_id(scope->segments[x->segment].segment, x->chunk),
	    kb_segment_id(scope->segments[y->segment].segment, y->chunk));
	return order ? order : by_place(x, y);
}

void kb_fuse_sort(const struct kb_scope *scope, struct kb_fused *items,
		  size_t n)
{
	kb_sort(items, n, sizeof(*items), by_score, (void *)(uintptr_t)scope);
}

/* Candidates of one chunk stand side by side: make them one. */
static size_t merge(struct kb_fused *items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct kb_fused *to = kept ? &items[kept - 1] : NULL;

		if (!to || by_place(to, &items[i]) != 0) {
			items[kept++] = items[i];
			continue;
		}
		for (size_t leg = 0; leg < KB_LEGS; leg++) {
			if (!items[i].has[leg] || to->has[leg])
				continue;
			to->has[leg] = true;
			to->raw[leg] = items[i].raw[leg];
			to->part[leg] = items[i].part[leg];
		}
	}
	return kept;
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

size_t kb_fuse(const struct kb_scope *scope, const struct kb_fuse_input *input,
	       struct kb_arena *arena, struct kb_fused **out)
{
	size_t n = 0;

	for (size_t leg = 0; leg < KB_LEGS; leg++)
		n += input->answers[leg].n;
	*out = kb_arena_calloc(arena, n ? n : 1, sizeof(**out));
	n = 0;
	for (size_t leg = 0; leg < KB_LEGS; leg++) {
		const struct kb_leg_answer *answer = &input->answers[leg];

		for (size_t i = 0; i < answer->n; i++) {
			struct kb_fused *to = &(*out)[n++];

			to->segment = answer->items[i].segment;
			to->chunk = answer->items[i].chunk;
			to->raw[leg] = answer->items[i].raw;
			to->has[leg] = true;
			to->part[leg] = normalise(answer, i, input->reciprocal);
			if (answer->gain > 0)
				to->part[leg] *= answer->gain;
		}
	}
	kb_sort(*out, n, sizeof(**out), by_place_and_leg, NULL);
	n = merge(*out, n);
	weigh(*out, n, input);
	kb_fuse_sort(scope, *out, n);
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
		if (same < OF_ONE)
			return at;
	}
	return n;
}

bool kb_fuse_spread(const struct kb_scope *scope, struct kb_fused *items,
		    size_t n)
{
	for (size_t i = OF_ONE; i < FIRST && i < n; i++) {
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
