/*
 * Propagation of scores over the graph of entities and chunks: from the names
 * in a question to the chunks about them, and from chunks that score well to
 * the chunks about the names they mention.
 *
 * A chunk has two scores: r, its lexical score over the best one, 0..1, and g,
 * what propagation gives it, which may be more. It starts at the chunks about
 * names in the question (earlier turns count less each) and at the best lexical
 * chunks. What a name gives depends on what it leads to: among triples, the
 * question asks for one about its subject, whatever words it has; among texts,
 * many of one title get less each, and a triple no more than they do. Twice,
 * the chunks with the best r + g pass part of it on to the chunks about the
 * names they mention, more the rarer a name is mentioned. A chunk that scores
 * well also raises its neighbours in a conversation or document. The receiver's
 * score always stays below that of the chunk it came from: what stands beside a
 * good passage does not overtake it, nor do passages in a row raise each other
 * above one that stands alone.
 *
 * This is forward push with the maximum in place of the sum, so it needs no
 * damping to end; it has not been measured beside summed PageRank. Work is
 * bounded by the constants of graph_propagate.c, whatever the size of the
 * index.
 */
#ifndef KB_GRAPH_GRAPH_PROPAGATE_H
#define KB_GRAPH_GRAPH_PROPAGATE_H

#include "base/map.h"
#include "graph/graph.h"

/* How a node was reached: from 'from' (a node's number, -1: the question)
 * by a name, which is entity 'entity' of graph 'graph'. */
struct kb_graph_step {
	int32_t from;
	uint32_t graph, entity;
};

struct kb_graph_node {
	uint32_t segment, chunk;
	float r, g, near;
	struct kb_graph_step step; /* of g */
	int32_t near_from;
};

/* The graph of one segment, and which of its chunks may be found. */
struct kb_graph_part {
	struct kb_graph graph;	 /* n_entities 0 where there is none */
	const uint64_t *allowed; /* bit per chunk; NULL: every one */
	uint32_t n_chunks;
};

struct kb_graph_propagate {
	const struct kb_graph_part *parts;
	size_t n_parts;
	uint64_t n_chunks; /* of all of them, alive */
	struct kb_graph_node *nodes;
	size_t n, cap;
	struct kb_map places; /* segment << 32 | chunk -> node */
	bool only_triples;    /* there are hardly any texts */
	float unseen;	      /* r of what is no candidate, at most */
	float linked;	      /* the best weight of a chunk about a name of the
				 question, 0..1 */
};

void kb_graph_propagate_init(struct kb_graph_propagate *w);
void kb_graph_propagate_release(struct kb_graph_propagate *w);

/* Begin over these graphs, which are borrowed until the next start; n_chunks
 * are alive in all of them. */
void kb_graph_propagate_start(struct kb_graph_propagate *w,
			      const struct kb_graph_part *parts, size_t n_parts,
			      uint64_t n_chunks);

/* A lexical candidate; r in 0..1. */
void kb_graph_propagate_candidate(struct kb_graph_propagate *w,
				  uint32_t segment, uint32_t chunk, float r);

/* There are more candidates than were given, none with more than this r. */
void kb_graph_propagate_more(struct kb_graph_propagate *w, float r);

/*
 * Link the names in a turn: units of its text with their weights (idf).
 * 'weight' is 1 for the question and less for earlier turns.
 */
void kb_graph_propagate_link(struct kb_graph_propagate *w,
			     const uint32_t *units, const float *weights,
			     size_t n, float weight);

/* Propagate, after candidates and turns. */
void kb_graph_propagate_run(struct kb_graph_propagate *w);

#endif
