/*
 * A thread of kb-search: a search with answers in front of it, where they are
 * wanted.
 */
#ifndef KB_CACHE_SEARCH_WORKER_H
#define KB_CACHE_SEARCH_WORKER_H

#include "cache/answer_cache.h"

/* What the threads of a run share; all of it is borrowed. */
struct kb_search_setup {
	struct kb_base *base;
	struct kb_base_options base_options;
	const struct kb_search_options *search;
	struct kb_search_shared *shared;
	struct kb_cache_options answers; /* dir NULL: none are wanted */
	bool reload;			 /* take up new generations */
};

struct kb_search_worker;

/* Close it in any case; NULL is allowed. */
int kb_search_worker_open(struct kb_search_worker **out,
			  const struct kb_search_setup *setup,
			  struct kb_err *err);
void kb_search_worker_close(struct kb_search_worker *worker);

/* As kb_record_search(), at a time in Unix seconds. */
int kb_search_worker_run(struct kb_search_worker *worker, struct kb_rec *rec,
			 const struct kb_request *request, int64_t now_s,
			 bool *found, struct kb_err *err);

#endif
