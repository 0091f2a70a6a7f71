/*
 * The models of the built-in answerer. Private to local.c.
 *
 * Learned by tests/eval/fit-local.py on one half of the questions of every
 * set, scored on the other. 'answer': logistic regression (L2 1) on whether the
 * chosen sentence holds the gold answer, over questions as they are and twice
 * again with every document, or every sentence, that answers taken away.
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
		 .date = "2026-11-25",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 0,
		 .figures =
		     (const struct kb_figure[]){{"auroc", 0.922}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_title", .weight = 1.04},
	    {.name = "cover_hit", .weight = 1.15},
	    {.name = "cover", .weight = 1.48},
	    {.name = "cover_all", .weight = 0.33},
	    {.name = "missing_words", .weight = 0.16},
	    {.name = "margin", .weight = 0.45},
	    {.name = "kind", .weight = 0.88},
	    {.name = "is_what", .weight = 0.58},
	    {.name = "title", .weight = 2.24},
	    {.name = "title_asked", .weight = 0.22},
	    {.name = "not_first", .weight = -1.03},
	    {.name = "weight", .weight = 0.74},
	    {.name = "measure", .weight = 0.40},
	    {.name = "yes_no", .weight = -0.49},
	    {.name = "missing_code", .weight = -1.69},
	    {.name = "rare_title", .weight = -1.08},
	    {.name = "rare_hit", .weight = -2.04},
	    {.name = "beyond", .weight = 3.91},
	    {.name = "beyond_hit", .weight = 1.50},
	    {.name = "beyond_other", .weight = -0.53},
	},
    .n = 20,
    .bias = -7.29,
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
		 .figures = (const struct kb_figure[]){{"auroc", 0.937},
						       {"brier", 0.067},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "sentence", .weight = 0.453},
	},
    .n = 1,
    .bias = -6.467,
};

#endif
