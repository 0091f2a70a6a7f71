#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/num.h"

static void probabilities_stay_between_0_and_1(void **state)
{
	(void)state;
	assert_true(kb_sigmoid(0) == .5);
	assert_true(kb_sigmoid(1000) == 1);
	assert_true(kb_sigmoid(-1000) == 0);
	assert_true(isnan(kb_sigmoid(NAN)));
	for (double x = -5; x <= 5; x += .5)
		assert_true(fabs(kb_logit(kb_sigmoid(x), 1e-4) - x) < 1e-9);
	assert_true(isfinite(kb_logit(0, 1e-4)));
	assert_true(fabs(kb_logit(0, 1e-4) + kb_logit(1, 1e-4)) < 1e-9);
}

static void a_sum_begins_with_its_bias(void **state)
{
	const double w[] = {2, -1, .5}, x[] = {1, 3, 4};

	(void)state;
	assert_true(kb_weigh(-2, w, x, 3) == -1);
	assert_true(kb_weigh(7, w, x, 0) == 7);
	assert_true(kb_weigh(7, NULL, NULL, 0) == 7);
}

static void whole_numbers_are_written_backwards(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} rows[] = {{0, "0"},
		    {9, "9"},
		    {10, "10"},
		    {UINT64_MAX, "18446744073709551615"}};
	char text[21] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(kb_num_digits(text + 20, rows[i].n),
				    rows[i].text);
}

static void an_array_in_an_arena_keeps_its_items(void **state)
{
	struct kb_arena arena;
	uint32_t *items = NULL;
	size_t cap = 0;

	(void)state;
	kb_arena_init(&arena);
	for (uint32_t n = 0; n < 5000; n++) {
		kb_arena_grow(&arena, &items, &cap, n, n + 1, sizeof(*items));
		assert_true(cap > n);
		items[n] = n;
	}
	for (uint32_t n = 0; n < 5000; n++)
		assert_int_equal(items[n], n);
	/* many at once; none more than there is room for moves nothing */
	kb_arena_grow(&arena, &items, &cap, 5000, 70000, sizeof(*items));
	assert_true(cap >= 70000);
	assert_int_equal(items[4999], 4999);
	kb_arena_grow(&arena, &items, &cap, 5000, cap, sizeof(*items));
	assert_int_equal(items[4999], 4999);
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(probabilities_stay_between_0_and_1),
	    cmocka_unit_test(a_sum_begins_with_its_bias),
	    cmocka_unit_test(whole_numbers_are_written_backwards),
	    cmocka_unit_test(an_array_in_an_arena_keeps_its_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
