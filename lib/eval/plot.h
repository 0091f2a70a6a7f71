/*
 * Pictures of a confidence, as SVG: a reliability diagram (share of right
 * ones over the confidence, a dot a bin of equal mass) and the risk over the
 * coverage.
 */
#ifndef KB_EVAL_PLOT_H
#define KB_EVAL_PLOT_H

#include "base/buf.h"
#include "learn/reliability.h"

/* The outcomes are sorted as kb_reliability_measure() leaves them; title may
 * be NULL. */
void kb_eval_plot(struct kb_buf *out, const char *title,
		  const struct kb_outcome *outcomes, size_t n);

#endif
