/* Equations of a text, and what a router of a cascade counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "cascade/equation.h"
#include "cascade/router.h"

static void equations_are_found_and_checked(void **state)
{
	static const struct {
		const char *text;
		size_t n, wrong;
	} rows[] = {
	    {"8*2=16", 1, 0},
	    {"he drank 8 * 2 = <<8*2=16>>16 ounces", 1, 0},
	    {"So 24 * $50 = $1,200 a month", 1, 0},
	    {"12 x 3 = 36 and 12 × 3 = 37", 2, 1},
	    {"60 ÷ 8 = 7.5; (3 + 4) * 2 = 14.", 2, 0},
	    {"10 - 2 - 3 = 5, 2 + 3 * 4 = 20", 2, 1},
	    {"100 / 3 = 33.33", 1, 0},
	    {"100 / 3 = 34.33", 1, 1},
	    {"20% * 50 = 10", 1, 0},
	    {"小明有 3 + 4 = 8 个", 1, 1},
	    {"x = 5", 0, 0},
	    {"12 = 12", 0, 0},
	    {"1 / 0 = 3", 0, 0},
	    {"a + 3 = 5", 0, 0},
	    {"((((((((((((((((((1+1))))))))))))))))))=2", 0, 0},
	    {"= = 3 =", 0, 0},
	    {"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_equations e =
		    kb_equations_check(kb_str_of(rows[i].text));

		if (e.n != rows[i].n || e.wrong != rows[i].wrong)
			fail_msg("%s: %zu, %zu wrong", rows[i].text, e.n,
				 e.wrong);
	}
}

static double feature(const char *name, const double *values)
{
	for (size_t i = 0; i < KB_ROUTER_FEATURES; i++)
		if (!strcmp(kb_router_names[i], name))
			return values[i];
	fail_msg("no feature %s", name);
	return 0;
}

static void both_texts_are_measured(void **state)
{
	struct kb_str question = KB_STR("A box has 12 rows of 5, 20% are red. "
					"How many?");
	double x[KB_ROUTER_FEATURES];

	(void)state;
	kb_router_measure(question, KB_STR("12 * 5 = 60\n60 / 5 = 13\n#### 13"),
			  x);
	assert_true(feature("question_percent", x) == 1);
	assert_true(fabs(feature("question_numbers", x) - log(4)) < 1e-9);
	assert_true(fabs(feature("question_numbers_unused", x) - 1. / 3) <
		    1e-9);
	assert_true(fabs(feature("answer_numbers_new", x) - .5) < 1e-9);
	assert_true(feature("answer_equations_wrong", x) == 1);
	assert_true(fabs(feature("answer_last_line", x) - log(8)) < 1e-9);
	/* without an answer what is counted in it is missing */
	kb_router_measure(question, (struct kb_str){NULL, 0}, x);
	assert_true(isnan(feature("answer_equations_wrong", x)) != 0);
	assert_true(isnan(feature("question_length", x)) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equations_are_found_and_checked),
	    cmocka_unit_test(both_texts_are_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
