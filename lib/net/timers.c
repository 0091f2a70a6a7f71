#include "net/timers.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/call.h"

static void place(struct kb_timers *timers, size_t at, struct kb_call *call)
{
	timers->items[at] = call;
	call->heap_at = at;
}

static void sift_up(struct kb_timers *timers, size_t at)
{
	struct kb_call *call = timers->items[at];

	for (; at > 1; at /= 2) {
		struct kb_call *parent = timers->items[at / 2];

		if (parent->wake_at_ms <= call->wake_at_ms)
			break;
		place(timers, at, parent);
	}
	place(timers, at, call);
}

static void sift_down(struct kb_timers *timers, size_t at)
{
	struct kb_call *call = timers->items[at];

	for (size_t child; (child = at * 2) <= timers->n; at = child) {
		if (child < timers->n && timers->items[child + 1]->wake_at_ms <
					     timers->items[child]->wake_at_ms)
			child++;
		if (call->wake_at_ms <= timers->items[child]->wake_at_ms)
			break;
		place(timers, at, timers->items[child]);
	}
	place(timers, at, call);
}

void kb_timers_add(struct kb_timers *timers, struct kb_call *call)
{
	kb_timers_remove(timers, call);
	kb_grow(&timers->items, &timers->cap, timers->n + 2,
		sizeof(*timers->items));
	place(timers, ++timers->n, call);
	sift_up(timers, timers->n);
}

void kb_timers_remove(struct kb_timers *timers, struct kb_call *call)
{
	size_t at = call->heap_at;
	struct kb_call *last;

	assert(at <= timers->n);
	assert(!at || timers->items[at] == call);
	if (!at)
		return;
	call->heap_at = 0;
	last = timers->items[timers->n--];
	if (last == call)
		return;
	place(timers, at, last);
	sift_up(timers, at);
	sift_down(timers, last->heap_at);
}

struct kb_call *kb_timers_first(const struct kb_timers *timers)
{
	return timers->n ? timers->items[1] : NULL;
}

void kb_timers_release(struct kb_timers *timers)
{
	free(timers->items);
	*timers = (struct kb_timers){0};
}
