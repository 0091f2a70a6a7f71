/*
 * When a run of Chinese characters is a name. Private to cohesion.c.
 *
 * Set by hand. tests/eval/fit-constants.py cohesion halves and doubles each
 * (2026-11-30), with indexes built anew: mean of nDCG@10 and recall@10 of
 * cache_zh, zh_cmrc2018, zh_kdconv_kb and of two sets of articles in many
 * passages (tests/eval/passages.py cmrc and news), .750 on half 0 and .737 on
 * half 1, held out. Names by these rules decide little: no value differs by
 * more than .0009 +-.0015 on either half.
 */
#ifndef KB_GRAPH_COHESION_WEIGHTS_H
#define KB_GRAPH_COHESION_WEIGHTS_H

/* Natural logarithms. */
#define COHESION 6.0 /* of the weakest split */
#define ENTROPY	 2.0 /* of the neighbours on either side */

#endif
