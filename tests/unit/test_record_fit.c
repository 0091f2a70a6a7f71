/* The confidence of a record: learned from labels, certified, capped; and the
 * words of a judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/hash.h"
#include "base/num.h"
#include "verify/judge.h"
#include "verify/record_fit.h"

static double uniform(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return (double)(kb_mix64(*seed) >> 11) / 0x1p53;
}

/* A record whose facts say what is right and whose order without a model is
 * noisier; its generation is missing. */
static struct kb_record_signals draw(bool right, uint64_t *seed)
{
	struct kb_record_signals s = {.judged = true, .cap = 1};
	double facts = (right ? 2 : -1) + 3 * (uniform(seed) - .5);

	for (size_t i = 0; i < KB_RECORD_FEATURES; i++)
		s.f[i] = 1;
	s.f[KB_R_FACTS] = facts;
	s.f[KB_R_LEAST] = facts / 3 + 2 * (uniform(seed) - .5);
	s.f[KB_R_GENERATION] = NAN;
	s.plain = kb_sigmoid(s.f[KB_R_LEAST]);
	return s;
}

static struct kb_record_fit *labels(size_t n, double wrong, uint64_t seed,
				    bool backwards)
{
	struct kb_record_fit *fit = kb_record_fit_new();
	struct kb_record_signals *s = malloc(n * sizeof(*s));
	bool *right = malloc(n * sizeof(*right));

	for (size_t i = 0; i < n; i++) {
		right[i] = uniform(&seed) >= wrong;
		s[i] = draw(right[i], &seed);
	}
	for (size_t k = 0; k < n; k++) {
		size_t i = backwards ? n - 1 - k : k;

		kb_record_fit_add(fit, i, kb_mix64(i), right[i], &s[i],
				  s[i].plain);
	}
	free(right);
	free(s);
	return fit;
}

static int run(struct kb_record_fit *fit, const struct kb_fit_options *o,
	       struct kb_arena *arena, struct kb_linear_model *out,
	       struct kb_buf *said, struct kb_err *err)
{
	struct kb_fit_options options = *o;

	options.labels = "labels.jsonl";
	options.date = "2026-11-30";
	return kb_record_fit_run(fit, &options, arena, out, said, err);
}

static double figure(const struct kb_linear_model *m, const char *name)
{
	const struct kb_figure *f = m->training.figures;

	while (f->name && strcmp(f->name, name))
		f++;
	assert_non_null(f->name);
	return f->value;
}

static void what_is_learned_is_better_held_out(void **state)
{
	const struct kb_fit_options o = {.what = KB_FIT_WEIGHTS};
	struct kb_record_fit *fit = labels(600, .4, 1, false);
	struct kb_linear_model m;
	struct kb_arena arena;
	struct kb_buf said;
	struct kb_err err;

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&said, 0);
	if (run(fit, &o, &arena, &m, &said, &err))
		fail_msg("%s", err.msg);
	assert_true(figure(&m, "auroc") > figure(&m, "auroc before") + .03);
	assert_true(figure(&m, "brier") < figure(&m, "brier before") - .02);
	assert_true(figure(&m, "ece") < .06);
	assert_int_equal(m.training.records, 600);
	for (size_t f = 0; f < m.n; f++) {
		assert_true(m.features[f].weight >= 0);
		assert_non_null(m.features[f].spread);
	}
	assert_non_null(strstr(said.ptr, "600 labels of 2026-11-30"));
	assert_true(m.certified.risk == 0);
	kb_buf_release(&said);
	kb_arena_release(&arena);
	kb_record_fit_free(fit);
}

/* The order in which threads bring the labels changes no byte. */
static void the_order_of_labels_does_not_matter(void **state)
{
	(void)state;
	for (enum kb_fit_what what = KB_FIT_WEIGHTS; what <= KB_FIT_CALIBRATION;
	     what++) {
		struct kb_fit_options o = {
		    .what = what, .risk = .1, .delta = .1};
		struct kb_buf said[2];
		struct kb_linear_model m[2];
		struct kb_arena arena;

		kb_arena_init(&arena);
		for (int i = 0; i < 2; i++) {
			struct kb_record_fit *fit = labels(900, .3, 7, i);

			kb_buf_init(&said[i], 0);
			assert_int_equal(
			    run(fit, &o, &arena, &m[i], &said[i], NULL), 0);
			kb_record_fit_free(fit);
		}
		assert_string_equal(said[0].ptr, said[1].ptr);
		assert_true(m[0].bias == m[1].bias);
		for (size_t f = 0; f < m[0].n; f++)
			assert_true(m[0].features[f].weight ==
				    m[1].features[f].weight);
		assert_true(m[0].certified.threshold ==
				m[1].certified.threshold ||
			    isnan(m[0].certified.threshold));
		kb_buf_release(&said[0]);
		kb_buf_release(&said[1]);
		kb_arena_release(&arena);
	}
}

static void a_calibration_keeps_the_order(void **state)
{
	(void)state;
	/* by two numbers, and by steps */
	for (size_t n = 300; n <= 1500; n += 1200) {
		const struct kb_fit_options o = {
		    .what = KB_FIT_CALIBRATION, .risk = .1, .delta = .1};
		struct kb_record_fit *fit = labels(n, .2, 3, false);
		struct kb_record_signals a, b;
		struct kb_linear_model m;
		struct kb_linear bound;
		struct kb_arena arena;
		struct kb_buf said;
		uint64_t seed = 9;

		kb_arena_init(&arena);
		kb_buf_init(&said, 0);
		assert_int_equal(run(fit, &o, &arena, &m, &said, NULL), 0);
		kb_linear_bind(&bound, &m, kb_record_features,
			       KB_RECORD_FEATURES);
		assert_int_equal(m.calibration.kind,
				 n < 1000 ? KB_CALIBRATION_PLATT
					  : KB_CALIBRATION_ISOTONIC);
		for (size_t i = 0; i < 300; i++) {
			double x, y;

			a = draw(i % 2, &seed);
			b = draw(i % 3 == 0, &seed);
			x = kb_record_rate(&bound, &a).confidence;
			y = kb_record_rate(&bound, &b).confidence;
			assert_true(x >= 0 && x <= 1);
			if (a.f[KB_R_LEAST] < b.f[KB_R_LEAST])
				assert_true(x <= y);
			/* the certified threshold is where .6 is */
			if (!isnan(m.certified.threshold))
				assert_int_equal(x >= .6,
						 a.f[KB_R_LEAST] >=
						     m.certified.threshold);
			/* a rule that caps is stronger than any model */
			a.cap = .3;
			a.capped = "contradiction";
			assert_true(kb_record_rate(&bound, &a).confidence <=
				    .3);
		}
		kb_buf_release(&said);
		kb_arena_release(&arena);
		kb_record_fit_free(fit);
	}
}

/* Drawn again and again, the certificate is broken in no more than its share
 * of the runs; with few labels or many wrong ones there is none. */
static void a_certificate_is_kept(void **state)
{
	struct kb_fit_options o = {
	    .what = KB_FIT_CALIBRATION, .risk = .1, .delta = .1};
	size_t broken = 0, given = 0;

	(void)state;
	for (uint64_t run_ = 0; run_ < 60; run_++) {
		struct kb_record_fit *fit = labels(500, .3, run_ * 7919, false);
		struct kb_linear_model m;
		struct kb_linear bound;
		struct kb_arena arena;
		struct kb_buf said;
		uint64_t seed = run_ + 12345;
		double answered = 0, wrong = 0;

		kb_arena_init(&arena);
		kb_buf_init(&said, 0);
		assert_int_equal(run(fit, &o, &arena, &m, &said, NULL), 0);
		kb_linear_bind(&bound, &m, kb_record_features,
			       KB_RECORD_FEATURES);
		for (size_t i = 0; i < 6000; i++) {
			bool right = uniform(&seed) >= .3;
			struct kb_record_signals s = draw(right, &seed);

			if (isnan(m.certified.threshold) ||
			    kb_record_rate(&bound, &s).confidence < .6)
				continue;
			answered++;
			wrong += !right;
		}
		if (!isnan(m.certified.threshold))
			given++;
		if (answered > 0 && wrong / answered > o.risk)
			broken++;
		kb_buf_release(&said);
		kb_arena_release(&arena);
		kb_record_fit_free(fit);
	}
	assert_true(given >= 50);
	assert_true(broken <= 9); /* 6 of 60 expected at most */
}

static void too_little_is_refused_or_not_certified(void **state)
{
	static const struct {
		size_t n;
		double wrong;
		bool refused;
	} cases[] = {
	    {0, .5, true},  {49, .5, true},  {400, 0, true},
	    {400, 1, true}, {60, .5, false},
	};

	(void)state;
	for (enum kb_fit_what what = KB_FIT_WEIGHTS; what <= KB_FIT_CALIBRATION;
	     what++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			struct kb_fit_options o = {
			    .what = what, .risk = .01, .delta = .1};
			struct kb_record_fit *fit =
			    labels(cases[i].n, cases[i].wrong, 5, false);
			struct kb_linear_model m;
			struct kb_arena arena;
			struct kb_buf said;
			struct kb_err err = {0};
			int rc;

			kb_arena_init(&arena);
			kb_buf_init(&said, 0);
			rc = run(fit, &o, &arena, &m, &said, &err);
			assert_int_equal(rc, cases[i].refused ? KB_EINVAL : 0);
			if (rc)
				assert_non_null(
				    strstr(err.msg, "too few labels"));
			else
				assert_non_null(
				    strstr(said.ptr, "no certificate: "));
			if (!rc)
				assert_true(isnan(m.certified.threshold) &&
					    m.certified.risk == .01);
			kb_buf_release(&said);
			kb_arena_release(&arena);
			kb_record_fit_free(fit);
		}
}

static void words_of_a_judge_are_a_verdict_or_none(void **state)
{
	static const struct {
		const char *text;
		int verdict;
	} cases[] = {
	    {"yes", 1},
	    {"Yes.", 1},
	    {" **Supported**", 1},
	    {"SUPPORTED", 1},
	    {"unsupported", 0},
	    {"Not supported by the passages.", 0},
	    {"No", 0},
	    {"The claim is supported.", 1},
	    {"The claim is not supported.", 0},
	    {"{\"verdict\":\"unsupported\"}", 0},
	    {"支持", 1},
	    {"支持。", 1},
	    {"不支持", 0},
	    {"“不支持”", 0},
	    {"该说法不支持。", 0},
	    {"该说法得到资料支持。", 1},
	    {"是", 1},
	    {"不是", 0},
	    {"否。", 0},
	    {"正确", 1},
	    {"不正确", 0},
	    {"", -1},
	    {"...", -1},
	    {"nothing", -1},
	    {"yesterday", -1},
	    {"supported, or unsupported?", 1},
	    {"Is it supported or unsupported?", -1},
	    {"part 1 is supported, part 2 is false", -1},
	    {"Returns are accepted within 30 days.", -1},
	    {"30天内可以退货。", -1},
	    {"\xe4\xb8", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (kb_judge_words(kb_str_of(cases[i].text)) !=
		    cases[i].verdict)
			fail_msg("'%s' is %d", cases[i].text,
				 kb_judge_words(kb_str_of(cases[i].text)));
}

static void a_band_is_two_numbers_in_order(void **state)
{
	static const char *const bad[] = {
	    "",	   ".5",      "0.5", "0.5,", "1,0.5",	"0,1.5",
	    "a,b", "0,0.5,1", ",",   "-1,1", "0.1,nan", "null,1"};
	struct kb_judge_options o = {0};
	struct kb_err err;

	(void)state;
	assert_int_equal(kb_judge_band("0.25,0.75", &o, NULL), 0);
	assert_true(o.low == .25 && o.high == .75);
	assert_int_equal(kb_judge_band("0,1", &o, NULL), 0);
	assert_int_equal(kb_judge_band(".1,.9", &o, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(kb_judge_band(bad[i], &o, &err), KB_EINVAL);
		assert_non_null(strstr(err.msg, "--band"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_learned_is_better_held_out),
	    cmocka_unit_test(the_order_of_labels_does_not_matter),
	    cmocka_unit_test(a_calibration_keeps_the_order),
	    cmocka_unit_test(a_certificate_is_kept),
	    cmocka_unit_test(too_little_is_refused_or_not_certified),
	    cmocka_unit_test(words_of_a_judge_are_a_verdict_or_none),
	    cmocka_unit_test(a_band_is_two_numbers_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
