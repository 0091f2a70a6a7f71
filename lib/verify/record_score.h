/*
 * The confidence of a record: what is known of it, as features that grow with
 * trust, and from them a probability.
 *
 * Without a model the weakest of the stages decides (score.h). A model named
 * "record", learned by record_fit.h from a user's labels, weighs all of it;
 * its calibration says what a sum is worth, and its certificate, where there
 * is one, moves the published confidence so that .6 stands at the
 * certified threshold. In both ways a rule that is precise caps the rest: a
 * contradiction, a wrong citation, what was not looked at, a question about
 * another thing, something that the source has not.
 */
#ifndef KB_VERIFY_RECORD_SCORE_H
#define KB_VERIFY_RECORD_SCORE_H

#include "verify/check.h"

#define KB_RECORD_MODEL "record" /* its name in a model file */

enum kb_record_feature {
	KB_R_LEAST,	 /* logit of the confidence without a model, capped */
	KB_R_FACTS,	 /* logits of the stages */
	KB_R_RELEVANCE,	 /* .. */
	KB_R_GENERATION, /* .. */
	KB_R_RETRIEVAL,	 /* .. */
	KB_R_NUMBERS,	 /* least of the claims' features (compare.h): */
	KB_R_NAMES,	 /* .. KB_F_ENTITIES */
	KB_R_COVER,
	KB_R_PRESENT,
	KB_R_PAIRS,
	KB_R_RUN,
	KB_R_ALIGNED,
	KB_R_SLOTS,
	KB_R_BEST,    /* largest of the claims' KB_F_BEST3 */
	KB_R_HELD,    /* kb_check.held */
	KB_R_SOUND,   /* 0: contradicted, not looked at, another thing */
	KB_R_OWN,     /* 0: something that the source has not */
	KB_R_WHOLE,   /* 0: the answer was cut off */
	KB_R_DECIDED, /* 0: it says in part not to know */
	KB_RECORD_FEATURES,
};

extern const char *const kb_record_features[KB_RECORD_FEATURES];

struct kb_record_signals {
	double f[KB_RECORD_FEATURES]; /* NaN: not known */
	double plain;	    /* the confidence without a model or a cap */
	double cap;	    /* 1: none */
	const char *capped; /* by what; NULL: nothing */
	const char *lowest; /* the stage that is; NULL: none is known */
	bool judged;	    /* a claim was compared; else confidence is 0 */
};

void kb_record_measure(const struct kb_check *check,
		       const struct kb_stages *stages,
		       struct kb_record_signals *out);

/* The sum of a model of the record; NULL: the logit of the confidence
 * without a model. */
double kb_record_sum(const struct kb_linear *model,
		     const struct kb_record_signals *signals);

struct kb_record_score {
	double p;	   /* probability, before certificate and cap */
	double confidence; /* what is published */
};

/* model: bound to kb_record_features, or NULL. */
struct kb_record_score kb_record_rate(const struct kb_linear *model,
				      const struct kb_record_signals *signals);

#endif
