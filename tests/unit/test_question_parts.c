/* Questions that ask several things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/question_parts.h"

#define N(a) (sizeof(a) / sizeof(*(a)))

static const struct {
	const char *question, *parts; /* with "/" between */
} rows[] = {
    {"How much is it?", ""},
    {"When does the pool open and until when is breakfast?",
     "When does the pool open /and until when is breakfast?"},
    {"When does the pool open and close?", ""},
    {"How heavy is the X5, and what does it cost?",
     "How heavy is the X5,/ and what does it cost?"},
    {"Which is cheaper, the X5 or the X7?", ""},
    {"I bought an X5 last week. Can I return it? Who pays for shipping?",
     "I bought an X5 last week. Can I return it?/ Who pays for shipping?"},
    {"How do I wash salt and pepper mills?", ""},
    {"退货运费谁出？退款多久到账？", "退货运费谁出？/退款多久到账？"},
    {"退货运费谁出，多久退款？", "退货运费谁出，/多久退款？"},
    {"如果我退货，运费谁出？", ""},
    {"你好，请问保修几年，谢谢", ""},
    {"保修几年，能不能换新，运费谁出？", "保修几年，/能不能换新，/运费谁出？"},
    {"a? b? c?", ""},
    {"", ""},
};

static void each_asks_by_a_word_of_its_own(void **state)
{
	bool bad = false;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct kb_str parts[KB_QUESTION_PARTS];
		size_t n =
		    kb_question_parts(kb_str_of(rows[i].question), parts);
		char got[512] = "";

		for (size_t k = 0; k < n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				 "%s%.*s", k ? "/" : "", (int)parts[k].len,
				 parts[k].ptr);
		if (strcmp(got, rows[i].parts)) {
			print_error("'%s' gives '%s'\n", rows[i].question, got);
			bad = true;
		}
	}
	assert_false(bad);
}

/* Of very many none is told. */
static void there_is_a_limit(void **state)
{
	char question[4096] = "";
	struct kb_str parts[KB_QUESTION_PARTS];

	(void)state;
	for (size_t i = 0; i < 100; i++)
		strcat(question, "How much is this? ");
	assert_int_equal(kb_question_parts(kb_str_of(question), parts), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_asks_by_a_word_of_its_own),
	    cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
