/*
 * What completes a question. Private to complete.c.
 *
 * Chosen on the even dialogues of dlg_zh_rewrite (tests/eval/rewrite.py).
 * tests/eval/fit-constants.py complete halves and doubles each (2026-11-30):
 * recall of what a question needs of the turns before less half of what else
 * was added, of dlg_zh_rewrite and of questions made of en_multihop, en_squad
 * and prod_en, .618 on half 0 and .644 on half 1, held out. Half of PHRASE_HAN
 * gains .0023 +-.0022 (half 1 .0017 +-.0022), nothing else beyond chance; what
 * most others lose is .01 to .22. LONG_HAN_BYTES is within chance.
 *
 * GOES_BACK by the part turns, nDCG@10 and recall@10 of zh_kdconv_kb's
 * completed turns, .683 and .693: 1, 4 or never differ by no more than .0023
 * +-.0055. That a question goes back is rarer than these sets can tell.
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
#define ASSISTANT   0.45 /* a reply's phrase beside a question's */
#define REPEATED    0.9	 /* a phrase said again */
#define SHARED	    1.5	 /* what question and reply both say */
#define SECOND_BEST 0.75 /* share of the best that a second phrase needs */

#define GOES_BACK 2 /* questions since the words were said, to return there */

#endif
