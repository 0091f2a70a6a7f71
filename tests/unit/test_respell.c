#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "relevance/respell.h"

static struct kb_arena arena;

static const char ice[] = "Before glaciation, mountain valleys have a "
			  "characteristic shape. Jensen and Katrina met there.";
static const char ban[] =
    "太平洋战争开战时的编制日期是1941年。六耳铃又名石灰。";

static void a_question_is_spelled_as_its_passages(void **state)
{
	static const struct {
		const char *question, *as; /* NULL: it stays */
	} rows[] = {
	    {"What shaped vallys before glacation?",
	     "What shaped valleys before glaciation?"},
	    {"glacitaion?", "glaciation?"},
	    {"Glacationn", NULL}, /* two letters */
	    {"Glaciaton of vallleys", "glaciation of valleys"},
	    {"什么是“vallys”？", "什么是“valleys”？"},
	    {"naïvevallys", NULL},
	    /* everyday words are right, whatever is near them */
	    {"Do volleys have a shade?", NULL},
	    {"Who is the martian?", NULL},
	    /* names and codes are as they are written */
	    {"When did Jenson meet Katrine?", NULL},
	    {"What is a vall3y or an X-vallys9?", NULL},
	    {"valleys of glaciation", NULL},
	    {"太平洋战争开战时编治日期是？", "太平洋战争开战时编制日期是？"},
	    {"太平洋战争開戰時編治日期是？", "太平洋战争開戰時編制日期是？"},
	    {"什么是六尔铃？", "什么是六耳铃？"},
	    /* beside nothing that the passages have, or in a word */
	    {"什么是治铃？", NULL},
	    {"治理日期是？", NULL},
	    {"是六的吗", NULL},
	    {"", NULL},
	    {"\xff\xfe\x80 vallys", "\xff\xfe\x80 valleys"},
	};
	struct kb_spellings spellings = {.n = 0};

	(void)state;
	kb_spellings_add(&spellings, KB_STR("Valley"), kb_str_of(ice));
	kb_spellings_add(&spellings, KB_STR(""), kb_str_of(ban));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_str question = kb_str_of(rows[i].question);
		struct kb_str want =
		    rows[i].as ? kb_str_of(rows[i].as) : question;
		struct kb_str got = kb_respell(question, &spellings, &arena);

		if (!kb_str_eq(got, want))
			fail_msg("%s: %.*s", rows[i].question, (int)got.len,
				 got.ptr);
	}
}

static void without_passages_a_question_stays(void **state)
{
	struct kb_str question = KB_STR("vallys 编治");
	struct kb_spellings none = {.n = 0};

	(void)state;
	assert_ptr_equal(kb_respell(question, &none, &arena).ptr, question.ptr);
}

/* As many words and characters as are looked at, and more. */
static void a_long_question_is_put_right_as_far_as_it_is_read(void **state)
{
	char text[4096];
	struct kb_str question = {text, 0}, got;
	struct kb_spellings spellings = {.n = 0};

	(void)state;
	kb_spellings_add(&spellings, kb_str_of(ice), kb_str_of(ban));
	for (int i = 0; i < 100; i++)
		question.len += (size_t)snprintf(text + question.len,
						 sizeof(text) - question.len,
						 "vallys 编治日 ");
	got = kb_respell(question, &spellings, &arena);
	assert_memory_equal(got.ptr, "valleys 编制日 valleys", 25);
	assert_int_equal(got.len, question.len + 16);
	assert_memory_equal(got.ptr + got.len - 17, "vallys 编治日 ", 17);
}

/* The first passages count, and no more than those. */
static void no_more_passages_are_looked_at(void **state)
{
	struct kb_spellings spellings = {.n = 0};
	struct kb_str question = KB_STR("vallys");

	(void)state;
	for (int i = 0; i < KB_RESPELL_PASSAGES; i++)
		kb_spellings_add(&spellings, KB_STR(""), KB_STR("none"));
	kb_spellings_add(&spellings, KB_STR(""), kb_str_of(ice));
	assert_ptr_equal(kb_respell(question, &spellings, &arena).ptr,
			 question.ptr);
}

static int set_up(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kb_arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_question_is_spelled_as_its_passages),
	    cmocka_unit_test(without_passages_a_question_stays),
	    cmocka_unit_test(a_long_question_is_put_right_as_far_as_it_is_read),
	    cmocka_unit_test(no_more_passages_are_looked_at),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
