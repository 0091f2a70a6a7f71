/*
 * The null distribution of an index that has none of its own. Private to
 * null.c.
 *
 * Means of what tests/eval/fit-confidence.py finds in the indexes of its sets;
 * it prints them.
 */
#ifndef KB_SEARCH_NULL_WEIGHTS_H
#define KB_SEARCH_NULL_WEIGHTS_H

/* Ninth deciles of the strength of questions of 2, 4, 8, 16 and 32 terms. */
#define NULL_HIGH                            \
	{                                    \
		.80f, .61f, .33f, .20f, .12f \
	}

#endif
