/*
 * Reranking by a child filter such as 'llm-call --rerank'.
 *
 * The child gets a record with 'query' and 'hits' and gives it back with
 * hits[].legs.rerank. One child serves all threads of a run, as many
 * questions in flight as there are threads; each has its time box. Hits are
 * known again by document and chunk, so their order does not matter. What
 * the child does not answer, or not in time, leaves the order as it is.
 *
 * Scores of a reranker have no common scale: they are stretched over the
 * range of the fused scores of the same hits, and mixed with these. So the
 * hits that were not asked about stay below.
 */
#ifndef KB_SEARCH_RERANK_H
#define KB_SEARCH_RERANK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct kb_result;
struct kb_scope;

struct kb_rerank_options {
	const char *command; /* NULL: no reranking */
	uint64_t hits;	     /* asked about: the best of the fusion */
	double timeout_s;    /* for an answer */
	double weight;	     /* of the child's scores, 0..1; the fusion has the
				rest */
};

struct kb_rerank;

/* Starts the child, so that it is ready when the first question comes. *out
 * is NULL without a command. */
int kb_rerank_open(struct kb_rerank **out,
		   const struct kb_rerank_options *options, struct kb_err *err);
void kb_rerank_close(struct kb_rerank *rerank);

/* Hits that a search should have before it asks, 'least' or more. */
size_t kb_rerank_depth(const struct kb_rerank *rerank, size_t least);

/*
 * Ask about the result's first hits and put those in the new order. With NULL
 * it does nothing. Sets 'reranked' when the child gave scores, and says in
 * 'degraded' when it did not give all of them. May be called by several
 * threads.
 */
void kb_rerank_run(struct kb_rerank *rerank, struct kb_str question,
		   const struct kb_scope *scope, struct kb_arena *arena,
		   struct kb_result *result);

#endif
