/*
 * Numbers by which the built-in answerer composes what it says. Private to
 * local_answer.c.
 *
 * KNOWS is where the router sends an answer out: who is not answered anyway is
 * better served by the nearest passages.
 * EXTENT_LEAST, EXTENT_LEAST_MANY: extent_table() of tests/eval/fit-local.py,
 * chosen on half 0; on half 1 (2026-11-30) the best sentence by itself holds
 * the answer in .873 (zh_cmrc2018) and .750 (en_squad) of the questions for one
 * thing, with .06 and 3 sentences at most in .924 and .833, 1.8 and 1.7 of
 * them, with .04 .928 and .843, 2.1 and 2.0, with .10 .916 and .801, 1.4
 * and 1.4. Of those for several (zh_cmrc2018) .717; with .06 and 3 sentences
 * .837, with .06 and 6 .867, with .03 and 6 .904, 4.4 of them. What stands
 * between two counts. JOIN_LEAST and JOIN_SHARE were not fitted: in no set
 * a question asks twice, and none of their answers is joined.
 */
#ifndef KB_LLM_COMPOSE_WEIGHTS_H
#define KB_LLM_COMPOSE_WEIGHTS_H

#define KNOWS 0.60 /* least confidence: that of the router, too */

/* A sentence comes along that holds what the best one lacks with this
 * probability. It is considered when it is so near the best one, or when no
 * more of the passage than these score higher. */
#define EXTENT_LEAST	  0.06
#define EXTENT_LEAST_MANY 0.03 /* when it asks for several things */
#define EXTENT_AWAY	  3
#define EXTENT_RANK	  3
#define EXTENT_GAP_MOST	  12

/* A sentence of another passage comes along where the question asks for two
 * things, so much of its words' weight is in none of the answer, and that
 * sentence has this share of it. */
#define JOIN_LEAST 1.5
#define JOIN_SHARE 0.6

#define LIST_BYTES 900 /* of a list that is told whole */

#endif
