/*
 * Numbers by which the built-in answerer composes what it says. Private to
 * local_answer.c.
 *
 * Set by hand. tests/eval/fit-constants.py local halves and doubles KNOWS
 * (2026-11-30) as it does those of answer/match_weights.h, which says how it
 * is scored: twice KNOWS gains (+.053 +-.042, half 1 +.104), as silence is
 * right in two of three of those sets; it is not where people ask.
 * EXTENT_LEAST: by a trial outside the tree, on sentences of half 1 of
 * fit-local.py's sets, of which that script prints the AUROC alone: the best
 * sentence by itself holds the answer in .81 (zh_cmrc2018) and .75 (en_squad),
 * with .06 .89 and .84 in 1.8 and 1.6 sentences, with .04 .90 and .85 in 2.1
 * and 1.9, with .10 .87 and .79 in 1.5 and 1.3.
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
