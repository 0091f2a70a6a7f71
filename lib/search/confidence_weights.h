/*
 * The model of retrieval.confidence. Private to confidence.c.
 *
 * Learned by tests/eval/fit-confidence.py (L2 3): is a judged document among
 * the first ten hits? Questions are searched with their documents and again in
 * an index from which these were removed; each set has the same weight. The
 * figures are AUROC of telling the two apart on the sets that were held out.
 */
#ifndef KB_SEARCH_CONFIDENCE_WEIGHTS_H
#define KB_SEARCH_CONFIDENCE_WEIGHTS_H

#include "learn/linear.h"

const struct kb_linear_model kb_confidence_builtin = {
    .name = "retrieval",
    .kind = KB_LOGISTIC,
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "coverage", .weight = 1.63},
	    {.name = "rise", .weight = 1.55},
	    {.name = "margin", .weight = 2.19},
	    {.name = "agreement", .weight = 1.08},
	    {.name = "graph", .weight = 2.03},
	    {.name = "near", .weight = 1.68},
	    {.name = "unknown", .weight = -.59},
	},
    .n = 7,
    .bias = -3.54,
};

#endif
