/* Whether values still lie as they did: never for the sample itself or one
 * drawn like it, always for one that has moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "learn/drift.h"

#define N 2000

static double uniform(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return (double)(kb_mix64(*seed) >> 11) / 0x1p53;
}

/* A value of one of several shapes: even, with a heavy tie, mostly missing,
 * the same everywhere. */
static double draw(int shape, uint64_t *seed)
{
	double x = uniform(seed);

	switch (shape) {
	case 0:
		return x;
	case 1:
		return x < .7 ? 1 : x;
	case 2:
		return x < .8 ? NAN : x;
	default:
		return 3;
	}
}

static struct kb_tally tally_of(const struct kb_spread *spread,
				const double *values, size_t n)
{
	struct kb_tally tally = {{0}};

	for (size_t i = 0; i < n; i++)
		kb_tally_add(&tally, spread, values[i]);
	return tally;
}

static void a_sample_is_like_itself_and_what_is_drawn_like_it(void **state)
{
	static const size_t sizes[] = {1, 5, 20, 100, 500, N, 10 * N};
	static double values[N], sorted[N];

	(void)state;
	for (int shape = 0; shape < 4; shape++)
		for (size_t from = 50; from <= N; from *= 6) {
			uint64_t seed = (uint64_t)shape;
			struct kb_spread s;
			struct kb_tally t;

			for (size_t i = 0; i < from; i++)
				values[i] = draw(shape, &seed);
			memcpy(sorted, values, sizeof(values));
			kb_spread_make(&s, sorted, from);
			t = tally_of(&s, values, from);
			assert_true(kb_drift_index(&s, &t) < 1e-12);
			assert_false(kb_drift_is_shift(&s, &t));
			for (size_t k = 0; k < 7 * 60; k++) {
				memset(&t, 0, sizeof(t));
				for (size_t i = 0; i < sizes[k % 7]; i++)
					kb_tally_add(
					    &t, &s,
					    values[(size_t)(uniform(&seed) *
							    (double)from)]);
				if (kb_drift_is_shift(&s, &t))
					fail_msg("shape %d, %zu of %zu: %f",
						 shape, sizes[k % 7], from,
						 kb_drift_index(&s, &t));
			}
		}
}

static void what_has_moved_is_a_shift(void **state)
{
	static double values[N];
	uint64_t seed = 1;
	struct kb_spread s;
	struct kb_tally t = {{0}}, more = {{0}};

	(void)state;
	for (size_t i = 0; i < N; i++)
		values[i] = uniform(&seed);
	kb_spread_make(&s, values, N);
	assert_int_equal(s.n_cuts, KB_SPREAD_CUTS);
	for (size_t i = 0; i < 200; i++)
		kb_tally_add(&t, &s, pow(uniform(&seed), 3));
	assert_true(kb_drift_is_shift(&s, &t));
	/* half of it missing all of a sudden */
	memset(&t, 0, sizeof(t));
	for (size_t i = 0; i < 200; i++)
		kb_tally_add(&t, &s, i % 2 ? NAN : uniform(&seed));
	assert_true(kb_drift_is_shift(&s, &t));
	/* what two threads count is what one counts */
	kb_tally_join(&more, &t);
	assert_true(kb_drift_index(&s, &more) == kb_drift_index(&s, &t));
}

static void the_index_is_the_sum_it_says(void **state)
{
	double values[] = {1, 2, 3, 4}, a = 1.5 / 6, b = 2.5 / 6;
	struct kb_spread s = {.n_cuts = 0};
	struct kb_tally t = {{0}};

	(void)state;
	kb_spread_make(&s, values, 4);
	assert_int_equal(s.n_cuts, 3);
	assert_true(s.cuts[0] == 2 && s.cuts[2] == 4);
	assert_true(kb_drift_index(&s, &t) == 0);
	assert_false(kb_drift_is_shift(&s, &t));
	/* one decile has gone to its neighbour */
	s = (struct kb_spread){.n_cuts = 0, .shares = {.75}, .n = 4};
	s.shares[KB_SPREAD_BINS - 1] = .25;
	t.n[0] = 2;
	t.n[KB_SPREAD_BINS - 1] = 2;
	a = 2.5 / 5, b = 3.5 / 5;
	assert_true(fabs(kb_drift_index(&s, &t) -
			 ((a - b) * log(a / b) + (.5 - .3) * log(.5 / .3))) <
		    1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sample_is_like_itself_and_what_is_drawn_like_it),
	    cmocka_unit_test(what_has_moved_is_a_shift),
	    cmocka_unit_test(the_index_is_the_sum_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
