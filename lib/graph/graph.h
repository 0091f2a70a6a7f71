/*
 * The graph of entities and chunks.
 *
 * An entity is a name: a run of base terms (text/analyze.h), keyed by a hash
 * of them, so that one name has one key in every segment and index. Names
 * come from titles, subjects and objects of triples, quotations, 《》,
 * capitalised runs, codes, numbers of six digits and more that are no date
 * or amount, and Chinese runs that hold together (index/cohesion.h); no
 * model is involved. An edge joins a name with a chunk
 * and has a kind: the chunk is about it (TITLE, SUBJECT), gives it as the
 * value of a triple (OBJECT) or mentions it. Mentions of titles and subjects
 * are found by longest match in all text of the segment, those of Chinese
 * runs by another one, so that they hide no title. Common names (see
 * kb_graph_common) lose their mention edges, names seen once that are no title
 * or part of a triple are dropped.
 *
 * KB_SEC_ENTITIES holds the keys by value with a bucket table and the names;
 * KB_SEC_EDGES chunks of each entity, entities of each chunk, and a bit for
 * each chunk that goes on in the next one (of one document, or of one title:
 * the turns of a conversation). Readers check every number they follow.
 */
#ifndef KB_GRAPH_GRAPH_H
#define KB_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "text/analyze.h"

#define KB_ENTITY_UNITS 24 /* longest name, in base terms */
#define KB_ENTITY_NAME	96 /* bytes of a name kept for showing */

enum kb_edge_kind {
	KB_EDGE_MENTION = 0,
	KB_EDGE_OBJECT = 1,
	KB_EDGE_TITLE = 2,
	KB_EDGE_SUBJECT = 3,
};

/* ---- names ---- */

/* A name that more of n_chunks chunks speak of is common, and says nothing. */
size_t kb_graph_common(uint64_t n_chunks);

/* A base term as a unit of names. */
static inline uint32_t kb_entity_unit(uint64_t term_key)
{
	uint64_t x = term_key * 0x9e3779b97f4a7c15u;

	return (uint32_t)(x >> 32);
}

/* Key of a name: start from 0, extend by every unit. */
static inline uint64_t kb_entity_extend(uint64_t key, uint32_t unit)
{
	uint64_t x = (key ^ unit) * 0xff51afd7ed558ccdu;

	return (x ^ x >> 32) + 0x9e3779b97f4a7c15u;
}

/*
 * The units of analysed text: up to 'max' base terms in order; at[i], when
 * not NULL, is the number of the term in terms->items. Returns the count.
 */
size_t kb_entity_units(const struct kb_terms *terms, uint32_t *units,
		       uint32_t *at, size_t max);

/* ---- building ---- */

struct kb_graph_builder;

struct kb_graph_builder *kb_graph_builder_new(void);
void kb_graph_builder_free(struct kb_graph_builder *b);

/* A name whose mentions are edges, though no title says it. Before the
 * first chunk. */
void kb_graph_add_name(struct kb_graph_builder *b, struct kb_str name);

struct kb_graph_chunk {
	uint32_t doc;
	uint32_t chunk_no; /* within the document */
	struct kb_str title, text;
	const struct kb_terms *terms, *title_terms;
	struct kb_str triple[3]; /* empty when the document is none */
};

/* Add the next chunk (0, 1, 2 ...). Borrows nothing. */
void kb_graph_add(struct kb_graph_builder *b, const struct kb_graph_chunk *c);

/* Append both sections. The builder can only be freed afterwards. */
void kb_graph_write(struct kb_graph_builder *b, struct kb_buf *entities,
		    struct kb_buf *edges);

/* ---- reading ---- */

struct kb_graph {
	uint32_t n_entities, n_chunks;
	uint32_t n_triples; /* chunks that are one, about a name */
	unsigned bucket_bits;
	const uint32_t *buckets;     /* 2^bucket_bits + 1 */
	const uint64_t *keys;	     /* ascending */
	const uint32_t *chunk_start; /* n_entities + 1, into chunks */
	const uint32_t *name_end;    /* n_entities, into names */
	const char *names;
	uint32_t names_len;
	const uint32_t *chunks; /* chunk << 2 | kind, best kind first */
	uint32_t n_edges;
	const uint32_t *entity_start; /* n_chunks + 1, into entities */
	const uint32_t *entities;
	uint32_t n_links;
	const uint64_t *goes_on; /* bit per chunk */
};

/* Look at the two sections. KB_EFORMAT when they are damaged. */
int kb_graph_open(struct kb_graph *g, const unsigned char *entities,
		  size_t entities_len, const unsigned char *edges,
		  size_t edges_len, struct kb_err *err);

/* Begin to read all that finding entities reads: a question asks for some
 * hundred spans of its words, and scattered pages come slower than a run. */
void kb_graph_prefetch(const struct kb_graph *g);

/* Number of an entity, or -1. */
int64_t kb_graph_find(const struct kb_graph *g, uint64_t key);

struct kb_str kb_graph_name(const struct kb_graph *g, uint32_t entity);

/* Edges of an entity: chunk << 2 | kind; count clipped to what is there. */
const uint32_t *kb_graph_chunks(const struct kb_graph *g, uint32_t entity,
				size_t *n);
/* Entities of a chunk. */
const uint32_t *kb_graph_entities(const struct kb_graph *g, uint32_t chunk,
				  size_t *n);

static inline bool kb_graph_goes_on(const struct kb_graph *g, uint32_t chunk)
{
	return chunk + 1 < g->n_chunks &&
	       (g->goes_on[chunk / 64] >> (chunk % 64) & 1);
}

/*
 * Merge: input i's chunk c becomes new_chunk[i][c], or goes when that is
 * UINT32_MAX. Entities are joined by key. Appends both sections.
 */
struct kb_graph_input {
	const struct kb_graph *graph;
	const uint32_t *new_chunk;
};
void kb_graph_merge(const struct kb_graph_input *inputs, size_t n,
		    uint32_t n_chunks, struct kb_buf *entities,
		    struct kb_buf *edges);

#endif
