#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "query/common_words.h"

static void words_are_known(void **state)
{
	static const char *const words[] = {"will",
					    "parcel",
					    "cannot",
					    "exceeded",
					    "inventory",
					    "inventories",
					    "colour",
					    "color",
					    "london",
					    "wouldnt",
					    "characteristically"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_true(kb_common_word(kb_str_of(words[i])));
}

static void errors_are_not(void **state)
{
	static const char *const words[] = {"delivrey",	 "annot",     "refnud",
					    "inventori", "recepient", "tha"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_false(kb_common_word(kb_str_of(words[i])));
}

static void pairs_and_letters(void **state)
{
	(void)state;
	assert_true(kb_common_pair(0x53d1, 0x7968));  /* invoice */
	assert_false(kb_common_pair(0x53d1, 0x98d8)); /* its homophone */
	assert_true(kb_common_letters("ing"));
	assert_true(kb_common_letters("ly "));
	assert_false(kb_common_letters("qdd"));
}

/* One in 256; of 20,000 about 78. */
static void few_others_are_found(void **state)
{
	size_t found = 0;

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		uint64_t h = kb_mix64(i + 1);
		char word[12];

		for (size_t j = 0; j < sizeof(word); j++, h /= 26)
			word[j] = (char)('a' + h % 26);
		found += kb_common_word((struct kb_str){word, sizeof(word)});
	}
	assert_in_range(found, 20, 160);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_known),
	    cmocka_unit_test(errors_are_not),
	    cmocka_unit_test(pairs_and_letters),
	    cmocka_unit_test(few_others_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
