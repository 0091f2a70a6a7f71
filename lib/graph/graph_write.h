/*
 * Edges on their way into the two sections of graph.h: private to the graph
 * modules of this folder.
 */
#ifndef KB_GRAPH_GRAPH_WRITE_H
#define KB_GRAPH_GRAPH_WRITE_H

#include "base/buf.h"
#include "base/map.h"
#include "graph/graph.h"

struct kb_graph_edge {
	uint64_t key;
	uint32_t chunk;
	uint32_t kind; /* enum kb_edge_kind */
};

struct kb_graph_edges {
	struct kb_graph_edge *items;
	size_t n, cap;
	struct kb_map names; /* key -> offset << 8 | length, in text */
	struct kb_buf text;
};

void kb_graph_edges_init(struct kb_graph_edges *e);
void kb_graph_edges_release(struct kb_graph_edges *e);

/* Keep the name of a key, unless it has one; cut to its limit. */
void kb_graph_edges_name(struct kb_graph_edges *e, uint64_t key,
			 struct kb_str name);

/* Add an edge; the first name given for a key is kept, cut to its limit. */
void kb_graph_edges_add(struct kb_graph_edges *e, uint64_t key, uint32_t chunk,
			enum kb_edge_kind kind, struct kb_str name);

/* Sort, join, drop what graph.h says, and append both sections. goes_on has
 * a bit per chunk. */
void kb_graph_edges_write(struct kb_graph_edges *e, uint32_t n_chunks,
			  const uint64_t *goes_on, struct kb_buf *entities,
			  struct kb_buf *edges);

/* Heads of the sections. */
struct kb_graph_head {
	uint32_t version;
	uint32_t n_entities; /* in edges: n_edges */
	uint32_t n_chunks;
	uint32_t bucket_bits; /* in edges: n_links */
	uint32_t names_len;
	uint32_t n_triples; /* in entities; 0 in those of older programs */
	uint32_t reserved[10];
};
_Static_assert(sizeof(struct kb_graph_head) == 64, "one cache line");

#define KB_GRAPH_VERSION 1

#endif
