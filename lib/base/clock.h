/*
 * The clocks: one that only goes forward, for deadlines and latencies, and
 * the time of day in files' times, which may be set back.
 */
#ifndef KB_BASE_CLOCK_H
#define KB_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t kb_clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Since 1970, as st_mtim. */
static inline int64_t kb_clock_wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline int64_t kb_clock_ms(void)
{
	return (int64_t)(kb_clock_ns() / 1000000u);
}

#endif
