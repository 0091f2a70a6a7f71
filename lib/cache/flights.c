#include "cache/flights.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"

#define POLL_MS 10 /* of who waits for another process */

struct waiter {
	struct kb_call *call;
	struct waiter *next;
};

enum state {
	OUT,	/* a call of this process asks */
	ABROAD, /* another process does */
	READY,	/* nobody does any more; those who wait come one by one */
};

/* All that ask one thing. Waiters lie in the arenas of their calls. */
struct flight {
	struct kb_hash128 key;
	enum state state;
	bool claimed; /* between processes */
	bool alone;   /* has waited for long enough for another process */
	int64_t since_ms;
	struct waiter *first, **last;
	struct flight *next; /* of those ABROAD, or READY */
};

struct kb_flights {
	struct kb_cache *cache;
	struct kb_map map; /* key.low -> flight */
	struct flight *abroad, *ready;
	int64_t looked_ms;
};

struct kb_flights *kb_flights_new(struct kb_cache *cache)
{
	struct kb_flights *f = kb_calloc(1, sizeof(*f));

	f->cache = cache;
	kb_map_init(&f->map);
	return f;
}

void kb_flights_free(struct kb_flights *f)
{
	struct kb_map_slot slot;
	size_t pos = 0;

	if (!f)
		return;
	while (kb_map_next(&f->map, &pos, &slot)) {
		struct flight *flight = (struct flight *)(uintptr_t)slot.value;

		if (flight && flight->claimed)
			kb_cache_yield(f->cache, flight->key);
		free(flight);
	}
	kb_map_release(&f->map);
	free(f);
}

/* The value of a key that is no more is 0. */
static struct flight *find(const struct kb_flights *f, struct kb_hash128 key)
{
	uint64_t *at = kb_map_get(&f->map, key.low);
	struct flight *flight = at ? (struct flight *)(uintptr_t)*at : NULL;

	return flight && flight->key.high == key.high ? flight : NULL;
}

static void add_waiter(struct flight *flight, struct kb_call *call)
{
	struct waiter *w = kb_arena_calloc(call->arena, 1, sizeof(*w));

	w->call = call;
	*flight->last = w;
	flight->last = &w->next;
}

static void go_abroad(struct kb_flights *f, struct flight *flight)
{
	flight->state = ABROAD;
	flight->since_ms = kb_clock_ms();
	flight->next = f->abroad;
	f->abroad = flight;
}

bool kb_flights_join(struct kb_flights *f, struct kb_hash128 key,
		     struct kb_call *call)
{
	struct flight *flight = find(f, key);
	uint64_t *at;

	if (flight) {
		add_waiter(flight, call);
		return false;
	}
	at = kb_map_put(&f->map, key.low, NULL);
	if (*at) /* of another that begins alike: it goes by itself */
		return true;
	flight = kb_calloc(1, sizeof(*flight));
	flight->key = key;
	flight->last = &flight->first;
	*at = (uintptr_t)flight;
	flight->claimed = kb_cache_claim(f->cache, key);
	if (flight->claimed)
		return true;
	add_waiter(flight, call);
	go_abroad(f, flight);
	return false;
}

static void be_ready(struct kb_flights *f, struct flight *flight)
{
	flight->state = READY;
	flight->next = f->ready;
	f->ready = flight;
}

static void land(struct kb_flights *f, struct flight *flight)
{
	uint64_t *at = kb_map_get(&f->map, flight->key.low);

	if (flight->claimed)
		kb_cache_yield(f->cache, flight->key);
	*at = 0;
	free(flight);
}

void kb_flights_leave(struct kb_flights *f, struct kb_hash128 key)
{
	struct flight *flight = find(f, key);

	if (!flight || flight->state != OUT)
		return;
	if (flight->first)
		be_ready(f, flight);
	else
		land(f, flight);
}

/* What others have left to this process. */
static void look_abroad(struct kb_flights *f)
{
	struct flight **at = &f->abroad;
	int64_t now = kb_clock_ms();

	if (now - f->looked_ms < POLL_MS)
		return;
	f->looked_ms = now;
	while (*at) {
		struct flight *flight = *at;

		flight->claimed = kb_cache_claim(f->cache, flight->key);
		flight->alone =
		    now - flight->since_ms >= flight->first->call->timeout_ms;
		if (!flight->claimed && !flight->alone) {
			at = &flight->next;
			continue;
		}
		*at = flight->next;
		be_ready(f, flight);
	}
}

struct kb_call *kb_flights_next(struct kb_flights *f, struct kb_hash128 *key)
{
	if (f->abroad)
		look_abroad(f);
	while (f->ready) {
		struct flight *flight = f->ready;
		struct waiter *w = flight->first;

		if (!w) {
			f->ready = flight->next;
			land(f, flight);
			continue;
		}
		flight->first = w->next;
		if (!w->next)
			flight->last = &flight->first;
		*key = flight->key;
		return w->call;
	}
	return NULL;
}

bool kb_flights_lead(struct kb_flights *f, struct kb_hash128 key,
		     struct kb_call *call)
{
	struct flight *flight = f->ready;

	/* it is the one that kb_flights_next() gave the call of */
	assert(flight && flight->key.low == key.low);
	(void)key;
	f->ready = flight->next;
	if (!flight->claimed)
		flight->claimed = kb_cache_claim(f->cache, flight->key);
	if (flight->claimed || flight->alone) {
		flight->state = OUT;
		return true;
	}
	add_waiter(flight, call);
	go_abroad(f, flight);
	return false;
}

int64_t kb_flights_wait_ms(const struct kb_flights *f)
{
	if (f->ready)
		return 0;
	return f->abroad ? POLL_MS : -1;
}
