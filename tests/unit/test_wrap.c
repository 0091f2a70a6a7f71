#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/suggest.h"
#include "terminal/wrap.h"

static const struct {
	const char *why;
	size_t width;
	const char *text, *want;
} wraps[] = {
    {"what fits stays", 20, "two words\n", "two words\n"},
    {"English breaks at blanks", 20, "the warranty covers two years",
     "the warranty covers\ntwo years"},
    {"Chinese breaks between characters", 20, "因质量问题退货运费由青禾承担",
     "因质量问题退货运费由\n青禾承担"},
    {"but not before a mark that closes", 20, "因质量问题退货运费由，青禾承担",
     "因质量问题退货运费\n由，青禾承担"},
    {"mixed text at either", 20, "型号 QH-P1201 支持 66W fast charging",
     "型号 QH-P1201 支持\n66W fast charging"},
    {"what follows is indented as its line", 20,
     "   the warranty covers two years\n a",
     "   the warranty\n   covers two years\n a"},
    {"colours take no column", 20,
     "the \033[1;33mwarranty\033[0m covers two years",
     "the \033[1;33mwarranty\033[0m covers\ntwo years"},
    {"a long word is cut", 20, "https://shop.example/returns/label",
     "https://shop.example\n/returns/label"},
    {"no width, no breaks", 0, "the warranty covers two years",
     "the warranty covers two years"},
    {"nor where it would be unreadable", 10, "the warranty covers two years",
     "the warranty covers two years"},
    {"bytes that are no character count one each", 20,
     "012345678901234567\xe5\x9b", "012345678901234567\xe5\x9b"},
    {"nothing", 20, "", ""},
};

static void lines_for_people_fit_their_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wraps) / sizeof(*wraps); i++) {
		struct kb_buf out;

		kb_buf_init(&out, 0);
		kb_wrap_text(&out, kb_str_of(wraps[i].text), wraps[i].width);
		kb_buf_add_char(&out, '\0');
		if (strcmp(out.ptr, wraps[i].want))
			print_message("%s:\n%s\n", wraps[i].why, out.ptr);
		assert_string_equal(out.ptr, wraps[i].want);
		kb_buf_release(&out);
	}
}

static void a_mistyped_option_finds_the_meant_one(void **state)
{
	static const struct kb_opt table[] = {
	    {.name = "hits", .arg = "N", .help = "hits wanted"},
	    {.name = "filter", .arg = "E", .help = "only some"},
	    {.name = "no-spelling", .help = "as is"},
	    {.name = "secret"},
	};
	static const struct {
		const char *typed, *meant;
	} rows[] = {
	    {"hit", "hits"},	  {"hist", "hits"},
	    {"fliter", "filter"}, {"filtre", "filter"},
	    {"filt", NULL},	  {"nospelling", "no-spelling"},
	    {"xyzzy", NULL},	  {"h", NULL},
	    {"", NULL},		  {"secre", NULL},
	    {"命中", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct kb_opt *got =
		    kb_opt_nearest(table, KB_OPT_N(table), rows[i].typed,
				   strlen(rows[i].typed));

		if (rows[i].meant)
			assert_string_equal(got->name, rows[i].meant);
		else
			assert_null(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_for_people_fit_their_terminal),
	    cmocka_unit_test(a_mistyped_option_finds_the_meant_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
