/*
 * Finding the chunks of a window whose points reach a floor, the inner loop
 * of the scan: most windows hold a handful among thousands.
 *
 * There is one implementation per instruction set, with identical results.
 */
#ifndef KB_SEARCH_LEXICAL_COLLECT_H
#define KB_SEARCH_LEXICAL_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KB_COLLECT_STEP 64

/* Places i with points[i] >= least, ascending, into found (room for n, and a
 * step more that may be overwritten); how many. n is a multiple of
 * KB_COLLECT_STEP, at most 65536; least > 0. */
typedef uint32_t kb_collect_fn(const int32_t *points, size_t n, int32_t least,
			       uint16_t *found);

struct kb_collect {
	const char *name;
	bool (*supported)(void);
	kb_collect_fn *run;
};

/* The fastest one this processor can run. */
kb_collect_fn *kb_collect_best(void);

/* All implementations, scalar last, ended by a NULL name; for tests. */
extern const struct kb_collect kb_collect_all[];

#endif
