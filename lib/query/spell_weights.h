/*
 * When a word is put right. Private to spell.c.
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
