/*
 * From the score of a model to a probability that can be believed.
 *
 * Platt scaling (Platt 1999, with the smoothed targets he gives) has two
 * numbers to learn and serves from a hundred labelled scores on; isotonic
 * regression (Ayer et al. 1955, by pooling adjacent violators) takes any
 * rising shape and needs a thousand. kb_calibration_fit() chooses by their
 * number. Both only ever rise with the score.
 */
#ifndef KB_LEARN_CALIBRATE_H
#define KB_LEARN_CALIBRATE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define KB_CALIBRATION_ISOTONIC_N 1000 /* labels from which it is isotonic */
#define KB_CALIBRATION_KNOTS	  512  /* at most */

enum kb_calibration_kind {
	KB_CALIBRATION_NONE,	 /* p = 1 / (1 + e^-z) */
	KB_CALIBRATION_PLATT,	 /* p = 1 / (1 + e^-(slope z + offset)) */
	KB_CALIBRATION_ISOTONIC, /* straight lines between the knots */
};

struct kb_knot {
	double z, p;
};

struct kb_calibration {
	enum kb_calibration_kind kind;
	double slope, offset;
	const struct kb_knot *knots; /* rising in z, never falling in p */
	size_t n_knots;		     /* 1 or more of an isotonic one */
};

/* The probability of a score. */
double kb_calibration_map(const struct kb_calibration *calibration, double z);

/*
 * Learn from n scores and what became of them. KB_EINVAL when n is 0, when a
 * score is no finite number, or when all came out alike. The knots live in
 * the arena.
 */
int kb_calibration_fit(struct kb_calibration *out, const double *z,
		       const bool *right, size_t n, struct kb_arena *arena,
		       struct kb_err *err);

/* ---- one of the two ---- */

int kb_calibration_platt(struct kb_calibration *out, const double *z,
			 const bool *right, size_t n, struct kb_err *err);
int kb_calibration_isotonic(struct kb_calibration *out, const double *z,
			    const bool *right, size_t n, struct kb_arena *arena,
			    struct kb_err *err);

#endif
