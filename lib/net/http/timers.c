#include "net/http/timers.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

static void put(struct kb_timers *timers, size_t at, struct kb_timer *timer)
{
	timers->items[at] = timer;
	timer->place = at;
}

static void sift_up(struct kb_timers *timers, size_t at)
{
	struct kb_timer *timer = timers->items[at];

	for (; at > 1; at /= 2) {
		struct kb_timer *parent = timers->items[at / 2];

		if (parent->at_ms <= timer->at_ms)
			break;
		put(timers, at, parent);
	}
	put(timers, at, timer);
}

static void sift_down(struct kb_timers *timers, size_t at)
{
	struct kb_timer *timer = timers->items[at];

	for (size_t child; (child = at * 2) <= timers->n; at = child) {
		if (child < timers->n && timers->items[child + 1]->at_ms <
					     timers->items[child]->at_ms)
			child++;
		if (timer->at_ms <= timers->items[child]->at_ms)
			break;
		put(timers, at, timers->items[child]);
	}
	put(timers, at, timer);
}

void kb_timers_add(struct kb_timers *timers, struct kb_timer *timer)
{
	kb_timers_remove(timers, timer);
	kb_grow(&timers->items, &timers->cap, timers->n + 2,
		sizeof(*timers->items));
	put(timers, ++timers->n, timer);
	sift_up(timers, timers->n);
}

void kb_timers_remove(struct kb_timers *timers, struct kb_timer *timer)
{
	size_t at = timer->place;
	struct kb_timer *last;

	assert(at <= timers->n);
	assert(!at || timers->items[at] == timer);
	if (!at)
		return;
	timer->place = 0;
	last = timers->items[timers->n--];
	if (last == timer)
		return;
	put(timers, at, last);
	sift_up(timers, at);
	sift_down(timers, last->place);
}

struct kb_timer *kb_timers_first(const struct kb_timers *timers)
{
	return timers->n ? timers->items[1] : NULL;
}

void kb_timers_release(struct kb_timers *timers)
{
	free(timers->items);
	*timers = (struct kb_timers){0};
}
