/* Thresholds that keep a risk, and what a threshold does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "learn/certificate.h"
#include "learn/paired.h"

static void near(double got, double want)
{
	if (!(fabs(got - want) <= 1e-9))
		fail_msg("got %.12f, want %.12f", got, want);
}

static double uniform(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return (double)(kb_mix64(*seed) >> 11) / 0x1p53;
}

static void the_tail_is_that_of_the_binomial(void **state)
{
	(void)state;
	near(kb_binomial_tail(0, 2, .5), .25);
	near(kb_binomial_tail(1, 3, .5), .5);
	near(kb_binomial_tail(0, 66, .035), pow(.965, 66));
	near(kb_binomial_tail(1, 2, .3), 1 - .09);
	near(kb_binomial_tail(3, 3, .5), 1);
	near(kb_binomial_tail(0, 5, 0), 1);
	near(kb_binomial_tail(4, 5, 1), 0);
	/* no sum of a thousand terms runs beyond 1 */
	assert_true(kb_binomial_tail(1999, 2000, .9) <= 1);
}

/* By hand, for a risk and a delta of .1: 38 answers are the fewest that pass
 * with one wrong, and of right ones in front 62 pass with two, 63 with three
 * do not. */
static void the_loosest_threshold_that_holds_is_found(void **state)
{
	struct kb_outcome o[100];
	struct kb_certificate c;

	(void)state;
	for (int i = 0; i < 100; i++)
		o[i] = (struct kb_outcome){(100 - i) / 100., i < 60};
	assert_true(kb_certify(&c, o, 100, .1, .1));
	assert_int_equal(c.answered, 62);
	assert_int_equal(c.wrong, 2);
	near(c.threshold, .39);
	near(c.p, kb_binomial_tail(2, 62, .1));
	/* any scale that keeps the order will do */
	for (int i = 0; i < 100; i++)
		o[i].confidence = exp(9 * o[i].confidence);
	assert_true(kb_certify(&c, o, 100, .1, .1));
	near(c.threshold, exp(9 * .39));
	/* equal scores are answered together: 60 right, then 5 of 40 */
	for (int i = 0; i < 100; i++)
		o[i] =
		    (struct kb_outcome){i < 60 ? 2 : 1, i < 60 || i % 8 != 0};
	assert_true(kb_certify(&c, o, 100, .1, .1));
	assert_int_equal(c.answered, 100);
	near(c.threshold, 1);
	for (int i = 60; i < 100; i++)
		o[i] = (struct kb_outcome){1, false};
	assert_true(kb_certify(&c, o, 100, .1, .1));
	assert_int_equal(c.answered, 60);
	near(c.threshold, 2);
}

static void labels_that_do_not_suffice_certify_nothing(void **state)
{
	struct kb_outcome o[200];
	struct kb_certificate c;

	(void)state;
	for (int i = 0; i < 200; i++)
		o[i] = (struct kb_outcome){.9, true};
	/* (1 - .035)^64 is above .1, ^65 below */
	assert_false(kb_certify(&c, o, 0, .035, .1));
	assert_false(kb_certify(&c, o, 64, .035, .1));
	assert_true(isnan(c.threshold));
	assert_int_equal(c.n, 64);
	assert_true(kb_certify(&c, o, 65, .035, .1));
	for (int i = 0; i < 200; i++)
		o[i] = (struct kb_outcome){i, i < 180};
	assert_false(kb_certify(&c, o, 200, .035, .1));
}

/* Scores uniform, right with a chance that grows with them: the certificate
 * is kept in at least nine draws of ten, and is not idle. */
static void a_certificate_is_kept(void **state)
{
	enum { N = 20000 };
	static const double bases[] = {0, .12, .5};
	struct kb_outcome *o = kb_malloc(N * sizeof(*o));
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < N; i++) {
		double s = uniform(&seed);

		o[i] = (struct kb_outcome){s, uniform(&seed) < pow(s, .3)};
	}
	for (size_t b = 0; b < 3; b++) {
		struct kb_certificate_trial t =
		    kb_certificate_try(o, N, .1, .1, bases[b], 300, 1000, 11);

		assert_int_equal(t.draws, 300);
		assert_true(t.violated <= 30);
		assert_true(b == 2 || t.certified > 250);
		assert_true(b == 2 || t.answered > .2);
	}
	free(o);
}

/* Where all are wrong or all right, nothing or all is answered. */
static void one_outcome_alone_is_tried_too(void **state)
{
	struct kb_outcome o[50];
	struct kb_certificate_trial t;

	(void)state;
	for (int i = 0; i < 50; i++)
		o[i] = (struct kb_outcome){i, false};
	t = kb_certificate_try(o, 50, .1, .1, .12, 20, 100, 1);
	assert_int_equal(t.certified, 0);
	assert_true(isnan(t.threshold));
	near(t.answered, 0);
	for (int i = 0; i < 50; i++)
		o[i].right = true;
	t = kb_certificate_try(o, 50, .1, .1, .12, 20, 100, 1);
	assert_int_equal(t.certified, 20);
	assert_int_equal(t.violated, 0);
	t = kb_certificate_try(o, 0, .1, .1, 0, 20, 100, 1);
	assert_int_equal(t.certified, 0);
}

static void a_threshold_parts_as_counted_by_hand(void **state)
{
	struct kb_outcome o[] = {
	    {.9, true}, {.8, false}, {.7, true}, {.3, false}, {.2, true}};
	struct kb_outcome tied[] = {{.5, true}, {.5, false}, {.1, false}};
	struct kb_decision d = kb_reliability_decide(o, 5, .6);

	(void)state;
	near(d.answered, 3. / 5);
	near(d.right_answered, 2. / 3);
	near(d.wrong_answered, 1. / 2);
	near(d.risk, 1. / 3);
	near(d.balanced, 7. / 12);
	near(d.precision, 1. / 2);
	near(d.f1, 1. / 2);
	near(d.f1_flag_all, 4. / 7);
	d = kb_reliability_decide(o, 5, 1);
	assert_true(isnan(d.risk));
	near(d.answered, 0);
	near(d.f1, d.f1_flag_all);

	near(kb_reliability_risk(o, 5, .4), 1. / 2);
	near(kb_reliability_risk(o, 5, .5), 1. / 3);
	near(kb_reliability_risk(o, 5, 1), 2. / 5);
	near(kb_reliability_risk(o, 5, 0), 0);
	near(kb_reliability_risk(tied, 3, .3), 1. / 2);
	near(kb_reliability_risk(tied, 3, 1), 2. / 3);
	assert_true(isnan(kb_reliability_risk(o, 0, .5)));
}

static void groups_stand_or_fall_together(void **state)
{
	const double a[] = {0, 0, 0, 0}, b[] = {1, 1, 1, 0};
	const uint64_t apart[] = {7, 1, 3, 2}, one[] = {5, 5, 5, 5};
	const uint64_t two[] = {9, 9, 9, 4};
	struct kb_paired p = kb_paired_grouped(a, b, one, 4, 200, 1);

	(void)state;
	/* one group: every sample is the whole */
	near(p.difference, .75);
	near(p.p, 1);
	near(p.low, .75);
	near(p.high, .75);
	p = kb_paired_grouped(a, b, two, 4, 1000, 1);
	near(p.low, 0);
	near(p.high, 1);
	near(p.p, 1);
	p = kb_paired_grouped(a, b, apart, 4, 10000, 1);
	near(p.difference, .75);
	/* of the signs of three, two of eight are as extreme */
	assert_true(fabs(p.p - .25) < .02);
	p = kb_paired_grouped(NULL, NULL, NULL, 0, 10, 1);
	near(p.p, 1);
}

static void holm_steps_down(void **state)
{
	double p[] = {.01, .04, NAN, .03, .005}, large[] = {.6, .7}, same[2];

	(void)state;
	kb_paired_holm(p, 5);
	near(p[0], .03);
	near(p[1], .06);
	assert_true(isnan(p[2]));
	near(p[3], .06);
	near(p[4], .02);
	kb_paired_holm(large, 2);
	near(large[0], 1);
	near(large[1], 1);
	same[0] = same[1] = .02;
	kb_paired_holm(same, 2);
	near(same[0], .04);
	near(same[1], .04);
	kb_paired_holm(same, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_tail_is_that_of_the_binomial),
	    cmocka_unit_test(the_loosest_threshold_that_holds_is_found),
	    cmocka_unit_test(labels_that_do_not_suffice_certify_nothing),
	    cmocka_unit_test(a_certificate_is_kept),
	    cmocka_unit_test(one_outcome_alone_is_tried_too),
	    cmocka_unit_test(a_threshold_parts_as_counted_by_hand),
	    cmocka_unit_test(groups_stand_or_fall_together),
	    cmocka_unit_test(holm_steps_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
