#include "llm/session_cache.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cache/flights.h"
#include "cache/response_cache.h"

struct kb_session_cache {
	struct kb_cache *cache;
	struct kb_flights *flights;
};

static int64_t now_s(void)
{
	return kb_clock_wall_ns() / 1000000000;
}

struct kb_session_cache *kb_session_cache_new(
    const struct kb_cache_options *options)
{
	struct kb_session_cache *c = kb_calloc(1, sizeof(*c));

	c->cache = kb_cache_new(options);
	c->flights = kb_flights_new(c->cache);
	return c;
}

void kb_session_cache_free(struct kb_session_cache *c)
{
	if (!c)
		return;
	kb_flights_free(c->flights);
	kb_cache_free(c->cache);
	free(c);
}

bool kb_session_cache_find(struct kb_session_cache *c, struct kb_call *call,
			   const struct kb_provider *first)
{
	return kb_response_begin(c->cache, call, first, now_s(),
				 &call->response);
}

bool kb_session_cache_go(struct kb_session_cache *c, struct kb_call *call)
{
	struct kb_hash128 key;

	return !call->response || !kb_response_key(call->response, &key) ||
	       kb_flights_join(c->flights, key, call);
}

int kb_session_cache_end(struct kb_session_cache *c, struct kb_call *call,
			 struct kb_err *err)
{
	struct kb_hash128 key;
	int rc;

	if (call->cached || !call->response)
		return 0;
	rc = kb_response_end(c->cache, call, call->response, now_s(), err);
	if (kb_response_key(call->response, &key))
		kb_flights_leave(c->flights, key);
	return rc;
}

void kb_session_cache_run(struct kb_session_cache *c, struct kb_calls *calls)
{
	struct kb_hash128 key;
	struct kb_call *call;

	while ((call = kb_flights_next(c->flights, &key))) {
		if (kb_response_again(c->cache, call, call->response, now_s()))
			call->on_done(call);
		else if (kb_flights_lead(c->flights, key, call))
			kb_calls_start(calls, call);
	}
}

int64_t kb_session_cache_wait_ms(const struct kb_session_cache *c)
{
	return kb_flights_wait_ms(c->flights);
}
