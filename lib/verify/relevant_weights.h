/*
 * The models of relevance: does a claim answer the question? Private to
 * score.c.
 *
 * Features are of relevance.h. Learned by tests/eval/fit-relevance.py on half
 * 0 of two sets; the figures are shares of half 1, held out, that are sent at
 * .6: of right answers, and of those to other questions.
 */
#ifndef KB_VERIFY_RELEVANT_WEIGHTS_H
#define KB_VERIFY_RELEVANT_WEIGHTS_H

#include "learn/linear.h"

static const struct kb_linear_model kb_relevance_short_builtin = {
    .name = "short",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-relevance.py",
		 .date = "2026-11-30",
		 .sets =
		     (const char *const[]){"en_squad/0", "zh_cmrc2018/0", NULL},
		 .held_out =
		     (const char *const[]){"en_squad/1", "zh_cmrc2018/1", NULL},
		 .records = 1072,
		 .figures = (const struct kb_figure[]){{"en right", 0.906},
						       {"en same", 0.500},
						       {"en other", 0.079},
						       {"zh right", 0.918},
						       {"zh same", 0.532},
						       {"zh other", 0.010},
						       {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "margin",
	     .weight = 1.789,
	     .mean = -0.261,
	     .scale = 0.456,
	     .nonnegative = true},
	    {.name = "rank",
	     .weight = 1.034,
	     .mean = 0.468,
	     .scale = 0.441,
	     .nonnegative = true},
	    {.name = "names",
	     .weight = 0.301,
	     .mean = 0.497,
	     .scale = 0.489,
	     .nonnegative = true},
	    {.name = "kind",
	     .weight = 0.457,
	     .mean = 0.401,
	     .scale = 0.477,
	     .nonnegative = true},
	    {.name = "measure",
	     .weight = 1.238,
	     .mean = -0.200,
	     .scale = 0.959,
	     .nonnegative = true},
	    {.name = "near",
	     .weight = 0.426,
	     .mean = 0.198,
	     .scale = 0.221,
	     .nonnegative = true},
	    {.name = "news",
	     .weight = 0.102,
	     .mean = 0.905,
	     .scale = 0.201,
	     .nonnegative = true},
	    {.name = "lack_window",
	     .weight = 0.106,
	     .mean = -0.750,
	     .scale = 0.721,
	     .nonnegative = true},
	    {.name = "han", .weight = -1.675},
	},
    .n = 9,
    .bias = 2.093,
};

static const struct kb_linear_model kb_relevance_sentence_builtin = {
    .name = "sentence",
    .kind = KB_LOGISTIC,
    .training =
	{.script = "tests/eval/fit-relevance.py",
	 .date = "2026-11-30",
	 .sets = (const char *const[]){"en_squad/0", "zh_cmrc2018/0", NULL},
	 .held_out = (const char *const[]){"en_squad/1", "zh_cmrc2018/1", NULL},
	 .records = 2570,
	 .figures =
	     (const struct kb_figure[]){{"en right sentence", 0.900},
					{"en right", 0.906},
					{"en same", 0.500},
					{"en other", 0.079},
					{"en wrong sentence", 0.579},
					{"en another name, sentence", 0.114},
					{"zh right sentence", 0.936},
					{"zh right", 0.918},
					{"zh same", 0.532},
					{"zh other", 0.010},
					{"zh wrong sentence", 0.430},
					{"zh another name, sentence", 0.004},
					{NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "margin",
	     .weight = 1.525,
	     .mean = -0.248,
	     .scale = 0.388,
	     .nonnegative = true},
	    {.name = "names_passage",
	     .weight = 0.595,
	     .mean = 0.591,
	     .scale = 0.469,
	     .nonnegative = true},
	    {.name = "kind",
	     .weight = 0.111,
	     .mean = 0.487,
	     .scale = 0.491,
	     .nonnegative = true},
	    {.name = "lack",
	     .weight = 0.323,
	     .mean = -0.617,
	     .scale = 0.706,
	     .nonnegative = true},
	    {.name = "lack_window",
	     .weight = 1.241,
	     .mean = -0.840,
	     .scale = 0.718,
	     .nonnegative = true},
	    {.name = "han", .weight = -0.548},
	},
    .n = 6,
    .bias = 1.860,
};

static const struct kb_linear_model kb_relevance_subject_builtin = {
    .name = "subject",
    .kind = KB_LOGISTIC,
    .training = {.script = "tests/eval/fit-relevance.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"en_squad/0", "zh_cmrc2018/0",
					       "answers/0", NULL},
		 .held_out =
		     (const char *const[]){"en_squad/1", "zh_cmrc2018/1",
					   "answers/1", NULL},
		 .records = 2232,
		 .figures =
		     (const struct kb_figure[]){{"en right sentence", 0.900},
						{"en right", 0.906},
						{"en another name", 0.115},
						{"zh right sentence", 0.936},
						{"zh right", 0.918},
						{"zh another name", 0.003},
						{"own right", 0.936},
						{"own name", 0.066},
						{"own noun", 0.145},
						{"own attribute", 0.435},
						{"own condition", 0.200},
						{NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "lack",
	     .weight = 1.742,
	     .mean = -0.263,
	     .scale = 0.385,
	     .nonnegative = true},
	    {.name = "han", .weight = 0.103},
	},
    .n = 2,
    .bias = 2.333,
};

#endif
