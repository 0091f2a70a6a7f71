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
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 845,
		 .figures =
		     (const struct kb_figure[]){{"hit@1", 0.803}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_rare", .weight = -0.43},
	    {.name = "cover_rare_title", .weight = 7.95},
	    {.name = "cover_rare_hit", .weight = 1.79},
	    {.name = "cover", .weight = -0.23},
	    {.name = "cover_title", .weight = 7.37},
	    {.name = "previous", .weight = 6.92},
	    {.name = "next", .weight = 2.18},
	    {.name = "run", .weight = 2.66},
	    {.name = "score", .weight = 2.68},
	    {.name = "rank", .weight = 0.99},
	    {.name = "first", .weight = 1.14},
	    {.name = "length", .weight = 0.05},
	    {.name = "measure", .weight = 2.46},
	    {.name = "kind_when", .weight = 2.74},
	    {.name = "kind_how_long", .weight = 11.93},
	    {.name = "kind_how_much", .weight = 10.38},
	    {.name = "kind_how_many", .weight = 1.04},
	    {.name = "kind_who", .weight = -0.00},
	    {.name = "kind_where", .weight = 2.65},
	    {.name = "kind_why", .weight = 3.43},
	    {.name = "kind_how", .weight = 0.34},
	    {.name = "kind_yes_no", .weight = 1.68},
	    {.name = "short", .weight = -1.54},
	    {.name = "question", .weight = -2.00},
	    {.name = "near", .weight = 4.99},
	    {.name = "head", .weight = -2.00},
	},
    .n = 26,
    .bias = 0.00,
};

#endif
