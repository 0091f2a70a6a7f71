#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/find.h"
#include "base/letters.h"
#include "base/str.h"

static void beginnings_and_ends_say_their_length(void **state)
{
	static const struct {
		const char *text, *what;
		size_t starts, ends, starts_folded, ends_folded;
	} rows[] = {
	    {"return policy", "return", 6, 0, 6, 0},
	    {"Return policy", "return", 0, 0, 6, 0},
	    {"退货政策", "退货", 6, 0, 6, 0},
	    {"退货政策", "政策", 0, 6, 0, 6},
	    {"FAQ.JSONL", ".jsonl", 0, 0, 0, 6},
	    {"iPhone快充", "iphone快充", 0, 0, 12, 12},
	    {"same", "same", 4, 4, 4, 4},
	    /* too short, cut inside a character, nothing */
	    {"re", "return", 0, 0, 0, 0},
	    {"\xe9\x80", "退", 0, 0, 0, 0},
	    {"", "a", 0, 0, 0, 0},
	    {"a", "", 0, 0, 0, 0},
	    /* only letters have two cases */
	    {"[", "{", 0, 0, 0, 0},
	    {"@", "`", 0, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *p = rows[i].text, *what = rows[i].what;
		size_t n = strlen(p);

		assert_int_equal(kb_starts(p, n, what), rows[i].starts);
		assert_int_equal(kb_ends(p, n, what), rows[i].ends);
		assert_int_equal(kb_starts_folded(p, n, what),
				 rows[i].starts_folded);
		assert_int_equal(kb_ends_folded(p, n, what),
				 rows[i].ends_folded);
	}
}

static void what_is_behind_the_end_does_not_count(void **state)
{
	struct kb_str s = {"return", 3};

	(void)state;
	assert_int_equal(kb_starts(s.ptr, s.len, "return"), 0);
	assert_int_equal(kb_starts_folded(s.ptr, s.len, "retu"), 0);
	assert_false(kb_str_has(s, KB_STR("tu")));
	assert_false(kb_str_has_folded(s, "tu"));
	assert_false(kb_str_is(s, "return"));
	assert_true(kb_str_is(s, "ret"));
}

static void a_part_is_found_anywhere(void **state)
{
	struct kb_str s = KB_STR("Rate_Limit 限流");

	(void)state;
	assert_true(kb_str_has(s, KB_STR("Rate")));
	assert_true(kb_str_has(s, KB_STR("限流")));
	assert_false(kb_str_has(s, KB_STR("rate")));
	assert_false(kb_str_has(s, KB_STR("")));
	assert_true(kb_str_has_folded(s, "rate_limit"));
	assert_true(kb_str_has_folded(s, "limit 限流"));
	assert_false(kb_str_has_folded(s, "limits"));
	assert_true(kb_str_is_folded(s, "rate_limit 限流"));
	assert_false(kb_str_is_folded(s, "rate_limit"));
	assert_false(kb_str_has((struct kb_str){0}, s));
	assert_false(kb_str_has_folded((struct kb_str){0}, "a"));
}

static void a_line_loses_the_blanks_at_its_ends(void **state)
{
	(void)state;
	assert_true(kb_str_is(kb_str_trim(KB_STR(" \t 快 充 \t\r")), "快 充"));
	assert_int_equal(kb_str_trim(KB_STR(" \t\r")).len, 0);
	assert_int_equal(kb_str_trim((struct kb_str){0}).len, 0);
	assert_int_equal(kb_str_mark(KB_STR("\xef\xbb\xbf{}")), 3);
	assert_int_equal(kb_str_mark(KB_STR("\xef\xbb")), 0);
	assert_int_equal(kb_str_mark(KB_STR("{}")), 0);
}

static void lines_end_with_a_newline_or_the_text(void **state)
{
	static const struct {
		const char *text;
		const char *lines[4];
	} rows[] = {
	    {"", {NULL}},
	    {"a", {"a", NULL}},
	    {"a\n", {"a", NULL}},
	    {"\n", {"", NULL}},
	    {"\n\na", {"", "", "a", NULL}},
	    {"退货\r\n运费", {"退货\r", "运费", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_str rest = kb_str_of(rows[i].text), line;
		size_t n = 0;

		for (; kb_str_line(&rest, &line); n++)
			assert_true(kb_str_is(line, rows[i].lines[n]));
		assert_null(rows[i].lines[n]);
	}
	assert_false(kb_str_line(&(struct kb_str){0}, &(struct kb_str){0}));
}

static void order_is_by_bytes_then_by_length(void **state)
{
	(void)state;
	assert_true(kb_str_cmp(KB_STR("a"), KB_STR("b")) < 0);
	assert_true(kb_str_cmp(KB_STR("ab"), KB_STR("a")) > 0);
	assert_true(kb_str_cmp(KB_STR("z"), KB_STR("中")) < 0);
	assert_int_equal(kb_str_cmp(KB_STR("中"), KB_STR("中")), 0);
	assert_int_equal(kb_str_cmp((struct kb_str){0}, KB_STR("")), 0);
}

static void classes_hold_ascii_only(void **state)
{
	static const struct {
		char c;
		bool blank, space;
		int hex;
	} rows[] = {
	    {' ', true, true, -1},	{'\t', true, true, -1},
	    {'\n', true, true, -1},	{'\r', true, true, -1},
	    {'\v', false, true, -1},	{'\f', false, true, -1},
	    {'\0', false, false, -1},	{'0', false, false, 0},
	    {'9', false, false, 9},	{'a', false, false, 10},
	    {'F', false, false, 15},	{'g', false, false, -1},
	    {'@', false, false, -1},	{'`', false, false, -1},
	    {'\x85', false, false, -1}, {'\xa0', false, false, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(kb_is_blank(rows[i].c), rows[i].blank);
		assert_int_equal(kb_is_space(rows[i].c), rows[i].space);
		assert_int_equal(kb_hex_value(rows[i].c), rows[i].hex);
	}
}

static void letters_are_counted_as_one_by_one(void **state)
{
	char text[40];

	(void)state;
	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at <= 20; at++) {
			memcpy(text, "abcXYZmnopqrstuvwzAB", 20);
			if (at < 20)
				text[at] = (char)c;
			for (size_t from = 0; from <= 20; from++) {
				size_t n = from;

				while (n < 20 && kb_is_letter(text[n]))
					n++;
				assert_int_equal(
				    kb_count_letters(text + from, 20 - from),
				    n - from);
			}
		}
	}
}

static void a_part_is_found_where_memmem_finds_it(void **state)
{
	char text[48];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		size_t len = (size_t)round % 48, from, n;
		const char *part;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = "ab\xe4\xb8"[seed >> 16 & 3];
		}
		from = len ? (seed >> 8) % len : 0;
		n = 1 + (seed >> 20) % 7;
		part = from + n <= len && round % 3 ? text + from : "ba\xe4zab";
		n = part == text + from || n < 6 ? n : 6;
		assert_ptr_equal(kb_find(text, len, part, n),
				 memmem(text, len, part, n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(beginnings_and_ends_say_their_length),
	    cmocka_unit_test(what_is_behind_the_end_does_not_count),
	    cmocka_unit_test(a_part_is_found_anywhere),
	    cmocka_unit_test(a_line_loses_the_blanks_at_its_ends),
	    cmocka_unit_test(lines_end_with_a_newline_or_the_text),
	    cmocka_unit_test(order_is_by_bytes_then_by_length),
	    cmocka_unit_test(classes_hold_ascii_only),
	    cmocka_unit_test(letters_are_counted_as_one_by_one),
	    cmocka_unit_test(a_part_is_found_where_memmem_finds_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
