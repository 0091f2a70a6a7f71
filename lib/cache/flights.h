/*
 * Single flight: of calls that ask the same, one goes out, and the others wait
 * for what comes of it; between processes, too (kb_cache_claim()).
 *
 * Who waits for a call of this process is told when that is done; who waits
 * for another process looks every few milliseconds, and asks by itself when it
 * has waited as long as an attempt may take. A call that comes to nothing lets
 * the next one go.
 */
#ifndef KB_CACHE_FLIGHTS_H
#define KB_CACHE_FLIGHTS_H

#include "cache/cache.h"
#include "net/call.h"

struct kb_flights;

struct kb_flights *kb_flights_new(struct kb_cache *cache); /* borrowed */
/* Calls that wait are dropped. NULL is allowed. */
void kb_flights_free(struct kb_flights *flights);

/* May it go out? Else it waits, and comes from kb_flights_next(). */
bool kb_flights_join(struct kb_flights *flights, struct kb_hash128 key,
		     struct kb_call *call);

/* A call that went out is done. */
void kb_flights_leave(struct kb_flights *flights, struct kb_hash128 key);

/*
 * A call that need not wait any more, or NULL: there is none. The cache is to
 * be looked at again; with nothing there kb_flights_lead() says whether it goes
 * out now, else it waits again.
 */
struct kb_call *kb_flights_next(struct kb_flights *flights,
				struct kb_hash128 *key);
bool kb_flights_lead(struct kb_flights *flights, struct kb_hash128 key,
		     struct kb_call *call);

/* How long nothing can be due; -1: nobody waits. */
int64_t kb_flights_wait_ms(const struct kb_flights *flights);

#endif
