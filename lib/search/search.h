/*
 * The search of one request: question to hits.
 *
 *	syntax -> terms -> legs -> fusion -> checks on the text -> hits
 *
 * A kb_search is the working memory of one thread over a shared base. The
 * hits of a request live in the arena of the request (or in the base's
 * mapped files).
 *
 * The sources form layers, none knows one above it (tests/floors.sh):
 *
 *	search_record, present		the record and the terminal
 *	search				this header: the order of the steps
 *	search_run: ask, correct	one request under way
 *	explain, confidence, diverse,	steps over one question or its result
 *	rerank, rewrite, fit
 *	search_result, _request, _options, _shared
 *	leg_*, fuse, length_similarity	candidates
 *	search_base, null_distribution	the indexes
 *	lexical/			scores of terms
 */
#ifndef KB_SEARCH_SEARCH_H
#define KB_SEARCH_SEARCH_H

#include "search/search_options.h"
#include "search/search_request.h"
#include "search/search_result.h"
#include "search/search_shared.h"

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

/* A buffer of the search's own, emptied: for what is made of its hits. */
struct kb_buf *kb_search_buf(struct kb_search *s);

int kb_search_run(struct kb_search *s, const struct kb_request *request,
		  struct kb_arena *arena, struct kb_result *result,
		  struct kb_err *err);

/* The candidates of all legs as fused, best first, before any check on their
 * text; in the arena. */
int kb_search_candidates(struct kb_search *s, const struct kb_request *request,
			 struct kb_arena *arena, struct kb_fused **out,
			 size_t *n, struct kb_err *err);

#endif
