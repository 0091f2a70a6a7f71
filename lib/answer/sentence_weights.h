/*
 * The model of a sentence that answers. Private to answer_reader.c.
 *
 * Learned by tests/eval/fit-local.py on one half of the questions of every
 * set, scored on the other: softmax over the sentences of a question, maximum
 * likelihood of those that hold the gold answer, L2 .002.
 */
#ifndef KB_ANSWER_SENTENCE_WEIGHTS_H
#define KB_ANSWER_SENTENCE_WEIGHTS_H

#include "learn/linear.h"

static const struct kb_linear_model kb_sentence_builtin = {
    .name = "sentence",
    .kind = KB_LINEAR,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-11-30",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 876,
		 .figures =
		     (const struct kb_figure[]){{"hit@1", 0.797}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_rare", .weight = 0.01},
	    {.name = "cover_rare_title", .weight = 7.30},
	    {.name = "cover_rare_hit", .weight = 1.52},
	    {.name = "cover", .weight = -0.44},
	    {.name = "cover_title", .weight = 6.32},
	    {.name = "previous", .weight = 6.27},
	    {.name = "next", .weight = 4.91},
	    {.name = "run", .weight = 2.44},
	    {.name = "score", .weight = 3.14},
	    {.name = "rank", .weight = 0.29},
	    {.name = "first", .weight = 0.84},
	    {.name = "length", .weight = -0.18},
	    {.name = "measure", .weight = 2.31},
	    {.name = "kind_when", .weight = 2.70},
	    {.name = "kind_how_long", .weight = 5.03},
	    {.name = "kind_how_much", .weight = 11.66},
	    {.name = "kind_how_many", .weight = 2.42},
	    {.name = "kind_who", .weight = 0.12},
	    {.name = "kind_where", .weight = 2.46},
	    {.name = "kind_why", .weight = 3.01},
	    {.name = "kind_how", .weight = -0.02},
	    {.name = "kind_yes_no", .weight = 1.86},
	    {.name = "short", .weight = -1.01},
	    {.name = "question", .weight = -2.21},
	    {.name = "near", .weight = 3.15},
	    {.name = "head", .weight = -2.00},
	    {.name = "option", .weight = 2.37},
	},
    .n = 27,
    .bias = 0.00,
};

static const struct kb_linear_model kb_sentence_meant_builtin = {
    .name = "sentence",
    .kind = KB_LINEAR,
    .training = {.script = "tests/eval/fit-local.py",
		 .date = "2026-12-01",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", "manual/0",
					       NULL},
		 .held_out = (const char *const[]){"zh_cmrc2018/1",
						   "en_squad/1", "sample/1",
						   "near/1", "manual/1", NULL},
		 .records = 873,
		 .figures =
		     (const struct kb_figure[]){{"hit@1", 0.820}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_rare", .weight = -0.01},
	    {.name = "cover_rare_title", .weight = 4.70},
	    {.name = "cover_rare_hit", .weight = 1.84},
	    {.name = "cover", .weight = -0.32},
	    {.name = "cover_title", .weight = 4.06},
	    {.name = "previous", .weight = 6.00},
	    {.name = "next", .weight = 4.57},
	    {.name = "run", .weight = 1.33},
	    {.name = "score", .weight = 2.00},
	    {.name = "rank", .weight = 0.42},
	    {.name = "first", .weight = 0.79},
	    {.name = "length", .weight = 0.06},
	    {.name = "measure", .weight = 3.09},
	    {.name = "kind_when", .weight = 2.33},
	    {.name = "kind_how_long", .weight = 3.63},
	    {.name = "kind_how_much", .weight = 11.30},
	    {.name = "kind_how_many", .weight = 0.98},
	    {.name = "kind_who", .weight = -0.09},
	    {.name = "kind_where", .weight = 2.31},
	    {.name = "kind_why", .weight = 2.30},
	    {.name = "kind_how", .weight = 1.42},
	    {.name = "kind_yes_no", .weight = 1.90},
	    {.name = "short", .weight = -1.03},
	    {.name = "question", .weight = -2.00},
	    {.name = "near", .weight = 1.73},
	    {.name = "head", .weight = -2.00},
	    {.name = "option", .weight = 2.68},
	    {.name = "meaning", .weight = 12.63},
	},
    .n = 28,
    .bias = 0.00,
};

#endif
