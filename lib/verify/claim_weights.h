/*
 * The model of a claim: does the evidence support it? Private to score.c.
 *
 * Features are of compare.h, each the mean of the claims' mean and least in an
 * answer. Learned by tests/eval/fit-factcheck.py on the half of every set that
 * the hash of the passage names, each set and label with the same weight;
 * the figures are the means of the other halves and of the sets that were
 * held out whole.
 */
#ifndef KB_VERIFY_CLAIM_WEIGHTS_H
#define KB_VERIFY_CLAIM_WEIGHTS_H

#include "learn/linear.h"

const struct kb_linear_model kb_claim_builtin = {
    .name = "claim",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-factcheck.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"fc_begin", "fc_en_rgb_fact",
					       "fc_frank", "fc_lfqa", "fc_qags",
					       "fc_wice", "fc_zh_ocnli", "own",
					       "paraphrase", NULL},
		 .held_out = (const char *const[]){"fc_halueval_qa",
						   "fc_zh_halluqa", NULL},
		 .records = 5044,
		 .figures = (const struct kb_figure[]){{"auroc", 0.830},
						       {"accuracy", 0.755},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover", .weight = 1.25, .nonnegative = true},
	    {.name = "best1", .weight = 0.00, .nonnegative = true},
	    {.name = "best3", .weight = 0.00, .nonnegative = true},
	    {.name = "pairs", .weight = 0.37, .nonnegative = true},
	    {.name = "triples", .weight = 0.00, .nonnegative = true},
	    {.name = "run", .weight = 1.49, .nonnegative = true},
	    {.name = "present", .weight = 0.00, .nonnegative = true},
	    {.name = "numbers", .weight = 2.08, .nonnegative = true},
	    {.name = "entities", .weight = 2.10, .nonnegative = true},
	    {.name = "polarity", .weight = 0.00, .nonnegative = true},
	    {.name = "aligned", .weight = 1.96, .nonnegative = true},
	    {.name = "slots", .weight = 0.00, .nonnegative = true},
	    {.name = "slots_passage", .weight = 0.32, .nonnegative = true},
	    {.name = "added_passage", .weight = 0.00, .nonnegative = true},
	},
    .n = 14,
    .bias = -6.74,
};

#endif
