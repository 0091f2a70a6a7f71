/*
 * How far an answer goes: which sentences stand beside the best one.
 *
 * Of prose at most three sentences of one passage, six when the question asks
 * for several things, a reason or a way: those that a linear model thinks to
 * hold what the best one lacks, such as what its pronoun stands for or the
 * value it announces, and what stands between two of them. Of a list or a piece
 * of code all that is asked for, with the line that announces it; of a table
 * the row.
 */
#ifndef KB_LLM_EXTENT_H
#define KB_LLM_EXTENT_H

#include "answer/reading.h"

#define KB_EXTENT_PROSE	     3
#define KB_EXTENT_MANY_PROSE 6	/* when the question asks for several things */
#define KB_EXTENT_MAX	     24 /* sentences, items of a list */

enum kb_extent_feature {
	KB_EXTENT_GAP,		   /* in score, to the best one; up to 12 */
	KB_EXTENT_NEXT,		   /* right behind the best one */
	KB_EXTENT_PREVIOUS,	   /* right before it */
	KB_EXTENT_FAR,		   /* more than two away */
	KB_EXTENT_NEXT_REFERS,	   /* behind, and begins by what is before */
	KB_EXTENT_PREVIOUS_WANTED, /* before, and the best one begins so */
	KB_EXTENT_MEASURE,	   /* has the wanted measure: less the best */
	KB_EXTENT_JOINED,	   /* nothing but semicolons between */
	KB_EXTENT_SECOND,	   /* the second best of the passage */
	KB_EXTENT_MANY,		   /* the question asks for several things */
	KB_EXTENT_NEXT_MANY,
	KB_EXTENT_QUESTION, /* is a question itself */
	KB_EXTENT_FEATURES
};

extern const char *const kb_extent_features[KB_EXTENT_FEATURES];

struct kb_extent {
	size_t items[KB_EXTENT_MAX]; /* in the order of the passage */
	size_t n;		     /* at least 1 */
};

/* Extend the best sentence of a ranked reading. model: over
 * kb_extent_features. */
void kb_extent_choose(const struct kb_linear *model, const struct kb_reading *r,
		      size_t best, struct kb_extent *out);

/* Features of sentence number 'at' beside the best one; false when it is not
 * considered. */
bool kb_extent_measure(const struct kb_reading *r, size_t best, size_t at,
		       double f[KB_EXTENT_FEATURES]);

#endif
