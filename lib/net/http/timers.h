/*
 * A binary heap of timers by their time. Each is part of what waits for it:
 * borrowed, and it remembers its own place. Zeroed, a timer is in no heap.
 */
#ifndef KB_NET_HTTP_TIMERS_H
#define KB_NET_HTTP_TIMERS_H

#include <stddef.h>
#include <stdint.h>

struct kb_timer {
	int64_t at_ms;
	size_t place; /* 1-based, in the heap; 0: in none */
};

struct kb_timers {
	struct kb_timer **items; /* 1-based */
	size_t n, cap;
};

/* One that is in already moves to its new time. */
void kb_timers_add(struct kb_timers *timers, struct kb_timer *timer);
void kb_timers_remove(struct kb_timers *timers, struct kb_timer *timer);

/* The earliest, or NULL. */
struct kb_timer *kb_timers_first(const struct kb_timers *timers);
void kb_timers_release(struct kb_timers *timers);

#endif
