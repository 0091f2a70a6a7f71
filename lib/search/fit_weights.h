/*
 * The reranker of fit.h, as --tune tries it. Private to fit.c.
 *
 * Learned by tests/eval/fit-rerank.py, which raises the mean of nDCG@10 and
 * recall@10 of the sets, each with the same weight, one weight at a time; the
 * figures are nDCG@10 of the held out sets without and with it. It helps text
 * and hurts triples, so an index gets it only where --tune finds a gain.
 */
#ifndef KB_SEARCH_FIT_WEIGHTS_H
#define KB_SEARCH_FIT_WEIGHTS_H

#include "learn/linear.h"

const struct kb_linear_model kb_fit_builtin = {
    .name = "reranker",
    .kind = KB_LINEAR,
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover", .weight = .15, .nonnegative = true},
	    {.name = "title", .weight = .5, .nonnegative = true},
	    {.name = "order", .weight = .02, .nonnegative = true},
	    {.name = "near", .weight = .05, .nonnegative = true},
	    {.name = "run", .weight = .5, .nonnegative = true},
	},
    .n = 5,
    .bias = 0,
};

#endif
