/* The graph leg: see graph_propagate.h. */
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "graph/graph_propagate.h"
#include "query/term_lookup.h"
#include "search/leg.h"
#include "search/leg_weights.h"

#define UNITS_MAX 256 /* of one turn */
#define TURNS_MAX 16  /* earlier turns that are looked at */
#define STEPS_MAX 8   /* documents of a way that is shown */

struct graph_leg {
	struct kb_graph_propagate reach;
	struct kb_graph_part *parts; /* of the scope's segments, in its order */
	size_t n, cap;
	struct kb_analyzer *analyzer;
	struct kb_terms terms;
};

static int open_graphs(struct graph_leg *leg, const struct kb_scope *scope,
		       struct kb_err *err)
{
	kb_grow(&leg->parts, &leg->cap, scope->n + 1, sizeof(*leg->parts));
	leg->n = scope->n;
	for (size_t i = 0; i < scope->n; i++) {
		const struct kb_section *sec = scope->segments[i].segment->sec;
		const struct kb_section *a = &sec[KB_SEC_ENTITIES];
		const struct kb_section *b = &sec[KB_SEC_EDGES];
		int rc;

		leg->parts[i] = (struct kb_graph_part){
		    .allowed = scope->segments[i].allowed,
		    .n_chunks = scope->segments[i].segment->n_chunks};
		if (!a->ptr || !b->ptr)
			continue;
		rc = kb_graph_open(&leg->parts[i].graph, a->ptr, a->len, b->ptr,
				   b->len, err);
		if (rc)
			return rc;
	}
	return 0;
}

/* Inverse document frequency over the scope, as the lexical leg has it. */
static float rarity(const struct kb_scope *scope, uint64_t term)
{
	double df = (double)kb_scope_frequency(scope, term);
	double n = (double)scope->n_chunks;

	return (float)kb_idf(n, df);
}

/* A word said twice has its weight once. */
static float weight_of(const struct kb_scope *scope, const uint32_t *units,
		       size_t i, uint64_t term)
{
	for (size_t j = 0; j < i; j++) {
		if (units[j] == units[i])
			return 0;
	}
	return rarity(scope, term);
}

static void link_turn(struct graph_leg *leg, const struct kb_scope *scope,
		      const struct kb_terms *terms, float weight)
{
	uint32_t units[UNITS_MAX], at[UNITS_MAX];
	float weights[UNITS_MAX];
	size_t n = kb_entity_units(terms, units, at, UNITS_MAX);

	for (size_t i = 0; i < n; i++)
		weights[i] =
		    weight_of(scope, units, i, terms->items[at[i]].key);
	kb_graph_propagate_link(&leg->reach, units, weights, n, weight);
	for (size_t i = 0; i < terms->n; i++) {
		uint32_t code = kb_entity_unit(terms->items[i].key);
		float one = 1;

		if (kb_term_class(terms->items[i].key) == KB_TERM_CODE)
			kb_graph_propagate_link(&leg->reach, &code, &one, 1,
						weight);
	}
}

static void link_history(struct graph_leg *leg, const struct kb_leg_query *q)
{
	float weight = TURN_DECAY;

	for (size_t i = 0; i < q->n_history && i < TURNS_MAX; i++) {
		kb_terms_reset(&leg->terms);
		kb_analyze(leg->analyzer, q->history[i].ptr, q->history[i].len,
			   &leg->terms);
		link_turn(leg, q->scope, &leg->terms, weight);
		weight *= TURN_DECAY;
	}
}

/* The nodes propagation gave something, the best 'depth' of them by r + g;
 * then best g first. raw holds r + g in between. */
static void answer_from(const struct kb_graph_propagate *w, size_t depth,
			struct kb_arena *arena, struct kb_leg_answer *answer)
{
	struct kb_candidate *items =
	    kb_arena_alloc(arena, (w->n + 1) * sizeof(*items));
	uint64_t *place;
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct kb_graph_node *node = &w->nodes[i];
		float g = node->g + node->near;

		if (g > 0)
			items[n++] = (struct kb_candidate){
			    node->segment, node->chunk, node->r + g};
	}
	kb_candidates_sort(items, n, arena);
	if (n > depth)
		n = depth;
	for (size_t i = 0; i < n; i++) {
		place =
		    kb_map_get(&w->places, (uint64_t)items[i].segment << 32 |
					       items[i].chunk);
		items[i].raw = w->nodes[*place].g + w->nodes[*place].near;
	}
	kb_candidates_sort(items, n, arena);
	answer->items = items;
	answer->n = n;
	/* Scores beside a lexical one of 1, however high: the gain undoes what
	 * the fusion divides by. */
	answer->most = n && items[0].raw > 1 ? items[0].raw : 1;
	answer->gain = answer->most;
}

static int search(void *state, const struct kb_leg_query *q,
		  struct kb_leg_answer *answer, struct kb_err *err)
{
	struct graph_leg *leg = state;
	int rc = open_graphs(leg, q->scope, err);

	*answer = (struct kb_leg_answer){0};
	if (rc)
		return rc;
	for (size_t i = 0; q->scope->cold && i < leg->n; i++)
		kb_graph_prefetch(&leg->parts[i].graph);
	kb_graph_propagate_start(&leg->reach, leg->parts, leg->n,
				 q->scope->n_chunks);
	for (size_t i = 0; i < q->n_lexical; i++)
		kb_graph_propagate_candidate(&leg->reach, q->lexical[i].segment,
					     q->lexical[i].chunk,
					     q->lexical[i].raw);
	if (q->n_lexical >= q->depth)
		kb_graph_propagate_more(&leg->reach,
					q->lexical[q->n_lexical - 1].raw);
	link_turn(leg, q->scope, q->terms, 1);
	link_history(leg, q);
	kb_graph_propagate_run(&leg->reach);
	answer_from(&leg->reach, q->depth, q->arena, answer);
	answer->linked = leg->reach.linked;
	return 0;
}

/* A document on the way; the hit itself, which comes last, by its id only. */
static struct kb_str document(const struct kb_leg_query *q,
			      const struct kb_graph_node *n, bool hit)
{
	const struct kb_segment *seg = q->scope->segments[n->segment].segment;
	struct kb_passage p;

	if (hit || kb_segment_fetch(seg, n->chunk, q->arena, &p, NULL) < 0 ||
	    !p.title.len || kb_str_eq(p.title, p.id))
		return kb_segment_id(seg, n->chunk);
	return kb_str_of(kb_arena_printf(q->arena, "%.*s (%.*s)", (int)p.id.len,
					 p.id.ptr, (int)p.title.len,
					 p.title.ptr));
}

static struct kb_str beside(const struct kb_leg_query *q,
			    const struct kb_graph_node *neighbour,
			    struct kb_str id)
{
	struct kb_str from = document(q, neighbour, false);

	return kb_str_of(kb_arena_printf(q->arena, "%.*s > beside > %.*s",
					 (int)from.len, from.ptr, (int)id.len,
					 id.ptr));
}

/*
 * The names, in quotation marks, and the documents that led to a candidate:
 *
 *	"Name" > id (title) > "Name" > id
 *	id (title) > beside > id
 *
 * The way begins with a name of the question or a document its words found.
 * What a chunk has from its neighbour comes from the neighbour's words, so
 * the way begins there.
 */
static struct kb_str explain(void *state, const struct kb_leg_query *q,
			     const struct kb_candidate *c)
{
	struct graph_leg *leg = state;
	const struct kb_graph_propagate *w = &leg->reach;
	const uint64_t *place =
	    kb_map_get(&w->places, (uint64_t)c->segment << 32 | c->chunk);
	const char *path = "";
	int32_t i = place ? (int32_t)*place : -1;

	for (int step = 0; i >= 0 && step < STEPS_MAX; step++) {
		const struct kb_graph_node *n = &w->nodes[i];
		struct kb_str to = document(q, n, step == 0), name = {0};
		const char *rest = *path ? " > " : "";

		if (step == 0 && n->near > n->g)
			return beside(q, &w->nodes[n->near_from], to);
		if (n->g > 0)
			name = kb_graph_name(&leg->parts[n->step.graph].graph,
					     n->step.entity);
		path = kb_arena_printf(
		    q->arena, "%s%.*s%s%.*s%s%s", name.len ? "\"" : "",
		    (int)name.len, name.len ? name.ptr : "",
		    name.len ? "\" > " : "", (int)to.len, to.ptr, rest, path);
		i = n->g > 0 ? n->step.from : -1;
	}
	return kb_str_of(path);
}

static void close_leg(void *state)
{
	struct graph_leg *leg = state;

	kb_graph_propagate_release(&leg->reach);
	kb_terms_release(&leg->terms);
	kb_analyzer_free(leg->analyzer);
	free(leg->parts);
	free(leg);
}

int kb_leg_graph_open(struct kb_leg *out, struct kb_index *const *indexes,
		      size_t n, struct kb_err *err)
{
	struct graph_leg *leg;
	bool any = false;

	(void)err;
	*out = (struct kb_leg){0};
	for (size_t i = 0; i < n; i++)
		any |= kb_index_has_section(indexes[i], KB_SEC_EDGES);
	if (!any)
		return 0;
	leg = kb_calloc(1, sizeof(*leg));
	kb_graph_propagate_init(&leg->reach);
	leg->analyzer = kb_analyzer_new();
	*out = (struct kb_leg){.name = "graph",
			       .state = leg,
			       .search = search,
			       .explain = explain,
			       .close = close_leg};
	return 0;
}
