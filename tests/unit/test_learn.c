/*
 * Models of named features: scoring, learning, calibration, measures, files.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/num.h"
#include "learn/logistic.h"
#include "learn/model_file.h"
#include "learn/paired.h"
#include "learn/rank.h"
#include "learn/reliability.h"

static void assert_near(double a, double b, double within)
{
	if (!(fabs(a - b) <= within))
		fail_msg("%.12g is not %.12g", a, b);
}

/* ---- scoring ---- */

static const struct kb_linear_model small = {
    .name = "small",
    .kind = KB_LOGISTIC,
    .bias = -1,
    .features =
	(const struct kb_linear_feature[]){
	    {.name = "near", .weight = 2},
	    {.name = "far", .weight = -3, .mean = 4, .scale = 2},
	},
    .n = 2,
};

static void features_are_found_by_name_not_by_place(void **state)
{
	static const char *const names[] = {"other", "far", "near"};
	const double values[] = {99, 6, .5};
	struct kb_linear l;

	(void)state;
	assert_null(kb_linear_bind(&l, &small, names, 3));
	assert_true(kb_linear_sum(&l, values) == -1 + 2 * .5 - 3 * 1);
	assert_near(kb_linear_score(&l, values), kb_sigmoid(-3), 1e-15);
}

static void what_is_missing_counts_as_its_mean(void **state)
{
	static const char *const names[] = {"near", "far"};
	static const char *const one[] = {"near"};
	const double gone[] = {1, NAN}, mean[] = {1, 4},
		     endless[] = {INFINITY, 4};
	struct kb_linear l;

	(void)state;
	assert_null(kb_linear_bind(&l, &small, names, 2));
	assert_true(kb_linear_sum(&l, gone) == kb_linear_sum(&l, mean));
	assert_true(kb_linear_sum(&l, endless) == -1);
	assert_string_equal(kb_linear_bind(&l, &small, one, 1), "far");
	assert_true(kb_linear_sum(&l, mean) == 1);
}

/* ---- learning ---- */

enum { ROWS = 12, COLS = 3 };

static const double rows[ROWS][COLS] = {
    {0, -5, 0}, {1, 2, 1}, {2, -2, 4}, {3, 5, 2}, {4, 1, 2},  {0, -3, 4},
    {1, 4, 1},	{2, 0, 0}, {3, -4, 1}, {4, 3, 4}, {0, -1, 2}, {1, -5, 2},
};
static const double targets[ROWS] = {0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0};
static const double shares[ROWS] = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};

static void learned_weights_are_those_of_another_optimiser(void **state)
{
	/* by L-BFGS-B of SciPy 1.x on the same loss, to 1e-8 */
	static const struct {
		bool nonnegative, standardise;
		double weight[COLS], bias;
	} cases[] = {
	    {false, false, {-.46112819, .11580523, -.39202373}, 1.93551168},
	    {true, false, {0, .05370515, 0}, .23762182},
	    {false, true, {-.6035296, .33061896, -.51417582}, .30794508},
	};
	const struct kb_examples examples = {&rows[0][0], targets, shares, ROWS,
					     COLS};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct kb_logistic_options o = {
		    .l2 = .5, .standardise = cases[i].standardise};
		struct kb_linear_feature f[COLS] = {{.name = "a"}};
		double bias;

		for (size_t k = 0; k < COLS; k++)
			f[k].nonnegative = cases[i].nonnegative;
		assert_int_equal(
		    kb_logistic_train(&examples, &o, f, &bias, NULL), 0);
		for (size_t k = 0; k < COLS; k++)
			assert_near(f[k].weight, cases[i].weight[k], 1e-6);
		assert_near(bias, cases[i].bias, 1e-6);
		assert_near(f[1].scale, cases[i].standardise ? 3.32812092 : 1,
			    1e-8);
	}
}

static void two_groups_are_learned_as_their_odds(void **state)
{
	/* 3 of 10 without the feature, 8 of 10 with it */
	const double x[] = {0, 0, 1, 1}, y[] = {1, 0, 1, 0}, n[] = {3, 7, 8, 2};
	const struct kb_examples examples = {x, y, n, 4, 1};
	const struct kb_logistic_options o = {.l2 = 1e-9};
	struct kb_linear_feature f = {.name = "x"};
	double bias;

	(void)state;
	assert_int_equal(kb_logistic_train(&examples, &o, &f, &bias, NULL), 0);
	assert_near(bias, log(3. / 7), 1e-6);
	assert_near(f.weight, log(8. / 2) - log(3. / 7), 1e-6);
}

static void a_class_weight_repeats_its_rows(void **state)
{
	double twice[ROWS];
	struct kb_examples examples = {&rows[0][0], targets, NULL, ROWS, COLS};
	struct kb_logistic_options o = {.l2 = 1, .class_weight = {0, 2}};
	struct kb_linear_feature a[COLS] = {{.name = "a"}},
				 b[COLS] = {{.name = "a"}};
	double bias_a, bias_b;

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		twice[i] = targets[i] > 0 ? 2 : 1;
	assert_int_equal(kb_logistic_train(&examples, &o, a, &bias_a, NULL), 0);
	examples.weight = twice;
	o.class_weight[1] = 0;
	assert_int_equal(kb_logistic_train(&examples, &o, b, &bias_b, NULL), 0);
	assert_true(bias_a == bias_b);
	for (size_t k = 0; k < COLS; k++)
		assert_true(a[k].weight == b[k].weight);
}

static void rows_that_part_cleanly_do_not_run_away(void **state)
{
	const double x[] = {-1e6, -1, 1, 1e6, NAN}, y[] = {0, 0, 1, 1, 1};
	const struct kb_examples examples = {x, y, NULL, 5, 1};
	const struct kb_logistic_options o = {.l2 = 1e-6};
	struct kb_linear_feature f = {.name = "x"};
	double bias;

	(void)state;
	assert_int_equal(kb_logistic_train(&examples, &o, &f, &bias, NULL), 0);
	assert_true(isfinite(f.weight) && isfinite(bias));
	assert_true(f.weight > 0);
}

static void what_cannot_be_learned_from_is_refused(void **state)
{
	const double x[] = {1, 2}, y[] = {0, 1.5}, none[] = {0, 0};
	const struct kb_logistic_options o = {.l2 = 1};
	const struct kb_logistic_options free_of_charge = {.l2 = 0};
	struct kb_examples examples = {x, y, NULL, 2, 1};
	struct kb_linear_feature f = {.name = "x"};
	struct kb_err err = {0};
	double bias;

	(void)state;
	assert_int_equal(kb_logistic_train(&examples, &o, &f, &bias, &err),
			 KB_EINVAL);
	assert_non_null(strstr(err.msg, "target 2"));
	examples.y = none;
	examples.weight = none;
	assert_int_equal(kb_logistic_train(&examples, &o, &f, &bias, &err),
			 KB_EINVAL);
	assert_int_equal(
	    kb_logistic_train(&examples, &free_of_charge, &f, &bias, &err),
	    KB_EINVAL);
	examples.d = KB_LINEAR_FEATURES + 1;
	assert_int_equal(kb_logistic_train(&examples, &o, &f, &bias, &err),
			 KB_ELIMIT);
}

/* ---- calibration ---- */

static void platt_meets_the_smoothed_shares(void **state)
{
	/* 2 of 8 right at -1, 6 of 8 at 2: targets 9/10 and 1/10 */
	double z[16], low, high;
	bool right[16];
	struct kb_calibration c;

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		z[i] = i < 8 ? -1 : 2;
		right[i] = i < 8 ? i < 2 : i < 14;
	}
	assert_int_equal(kb_calibration_platt(&c, z, right, 16, NULL), 0);
	low = (2 * .9 + 6 * .1) / 8;
	high = (6 * .9 + 2 * .1) / 8;
	assert_near(kb_calibration_map(&c, -1), low, 1e-7);
	assert_near(kb_calibration_map(&c, 2), high, 1e-7);
}

static void platt_never_turns_a_score_round(void **state)
{
	const double z[] = {1, 2, 3, 4};
	const bool right[] = {true, true, false, false};
	struct kb_calibration c;

	(void)state;
	assert_int_equal(kb_calibration_platt(&c, z, right, 4, NULL), 0);
	assert_true(c.slope == 0);
}

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return kb_mix64(*seed);
}

/* Mean outcome of the scores from low to high. */
static double mean_between(const double *z, const bool *right, size_t n,
			   double low, double high)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		if (z[i] >= low && z[i] <= high) {
			sum += right[i];
			all++;
		}
	return sum / all;
}

/* The isotonic regression at z[at] by its definition as the greatest of the
 * least means (Robertson, Wright and Dykstra 1988, theorem 1.4.4). */
static double by_definition(const double *z, const bool *right, size_t n,
			    double at)
{
	double most = -1;

	for (size_t a = 0; a < n; a++) {
		double least = 2;

		if (z[a] > at)
			continue;
		for (size_t b = 0; b < n; b++)
			if (z[b] >= at)
				least = fmin(least, mean_between(z, right, n,
								 z[a], z[b]));
		most = fmax(most, least);
	}
	return most;
}

static void isotonic_is_what_its_definition_says(void **state)
{
	uint64_t seed = 5;
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (int round = 0; round < 200; round++) {
		size_t n = 2 + draw(&seed) % 14;
		struct kb_calibration c;
		double z[16];
		bool right[16];

		for (size_t i = 0; i < n; i++) {
			z[i] = (double)(draw(&seed) % 8);
			right[i] = draw(&seed) % 8 < (uint64_t)z[i];
		}
		right[0] = true;
		right[1] = false;
		assert_int_equal(
		    kb_calibration_isotonic(&c, z, right, n, &arena, NULL), 0);
		for (size_t i = 0; i < n; i++) {
			double edge = 1 / ((double)n + 2), want;

			want = by_definition(z, right, n, z[i]);
			want = fmin(fmax(want, edge), 1 - edge);
			assert_near(kb_calibration_map(&c, z[i]), want, 1e-12);
		}
		for (size_t k = 1; k < c.n_knots; k++)
			assert_true(c.knots[k].z > c.knots[k - 1].z &&
				    c.knots[k].p >= c.knots[k - 1].p);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
}

static void the_number_of_labels_chooses_the_calibration(void **state)
{
	size_t n = KB_CALIBRATION_ISOTONIC_N;
	double *z = kb_malloc(n * sizeof(*z));
	bool *right = kb_malloc(n * sizeof(*right));
	struct kb_calibration c;
	struct kb_arena arena;
	struct kb_err err = {0};
	uint64_t seed = 1;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < n; i++) {
		z[i] = (double)(draw(&seed) >> 11) / 0x1p53;
		right[i] = (double)(draw(&seed) >> 11) / 0x1p53 < z[i];
	}
	assert_int_equal(kb_calibration_fit(&c, z, right, n, &arena, NULL), 0);
	assert_int_equal(c.kind, KB_CALIBRATION_ISOTONIC);
	assert_true(c.n_knots <= KB_CALIBRATION_KNOTS);
	assert_near(kb_calibration_map(&c, .5), .5, .1);
	assert_int_equal(kb_calibration_fit(&c, z, right, n - 1, &arena, NULL),
			 0);
	assert_int_equal(c.kind, KB_CALIBRATION_PLATT);
	memset(right, 0, n * sizeof(*right));
	assert_int_equal(kb_calibration_fit(&c, z, right, n, &arena, &err),
			 KB_EINVAL);
	assert_non_null(strstr(err.msg, "both outcomes"));
	z[7] = NAN;
	assert_int_equal(kb_calibration_fit(&c, z, right, n, &arena, &err),
			 KB_EINVAL);
	assert_non_null(strstr(err.msg, "score 8"));
	free(z);
	free(right);
	kb_arena_release(&arena);
}

/* As many blocks as a rising sequence can have are thinned, in order. */
static void a_long_staircase_is_thinned(void **state)
{
	size_t n = 0, steps = 1500;
	double *z = kb_malloc(steps * (steps + 1) * sizeof(*z));
	bool *right = kb_malloc(steps * (steps + 1) * sizeof(*right));
	struct kb_calibration c;
	struct kb_arena arena;

	(void)state;
	for (size_t s = 0; s <= steps; s += 2)
		for (size_t i = 0; i < steps / 2; i++) {
			z[n] = (double)s;
			right[n++] = i * 2 < s;
		}
	kb_arena_init(&arena);
	assert_int_equal(kb_calibration_isotonic(&c, z, right, n, &arena, NULL),
			 0);
	assert_true(c.n_knots > KB_CALIBRATION_KNOTS / 4);
	assert_true(c.n_knots <= KB_CALIBRATION_KNOTS);
	for (size_t s = 0; s <= steps; s += 100)
		assert_near(kb_calibration_map(&c, (double)s),
			    (double)s / (double)steps, .01);
	kb_arena_release(&arena);
	free(z);
	free(right);
}

/* ---- measures ---- */

static void auroc_counts_a_tie_half(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct kb_outcome o[20];
		double won = 0, pairs = 0;
		struct kb_reliability r;

		for (size_t i = 0; i < 20; i++)
			o[i] =
			    (struct kb_outcome){(double)(draw(&seed) % 6) / 5,
						i < 2 ? i : draw(&seed) & 1};
		for (size_t i = 0; i < 20; i++)
			for (size_t k = 0; k < 20; k++) {
				double a = o[i].confidence, b = o[k].confidence;

				if (!o[i].right || o[k].right)
					continue;
				pairs++;
				won += a > b ? 1 : a == b ? .5 : 0;
			}
		r = kb_reliability_measure(o, 20);
		assert_near(r.auroc, won / pairs, 1e-12);
	}
}

static void precision_is_the_mean_at_the_relevant_ranks(void **state)
{
	/* of 3 relevant ones the list has two, at 1 and 4 */
	struct kb_judgement relevant[] = {{11, 1}, {12, 3}, {13, 1}};
	const struct kb_judged_query query = {.items = relevant, .n = 3};
	uint64_t docs[] = {12, 7, 8, 11};
	const struct kb_ranking ranking = {.docs = docs, .n = 4};
	const struct kb_ranking nothing = {.docs = docs, .n = 0};
	double v[KB_MEASURES];

	(void)state;
	assert_near(kb_rank_precision(&query, &ranking), (1 + 2. / 4) / 3,
		    1e-15);
	assert_true(kb_rank_precision(&query, &nothing) == 0);
	kb_rank_measure(&query, &ranking, v);
	assert_near(v[KB_NDCG_10],
		    (3 + 1 / log2(5)) / (3 + 1 / log2(3) + 1 / log2(4)), 1e-12);
}

static void mcnemar_is_exact(void **state)
{
	(void)state;
	assert_near(kb_paired_mcnemar(1, 9), 2 * 11. / 1024, 1e-12);
	assert_near(kb_paired_mcnemar(9, 1), 2 * 11. / 1024, 1e-12);
	assert_true(kb_paired_mcnemar(5, 5) == 1);
	assert_true(kb_paired_mcnemar(0, 0) == 1);
	assert_near(kb_paired_mcnemar(0, 5), 2. / 32, 1e-12);
	assert_true(kb_paired_mcnemar(4000, 6000) < 1e-80);
}

static double mean_of(void *arg, const size_t *places, size_t n)
{
	const double *values = arg;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += values[places[i]];
	return sum / (double)n;
}

static void an_interval_holds_the_mean_and_narrows(void **state)
{
	double values[400];
	struct kb_interval few, many, again;
	uint64_t seed = 9;

	(void)state;
	for (size_t i = 0; i < 400; i++)
		values[i] = (draw(&seed) & 1) ? 1 : 0;
	few = kb_bootstrap(25, 1000, 1, mean_of, values);
	many = kb_bootstrap(400, 1000, 1, mean_of, values);
	again = kb_bootstrap(400, 1000, 1, mean_of, values);
	assert_true(few.low < few.value && few.value < few.high);
	/* 1.96 sqrt(.25 / 400) */
	assert_near(many.high - many.value, .049, .01);
	assert_true(many.high - many.low < (few.high - few.low) / 2);
	assert_true(again.low == many.low && again.high == many.high);
	few = kb_bootstrap(0, 10, 1, mean_of, values);
	assert_true(isnan(few.low) && isnan(few.high));
}

/* ---- files ---- */

static void written_models_read_back_bit_by_bit(void **state)
{
	static const struct kb_knot knots[] = {
	    {-1. / 3, .1}, {0, .1}, {2e-7, .7}};
	const struct kb_linear_model m = {
	    .name = "模型",
	    .kind = KB_LOGISTIC,
	    .features =
		(const struct kb_linear_feature[]){
		    {.name = "a", .weight = 1. / 3, .scale = 1},
		    {.name = "b", .weight = -1e-9, .mean = .1, .scale = 2. / 7},
		    {.name = "c",
		     .weight = .5,
		     .scale = 1,
		     .nonnegative = true},
		},
	    .n = 3,
	    .bias = -7.123456789012345,
	    .calibration = {.kind = KB_CALIBRATION_ISOTONIC,
			    .knots = knots,
			    .n_knots = 3},
	    .training = {.script = "fit.py",
			 .date = "2026-01-02",
			 .sets = (const char *const[]){"one", "two", NULL},
			 .held_out = (const char *const[]){"three", NULL},
			 .records = 12345,
			 .figures =
			     (const struct kb_figure[]){{"auroc \"x\"", .91},
							{NULL, 0}}},
	};
	struct kb_buf text, again;
	struct kb_linear_model r;
	struct kb_err err = {0};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&text, 0);
	kb_buf_init(&again, 0);
	kb_model_file_write(&m, &text);
	if (kb_model_file_parse(kb_buf_str(&text), &arena, &r, &err))
		fail_msg("%s", err.msg);
	assert_string_equal(r.name, m.name);
	assert_int_equal(r.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(r.features[i].name, m.features[i].name);
		assert_true(r.features[i].weight == m.features[i].weight);
		assert_true(r.features[i].mean == m.features[i].mean);
		assert_true(r.features[i].scale == m.features[i].scale);
		assert_true(r.features[i].nonnegative ==
			    m.features[i].nonnegative);
	}
	assert_true(r.bias == m.bias);
	assert_memory_equal(r.calibration.knots, knots, sizeof(knots));
	assert_string_equal(r.training.sets[1], "two");
	assert_null(r.training.sets[2]);
	assert_string_equal(r.training.held_out[0], "three");
	assert_int_equal(r.training.records, 12345);
	assert_string_equal(r.training.figures[0].name, "auroc \"x\"");
	assert_true(r.training.figures[0].value == .91);
	assert_null(r.training.figures[1].name);
	kb_model_file_write(&r, &again);
	assert_string_equal(text.ptr, again.ptr);
	kb_buf_release(&text);
	kb_buf_release(&again);
	kb_arena_release(&arena);
}

#define HEAD "{\"kb_model\":1,\"kind\":\"logistic\","

static void a_wrong_file_is_told_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *why;
		int code;
	} cases[] = {
	    {"", "not a model", KB_EFORMAT},
	    {"[1]", "no number 'kb_model'", KB_EFORMAT},
	    {"{\"kind\":\"logistic\"}", "no number 'kb_model'", KB_EFORMAT},
	    {"{\"kb_model\":2}", "version 2; this program reads 1", KB_EFORMAT},
	    {"{\"kb_model\":1,\"kind\":\"tree\"}", "'kind' is neither",
	     KB_EFORMAT},
	    {HEAD "\"bias\":\"0\",\"features\":[]}", "'bias' is not a number",
	     KB_EFORMAT},
	    {HEAD "\"bias\":1e300,\"features\":[]}", "'bias' is not a number",
	     KB_EFORMAT},
	    {HEAD "\"bias\":0}", "'features' is missing", KB_EFORMAT},
	    {HEAD "\"features\":{}}", "'features' is not an array", KB_EFORMAT},
	    {HEAD "\"features\":[3]}", "features[0]: 'features' holds",
	     KB_EFORMAT},
	    {HEAD "\"features\":[{\"weight\":1}]}", "'name' is missing",
	     KB_EFORMAT},
	    {HEAD "\"features\":[{\"name\":\"a\"}]}", "'weight' is missing",
	     KB_EFORMAT},
	    {HEAD "\"features\":[{\"name\":\"a\",\"weight\":1},"
		  "{\"name\":\"\\u0061\",\"weight\":1}]}",
	     "features[1]: 'name' stands twice", KB_EFORMAT},
	    {HEAD "\"features\":[{\"name\":\"a\\u0000b\",\"weight\":1}]}",
	     "'name' is not a string", KB_EFORMAT},
	    {HEAD "\"features\":[{\"name\":\"a\",\"weight\":1,\"scale\":0}]}",
	     "'scale' is not 1e-12", KB_EFORMAT},
	    {HEAD "\"features\":[{\"name\":\"a\",\"weight\":-1,"
		  "\"nonnegative\":true}]}",
	     "'weight' is negative", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"beta\"}}",
	     "neither platt nor isotonic", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"platt\","
		  "\"slope\":-1}}",
	     "'slope' is negative", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"isotonic\"}}",
	     "'knots' is missing or empty", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"isotonic\","
		  "\"knots\":[[0,0.5],[0,0.6]]}}",
	     "'knots' does not rise", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"isotonic\","
		  "\"knots\":[[0,0.5],[1,0.4]]}}",
	     "'knots' does not rise", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"isotonic\","
		  "\"knots\":[[0,1.5]]}}",
	     "'knots' holds no probability", KB_EFORMAT},
	    {HEAD "\"features\":[],\"calibration\":{\"kind\":\"isotonic\","
		  "\"knots\":[[0,0.5,1]]}}",
	     "'knots' holds what is no pair", KB_EFORMAT},
	    {"{\"kb_model\":1,\"models\":[]}", "'models' is empty", KB_EFORMAT},
	    {"{\"kb_model\":1,\"models\":[7]}",
	     "models[0]: 'models' holds what is not an object", KB_EFORMAT},
	    {"{\"kb_model\":1,\"models\":{}}", "'models' is not an array",
	     KB_EFORMAT},
	    {HEAD "\"features\":[],\"certificate\":{\"risk\":0}}",
	     "'certificate' has no risk", KB_EFORMAT},
	    {HEAD "\"features\":[],\"spread\":{\"n\":1,\"cuts\":[2,1],"
		  "\"shares\":[0,0,0,1]}}",
	     "'spread.cuts' do not rise", KB_EFORMAT},
	    {HEAD "\"features\":[],\"spread\":{\"n\":1,\"cuts\":[2],"
		  "\"shares\":[0,1]}}",
	     "'spread.shares' are not two more", KB_EFORMAT},
	    {HEAD "\"features\":[],\"spread\":{\"n\":1,\"cuts\":[2],"
		  "\"shares\":[0,0,0]}}",
	     "'spread' is of nothing", KB_EFORMAT},
	    {HEAD "\"features\":[],\"spread\":{\"n\":1,\"cuts\":[0,1,2,3,4,"
		  "5,6,7,8,9],\"shares\":[0,0,0,1]}}",
	     "10 elements, more than 9", KB_ELIMIT},
	    {HEAD "\"features\":[],\"training\":{\"records\":-1}}",
	     "'records' is not a count", KB_EFORMAT},
	    {HEAD "\"features\":[],\"training\":{\"sets\":[1]}}",
	     "'sets' is not a string", KB_EFORMAT},
	    {HEAD "\"features\":[],\"training\":{\"figures\":{\"a\":\"b\"}}}",
	     "'figures' holds what is no number", KB_EFORMAT},
	    {"{\"kb_model\":1,\"kind\":\"linear\",\"features\":[],"
	     "\"calibration\":{\"kind\":\"platt\"}}",
	     "'calibration' is for a logistic model", KB_EFORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kb_linear_model m;
		struct kb_err err = {0};
		struct kb_arena arena;
		int rc;

		kb_arena_init(&arena);
		rc = kb_model_file_parse(kb_str_of(cases[i].text), &arena, &m,
					 &err);
		if (rc != cases[i].code || !strstr(err.msg, cases[i].why))
			fail_msg("%s: %d, %s", cases[i].text, rc, err.msg);
		assert_true(kb_model_file_parse(kb_str_of(cases[i].text),
						&arena, &m,
						NULL) == cases[i].code);
		kb_arena_release(&arena);
	}
}

/* A certificate, spreads and several models in one file. */
static void a_file_of_several_models_reads_back(void **state)
{
	double values[] = {1, 2, 2, 2, 5, NAN, 7, 8, 9, 9, 9, 12};
	const char *names[] = {"b"};
	struct kb_linear_feature features[2] = {{.name = "a", .weight = 1},
						{.name = "b", .weight = 2}};
	struct kb_linear_model two[2] = {
	    {.name = "first",
	     .kind = KB_LOGISTIC,
	     .features = features,
	     .n = 2},
	    {.name = "second",
	     .kind = KB_LOGISTIC,
	     .features = features + 1,
	     .n = 1,
	     .certified = {.035, .1, 1.25, 1000, 812, 17}}};
	const struct kb_linear_model *list[] = {&two[0], &two[1]};
	struct kb_buf text, again;
	struct kb_model_file file;
	struct kb_spread spread;
	struct kb_arena arena;
	struct kb_err err = {0};

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&text, 0);
	kb_buf_init(&again, 0);
	kb_spread_make(&spread, values, 12);
	features[0].spread = &spread;
	two[1].spread = &spread;
	kb_model_file_write_all(list, 2, &text);
	if (kb_model_file_parse_all(kb_buf_str(&text), &arena, &file, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(file.n, 2);
	assert_memory_equal(file.models[0].features[0].spread, &spread,
			    sizeof(spread));
	assert_memory_equal(&file.models[1].certified, &two[1].certified,
			    sizeof(two[1].certified));
	/* whoever measures less finds the one that asks for less */
	assert_ptr_equal(
	    kb_model_file_find(&file, "x", KB_LOGISTIC, names, 1, &err),
	    &file.models[1]);
	assert_null(
	    kb_model_file_find(&file, "x", KB_LOGISTIC, names, 0, &err));
	assert_non_null(strstr(err.msg, "nothing here measures 'a'"));
	list[0] = &file.models[0];
	list[1] = &file.models[1];
	kb_model_file_write_all(list, 2, &again);
	assert_string_equal(text.ptr, again.ptr);
	/* no certificate */
	two[1].certified.threshold = NAN;
	kb_buf_reset(&text);
	kb_model_file_write(&two[1], &text);
	assert_non_null(strstr(text.ptr, "\"threshold\":null"));
	assert_int_equal(
	    kb_model_file_parse(kb_buf_str(&text), &arena, &two[0], NULL), 0);
	assert_true(isnan(two[0].certified.threshold));
	assert_true(two[0].certified.risk == .035);
	kb_buf_release(&text);
	kb_buf_release(&again);
	kb_arena_release(&arena);
}

static void a_file_beyond_the_limits_is_refused(void **state)
{
	struct kb_model_file file;
	struct kb_linear_model m;
	struct kb_arena arena;
	struct kb_err err = {0};
	struct kb_buf text;

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&text, 0);
	kb_buf_add_cstr(&text, HEAD "\"features\":[");
	for (int i = 0; i <= KB_LINEAR_FEATURES; i++)
		kb_buf_printf(&text, "%s{\"name\":\"f%d\",\"weight\":1}",
			      i ? "," : "", i);
	kb_buf_add_cstr(&text, "]}");
	assert_int_equal(
	    kb_model_file_parse(kb_buf_str(&text), &arena, &m, &err),
	    KB_ELIMIT);
	assert_non_null(strstr(err.msg, "65 elements, more than 64"));
	kb_buf_reset(&text);
	kb_buf_printf(&text, HEAD "\"name\":\"%065d\",\"features\":[]}", 0);
	assert_int_equal(
	    kb_model_file_parse(kb_buf_str(&text), &arena, &m, &err),
	    KB_ELIMIT);
	while (text.len <= KB_MODEL_FILE_BYTES)
		kb_buf_add_char(&text, ' ');
	assert_int_equal(
	    kb_model_file_parse(kb_buf_str(&text), &arena, &m, &err),
	    KB_ELIMIT);
	assert_int_equal(
	    kb_model_file_read("/no/such/model", &arena, &file, &err),
	    KB_ENOENT);
	assert_non_null(strstr(err.msg, "/no/such/model"));
	kb_buf_release(&text);
	kb_arena_release(&arena);
}

static void later_members_are_passed_over(void **state)
{
	const char *text = HEAD "\"new\":[1],\"features\":[{\"name\":\"a\","
				"\"weight\":2,\"unit\":\"s\"}]}";
	struct kb_linear_model m;
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	assert_int_equal(kb_model_file_parse(kb_str_of(text), &arena, &m, NULL),
			 0);
	assert_int_equal(m.n, 1);
	assert_true(m.features[0].scale == 1 && m.bias == 0);
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(features_are_found_by_name_not_by_place),
	    cmocka_unit_test(what_is_missing_counts_as_its_mean),
	    cmocka_unit_test(learned_weights_are_those_of_another_optimiser),
	    cmocka_unit_test(two_groups_are_learned_as_their_odds),
	    cmocka_unit_test(a_class_weight_repeats_its_rows),
	    cmocka_unit_test(rows_that_part_cleanly_do_not_run_away),
	    cmocka_unit_test(what_cannot_be_learned_from_is_refused),
	    cmocka_unit_test(platt_meets_the_smoothed_shares),
	    cmocka_unit_test(platt_never_turns_a_score_round),
	    cmocka_unit_test(isotonic_is_what_its_definition_says),
	    cmocka_unit_test(the_number_of_labels_chooses_the_calibration),
	    cmocka_unit_test(a_long_staircase_is_thinned),
	    cmocka_unit_test(auroc_counts_a_tie_half),
	    cmocka_unit_test(precision_is_the_mean_at_the_relevant_ranks),
	    cmocka_unit_test(mcnemar_is_exact),
	    cmocka_unit_test(an_interval_holds_the_mean_and_narrows),
	    cmocka_unit_test(written_models_read_back_bit_by_bit),
	    cmocka_unit_test(a_wrong_file_is_told_what_is_wrong),
	    cmocka_unit_test(a_file_of_several_models_reads_back),
	    cmocka_unit_test(a_file_beyond_the_limits_is_refused),
	    cmocka_unit_test(later_members_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
