/*
 * Learning the confidence of a record from a user's labels (record_score.h).
 *
 *	kb_record_fit_new()	nothing yet
 *	kb_record_fit_add()	every labelled record, by any thread
 *	kb_record_fit_run()	learn, measure on what was held out, certify
 *
 * KB_FIT_WEIGHTS learns how the features become a probability, by a logistic
 * model without negative weights (logistic.h). KB_FIT_CALIBRATION keeps the
 * order that the model in use gives and learns what its sums are worth
 * (calibrate.h).
 *
 * What is said of records held out comes from ten folds by the hash of the
 * question, so that no question is on both sides. A certificate must rest on
 * labels that the order does not depend on: the calibration's on all, the
 * weights' on the half of the questions that they are then not learned from;
 * without one they are learned from all.
 * Records that a rule caps are answered in no case and count for none.
 */
#ifndef KB_VERIFY_RECORD_FIT_H
#define KB_VERIFY_RECORD_FIT_H

#include "learn/reliability.h"
#include "verify/record_score.h"

enum kb_fit_what { KB_FIT_WEIGHTS, KB_FIT_CALIBRATION };

/* Labels of records of which something could be judged, and of each outcome;
 * less is refused. */
#define KB_FIT_LEAST	50
#define KB_FIT_LEAST_OF 10
#define KB_FIT_LABELS	1000000 /* more are refused */

struct kb_fit_options {
	enum kb_fit_what what;
	double risk, delta; /* of a certificate; risk 0: none */
	/* The model of the record in use, bound, or NULL. Borrowed. */
	const struct kb_linear *from;
	const char *labels; /* name of their file, for the model file */
	const char *date;   /* YYYY-MM-DD */
};

struct kb_record_fit;

struct kb_record_fit *kb_record_fit_new(void);
void kb_record_fit_free(struct kb_record_fit *fit);

/* A record: its place in the input, a hash of its question, its label, what
 * was known of it and the confidence that it has got. */
void kb_record_fit_add(struct kb_record_fit *fit, uint64_t number,
		       uint64_t question, bool right,
		       const struct kb_record_signals *signals,
		       double confidence);
/* One that has no label, or an error. */
void kb_record_fit_pass(struct kb_record_fit *fit, bool error);

/*
 * Learn. The model, its text and what it points to live in the arena; lines
 * about what was learned are appended to 'said'. KB_EINVAL: too few labels, or
 * of one outcome.
 */
int kb_record_fit_run(struct kb_record_fit *labels,
		      const struct kb_fit_options *options,
		      struct kb_arena *arena, struct kb_linear_model *out,
		      struct kb_buf *said, struct kb_err *err);

#endif
