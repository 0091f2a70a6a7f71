/* The options of fact-check. Included by fact-check.c only. */
#ifndef KB_CMD_FACT_CHECK_H
#define KB_CMD_FACT_CHECK_H

#include "cli/run.h"

static struct {
	double threshold;
	uint64_t fetch;
} o = {.threshold = .6, .fetch = 5};

static const struct kb_opt table[] = {
    {0, "fetch", "N", "passages to fetch from the indexes (5)", KB_OPT_COUNT,
     &o.fetch, 1, 100, NULL},
    {0, "threshold", "X", "confidence from which to answer (0.6)",
     KB_OPT_NUMBER, &o.threshold, 0, 1, NULL},
};

#endif
