/*
 * When so many chunks speak of a name that it is none. Private to graph.c.
 *
 * By hand; tests/eval/fit-constants.py names tries others.
 */
#ifndef KB_GRAPH_COMMON_WEIGHTS_H
#define KB_GRAPH_COMMON_WEIGHTS_H

#define COMMON_MIN   50	  /* chunks, or */
#define COMMON_SHARE 0.01 /* of all, what is more */

#endif
