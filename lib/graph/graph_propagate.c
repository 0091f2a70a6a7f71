#include "graph/graph_propagate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "graph/graph_propagate_weights.h"

/* Limits of the work for one question. Half or four times of the first two find
 * the same on the sets of graph_propagate_weights.h. */
#define SEED_PUSH_MAX 30   /* chunks of a name of the question that lead on */
#define ABOUT_MAX     50   /* edges followed of one name in one segment */
#define NODES_MAX     8192 /* chunks reached */
#define LINKS_MAX     256  /* names followed of one chunk */

void kb_graph_propagate_init(struct kb_graph_propagate *w)
{
	*w = (struct kb_graph_propagate){0};
	kb_map_init(&w->places);
}

void kb_graph_propagate_release(struct kb_graph_propagate *w)
{
	free(w->nodes);
	kb_map_release(&w->places);
	kb_graph_propagate_init(w);
}

static bool are_triples(const struct kb_graph_part *parts, size_t n)
{
	double triples = 0, all = 0;

	for (size_t i = 0; i < n; i++) {
		triples += parts[i].graph.n_triples;
		all += parts[i].n_chunks;
	}
	return triples > 0 && triples >= TRIPLES * all;
}

void kb_graph_propagate_start(struct kb_graph_propagate *w,
			      const struct kb_graph_part *parts, size_t n_parts,
			      uint64_t n_chunks)
{
	assert(parts || !n_parts);
	kb_map_clear(&w->places);
	w->n = 0;
	w->linked = 0;
	w->unseen = 0;
	w->parts = parts;
	w->n_parts = n_parts;
	w->n_chunks = n_chunks;
	w->only_triples = are_triples(parts, n_parts);
}

static bool allowed(const struct kb_graph_part *part, uint32_t chunk)
{
	return chunk < part->n_chunks &&
	       (!part->allowed ||
		(part->allowed[chunk / 64] >> (chunk % 64) & 1));
}

/* The node of a chunk, made when new; -1 when it may not be found, or the
 * propagation has grown to its limit. */
static int32_t node_of(struct kb_graph_propagate *w, uint32_t segment,
		       uint32_t chunk)
{
	uint64_t key = (uint64_t)segment << 32 | chunk;
	uint64_t *place = kb_map_get(&w->places, key);

	if (place)
		return (int32_t)*place;
	if (w->n >= NODES_MAX || !allowed(&w->parts[segment], chunk))
		return -1;
	*kb_map_put(&w->places, key, NULL) = w->n;
	kb_grow(&w->nodes, &w->cap, w->n + 1, sizeof(*w->nodes));
	w->nodes[w->n] = (struct kb_graph_node){.segment = segment,
						.chunk = chunk,
						.step = {.from = -1},
						.near_from = -1};
	return (int32_t)w->n++;
}

void kb_graph_propagate_candidate(struct kb_graph_propagate *w,
				  uint32_t segment, uint32_t chunk, float r)
{
	int32_t i = node_of(w, segment, chunk);

	if (i >= 0)
		w->nodes[i].r = r;
}

void kb_graph_propagate_more(struct kb_graph_propagate *w, float r)
{
	w->unseen = r;
}

static float total(const struct kb_graph_node *n)
{
	return n->r + n->g;
}

/* What a node may get that comes after another one of this score. */
static float room(const struct kb_graph_propagate *w, int32_t i, float ahead)
{
	float r = w->nodes[i].r;

	return BEHIND * ahead - (r > 0 ? r : w->unseen);
}

static void raise_to(struct kb_graph_propagate *w, int32_t i, float g,
		     struct kb_graph_step step)
{
	if (i >= 0 && g > w->nodes[i].g) {
		w->nodes[i].g = g;
		w->nodes[i].step = step;
	}
}

/* Edges of this kind or a better one, which come first. */
static size_t edges_of(const uint32_t *edges, size_t n, enum kb_edge_kind kind)
{
	size_t low = 0;

	if (kind == KB_EDGE_MENTION)
		return n;
	/* most names are only mentioned */
	if (!n || (edges[0] & 3) < (uint32_t)kind)
		return 0;
	while (low < n) {
		size_t mid = low + (n - low) / 2;

		if ((edges[mid] & 3) >= (uint32_t)kind)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/* A name as the segments have it. */
struct name {
	const struct kb_graph_propagate *w;
	uint64_t key;
	uint32_t graph, entity; /* known to be it there; graph NOT_KNOWN */
};

#define NOT_KNOWN UINT32_MAX

/* Its entity in a segment's graph, -1: none. */
static int64_t entity_in(const struct name *name, uint32_t segment)
{
	const struct kb_graph *g = &name->w->parts[segment].graph;

	if (segment == name->graph)
		return name->entity;
	return g->n_entities ? kb_graph_find(g, name->key) : -1;
}

/* Chunks joined to a name by edges of a kind or a better one, in all
 * segments. */
static size_t count_edges(const struct name *name, enum kb_edge_kind kind)
{
	size_t sum = 0, n;

	for (uint32_t s = 0; s < name->w->n_parts; s++) {
		int64_t e = entity_in(name, s);

		if (e < 0)
			continue;
		const uint32_t *edges =
		    kb_graph_chunks(&name->w->parts[s].graph, (uint32_t)e, &n);
		sum += edges_of(edges, n, kind);
	}
	return sum;
}

/*
 * What a mention of a name says, 0..1: the surprise of meeting it in a
 * chunk over the greatest one there is. A title in everyday words leads
 * nowhere in particular. Values of triples are no mentions; a name whose
 * mentions the index left out has at least so many.
 */
static float specificity(const struct name *name, size_t about)
{
	size_t values = count_edges(name, KB_EDGE_OBJECT);
	float n = (float)name->w->n_chunks + 1, m;
	size_t mentions;

	if (values > about)
		return 1;
	mentions = count_edges(name, KB_EDGE_MENTION) - values;
	m = (float)(mentions ? mentions : kb_graph_common(name->w->n_chunks)) +
	    1;
	return m < n ? logf(n / m) / logf(n) : 0;
}

/* ---- from the question ---- */

/*
 * What a chunk gets by its kind of edge to a name of the question. Where there
 * are texts, a triple gets no more for its subject than a text would for
 * naming the same: which of them answers, the words say.
 */
static void seed_shares(const struct name *name, size_t about, float out[4])
{
	size_t all = count_edges(name, KB_EDGE_MENTION);
	float mention = MENTION / sqrtf((float)(all > about ? all - about : 1));
	float title =
	    about ? SEED_TITLE * powf((float)about, -SPREAD_TITLE) : 0;
	bool titled = about > count_edges(name, KB_EDGE_SUBJECT);

	out[KB_EDGE_MENTION] = mention;
	out[KB_EDGE_TITLE] = title;
	out[KB_EDGE_OBJECT] = OBJECT;
	out[KB_EDGE_SUBJECT] = SEED_SUBJECT;
	if (!name->w->only_triples) {
		out[KB_EDGE_SUBJECT] = titled ? title : mention;
		out[KB_EDGE_OBJECT] = fminf(OBJECT, out[KB_EDGE_SUBJECT]);
	}
}

static void seed(struct kb_graph_propagate *w, uint64_t key, float weight)
{
	struct name name = {w, key, NOT_KNOWN, 0};
	size_t about = count_edges(&name, KB_EDGE_TITLE), n;
	float shares[4];

	if (about > kb_graph_common(w->n_chunks))
		return;
	if (about && weight > w->linked)
		w->linked = weight;
	seed_shares(&name, about, shares);
	for (uint32_t s = 0; s < w->n_parts; s++) {
		int64_t e = entity_in(&name, s);
		const uint32_t *edges;

		if (e < 0)
			continue;
		edges = kb_graph_chunks(&w->parts[s].graph, (uint32_t)e, &n);
		for (size_t i = 0; i < n && i < ABOUT_MAX; i++) {
			int32_t node = node_of(w, s, edges[i] >> 2);

			raise_to(w, node, weight * shares[edges[i] & 3],
				 (struct kb_graph_step){-1, s, (uint32_t)e});
		}
	}
}

static bool known(const struct kb_graph_propagate *w, uint64_t key)
{
	for (uint32_t s = 0; s < w->n_parts; s++) {
		if (w->parts[s].graph.n_entities &&
		    kb_graph_find(&w->parts[s].graph, key) >= 0)
			return true;
	}
	return false;
}

void kb_graph_propagate_link(struct kb_graph_propagate *w,
			     const uint32_t *units, const float *weights,
			     size_t n, float weight)
{
	float all = 0;

	assert(units && weights);
	assert(weight >= 0 && weight <= 1);
	for (size_t i = 0; i < n; i++)
		all += weights[i];
	for (size_t i = 0, step; i < n; i += step) {
		uint64_t key = 0, best = 0;
		size_t found = 0;
		float share = 0;

		for (size_t j = i; j < n && j < i + KB_ENTITY_UNITS; j++) {
			key = kb_entity_extend(key, units[j]);
			if (known(w, key)) {
				best = key;
				found = j + 1 - i;
			}
		}
		step = found ? found : 1;
		for (size_t j = i; j < i + found; j++)
			share += weights[j];
		share *= all > 0 ? SHARE / all : 0;
		if (found)
			seed(w, best, weight * fminf(share, 1));
	}
}

/* ---- from chunk to chunk ---- */

struct source {
	int32_t node;
	float weight; /* r + g over the best */
};

/* The best r + g; ties by place, so that the order of arrival is nothing. */
static size_t best_nodes(const struct kb_graph_propagate *w, struct source *out)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		float f = total(&w->nodes[i]);
		size_t at = n;

		if (f <= 0 || (n == SOURCES && f <= out[n - 1].weight))
			continue;
		if (n < SOURCES)
			n++;
		else
			at--;
		for (; at > 0 && out[at - 1].weight < f; at--)
			out[at] = out[at - 1];
		out[at] = (struct source){(int32_t)i, f};
	}
	for (size_t i = n; i > 0; i--)
		out[i - 1].weight /= out[0].weight;
	return n;
}

static void push_name(struct kb_graph_propagate *w, const struct source *from,
		      const struct name *name)
{
	size_t about = count_edges(name, KB_EDGE_TITLE), n;

	if (!about || about > kb_graph_common(w->n_chunks))
		return;
	float g = from->weight * HOP * powf((float)about, -SPREAD) *
		  specificity(name, about);
	float ahead = total(&w->nodes[from->node]);

	for (uint32_t s = 0; s < w->n_parts; s++) {
		int64_t e = entity_in(name, s);
		const uint32_t *edges;

		if (e < 0)
			continue;
		edges = kb_graph_chunks(&w->parts[s].graph, (uint32_t)e, &n);
		for (size_t i = 0; i < n && i < ABOUT_MAX; i++) {
			if ((edges[i] & 3) < KB_EDGE_TITLE)
				break;
			int32_t to = node_of(w, s, edges[i] >> 2);

			if (to < 0 || to == from->node)
				continue;
			raise_to(
			    w, to, fminf(g, room(w, to, ahead)),
			    (struct kb_graph_step){from->node, s, (uint32_t)e});
		}
	}
}

static void push(struct kb_graph_propagate *w, const struct source *from)
{
	uint32_t s = w->nodes[from->node].segment;
	const struct kb_graph *g = &w->parts[s].graph;
	size_t n = 0;
	const uint32_t *names = NULL;

	if (g->n_entities && w->nodes[from->node].chunk < g->n_chunks)
		names = kb_graph_entities(g, w->nodes[from->node].chunk, &n);
	for (size_t i = 0; i < n && i < LINKS_MAX; i++) {
		if (names[i] < g->n_entities)
			push_name(
			    w, from,
			    &(struct name){w, g->keys[names[i]], s, names[i]});
	}
}

/* Chunks about names of the question that name few chunks are seeds, too,
 * however low their lexical score. */
static void push_seeds(struct kb_graph_propagate *w)
{
	size_t n = w->n;

	for (size_t i = 0; i < n; i++) {
		const struct kb_graph_node *node = &w->nodes[i];
		struct source from = {(int32_t)i, node->g};

		if (node->step.from >= 0 || node->g <= OBJECT)
			continue;
		uint32_t s = node->step.graph, e = node->step.entity;
		struct name name = {w, w->parts[s].graph.keys[e], s, e};

		if (count_edges(&name, KB_EDGE_TITLE) <= SEED_PUSH_MAX)
			push(w, &from);
	}
}

/* ---- neighbours ---- */

static void near_one(struct kb_graph_propagate *w, int32_t from, uint32_t chunk)
{
	int32_t to = node_of(w, w->nodes[from].segment, chunk);
	float near = to >= 0 ? room(w, to, w->nodes[from].r) : 0;

	if (to >= 0 && near > w->nodes[to].near) {
		w->nodes[to].near = near;
		w->nodes[to].near_from = from;
	}
}

static void spread_to_neighbours(struct kb_graph_propagate *w)
{
	size_t n = w->n;

	for (size_t i = 0; i < n; i++) {
		const struct kb_graph *g = &w->parts[w->nodes[i].segment].graph;
		uint32_t c = w->nodes[i].chunk;

		if (w->nodes[i].r <= 0 || c >= g->n_chunks)
			continue;
		if (kb_graph_goes_on(g, c))
			near_one(w, (int32_t)i, c + 1);
		if (c > 0 && kb_graph_goes_on(g, c - 1))
			near_one(w, (int32_t)i, c - 1);
	}
}

void kb_graph_propagate_run(struct kb_graph_propagate *w)
{
	struct source best[SOURCES];

	for (int hop = 0; hop < HOPS; hop++) {
		size_t n = best_nodes(w, best);

		if (hop == 0)
			push_seeds(w);
		for (size_t i = 0; i < n; i++)
			push(w, &best[i]);
	}
	spread_to_neighbours(w);
}
