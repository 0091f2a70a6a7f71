#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/lexicon/rate.h"

static void an_amount_is_counted_by_what_stands_beside_it(void **state)
{
	static const struct {
		const char *text;
		enum kb_rate rate;
	} rows[] = {
	    {"15 euros a day", KB_RATE_DAY},
	    {"15 euros an hour", KB_RATE_HOUR},
	    {"15 euros per night and room", KB_RATE_NIGHT},
	    {"15 euros / month", KB_RATE_MONTH},
	    {"15 euros weekly", KB_RATE_WEEK},
	    {"$15 each year", KB_RATE_YEAR},
	    {"15 euros a head", KB_RATE_PERSON},
	    {"15 euros a daybed", KB_RATE_NONE},
	    {"15 euros and a day off", KB_RATE_NONE},
	    {"15 euros", KB_RATE_NONE},
	    {"停车费15元/天", KB_RATE_DAY},
	    {"停车费15元每晚", KB_RATE_NIGHT},
	    {"停车费15元一小时", KB_RATE_HOUR},
	    {"每月15元", KB_RATE_MONTH},
	    {"一共15元", KB_RATE_NONE},
	    {"15元月底付", KB_RATE_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_str text = kb_str_of(rows[i].text);
		struct kb_quantities found = {0};
		enum kb_rate rate;

		kb_quantities_find(&found, text.ptr, text.len);
		assert_true(found.n > 0);
		rate = kb_rate_of(text, &found.items[0]);
		if (rate != rows[i].rate)
			fail_msg("%s: %d, not %d", rows[i].text, (int)rate,
				 (int)rows[i].rate);
		kb_quantities_release(&found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_amount_is_counted_by_what_stands_beside_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
