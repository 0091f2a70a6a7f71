#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/lexicon/named_range.h"

static void a_day_lies_in_a_range_that_names_its_ends(void **state)
{
	static const struct {
		const char *text, *word;
		bool has;
	} rows[] = {
	    {"open Friday to Sunday", "Saturday", true},
	    {"open Friday to Sunday", "sunday", true},
	    {"open Friday to Sunday", "Fridays", true},
	    {"open Friday to Sunday", "Monday", false},
	    {"Sat.–Tue. closed", "Monday", true},
	    {"Sat.–Tue. closed", "Wed", false},
	    {"from November through March", "January", true},
	    {"from November through March", "July", false},
	    {"May - September", "July", true},
	    {"May or September", "July", false},
	    {"Monday and Friday", "Wednesday", false},
	    {"Mayor to Marchand", "April", false},
	    {"Friday to March", "Saturday", false},
	    {"周一至周五营业", "周三", true},
	    {"星期六到星期一休息", "周日", true},
	    {"周一至周五营业", "周六", false},
	    {"周一、周五营业", "周三", false},
	    {"Friday to Sunday", "Satur", false},
	    {"Friday to Sunday", "", false},
	    {"", "Saturday", false},
	    {"Friday to", "Saturday", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (kb_named_range_has(kb_str_of(rows[i].text),
				       kb_str_of(rows[i].word)) != rows[i].has)
			fail_msg("%s in '%s'", rows[i].word, rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_day_lies_in_a_range_that_names_its_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
