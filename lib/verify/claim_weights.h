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
		 .date = "2026-11-24",
		 .sets = (const char *const[]){"fc_begin", "fc_en_rgb_fact",
					       "fc_frank", "fc_lfqa", "fc_qags",
					       "fc_wice", "fc_zh_ocnli", NULL},
		 .held_out = (const char *const[]){"fc_halueval_qa",
						   "fc_zh_halluqa", NULL},
		 .records = 3748,
		 .figures = (const struct kb_figure[]){{"auroc", 0.817},
						       {"accuracy", 0.742},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover", .weight = 1.03, .nonnegative = true},
	    {.name = "best1", .weight = 0.76, .nonnegative = true},
	    {.name = "best3", .weight = 0.88, .nonnegative = true},
	    {.name = "pairs", .weight = 0.38, .nonnegative = true},
	    {.name = "triples", .weight = 0.41, .nonnegative = true},
	    {.name = "run", .weight = 1.42, .nonnegative = true},
	    {.name = "present", .weight = 0.00, .nonnegative = true},
	    {.name = "numbers", .weight = 1.27, .nonnegative = true},
	    {.name = "entities", .weight = 1.50, .nonnegative = true},
	    {.name = "polarity", .weight = 0.62, .nonnegative = true},
	    {.name = "question", .weight = 0.00, .nonnegative = true},
	},
    .n = 11,
    .bias = -5.73,
};

#endif
