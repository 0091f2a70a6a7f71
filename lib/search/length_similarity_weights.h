/*
 * The shape of alike.h. Private to alike.c.
 */
#ifndef KB_SEARCH_LENGTH_SIMILARITY_WEIGHTS_H
#define KB_SEARCH_LENGTH_SIMILARITY_WEIGHTS_H

#define BRIEF 16.0 /* words or characters of a question that is brief */
#define FADE  4	   /* power of what is beyond BRIEF */
#define WIDTH 2	   /* over the square of the logarithm of the lengths' ratio */

#endif
