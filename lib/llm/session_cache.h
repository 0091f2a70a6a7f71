/*
 * A session's calls on their way past the cache of responses: looked up before
 * they go out, one of those that ask the same, kept when they are done.
 */
#ifndef KB_LLM_SESSION_CACHE_H
#define KB_LLM_SESSION_CACHE_H

#include "cache/cache.h"
#include "net/calls.h"

struct kb_session_cache;

struct kb_session_cache *kb_session_cache_new(
    const struct kb_cache_options *options);
void kb_session_cache_free(struct kb_session_cache *cache); /* NULL is fine */

/* Is the call answered already? first: who is asked first. */
bool kb_session_cache_find(struct kb_session_cache *cache, struct kb_call *call,
			   const struct kb_provider *first);

/* May a call that was not found go out? Else it comes later from
 * kb_session_cache_run(). */
bool kb_session_cache_go(struct kb_session_cache *cache, struct kb_call *call);

/* In on_done, of every call that was begun: keep what is to be kept. Errors as
 * kb_response_end(). */
int kb_session_cache_end(struct kb_session_cache *cache, struct kb_call *call,
			 struct kb_err *err);

/* Calls that have waited for others: answered ones are done, others start. */
void kb_session_cache_run(struct kb_session_cache *cache,
			  struct kb_calls *calls);
/* As kb_flights_wait_ms(). */
int64_t kb_session_cache_wait_ms(const struct kb_session_cache *cache);

#endif
