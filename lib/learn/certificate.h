/*
 * From which score on may be answered, so that the share of wrong ones among
 * the answered stays within a risk?
 *
 * Learn then Test (Angelopoulos, Bates, Candes, Jordan and Lei 2021) with
 * fixed-sequence testing: thresholds are tried from a strict one to looser
 * ones, and the last before the first that fails is certified. A threshold
 * passes when so few wrong ones among those it answers had a chance of at
 * most delta if their share were above the risk; as an outcome is right or
 * wrong, that chance is the binomial tail itself, and no bound on it is needed.
 * So with probability 1 - delta or more over the labels, the threshold keeps
 * the risk on what is drawn like them.
 *
 * Where the sequence begins and its steps depend on the scores alone. It
 * begins where as few are answered as would pass with a share of wrong ones
 * of half the risk; of fewer labels than that, where all are answered. A step
 * is a hundredth of the labels; equal scores are answered together.
 */
#ifndef KB_LEARN_CERTIFICATE_H
#define KB_LEARN_CERTIFICATE_H

#include <stdint.h>

#include "learn/reliability.h"

struct kb_certificate {
	double threshold; /* scores from here on are answered */
	size_t n;	  /* labels */
	size_t answered;  /* of them at or above the threshold */
	size_t wrong;	  /* of the answered */
	double p;	  /* chance of so few wrong ones beyond the risk */
};

/*
 * False when no threshold is certified. The outcomes hold n scores, in any
 * scale, as their confidence, none of them NaN; they are sorted. risk and
 * delta lie within 0..1, both ends excluded.
 */
bool kb_certify(struct kb_certificate *out, struct kb_outcome *outcomes,
		size_t n, double risk, double delta);

/* How often a certificate is kept when it is given again and again. */
struct kb_certificate_trial {
	size_t draws, certified;
	size_t violated;  /* certified, and the risk is not kept */
	double answered;  /* mean share; 0 of a draw without certificate */
	double threshold; /* mean of the certified, else NaN */
};

/*
 * 'draws' times: draw 'labels' outcomes with replacement, certify, and look
 * how many the threshold answers among all n, and how many of these are
 * wrong. With a base of 0 outcomes are drawn as they come; else wrong ones
 * have the share 'base' in what is drawn and what is looked at, as far as
 * there are both. The outcomes are sorted.
 */
struct kb_certificate_trial kb_certificate_try(struct kb_outcome *outcomes,
					       size_t n, double risk,
					       double delta, double base,
					       size_t draws, size_t labels,
					       uint64_t seed);

/* Chance of at most k of n at probability p each; 0 <= p <= 1. */
double kb_binomial_tail(size_t k, size_t n, double p);

#endif
