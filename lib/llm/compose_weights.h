/*
 * Numbers by which the built-in answerer composes what it says. Private to
 * local_answer.c.
 *
 * Set by hand. tests/eval/fit-constants.py local halves and doubles each
 * (2026-11-30) as it does those of answer/match_weights.h, which says how it
 * is scored: twice KNOWS gains (+.053 +-.042, half 1 +.104), as silence is
 * right in two of three of those sets; it is not where people ask. CLOSE and
 * BRIEF gain no more than .002 or are within chance.
 */
#ifndef KB_LLM_COMPOSE_WEIGHTS_H
#define KB_LLM_COMPOSE_WEIGHTS_H

#define KNOWS 0.50 /* least confidence */
#define CLOSE 4.0  /* a second sentence so close in score comes along */
#define BRIEF 180  /* bytes; two sentences that short stand together */

#endif
