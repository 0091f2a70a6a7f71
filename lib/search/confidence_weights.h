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

/*
 * Means over the questions that are fitted, in indexes of many passages, where
 * a judged document is found: the margin, by the rise a line; and the
 * agreement.
 */
#define MARGIN_MEAN    0.43
#define MARGIN_RISE    0.08
#define AGREEMENT_MEAN 0.70

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

#endif
