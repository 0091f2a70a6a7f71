/*
 * What makes a turn worth keeping whatever will be asked: when a thing was
 * or will be, names, numbers and quotations, what is said for the first time,
 * what answers a question, what the next turns go on about; and what does not:
 * questions, pleasantries, talk about the other one.
 *
 * A linear model over counts that are relative to the conversation's own mean
 * where they grow with the length or the language of its turns.
 */
#ifndef KB_CONTEXT_PRIOR_H
#define KB_CONTEXT_PRIOR_H

#include "dialogue/dialogue_terms.h"

enum kb_prior_feature {
	KB_PRIOR_LENGTH, /* log of tokens over their mean */
	KB_PRIOR_BEFORE, /* the same of the turn before */
	KB_PRIOR_MASS,	 /* information of its terms over their mean */
	KB_PRIOR_FRESH,	 /* of those said for the first time */
	KB_PRIOR_AHEAD,	 /* of those that the next three turns say, too */
	KB_PRIOR_BEHIND, /* ... the three turns before */
	KB_PRIOR_TIME,	 /* words of time and dates */
	KB_PRIOR_PAST,	 /* verbs in the past: things that happened */
	KB_PRIOR_FIRST,	 /* words of the first person */
	KB_PRIOR_SECOND,
	KB_PRIOR_POLITE,   /* praise, thanks, greetings */
	KB_PRIOR_KIN,	   /* family, friends, pets */
	KB_PRIOR_NAMES,	   /* names */
	KB_PRIOR_QUOTE,	   /* 1: a quotation, a title or a code */
	KB_PRIOR_DIGIT,	   /* 1: a digit */
	KB_PRIOR_ASKS,	   /* the share of its sentences that ask */
	KB_PRIOR_ENDS_ASK, /* 1: the last of them asks */
	KB_PRIOR_ANSWERS,  /* 1: the turn before asks */
	KB_PRIOR_ANSWERED, /* 1: the turn behind asks: it goes on with this */
	KB_PRIOR_FEATURES,
};

/* Of every turn, what the model sees. */
void kb_prior_measure(const struct kb_convo *convo,
		      const struct kb_dialogue_terms *terms,
		      double (*features)[KB_PRIOR_FEATURES]);

/* The log of the probability that a turn is worth keeping. */
double kb_prior(const double *features);

#endif
