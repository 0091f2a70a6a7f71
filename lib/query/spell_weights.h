/*
 * When a word is put right. Private to spell.c.
 *
 * Chosen by hand on en_squad and zh_cmrc2018. Confirmed by
 * tests/eval/fit-constants.py spelling on 2026-11-30, which halves and doubles
 * each: mean of nDCG@10 and recall@10 of clean questions and of the same with
 * one error, en_squad .952 .948 on half 0 and .932 .918 on half 1, held out;
 * zh_cmrc2018 .990 .994 and .999 .997; zh_kdconv_kb .462 .453 and .540 .545.
 * Words of less than eight letters must be tried (LEN_MIN 8: -.0061 +-.0036,
 * half 1
 * -.0043 +-.0033); no other value differs by more than .0004 on either half.
 */
#ifndef KB_QUERY_SPELL_WEIGHTS_H
#define KB_QUERY_SPELL_WEIGHTS_H

/* Words. */
#define LEN_MIN	   4   /* letters of one that is tried */
#define LEN_TWO	   7   /* from here on two edits are tried */
#define CLEAR_WORD 1.5 /* times as frequent as the next one so near */

/* Chinese characters. */
#define CLEAR_HAN   2.0	 /* times as likely as the next homophone */
#define PAIR_MIN    2	 /* passages with the pair that speaks for it */
#define LIFT_WORD   20.0 /* least of a pair that is a word */
#define LIFT_CHANCE 10.0 /* least of one that is not there by chance */

#endif
