/* The hits of one request and what is to be said of them. */
#ifndef KB_SEARCH_SEARCH_RESULT_H
#define KB_SEARCH_SEARCH_RESULT_H

#include "search/fuse.h"

struct kb_hit {
	struct kb_fused at;
	struct kb_passage passage;
	struct kb_str why; /* JSON object with --explain, else empty */
	bool reranked;	   /* by a child, with this score */
	double rerank;
};

struct kb_result {
	struct kb_hit *hits; /* best first */
	size_t n;
	bool used[KB_LEGS];	 /* legs that answered */
	bool reranked;		 /* by a child */
	double confidence;	 /* 0..1 */
	struct kb_str why;	 /* it is so: JSON object with --explain */
	struct kb_str corrected; /* the question as spelled by the search */
	/* Why less than usual was done, by a leg or, last, by the reranker;
	 * NULL: it was not. Set by kb_result_degrade(). */
	const char *degraded[KB_LEGS + 1];
	const struct kb_str *excluded; /* what no hit may hold, as asked */
	size_t n_excluded;
};

/* Note why a leg, or KB_LEGS: the reranker, did less than usual; what is said
 * of it again replaces that. NULL: it did all. */
void kb_result_degrade(struct kb_result *result, int who, const char *why,
		       struct kb_arena *arena);

/* Append the value of 'hits', and of 'retrieval', as in kb-record(5). */
void kb_result_hits(const struct kb_result *result, struct kb_buf *out);
void kb_result_retrieval(const struct kb_result *result,
			 const struct kb_base *base, struct kb_buf *out);

#endif
