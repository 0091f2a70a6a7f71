/*
 * When a word is put right. Private to spell*.c.
 *
 * Chosen on half 0 of what tests/eval/run.sh SET=spelling asks, scored on half
 * 1 (the parity of a question's CRC), on 2026-11-30. Well-formed questions that
 * get a correction, 2,271 English ones of six sets and 1,200 Chinese ones of
 * three, half 0 and half 1: sample shop .18 % .26 % and .17 % .00 %, logs .18 %
 * .09 % and .00 % .00 %, mixed files .62 % .88 % and .17 % .65 %; most of those
 * are errors that the sets have. Before the lists of common words it was 47 %,
 * 73 % and 38 % of the English ones.
 *
 * On an index of en_squad, whose own questions are among them, 1.23 % and .70 %
 * of the English ones; 1.50 % and 1.06 % before a word with one more letter at
 * the end was one of its own, and a first letter, or a word of LEN_SURE letters
 * that might be one, took a passage. recall@10 with an error stays at .959.
 *
 * recall@10 by tests/eval/typos.py, clean, with one error and with one error
 * but no correction: en_squad .986 .966 .913 on half 0, .969 .952 .868 on half
 * 1; zh_cmrc2018 .998 .996 .996 and 1.000 .998 .998. There, 1.0, .9, .8 and .7
 * of CORRECTED_WEIGHT (leg_weights.h) find .961, .959, .954 and .949 of
 * en_squad; .1 to .5 of BORNE_OUT find .966 of half 0, and .1, .2 and .3 change
 * .79, .70 and .62 % of the mixed files', .5 no fewer. LEN_MIN, LEN_LONG and
 * those of Chinese were chosen by hand, as were the lengths of parts and of an
 * ending: by tests/eval/fit-constants.py spelling (FACTORS=.75,1.25,1.5),
 * nDCG@10 and recall@10 of en_squad, zh_cmrc2018 and zh_kdconv_kb, clean and
 * with one error, .874 on either half, no other of those differs by more than
 * .0006
 * +-.0012.
 */
#ifndef KB_QUERY_SPELL_WEIGHTS_H
#define KB_QUERY_SPELL_WEIGHTS_H

/* Words. */
#define LEN_MIN	      4	  /* letters of one that is tried */
#define LEN_SURE      5	  /* from here on one may be put right by its letters */
#define LEN_LONG      7	  /* and into what is no everyday word; two edits */
#define CLEAR_WORD    1.5 /* times as frequent as the next one so near */
#define CLEAR_CONTEXT .2  /* or as much more of the question stands with it */
#define BORNE_OUT     .3  /* of the question beside, for one that is not sure */
#define PART_MIN      4	  /* letters of a part of a word that is English */
#define INDEX_MIN     5	  /* and of one that the index knows */
#define ENDING	      3	  /* letters that may be an ending */

/* Chinese characters. */
#define CLEAR_HAN   2.0	 /* times as likely as the next homophone */
#define PAIR_MIN    2	 /* passages with the pair that speaks for it */
#define LIFT_WORD   20.0 /* least of a pair that is a word */
#define LIFT_CHANCE 10.0 /* least of one that is not there by chance */

#endif
