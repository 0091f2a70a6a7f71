/*
 * What completes a question. Private to complete.c.
 *
 * Tuned on the even dialogues of dlg_zh_rewrite (tests/eval/rewrite.py).
 * tests/eval/fit-constants.py complete halves and doubles each (2026-11-30):
 * recall of what a question needs of the turns before less half of what else
 * was added, of dlg_zh_rewrite and of questions made of en_multihop, en_squad
 * and prod_en, .618 on half 0 and .644 on half 1, held out. No value gains
 * beyond chance on both halves; what most others lose is .01 to .22. Half and
 * twice of FADE_TOPIC change nothing there, nor 1.0 beyond chance.
 */
#ifndef KB_CONTEXT_COMPLETE_WEIGHTS_H
#define KB_CONTEXT_COMPLETE_WEIGHTS_H

/* Phrases, by kind. */
#define PHRASE_WORDS	1.0
#define PHRASE_HAN	1.5
#define PHRASE_NAME	2.5
#define PHRASE_CODE	2.5
#define PHRASE_QUOTE	3.0
#define PHRASE_LONG_HAN 0.6 /* of its weight, when longer than */
#define LONG_HAN_BYTES	24

#define FADE_TURN   0.5	 /* at each user turn */
#define FADE_TOPIC  0.3	 /* more, when a turn opens a topic of its own */
#define ASSISTANT   0.45 /* a reply's phrase beside a question's */
#define REPEATED    0.9	 /* a phrase said again */
#define SHARED	    1.5	 /* what question and reply both say */
#define SECOND_BEST 0.75 /* share of the best that a second phrase needs */

/* Bytes of a turn that are heard, and that are compared with the next one's:
 * the end of a long text says less about the topic than its start. */
#define HEARD_BYTES  600
#define SHARED_BYTES 300

#define GOES_BACK 2 /* questions since the words were said, to return there */

#endif
