/*
 * A binary heap of calls by their wake_at_ms. Private to lib/net; the calls
 * are borrowed and remember their own place in heap_at.
 */
#ifndef KB_NET_TIMERS_H
#define KB_NET_TIMERS_H

#include <stddef.h>

struct kb_call;

struct kb_timers {
	struct kb_call **items; /* 1-based */
	size_t n, cap;
};

/* A call that is in already moves to its new time. */
void kb_timers_add(struct kb_timers *timers, struct kb_call *call);
void kb_timers_remove(struct kb_timers *timers, struct kb_call *call);

/* The earliest, or NULL. */
struct kb_call *kb_timers_first(const struct kb_timers *timers);
void kb_timers_release(struct kb_timers *timers);

#endif
