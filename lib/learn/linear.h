/*
 * Linear and logistic models of named features.
 *
 * A model is a constant: a bias and a weight for each of its features, which
 * it knows by their names. The built-in ones are compiled in, as NAME_weights.h
 * in the folder that uses them; others are read from a file (model_file.h) or
 * learned (logistic.h). A caller that measures features binds a model to the
 * list of its own names once and then scores vectors in the order of that
 * list:
 *
 *	kb_linear_bind(&linear, model, names, n);
 *	p = kb_linear_score(&linear, values);
 *
 * Every signal may be missing. A value that is no finite number is missing,
 * and so is a feature that the caller does not measure: it counts as the
 * feature's mean, that is, as nothing. What a model does not name is not
 * looked at.
 */
#ifndef KB_LEARN_LINEAR_H
#define KB_LEARN_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/calibrate.h"
#include "learn/drift.h"

#define KB_LINEAR_FEATURES 64 /* of a model at most */

enum kb_linear_kind {
	KB_LINEAR,   /* the score is the weighted sum */
	KB_LOGISTIC, /* the score is a probability */
};

struct kb_linear_feature {
	const char *name;
	double weight;
	/* A value x counts as (x - mean) / scale; scale 0 stands for 1. */
	double mean, scale;
	bool nonnegative; /* the weight was held at 0 or above */
	/* How the values lay in what it was learned from (drift.h), or NULL. */
	const struct kb_spread *spread;
};

struct kb_figure {
	const char *name;
	double value;
};

/* Where a model comes from. Every member may be absent (NULL, 0). */
struct kb_training {
	const char *script;
	const char *date;	     /* YYYY-MM-DD */
	const char *const *sets;     /* learned from; a NULL ends the list */
	const char *const *held_out; /* scored only; likewise */
	uint64_t records;	     /* learned from */
	const struct kb_figure *figures; /* of what was held out; .name NULL
					  * ends the list */
};

/* The threshold that keeps a risk, and what it was certified on
 * (certificate.h). */
struct kb_certified {
	double risk, delta; /* 0: none was asked for */
	double threshold;   /* of the sum; NaN: no certificate */
	uint64_t labels, answered, wrong;
};

struct kb_linear_model {
	const char *name;
	enum kb_linear_kind kind;
	const struct kb_linear_feature *features;
	size_t n; /* at most KB_LINEAR_FEATURES */
	double bias;
	struct kb_calibration calibration; /* of a logistic model */
	struct kb_certified certified;
	const struct kb_spread *spread; /* of what became of the scores */
	struct kb_training training;
};

/* A model as one caller uses it. */
struct kb_linear {
	const struct kb_linear_model *model; /* borrowed */
	uint8_t at[KB_LINEAR_FEATURES];	     /* places in the caller's list */
};

/*
 * Bind a model to the n names (at most 254) of what a caller measures.
 * Returns the first of the model's features that is not among them, or NULL:
 * such a feature is always missing, and whoever lets people choose the model
 * tells them.
 */
const char *kb_linear_bind(struct kb_linear *linear,
			   const struct kb_linear_model *model,
			   const char *const *names, size_t n);

/* Bias and weighted features, summed in the model's order. values: as many
 * as there were names. */
double kb_linear_sum(const struct kb_linear *linear, const double *values);

/* The value of the model's feature f among them; NaN: not measured. */
double kb_linear_value(const struct kb_linear *linear, size_t f,
		       const double *values);

/* The sum, or of a logistic model the calibrated probability. */
double kb_linear_score(const struct kb_linear *linear, const double *values);

/* The model's feature of this name, or NULL. */
const struct kb_linear_feature *kb_linear_find(
    const struct kb_linear_model *model, const char *name);

#endif
