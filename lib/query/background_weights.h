/*
 * Shares of passages that hold a term. Private to background.c.
 *
 * Measured by build/eval/background on zh_cmrc2018, en_multihop, en_lfqa and
 * en_wice_evidence (2026-11-30): geometric means over the terms of the
 * questions, each counted in its own set's passages, .28 .32 .13 for function
 * words of English, .011 .012 .002 for everyday ones, .004 .081 .002 for other
 * short ones; .21, .14 and .016 for Chinese characters and pairs. The rest,
 * .001 to .006, stands in little more than the passage that the question is
 * about: none. A passage has 20 to 426 terms, 90 in the geometric mean.
 * PRIOR_CHUNKS was not fitted: as many as three notes shall behave like.
 */
#ifndef KB_QUERY_BACKGROUND_WEIGHTS_H
#define KB_QUERY_BACKGROUND_WEIGHTS_H

#define PRIOR_CHUNKS 300
#define PRIOR_LENGTH 90 /* base terms of each */

#define SHARE_RARE	   0
#define SHARE_FUNCTION	   0.23
#define SHARE_COMMON	   0.007
#define SHARE_SHORT	   0.008
#define SHARE_HAN_FUNCTION 0.21
#define SHARE_HAN	   0.14
#define SHARE_PAIR	   0.016

#endif
