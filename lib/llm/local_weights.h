/*
 * The models of the built-in answerer. Private to local.c.
 *
 * Learned by tests/eval/fit-local.py on one half of the questions of every
 * set, scored on the other. 'answer': logistic regression (L2 1) on whether the
 * answer holds the gold one, over questions as they are and twice again with
 * every document, or every sentence, that answers taken away; the bias moved to
 * odds of one right answer in two. 'extent': logistic regression (L2 1) on
 * whether a sentence beside the best one holds of the gold answer what that
 * lacks.
 * 'judge': logistic regression on whether a passage holds the gold answer, of
 * its best sentence without what the search said of it.
 */
#ifndef KB_LLM_LOCAL_WEIGHTS_H
#define KB_LLM_LOCAL_WEIGHTS_H

#include "learn/linear.h"

static const struct kb_linear_model kb_local_answer_builtin = {
    .name = "answer",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 2676,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.919}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_title", .weight = 0.31},
	    {.name = "cover_hit", .weight = 0.46},
	    {.name = "cover", .weight = 1.39},
	    {.name = "cover_all", .weight = 1.05},
	    {.name = "missing_words", .weight = 0.19},
	    {.name = "margin", .weight = 0.14},
	    {.name = "kind", .weight = 0.59},
	    {.name = "is_what", .weight = 1.00},
	    {.name = "title", .weight = 3.09},
	    {.name = "title_asked", .weight = 0.80},
	    {.name = "not_first", .weight = -0.96},
	    {.name = "weight", .weight = 0.31},
	    {.name = "measure", .weight = 0.34},
	    {.name = "yes_no", .weight = -0.51},
	    {.name = "missing_code", .weight = -1.51},
	    {.name = "rare_title", .weight = -2.35},
	    {.name = "rare_hit", .weight = -1.00},
	    {.name = "beyond", .weight = 2.75},
	    {.name = "beyond_hit", .weight = 3.13},
	    {.name = "beyond_other", .weight = -0.60},
	    {.name = "share", .weight = 0.35},
	},
    .n = 21,
    .bias = -7.02,
};

static const struct kb_linear_model kb_local_extent_builtin = {
    .name = "extent",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 3931,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.798}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "gap", .weight = -0.30},
	    {.name = "next", .weight = 0.58},
	    {.name = "previous", .weight = -0.06},
	    {.name = "far", .weight = -0.40},
	    {.name = "next_refers", .weight = 0.21},
	    {.name = "previous_wanted", .weight = 0.66},
	    {.name = "measure", .weight = 1.33},
	    {.name = "joined", .weight = 0.89},
	    {.name = "second", .weight = 0.38},
	    {.name = "many", .weight = 0.73},
	    {.name = "next_many", .weight = -0.50},
	    {.name = "question", .weight = -3.46},
	},
    .n = 12,
    .bias = -2.21,
};

static const struct kb_linear_model kb_local_judge_builtin = {
    .name = "judge",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 5442,
		 .figures = (const struct kb_figure[]){{"auroc", 0.932},
						       {"brier", 0.071},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "sentence", .weight = 0.407},
	},
    .n = 1,
    .bias = -5.825,
};

#endif
