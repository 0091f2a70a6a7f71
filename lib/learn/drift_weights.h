/*
 * From which shift on a population is another one. Private to drift.c.
 *
 * The index of .25 is the usual bound of credit scoring for a shift that asks
 * for a new model (Siddiqi 2006, Credit Risk Scorecards, chapter 8). It is for
 * large samples: of few values the index is large by chance, distributed as
 * chi-square times the sum of one over both sizes (Yurdakul 2018, Statistical
 * Properties of the Population Stability Index), so it must be beyond the
 * quantile of .9999, too.
 */
#ifndef KB_LEARN_DRIFT_WEIGHTS_H
#define KB_LEARN_DRIFT_WEIGHTS_H

#define SHIFTED_INDEX	.25
#define CHANCE_QUANTILE 3.719 /* of .9999, standard normal */
#define SMOOTHING	.5    /* counted beside the values in every bin */

#endif
