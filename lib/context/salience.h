/*
 * Which turns are needed: for a question, or whatever will be asked.
 *
 * For a question every turn has a BM25 score for its terms, and what its
 * neighbours have: an answer stands beside its question. A linear model
 * weighs these with the prior (prior.h) and with who speaks: a question that
 * names a speaker is about what that one said. Without a question the prior
 * decides alone.
 */
#ifndef KB_CONTEXT_SALIENCE_H
#define KB_CONTEXT_SALIENCE_H

#include "context/prior.h"

enum kb_salience_feature {
	KB_SALIENCE_OWN,    /* the turn's score over the best of all, 0 to 1 */
	KB_SALIENCE_BEFORE, /* ... of the turn before */
	KB_SALIENCE_AFTER,  /* ... of the turn behind */
	KB_SALIENCE_BEFORE_2, /* ... two before */
	KB_SALIENCE_AFTER_2,  /* ... two behind */
	KB_SALIENCE_NEAR,     /* the better one of its neighbours */
	KB_SALIENCE_SUM,      /* log of a weighted sum of all these */
	KB_SALIENCE_SPEAKER,  /* 1: the question names who speaks */
	KB_SALIENCE_PRIOR,    /* log of the probability of prior.h */
	KB_SALIENCE_FEATURES,
};

/* How much of what is said last is a question to the conversation. */
enum kb_asked_how {
	KB_ASKED_NOTHING, /* nothing is asked */
	KB_ASKED_SAID,	  /* the last user turn, which asks nothing */
	KB_ASKED_TURN,	  /* the last user turn, which asks */
	KB_ASKED_QUERY,	  /* the question came by itself */
};

/* What the model sees of each turn; prior as kb_prior_measure() has it. */
void kb_salience_measure(const struct kb_convo *convo,
			 const struct kb_dialogue_terms *terms,
			 struct kb_str question, struct kb_analyzer *analyzer,
			 double (*features)[KB_SALIENCE_FEATURES]);

/* What a turn's salience is made of, each as what it has above the mean turn:
 * by the question, by what is said for the first time, by the rest of the
 * prior. */
struct kb_salience_parts {
	double question, novelty, prior;
};

/* salience[i] for each turn of the conversation: a logarithm, to which another
 * one, of a price, may be compared. More is more needed. parts: the same taken
 * apart, for those who ask why; NULL: nobody does. */
void kb_salience(const struct kb_convo *convo,
		 const struct kb_dialogue_terms *terms, struct kb_str question,
		 enum kb_asked_how how, struct kb_analyzer *analyzer,
		 double *salience, struct kb_salience_parts *parts);

#endif
