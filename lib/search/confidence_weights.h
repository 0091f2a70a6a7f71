/*
 * The models of retrieval.confidence, without vectors of a sentence model and
 * with them. Private to confidence.c.
 *
 * Learned by tests/eval/fit-confidence.py (L2 3): is a judged document among
 * the first ten hits? Questions are searched with their documents and again in
 * an index from which these were removed; each set has the same weight. The
 * figures are AUROC of telling the two apart on the sets that were held out.
 * Those of searches with bge-small-zh and bge-small-en, by the model without:
 * .914 .557 .686 .853; by that with, .929 .556 .712 .860.
 */
#ifndef KB_SEARCH_CONFIDENCE_WEIGHTS_H
#define KB_SEARCH_CONFIDENCE_WEIGHTS_H

#include "learn/linear.h"

/*
 * Means over the questions that are fitted, in indexes of many passages, where
 * a judged document is found: the margin, by the rise a line; and the
 * agreement.
 */
#define MARGIN_MEAN    0.43
#define MARGIN_RISE    0.08
#define AGREEMENT_MEAN 0.70

/* The margin with vectors of a model. */
#define MODEL_MARGIN_MEAN 0.45
#define MODEL_MARGIN_RISE 0.05

const struct kb_linear_model kb_confidence_builtin = {
    .name = "retrieval",
    .kind = KB_LOGISTIC,
    .training =
	{.script = "tests/eval/fit-confidence.py",
	 .date = "2026-11-30",
	 .sets = (const char *const[]){"zh_cmrc2018", "en_multihop", "en_lfqa",
				       "en_wice_evidence", NULL},
	 .held_out = (const char *const[]){"en_squad", "zh_kdconv_kb",
					   "kg_pathquestion", "shop", NULL},
	 .records = 2580,
	 .figures = (const struct kb_figure[]){{"en_squad", 0.909},
					       {"zh_kdconv_kb", 0.558},
					       {"kg_pathquestion", 0.681},
					       {"shop", 0.839},
					       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "coverage", .weight = 1.60},
	    {.name = "rise", .weight = 1.66},
	    {.name = "margin", .weight = 1.56},
	    {.name = "agreement", .weight = 1.10},
	    {.name = "graph", .weight = 1.90},
	    {.name = "near", .weight = 1.71},
	    {.name = "unknown", .weight = -0.81},
	},
    .n = 7,
    .bias = -3.12,
};

const struct kb_linear_model kb_confidence_model_builtin = {
    .name = "retrieval",
    .kind = KB_LOGISTIC,
    .training =
	{.script = "tests/eval/fit-confidence.py --model",
	 .date = "2026-11-30",
	 .sets = (const char *const[]){"zh_cmrc2018", "en_multihop", "en_lfqa",
				       "en_wice_evidence", NULL},
	 .held_out = (const char *const[]){"en_squad", "zh_kdconv_kb",
					   "kg_pathquestion", "shop", NULL},
	 .records = 2580,
	 .figures = (const struct kb_figure[]){{"en_squad", 0.929},
					       {"zh_kdconv_kb", 0.556},
					       {"kg_pathquestion", 0.712},
					       {"shop", 0.860},
					       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "coverage", .weight = 1.38},
	    {.name = "rise", .weight = 1.00},
	    {.name = "margin", .weight = 1.55},
	    {.name = "agreement", .weight = 1.26},
	    {.name = "graph", .weight = 1.84},
	    {.name = "near", .weight = 1.77},
	    {.name = "unknown", .weight = -0.50},
	    {.name = "vector", .weight = 3.04},
	},
    .n = 8,
    .bias = -4.15,
};

#endif
