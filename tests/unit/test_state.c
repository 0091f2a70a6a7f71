#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialogue/mentions.h"

static const char known[] = "# dishes and places of this test\n"
			    "dish\t松鼠鳜鱼\n"
			    "松鹤楼\n"
			    "松鹤楼(观前店)\n"
			    "place\tNorth Pier\n"
			    "price\t12345\n"
			    "dish\t没有\n";

static struct kb_gazetteer *gazetteer(void)
{
	struct kb_gazetteer *g = kb_gazetteer_new();

	assert_int_equal(kb_gazetteer_add_text(g, KB_STR(known), "known", NULL),
			 0);
	kb_gazetteer_build(g);
	return g;
}

/* "slot=value" of each, with blanks between. */
static char *found(const char *text, const struct kb_gazetteer *g,
		   struct kb_arena *arena)
{
	struct kb_mention m[KB_MENTIONS_MAX];
	size_t n = kb_mentions_find(kb_str_of(text), g, arena, m);
	char *all = kb_arena_printf(arena, " ");

	for (size_t i = 0; i < n; i++)
		all =
		    kb_arena_printf(arena, "%s%s=%.*s%s%.*s ", all, m[i].slot,
				    (int)(m[i].end - m[i].start),
				    text + m[i].start, m[i].norm.len ? "|" : "",
				    (int)m[i].norm.len, m[i].norm.ptr);
	return all;
}

struct row {
	const char *text, *holds;
};

static void check(const struct row *rows, size_t n,
		  const struct kb_gazetteer *g)
{
	for (size_t i = 0; i < n; i++) {
		struct kb_arena arena;
		char *all;

		kb_arena_init(&arena);
		all = found(rows[i].text, g, &arena);
		if (*rows[i].holds ? !strstr(all, rows[i].holds)
				   : strcmp(all, " ") != 0)
			fail_msg("%s:%s, not '%s'", rows[i].text, all,
				 rows[i].holds);
		kb_arena_release(&arena);
	}
}

#define N(rows) (sizeof(rows) / sizeof(*(rows)))

static void spans_are_clean_and_values_normalised(void **state)
{
	static const struct row rows[] = {
	    {"推荐您去人均消费68元的讲礼驴肉馆用餐。", " price=68元|68 "},
	    {"推荐您去人均消费68元的讲礼驴肉馆用餐。", " name=讲礼驴肉馆 "},
	    {"评分要4.5分以上", " rating=4.5分以上|>=4.5 "},
	    {"人均100-150元就好", " price=100-150元|100..150 "},
	    {"玩2小时 - 4小时", " duration=2小时 - 4小时|7200..14400 s "},
	    {"晚上7:30到", "|19:30 "},
	    {"on May 12 at 9:15 am", " date=May 12|--05-12 "},
	    {"2024年5月12日出发", "|2024-05-12 "},
	    {"我的邮箱是 li.na@example.com，谢谢", " email=li.na@example.com "},
	    {"电话：010-62345678。", " phone=010-62345678 "},
	    {"住经济型的", " type=经济型 "},
	    {"从花园桥地铁站D2口走", " station=花园桥地铁站D2口 "},
	    {"my budget is about $300, please", " budget=about $300|~300 "},
	    {"颜色改成蓝色", " color=蓝色 "},
	    {"订单号是 A1009", " order=A1009 "},
	    {"size 42 and also socks", " size=42 "},
	    {"the size is 10 inches and more", " size=10 inches "},
	    {"尺码42和袜子", " size=42 "},
	    {"my phone number is 138 0013 8000", " phone=138 0013 8000 "},
	    {"order 2023-11-889 has not come", " order=2023-11-889 "},
	    {"周边有小汤山镇、龙脉温泉、赛百味。", " name=龙脉温泉 "},
	    {"去庆丰小吃店(前门店)住", " name=庆丰小吃店(前门店) "},
	};

	(void)state;
	check(rows, N(rows), NULL);
}

/* What only looks like a value. */
static void what_is_asked_or_idiom_is_no_value(void **state)
{
	static const struct row rows[] = {
	    {"您的订单号是多少？", ""},
	    {"快一点吧", ""},
	    {"吃饭了吗", ""},
	    {"是什么类型的？", ""},
	    {"附近的地铁站", ""},
	    {"这家酒店", ""},
	    {"what is the price?", ""},
	    {"有哪些酒店？", ""},
	    {"他们说的都很好、这个也不错", ""},
	};

	(void)state;
	check(rows, N(rows), NULL);
}

static void a_gazetteer_finds_the_longest_name(void **state)
{
	static const struct row rows[] = {
	    {"去松鹤楼(观前店)吃松鼠鳜鱼", " name=松鹤楼(观前店) "},
	    {"去松鹤楼(观前店)吃松鼠鳜鱼", " dish=松鼠鳜鱼 "},
	    {"去松鹤楼(观", " name=松鹤楼 "},
	    {"at North Pier, please", " place=North Pier "},
	    {"at North Piers", ""},
	    {"没有", ""},
	    {"12345", ""},
	};
	struct kb_gazetteer *g = gazetteer();

	(void)state;
	check(rows, N(rows), g);
	kb_gazetteer_free(g);
}

/* Names said in another order are the same names. */
static void the_order_of_a_gazetteer_changes_nothing(void **state)
{
	static const char *const names[] = {
	    "青禾", "青禾 X12", "青禾 X12 Pro", "X12 Pro", "禾苗", "青"};
	static const char text[] = "青禾 X12 Pro 和青禾 X1 和 X12 Pro 禾苗";
	char *first = NULL;
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t turn = 0; turn < N(names); turn++) {
		struct kb_gazetteer *g = kb_gazetteer_new();
		char *all;

		for (size_t i = 0; i < N(names); i++)
			kb_gazetteer_add_text(
			    g, kb_str_of(names[(i + turn) % N(names)]), "n",
			    NULL);
		kb_gazetteer_build(g);
		all = found(text, g, &arena);
		if (first)
			assert_string_equal(all, first);
		first = all;
		assert_non_null(strstr(all, "name=青禾 X12 Pro name=青禾 "
					    "name=X12 Pro name=禾苗"));
		kb_gazetteer_free(g);
	}
	kb_arena_release(&arena);
}

static void a_line_that_is_no_text_is_named(void **state)
{
	struct kb_gazetteer *g = kb_gazetteer_new();
	struct kb_err err = {0};

	(void)state;
	assert_int_equal(
	    kb_gazetteer_add_text(g, KB_STR("one\n\xff\n"), "names.txt", &err),
	    KB_EINVAL);
	assert_non_null(strstr(err.msg, "names.txt:2"));
	kb_gazetteer_build(g);
	kb_gazetteer_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spans_are_clean_and_values_normalised),
	    cmocka_unit_test(what_is_asked_or_idiom_is_no_value),
	    cmocka_unit_test(a_gazetteer_finds_the_longest_name),
	    cmocka_unit_test(the_order_of_a_gazetteer_changes_nothing),
	    cmocka_unit_test(a_line_that_is_no_text_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
