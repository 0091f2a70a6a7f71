/* A question and the passages that may answer it. */
#ifndef KB_ANSWER_ASKED_H
#define KB_ANSWER_ASKED_H

#include <stddef.h>

#include "base/mem.h"

/* A passage as search found it. */
struct kb_asked_hit {
	struct kb_str title, text;
	double score;  /* as search gave it; higher is better */
	size_t number; /* by which it is cited; 0: its place, from 1 */
};

/* A question and its passages, best first. All borrowed. */
struct kb_asked {
	struct kb_str query;
	const struct kb_asked_hit *hits;
	size_t n_hits;
};

#endif
