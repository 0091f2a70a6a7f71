/*
 * An answer of several passages: where a question asks twice and the passage of
 * the best sentence speaks of one of the things, the sentence of another
 * passage that speaks of the other.
 */
#ifndef KB_LLM_JOIN_H
#define KB_LLM_JOIN_H

#include "llm/extent.h"

#define KB_JOIN_PARTS 3

struct kb_join {
	struct kb_extent parts[KB_JOIN_PARTS]; /* each of another passage */
	size_t n;			       /* at least 1 */
};

/* first: what is told of the best sentence's passage. model: that of the
 * extent. The reading is ranked. */
void kb_join_choose(const struct kb_linear *model, const struct kb_reading *r,
		    const struct kb_extent *first, struct kb_join *out);

#endif
