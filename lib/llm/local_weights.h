/*
 * The models of the built-in answerer. Private to local.c.
 *
 * Learned by tests/eval/fit-local.py on one half of the questions of every
 * set, scored on the other. 'answer': logistic regression (L2 1) on whether the
 * answer holds the gold one, over questions as they are and twice again with
 * every document, or every sentence, that answers taken away; the bias moved to
 * odds of PRIOR. 'extent': logistic regression (L2 1) on
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
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 2737,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.916}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_title", .weight = -0.16},
	    {.name = "cover_hit", .weight = 0.53},
	    {.name = "cover", .weight = 1.45},
	    {.name = "cover_all", .weight = 0.97},
	    {.name = "missing_words", .weight = 0.19},
	    {.name = "margin", .weight = 0.29},
	    {.name = "kind", .weight = 0.43},
	    {.name = "is_what", .weight = 0.98},
	    {.name = "title", .weight = 3.23},
	    {.name = "title_asked", .weight = 0.64},
	    {.name = "not_first", .weight = -0.51},
	    {.name = "weight", .weight = 0.18},
	    {.name = "measure", .weight = 0.05},
	    {.name = "yes_no", .weight = -0.47},
	    {.name = "missing_code", .weight = -0.89},
	    {.name = "rare_title", .weight = -2.51},
	    {.name = "rare_hit", .weight = -1.41},
	    {.name = "beyond", .weight = 3.26},
	    {.name = "beyond_hit", .weight = 3.20},
	    {.name = "beyond_other", .weight = -0.08},
	    {.name = "option", .weight = 1.40},
	    {.name = "share", .weight = 0.35},
	},
    .n = 22,
    .bias = -6.97,
};

static const struct kb_linear_model kb_local_meant_builtin = {
    .name = "answer",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-12-01",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 2737,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.933}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_title", .weight = 0.91},
	    {.name = "cover_hit", .weight = -2.67},
	    {.name = "cover", .weight = 0.88},
	    {.name = "cover_all", .weight = 0.52},
	    {.name = "missing_words", .weight = -0.09},
	    {.name = "margin", .weight = 0.24},
	    {.name = "kind", .weight = 0.19},
	    {.name = "is_what", .weight = 0.80},
	    {.name = "title", .weight = 2.65},
	    {.name = "title_asked", .weight = -0.14},
	    {.name = "not_first", .weight = -0.68},
	    {.name = "weight", .weight = -0.20},
	    {.name = "measure", .weight = -0.13},
	    {.name = "yes_no", .weight = -0.30},
	    {.name = "missing_code", .weight = -0.42},
	    {.name = "rare_title", .weight = -1.08},
	    {.name = "rare_hit", .weight = -1.15},
	    {.name = "beyond", .weight = 0.08},
	    {.name = "beyond_hit", .weight = 5.07},
	    {.name = "beyond_other", .weight = -0.18},
	    {.name = "option", .weight = -0.03},
	    {.name = "share", .weight = 0.31},
	    {.name = "meaning", .weight = 7.26},
	},
    .n = 23,
    .bias = -6.71,
};

static const struct kb_linear_model kb_local_extent_builtin = {
    .name = "extent",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 3903,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.787}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "gap", .weight = -0.34},
	    {.name = "next", .weight = 0.60},
	    {.name = "previous", .weight = -0.41},
	    {.name = "far", .weight = -0.41},
	    {.name = "next_refers", .weight = 0.37},
	    {.name = "previous_wanted", .weight = 0.29},
	    {.name = "measure", .weight = 1.26},
	    {.name = "joined", .weight = 0.75},
	    {.name = "second", .weight = 0.38},
	    {.name = "many", .weight = 0.61},
	    {.name = "next_many", .weight = -0.57},
	    {.name = "question", .weight = -3.31},
	},
    .n = 12,
    .bias = -2.09,
};

static const struct kb_linear_model kb_local_judge_builtin = {
    .name = "judge",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 9340,
		 .figures = (const struct kb_figure[]){{"auroc", 0.928},
						       {"brier", 0.051},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "sentence", .weight = 0.507},
	},
    .n = 1,
    .bias = -6.176,
};

#endif
