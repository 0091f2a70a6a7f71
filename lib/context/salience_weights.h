/*
 * Which turns a question needs. Private to salience.c, select.c,
 * shorten.c and summarize.c.
 *
 * The weights are set by hand in halves: a turn's own score first, its
 * neighbours' less the farther they are, the speaker whom the question names.
 * Measured by tests/eval/fit-salience.py (2026-12-01) on dlg_locomo, where some
 * of them were chosen, so that this is nothing held out: .905 of the evidence
 * is kept in 10 % of the tokens, .944 in 20 %, .969 in 30 % (weights that its
 * other conversations teach: .899, .939, .960); of windows of 32 turns, 30 %
 * and the last four, .905. The prior counts half since it tells turns further
 * apart. EVERYWHERE and SYNONYM are chosen by it (by the prior of then .899,
 * .943, .964 and .908, without them .881, .925, .960 and .875). Shares at large
 * (query/background.h) in the place of those of the conversation lose .02 of
 * the windows. SHARE_TURN and SHARE_SAID are set, not measured: no set here
 * says what the next answer needs.
 */
#ifndef KB_CONTEXT_SALIENCE_WEIGHTS_H
#define KB_CONTEXT_SALIENCE_WEIGHTS_H

/* BM25 (Robertson et al. 1994) with a smaller b: turns differ in length because
 * of what they say, more than documents do. */
#define BM25_K1 1.2
#define BM25_B	0.5

/* A term of so large a share of the turns is passed over; another word for one
 * of the question. */
#define EVERYWHERE 0.4
#define SYNONYM	   0.6

/* The sum of a turn's score and of those one and two turns away. */
#define SUM_1	  0.4
#define SUM_2	  0.15
#define SUM_FLOOR 0.02

/* In the order of enum kb_salience_feature. */
#define SALIENCE_WEIGHTS                     \
	{                                    \
		4, 1, .5, 1, .5, 1, 0, 2, .5 \
	}

/* How much the last user turn is a question to the conversation. */
#define SHARE_TURN 0.5 /* when it asks */
#define SHARE_SAID 0.1 /* when not */

/* A turn of a thread that is idle, over one of the open thread, where threads
 * are told by intents (set, not measured: no set here says what is asked next).
 */
#define IDLE_THREAD 0.5

/* A sentence: a word of the question over another one; a sentence that asks
 * over one that says. */
#define ASKED_TERM	3.0
#define ASKING_SENTENCE 0.5

/* Of the tokens that are free, what is kept for settled values; for a summary
 * that a model writes (set, not measured: no model stands here). */
#define RESERVE		0.1
#define RESERVE_WRITTEN 0.3

/* Salience less this times the log of tokens when turns compete: 0 would take
 * the best turns, 1 the cheapest. */
#define PRICE 1.1

#endif
