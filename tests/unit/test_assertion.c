/* Assertions about an answer, ROUGE-L and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "eval/answer.h"
#include "eval/assertion.h"

static struct kb_arena arena;

static struct kb_json value(const char *text)
{
	struct kb_json val = {0};

	if (kb_json_check(text, strlen(text), &val, NULL) < 0)
		fail_msg("no JSON: %s", text);
	return val;
}

static void rouge_is_the_longest_common_subsequence(void **state)
{
	static const struct {
		const char *answer, *gold;
		double want;
		int numbers; /* -1: gold has none */
	} rows[] = {
	    {"police killed the gunman", "police kill the gunman", 2 * 2. / 6,
	     -1}, /* the article is no token */
	    {"b c d", "d b c", 2 * 2. / 6, -1},
	    {"7天内可以退货", "7天内退货", 2 * 5. / 12, 1},
	    {"x", "y", 0, -1},
	    {"", "y", 0, -1},
	    {"in 1,200 or 30 days", "30 days, 1200", 2 * 2. / 8, 1},
	    {"in 30 days", "30 days, 1200", 2 * 2. / 6, 0},
	    {"3.50", "3.5", 1, 1},
	    {"thirty", "30", 0, 0},
	};
	struct kb_answer_tokens a = {0}, g = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int numbers;

		kb_answer_tokens(&a, kb_str_of(rows[i].answer));
		kb_answer_tokens(&g, kb_str_of(rows[i].gold));
		if (fabs(kb_answer_rouge(&a, &g) - rows[i].want) > 1e-9)
			fail_msg("row %zu: %f", i, kb_answer_rouge(&a, &g));
		numbers =
		    kb_answer_has_number(&g) ? kb_answer_numbers(&a, &g) : -1;
		assert_int_equal(numbers, rows[i].numbers);
	}
	kb_answer_tokens_release(&a);
	kb_answer_tokens_release(&g);
}

static void assertions_are_counted(void **state)
{
	static const struct {
		const char *assertions, *answer;
		int n, held;
	} rows[] = {
	    {"null", "x", 0, 0},
	    {"[]", "x", 0, 0},
	    {"{\"contains\":\"7天\"}", "可在７天內", 1, 1},
	    {"{\"contains\":\"7\"}", "17", 1, 0},
	    {"[{\"regex\":\"^\\\\d+$\"},{\"max_length\":2}]", "17", 2, 2},
	    {"[{\"regex\":\"^\\\\d+$\"},{\"max_length\":2}]", "17x", 2, 0},
	    {"{\"max_length\":2}", "天气", 1, 1},
	    {"{\"not\":{\"contains\":\"sorry\"}}", "It is 7.", 1, 1},
	    {"{\"not\":{\"contains\":\"sorry\"}}", "Sorry!", 1, 0},
	    {"{\"not\":{\"contains\":\"x\",\"regex\":\"b\"}}", "x", 1, 1},
	    {"{\"schema\":{\"type\":\"object\"}}", " {\"a\":[1]} ", 1, 1},
	    {"{\"schema\":{\"type\":\"object\"}}", "Here: {}", 1, 0},
	    {"{\"schema\":{}}", "", 1, 0},
	    {"{\"contains\":\"x\",\"regex\":\"b\"}", "x", 2, 1},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n, held;
		struct kb_err err = {0};

		assert_int_equal(kb_assertions_judge(value(rows[i].assertions),
						     kb_str_of(rows[i].answer),
						     &arena, &n, &held, &err),
				 KB_OK);
		if ((int)n != rows[i].n || (int)held != rows[i].held)
			fail_msg("%s of '%s': %zu of %zu", rows[i].assertions,
				 rows[i].answer, held, n);
	}
	kb_arena_release(&arena);
}

static void what_is_no_assertion_is_said(void **state)
{
	static const struct {
		const char *assertions, *said;
	} rows[] = {
	    {"{\"contain\":\"x\"}", "'contain' is not one of"},
	    {"{\"contains\":\"\"}", "'contains' must be a string"},
	    {"{\"contains\":\"The!\"}", "needs a word or a number"},
	    {"{\"regex\":7}", "'regex' must be a string"},
	    {"{\"max_length\":-1}", "'max_length' must be a whole number"},
	    {"{\"max_length\":\"7\"}", "'max_length' must be a whole number"},
	    {"{\"not\":{\"not\":{\"contains\":\"a\"}}}", "within 'not'"},
	    {"[\"a\"]", "is an object"},
	    {"\"a\"", "is an object"},
	    {"{}", "is an object"},
	    {"{\"schema\":{\"if\":{}}}", "unknown keyword 'if'"},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_err err = {0};
		size_t n, held;

		assert_int_equal(kb_assertions_judge(value(rows[i].assertions),
						     kb_str_of("a"), &arena, &n,
						     &held, &err),
				 KB_EINVAL);
		if (!strstr(err.msg, rows[i].said))
			fail_msg("%s: %s", rows[i].assertions, err.msg);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rouge_is_the_longest_common_subsequence),
	    cmocka_unit_test(assertions_are_counted),
	    cmocka_unit_test(what_is_no_assertion_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
