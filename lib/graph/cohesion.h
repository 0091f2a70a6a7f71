/*
 * Chinese names that nothing marks: runs of two to four characters that hold
 * together and stand in changing company.
 *
 * Counted is a sample of the text: every chunk, or every second, fourth ...
 * one, so that no more than KB_COHESION_CHARS characters are held. A run is a
 * name when its parts meet far oftener than by chance at its weakest split
 * (pointwise mutual information), and when what stands before it varies, and
 * what stands after it (branching entropy). Everyday words that pass are
 * names too; the graph drops what is in more than 1 % of the chunks.
 */
#ifndef KB_GRAPH_COHESION_H
#define KB_GRAPH_COHESION_H

#include <stddef.h>
#include <stdint.h>

#include "text/analyze.h"

#define KB_COHESION_CHARS ((size_t)1 << 20)
#define KB_COHESION_LONG  4 /* characters of the longest name */

/* Starts zeroed. */
struct kb_cohesion {
	uint16_t *text; /* characters; 0 ends a run of them, 1 a chunk */
	size_t n, cap;
	uint32_t n_chunks; /* so far */
	uint32_t stride;   /* one of so many is in the sample; 0: none yet */
};

void kb_cohesion_release(struct kb_cohesion *c);

/* The next chunk. Borrows nothing. */
void kb_cohesion_add(struct kb_cohesion *c, const struct kb_terms *terms);

/* Call name() with the characters of every name, in the order in which the
 * sample has them. */
void kb_cohesion_find(const struct kb_cohesion *c,
		      void (*name)(void *arg, const uint16_t *chars, size_t n),
		      void *arg);

#endif
