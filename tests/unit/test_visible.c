#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/visible.h"

static void hidden_characters_are_marked(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
	    {"plain 你好 naïve", "plain 你好 naïve"},
	    {"a\x1b[31m\n\tb\x7f", "a_[31m__b_"},
	    {"\xc2\x80\xc2\x9f\xc2\xa0", "__\xc2\xa0"},
	    {"\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9", "____"},
	    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "___"},
	    {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8b\xef\xbb\xbf", "____"},
	    {"\xf3\xa0\x80\x80\xf3\xa0\x81\xbf\xf3\xa0\x84\x80",
	     "__\xf3\xa0\x84\x80"},
	    /* joiners */
	    {"م\xe2\x80\x8cخ 👨\xe2\x80\x8d👩", "م\xe2\x80\x8cخ 👨\xe2\x80\x8d👩"},
	    {"a\xe2\x80\x8d"
	     "b\xe2\x80\x8c中\xe2\x80\x8d",
	     "a_b_中_"},
	    /* bad bytes */
	    {"\xff\xe4\xbd", "___"},
	    {"", ""},
	};
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kb_buf_reset(&out);
		kb_visible_add(&out, kb_str_of(cases[i].text), "_");
		assert_true(kb_str_is(kb_buf_str(&out), cases[i].shown));
	}
	kb_buf_release(&out);
}

static void messages_escape_what_is_hidden(void **state)
{
	char quoted[KB_QUOTE_MAX], many[400];
	struct kb_err err;

	(void)state;
	kb_err_set(&err, KB_EINVAL, "'%s'",
		   "中\n\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\xff");
	assert_string_equal(err.msg, "'中\\x0a\\u009b\\u202e\\U000e0041\\xff'");
	kb_err_place(&err, "%s", "f\xe2\x80\xa8");
	assert_string_equal(
	    err.msg, "f\\u2028: '中\\x0a\\u009b\\u202e\\U000e0041\\xff'");
	kb_err_quote(quoted, "\xc2\x9b\xd8\x9c", 4);
	assert_string_equal(quoted, "\\u009b\\u061c");
	/* However many, there is room. */
	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = "\xf3\xa0\x81\x81"[i % 4];
	many[sizeof(many) - 1] = '\0';
	kb_err_quote(quoted, many, sizeof(many) - 1);
	assert_int_equal(strlen(quoted), 15 * 10 + 3);
	kb_err_set(&err, KB_EINVAL, "%s", many);
	assert_true(strlen(err.msg) < sizeof(err.msg));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hidden_characters_are_marked),
	    cmocka_unit_test(messages_escape_what_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
