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
		 .date = "2026-11-25",
		 .sets = (const char *const[]){"zh_cmrc2018/0", "en_squad/0",
					       "sample/0", "near/0", NULL},
		 .held_out =
		     (const char *const[]){"zh_cmrc2018/1", "en_squad/1",
					   "sample/1", "near/1", NULL},
		 .records = 0,
		 .figures =
		     (const struct kb_figure[]){{"hit@1", 0.796}, {NULL, 0}}},
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "cover_rare", .weight = -0.44},
	    {.name = "cover_rare_title", .weight = 7.75},
	    {.name = "cover_rare_hit", .weight = 2.12},
	    {.name = "cover", .weight = 0.21},
	    {.name = "cover_title", .weight = 7.37},
	    {.name = "previous", .weight = 6.64},
	    {.name = "next", .weight = 2.86},
	    {.name = "run", .weight = 2.29},
	    {.name = "score", .weight = 2.76},
	    {.name = "rank", .weight = 0.81},
	    {.name = "first", .weight = 1.04},
	    {.name = "length", .weight = 0.12},
	    {.name = "measure", .weight = 2.32},
	    {.name = "kind_when", .weight = 3.47},
	    {.name = "kind_how_long", .weight = 11.32},
	    {.name = "kind_how_much", .weight = 11.08},
	    {.name = "kind_how_many", .weight = 2.36},
	    {.name = "kind_who", .weight = -0.18},
	    {.name = "kind_where", .weight = 2.66},
	    {.name = "kind_why", .weight = 3.46},
	    {.name = "kind_how", .weight = -0.20},
	    {.name = "kind_yes_no", .weight = 1.64},
	    {.name = "short", .weight = -1.62},
	    {.name = "question", .weight = -2.00},
	},
    .n = 24,
    .bias = 0.00,
};

#endif
