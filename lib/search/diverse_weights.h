/*
 * When a hit is a duplicate of a better one. Private to diverse.c.
 */
#ifndef KB_SEARCH_DIVERSE_WEIGHTS_H
#define KB_SEARCH_DIVERSE_WEIGHTS_H

#define ALIKE	    0.95 /* Jaccard coefficient of the terms, from here on */
#define ALIKE_TERMS 40	 /* shorter ones must be the same in order */

#endif
