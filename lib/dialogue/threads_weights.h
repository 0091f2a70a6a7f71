/*
 * When a turn opens a topic, goes on with one, or returns to one: shares of the
 * turn's weight that a thread knows. Private to threads.c and intents.c.
 *
 * Fitted by tests/eval/fit-constants.py --write threads (2026-11-30): the share
 * of the pairs of a dialogue's user turns that are rightly in one thread and of
 * those that rightly are not, the mean of both, of every second dialogue of
 * dlg_en_sgd (services), dlg_en_topicshift (segments) and dlg_zh_crosswoz
 * (domains): .565 to .660 on half 0, .582 to .672 on half 1, held out. A turn
 * that returns without saying so is rarer than one that shares words with an
 * earlier topic: RETURN of .8 loses .0045 +-.0025 (half 1 .0059 +-.0027). Half
 * of OPEN_TERMS loses .0031 +-.0025 (.0028 +-.0018), twice is within chance, as
 * is RETURN_CUE: few turns say that they return.
 */
#ifndef KB_DIALOGUE_THREADS_WEIGHTS_H
#define KB_DIALOGUE_THREADS_WEIGHTS_H

#define STAY	   0.36 /* what the open thread must know to go on */
#define RETURN	   1.0	/* what another one must, to return to it, */
#define RETURN_CUE 0.08 /* or with words such as "back to" */
#define OPEN_TERMS 4	/* words or characters, to open one */

/*
 * With a model of intents: by how much of z (class_score.h) another one must be
 * ahead of the open one, and the open one of another that a turn goes back to.
 *
 * INTENT_MARGIN is chosen on quarters of half 0 of dlg_zh_crosswoz, one to
 * learn from and one to score (F1 of domain switches .891; 0: .889, .25: .865);
 * tests/eval/intents.py prints what half 1 says of it. INTENT_BACK is set, not
 * measured: few turns there say that they go back.
 */
#define INTENT_MARGIN 0.125
#define INTENT_BACK   1

#endif
