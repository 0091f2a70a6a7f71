/* Reading and merging graphs; building is in graphbuild.c. */
#include "graph/graph.h"

#include <stdlib.h>

#include "base/page_advice.h"
#include "graph/common_weights.h"
#include "graph/graph_write.h"

size_t kb_graph_common(uint64_t n_chunks)
{
	size_t share = (size_t)((double)n_chunks * COMMON_SHARE);

	return share > COMMON_MIN ? share : COMMON_MIN;
}

static int damaged(struct kb_err *err, const char *what)
{
	return kb_err_set(err, KB_EFORMAT, "graph is damaged: %s", what);
}

/* The next array of n items of 'size' bytes at *at; arrays start at
 * multiples of 64. NULL when it does not fit. */
static const unsigned char *take(const unsigned char *ptr, size_t len,
				 size_t *at, size_t n, size_t size)
{
	size_t start = (*at + 63) / 64 * 64;

	if (start > len || n > (len - start) / size)
		return NULL;
	*at = start + n * size;
	return ptr + start;
}

static int open_entities(struct kb_graph *g, const unsigned char *ptr,
			 size_t len, struct kb_err *err)
{
	struct kb_graph_head h;
	size_t at = sizeof(h);

	if (len < sizeof(h) || (uintptr_t)ptr % 16)
		return damaged(err, "entities cut short");
	memcpy(&h, ptr, sizeof(h));
	if (h.version != KB_GRAPH_VERSION || h.bucket_bits > 28)
		return damaged(err, "entities' head");
	g->n_entities = h.n_entities;
	g->n_chunks = h.n_chunks;
	g->bucket_bits = h.bucket_bits;
	g->names_len = h.names_len;
	g->n_triples = h.n_triples < h.n_chunks ? h.n_triples : h.n_chunks;
	size_t buckets = ((size_t)1 << h.bucket_bits) + 1, n = h.n_entities;

	g->buckets = (const void *)take(ptr, len, &at, buckets, 4);
	g->keys = (const void *)take(ptr, len, &at, n, 8);
	g->chunk_start = (const void *)take(ptr, len, &at, n + 1, 4);
	g->name_end = (const void *)take(ptr, len, &at, n, 4);
	g->names = (const void *)take(ptr, len, &at, h.names_len, 1);
	if (!g->buckets || !g->keys || !g->chunk_start || !g->name_end ||
	    !g->names)
		return damaged(err, "entities cut short");
	return 0;
}

int kb_graph_open(struct kb_graph *g, const unsigned char *entities,
		  size_t entities_len, const unsigned char *edges,
		  size_t edges_len, struct kb_err *err)
{
	struct kb_graph_head h;
	size_t at = sizeof(h);
	int rc;

	*g = (struct kb_graph){0};
	rc = open_entities(g, entities, entities_len, err);
	if (rc)
		return rc;
	if (edges_len < sizeof(h) || (uintptr_t)edges % 16)
		return damaged(err, "edges cut short");
	memcpy(&h, edges, sizeof(h));
	if (h.version != KB_GRAPH_VERSION || h.n_chunks != g->n_chunks)
		return damaged(err, "edges' head");
	g->n_edges = h.n_entities;
	g->n_links = h.bucket_bits;
	size_t n = g->n_chunks;

	g->chunks = (const void *)take(edges, edges_len, &at, g->n_edges, 4);
	g->entity_start = (const void *)take(edges, edges_len, &at, n + 1, 4);
	g->entities = (const void *)take(edges, edges_len, &at, g->n_links, 4);
	g->goes_on =
	    (const void *)take(edges, edges_len, &at, (n + 63) / 64, 8);
	if (!g->chunks || !g->entity_start || !g->entities || !g->goes_on)
		return damaged(err, "edges cut short");
	return 0;
}

void kb_graph_prefetch(const struct kb_graph *g)
{
	if (!g->n_entities)
		return;
	kb_pages_prefetch(g->buckets, (((size_t)1 << g->bucket_bits) + 1) *
					  sizeof(*g->buckets));
	kb_pages_prefetch(g->keys, g->n_entities * sizeof(*g->keys));
}

int64_t kb_graph_find(const struct kb_graph *g, uint64_t key)
{
	size_t b = g->bucket_bits ? key >> (64 - g->bucket_bits) : 0;
	uint32_t end = g->buckets[b + 1];

	for (uint32_t i = g->buckets[b]; i < end && i < g->n_entities; i++) {
		if (g->keys[i] == key)
			return i;
	}
	return -1;
}

struct kb_str kb_graph_name(const struct kb_graph *g, uint32_t entity)
{
	uint32_t start = entity ? g->name_end[entity - 1] : 0;
	uint32_t end = g->name_end[entity];

	if (start > end || end > g->names_len)
		return (struct kb_str){0};
	return (struct kb_str){g->names + start, end - start};
}

static const uint32_t *range(const uint32_t *starts, uint32_t i,
			     const uint32_t *items, uint32_t n_items, size_t *n)
{
	uint32_t start = starts[i], end = starts[i + 1];

	if (end > n_items)
		end = n_items;
	*n = start < end ? end - start : 0;
	return items + (start < end ? start : 0);
}

const uint32_t *kb_graph_chunks(const struct kb_graph *g, uint32_t entity,
				size_t *n)
{
	return range(g->chunk_start, entity, g->chunks, g->n_edges, n);
}

const uint32_t *kb_graph_entities(const struct kb_graph *g, uint32_t chunk,
				  size_t *n)
{
	return range(g->entity_start, chunk, g->entities, g->n_links, n);
}

/* ---- merging ---- */

/* Mention edges may have been dropped from an entity's list; the chunks'
 * own lists are whole. A link is an object's when the entity says so. */
static void merge_one(struct kb_graph_edges *e, const struct kb_graph_input *in,
		      uint32_t n_chunks, uint64_t *goes_on)
{
	const struct kb_graph *g = in->graph;
	const uint32_t *items;
	size_t n;

	for (uint32_t i = 0; i < g->n_entities; i++) {
		items = kb_graph_chunks(g, i, &n);
		for (size_t j = 0; j < n; j++) {
			uint32_t c = items[j] >> 2, kind = items[j] & 3;

			if (kind == KB_EDGE_MENTION || c >= g->n_chunks ||
			    in->new_chunk[c] >= n_chunks)
				continue;
			kb_graph_edges_add(e, g->keys[i], in->new_chunk[c],
					   (enum kb_edge_kind)kind,
					   kb_graph_name(g, i));
		}
	}
	for (uint32_t c = 0; c < g->n_chunks; c++) {
		uint32_t to = in->new_chunk[c];

		if (to >= n_chunks)
			continue;
		items = kb_graph_entities(g, c, &n);
		for (size_t j = 0; j < n; j++) {
			if (items[j] < g->n_entities)
				kb_graph_edges_add(e, g->keys[items[j]], to,
						   KB_EDGE_MENTION,
						   kb_graph_name(g, items[j]));
		}
		if (kb_graph_goes_on(g, c) && in->new_chunk[c + 1] == to + 1)
			goes_on[to / 64] |= (uint64_t)1 << to % 64;
	}
}

void kb_graph_merge(const struct kb_graph_input *inputs, size_t n,
		    uint32_t n_chunks, struct kb_buf *entities,
		    struct kb_buf *edges)
{
	struct kb_graph_edges e;
	uint64_t *goes_on = kb_calloc((size_t)n_chunks / 64 + 1, 8);

	kb_graph_edges_init(&e);
	for (size_t i = 0; i < n; i++)
		merge_one(&e, &inputs[i], n_chunks, goes_on);
	kb_graph_edges_write(&e, n_chunks, goes_on, entities, edges);
	kb_graph_edges_release(&e);
	free(goes_on);
}
