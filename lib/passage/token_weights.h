/*
 * What a token of a claim or of a passage counts. Private to lib/passage and
 * lib/evidence.
 *
 * Set by hand; tests/eval/fit-constants.py verify halves and doubles each as
 * evidence/compare_weights.h says.
 */
#ifndef KB_PASSAGE_TOKEN_WEIGHTS_H
#define KB_PASSAGE_TOKEN_WEIGHTS_H

/* What a token counts; a word counts 1. */
#define TOKEN_HAN	    .5f	 /* a character, */
#define TOKEN_HAN_FUNCTION  .05f /* of a function word */
#define TOKEN_PAIR	    .8f	 /* two characters, */
#define TOKEN_PAIR_FUNCTION .15f /* one of them of a function word */
#define TOKEN_NUMBER	    1.2f
#define TOKEN_FUNCTION	    .1f /* a word that is one */
#define TOKEN_CONTENT	    .3f /* from here on it is content */
#define TOKEN_MISSED	    .5f /* from here on it is missed */

#endif
