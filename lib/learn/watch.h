/*
 * Watching what a model is given, while it is used: are scores and features
 * spread as they were in what it was learned from (drift.h)?
 *
 * One watch a thread, joined at the end.
 */
#ifndef KB_LEARN_WATCH_H
#define KB_LEARN_WATCH_H

#include "base/buf.h"
#include "learn/linear.h"

struct kb_watch {
	const struct kb_linear *model; /* borrowed */
	uint64_t n;
	struct kb_tally score, features[KB_LINEAR_FEATURES];
};

void kb_watch_init(struct kb_watch *watch, const struct kb_linear *model);

/* values: as of kb_linear_sum(); score: what became of them. */
void kb_watch_add(struct kb_watch *watch, const double *values, double score);
void kb_watch_join(struct kb_watch *watch, const struct kb_watch *other);

/* Is a spread another one than in training? Then append a sentence that says
 * so, about these "records", without an end of line. */
bool kb_watch_warn(const struct kb_watch *watch, const char *records,
		   struct kb_buf *out);

/* Append the JSON object: how many were seen, and the indices. */
void kb_watch_write(const struct kb_watch *watch, struct kb_buf *out);

#endif
