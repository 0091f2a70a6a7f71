/*
 * When so many chunks speak of a name that it is none. Private to graph.c.
 *
 * By hand: it bounds the size of an index and the work of a search, and keeps
 * everyday words that are titles from being names. tests/eval/fit-constants.py
 * names halves and doubles both (2026-11-30), with indexes built anew: nDCG@10
 * and recall@10 of en_multihop, zh_kdconv_kb and two sets of articles in many
 * passages (passages.py squad and news), .826 on half 0 and .858 on half 1,
 * held out. No value differs by .0001.
 */
#ifndef KB_GRAPH_COMMON_WEIGHTS_H
#define KB_GRAPH_COMMON_WEIGHTS_H

#define COMMON_MIN   50	  /* chunks, or */
#define COMMON_SHARE 0.01 /* of all, what is more */

#endif
