/*
 * What makes a turn worth keeping. Private to salience.c and compress.c.
 *
 * tests/eval/fit-constants.py context halves and doubles each (2026-11-30):
 * share of the evidence kept at 20 % of the tokens (dlg_locomo) and of the slot
 * values kept at 30 % (dlg_zh_crosswoz), mean .682 on half 0 and .677 on half
 * 1, held out. No value gains on half 0 beyond chance: at most .0053 +-.0057;
 * twice PRIOR, which is as none of what follows it, loses .0124 +-.0115 on half
 * 1. What changed nothing was taken out: more for a code, less for a polite
 * turn, a limit of the fresh phrases.
 */
#ifndef KB_CONTEXT_SALIENCE_WEIGHTS_H
#define KB_CONTEXT_SALIENCE_WEIGHTS_H

/* BM25 (Robertson et al. 1994) with a smaller b: turns differ in length because
 * of what they say, more than documents do. */
#define BM25_K1 1.2
#define BM25_B	0.5

/* Terms; a word, a character or a code counts 1. */
#define TERM_REFINE 0.5 /* pairs, words as written: half, as in the search */

/* Of a turn's score, what the turns one and two away get. */
#define NEIGHBOUR_1 0.4
#define NEIGHBOUR_2 0.15

/* Times the score, whatever is asked: a turn of nothing, and more for what it
 * holds. */
#define PRIOR	       1.3
#define PRIOR_QUOTE    0.5 /* a quotation, a code */
#define PRIOR_NAME     0.3
#define PRIOR_PHRASE   0.05
#define PRIOR_DIGIT    0.3 /* any */
#define PRIOR_FRESH    0.1 /* a phrase said for the first time, */
#define PRIOR_MOST     3.0
#define PRIOR_NO_MATCH 0.05 /* added to the score, which may be 0 */

/* Salience is divided by tokens to this power when turns compete: 0 would
 * take the best turns, 1 the cheapest. */
#define PRICE 0.35

#endif
