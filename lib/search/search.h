/*
 * The search of one request: question to hits.
 *
 *	syntax -> terms -> legs -> fusion -> checks on the text -> hits
 *
 * A kb_search is the working memory of one thread over a shared base. The
 * hits of a request live in the arena of the request (or in the base's
 * mapped files).
 */
#ifndef KB_SEARCH_SEARCH_H
#define KB_SEARCH_SEARCH_H

#include "learn/linear.h"
#include "record/question.h"
#include "search/fuse.h"
#include "search/lexical/lexical.h"
#include "search/rerank.h"
#include "search/search_shared.h"

#define KB_SEARCH_K_MAX 1000

struct kb_search_options {
	size_t k;	    /* hits wanted */
	bool legs[KB_LEGS]; /* to be used */
	bool explain;
	bool paths;	 /* the graph's way to each hit */
	bool exhaustive; /* no pruning, no leg left out */
	bool distinct;	 /* one chunk of a document */
	bool keep_duplicates;
	bool no_syntax;		   /* the question is plain text */
	bool no_spelling;	   /* search words as they are written */
	bool reciprocal;	   /* fuse by ranks */
	double mmr;		   /* 0: off; else weight of relevance */
	const char *embed;	   /* embedder's command line, or NULL */
	bool no_synonyms;	   /* of the built-in ones */
	const char *synonyms_path; /* file of the user's own, or NULL */
	struct kb_rerank_options ask;
	/* Of the features of confidence.h; NULL: the built-in one. Borrowed. */
	const struct kb_linear_model *confidence;
};

struct kb_request {
	struct kb_str query;
	struct kb_str asked; /* as the person said it, where the query was
				made of it and the conversation; may be empty */
	enum kb_question_source source; /* of the query in the record */
	const struct kb_str *rewrites;
	size_t n_rewrites;
	const struct kb_str *history; /* earlier turns, the newest first */
	size_t n_history;
	struct kb_str hyde;
	struct kb_json vectors;
};

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

struct kb_search;

/* Set legs from names with commas between; NULL: all of them. */
int kb_search_choose_legs(struct kb_search_options *options, const char *names,
			  struct kb_err *err);

/* shared (search_shared.h) is borrowed; without it, NULL, there is neither an
 * embedder nor a reranker, and no synonyms but the built-in ones. */
int kb_search_open(struct kb_search **out, struct kb_base *base,
		   const struct kb_search_options *options,
		   struct kb_search_shared *shared, struct kb_err *err);
void kb_search_close(struct kb_search *s);

/* Go over to a newer generation when one has been published, and to the
 * documents valid now (Unix seconds); for the rest 'options' count. */
int kb_search_refresh(struct kb_search *s,
		      const struct kb_base_options *options, int64_t now,
		      struct kb_err *err);

struct kb_base *kb_search_base(const struct kb_search *s);

/* An arena of the search's own, emptied: for a request whose hits are not
 * kept. */
struct kb_arena *kb_search_arena(struct kb_search *s);

int kb_search_run(struct kb_search *s, const struct kb_request *request,
		  struct kb_arena *arena, struct kb_result *result,
		  struct kb_err *err);

/* The candidates of all legs as fused, best first, before any check on their
 * text; in the arena. */
int kb_search_candidates(struct kb_search *s, const struct kb_request *request,
			 struct kb_arena *arena, struct kb_fused **out,
			 size_t *n, struct kb_err *err);

/* Note why a leg, or KB_LEGS: the reranker, did less than usual; what is said
 * of it again replaces that. NULL: it did all. */
void kb_result_degrade(struct kb_result *result, int who, const char *why,
		       struct kb_arena *arena);

/* Append the value of 'hits', and of 'retrieval', as in kb-record(5). */
void kb_result_hits(const struct kb_result *result, struct kb_buf *out);
void kb_result_retrieval(const struct kb_result *result,
			 const struct kb_base *base, struct kb_buf *out);

#endif
