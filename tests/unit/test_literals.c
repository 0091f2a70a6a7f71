#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/literal_places.h"
#include "text/words.h"

static const struct {
	const char *text;
	int value;
} rows[] = {
    {"order", 0},    {"order number", 1}, {"or", 2},	 {"订单", 3},
    {"订单编号", 4}, {"单", 5},		  {"e-mail", 6}, {"n’t", 7},
};

static struct kb_literals set = KB_LITERALS(rows);

static const char *const short_rows[] = {"a", "an", "i"};
static struct kb_literals short_set = KB_LITERALS(short_rows);

/* What the index must give, told without one. */
static int lowest_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (kb_find_phrase(text, len, rows[i].text) < len)
			return (int)i;
	return -1;
}

static void longest_comes_first(void **state)
{
	static const struct {
		const char *why, *text;
		int row[3]; /* in the order given, -1 ends */
	} cases[] = {
	    {"English", "order number 7", {1, 0, 2}},
	    {"case", "ORDER NUMB", {0, 2, -1}},
	    {"Chinese", "订单编号是", {4, 3, -1}},
	    {"one character", "单号", {5, -1, -1}},
	    {"mixed", "e-Mail 地址", {6, -1, -1}},
	    {"cut inside a character", "订\xe5\x8d", {-1, -1, -1}},
	    {"two bytes of three", "\xe5\x8d", {-1, -1, -1}},
	    {"one byte", "o", {-1, -1, -1}},
	    {"empty", "", {-1, -1, -1}},
	    {"beyond ASCII inside", "n’t", {7, -1, -1}},
	};
	const struct kb_literal_index *index = kb_literals_index(&set);

	(void)state;
	assert_ptr_equal(index, kb_literals_index(&set));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* an exact allocation, so that a read beyond it is seen */
		size_t len = strlen(cases[i].text);
		char *text = malloc(len + !len);
		struct kb_literal_it it;

		assert_non_null(text);
		memcpy(text, cases[i].text, len);
		it = kb_literals_at(index, text, len);
		for (size_t k = 0; k < 3 && cases[i].row[k] >= 0; k++) {
			const struct kb_literal *l = kb_literal_next(&it);

			if (!l || (int)l->row != cases[i].row[k])
				fail_msg("%s: place %zu", cases[i].why, k);
		}
		if (cases[i].row[2] < 0 && kb_literal_next(&it))
			fail_msg("%s: one too many", cases[i].why);
		free(text);
	}
}

static void words_keep_their_borders(void **state)
{
	const struct kb_literal_index *index = kb_literals_index(&set);
	const struct kb_literal *l;

	(void)state;
	assert_null(kb_literals_word(index, "border", 6, 1));
	assert_null(kb_literals_word(index, "orders", 6, 0));
	l = kb_literals_word(index, "order numbers", 13, 0);
	assert_non_null(l);
	assert_string_equal(l->text, "order");
	assert_non_null(kb_literals_word(index, "x订单", 7, 1));
	assert_true(kb_literals_any(&set, "my E-MAIL?", 10));
	assert_false(kb_literals_any(&set, "borders", 7));
	assert_int_equal(kb_literals_lowest(&set, "单 or order", 12), 0);
	assert_int_equal(kb_literals_lowest(&set, "", 0), -1);
}

static void whole_texts_are_looked_up(void **state)
{
	(void)state;
	assert_true(kb_literals_has(&short_set, "A", 1));
	assert_true(kb_literals_has(&short_set, "An", 2));
	assert_false(kb_literals_has(&short_set, "ant", 3));
	assert_false(kb_literals_has(&short_set, "\xe5", 1));
	assert_false(kb_literals_has(&short_set, "", 0));
	assert_false(kb_literals_has(&set, "订单编", 9));
}

/* Random texts made of pieces of the rows: the index and one search after
 * the other agree. */
static void the_index_changes_no_result(void **state)
{
	static const char *const bits[] = {
	    "order",	    "or", " ",	  "number", "订", "单", "编号",
	    "订单编号",	    "e-", "mail", "s",	    "n",  "’t", "\xe5",
	    "Order Number", "7",
	};
	uint32_t seed = 7;
	char text[128];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = 0;

		while (len < 40 && (seed >> 24) % 9) {
			const char *bit;

			seed = seed * 1664525u + 1013904223u;
			bit = bits[(seed >> 20) % 16];
			memcpy(text + len, bit, strlen(bit));
			len += strlen(bit);
		}
		seed = seed * 1664525u + 1013904223u;
		if (kb_literals_lowest(&set, text, len) !=
		    lowest_plain(text, len))
			fail_msg("'%.*s'", (int)len, text);
		assert_int_equal(kb_literals_any(&set, text, len),
				 lowest_plain(text, len) >= 0);
	}
}

/* Sets of every kind of beginning: letters, a mark, one byte, Han. */
static const char *const starts[] = {"order", "an", "i'm",  "#1", "42nd",
				     "c+",    "单", "订单", "éa", "a"};
static struct kb_literals start_set = KB_LITERALS(starts);
static const char *const no_marks[] = {"order", "an", "单", "订单"};
static struct kb_literals no_mark_set = KB_LITERALS(no_marks);

/* The places are those at which a search stops, and few others: whatever the
 * blocks of 64 bytes cut. */
static void every_literal_is_at_one_of_the_places(void **state)
{
	static const char *const bits[] = {
	    "order", "an", "a", "i'm", "#1",   "42nd", "c+", "单",
	    "订单",  "éa", " ", "-",   "\xe5", "x",    "9",  "。"};
	struct kb_literals *const sets[] = {&start_set, &no_mark_set};
	char text[256];
	uint32_t seed = 11;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const struct kb_literal_index *index =
		    kb_literals_index(sets[round % 2]);
		struct kb_literal_places places;
		size_t len = 0, next;

		do {
			const char *bit;

			seed = seed * 1664525u + 1013904223u;
			bit = bits[(seed >> 20) % 16];
			memcpy(text + len, bit, strlen(bit));
			len += strlen(bit);
		} while (len < 240 && (seed >> 24) % 61);
		places = kb_literal_places(index, text, len);
		next = kb_literal_place(&places, 0);
		for (size_t at = 0; at < len; at++) {
			if (at == next) {
				assert_true(kb_may_begin(text, at));
				next = kb_literal_place(&places, at + 1);
			} else if (kb_may_begin(text, at) &&
				   kb_literals_word(index, text, len, at)) {
				fail_msg("'%.*s' at %zu", (int)len, text, at);
			}
		}
		assert_int_equal(next, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(longest_comes_first),
	    cmocka_unit_test(words_keep_their_borders),
	    cmocka_unit_test(whole_texts_are_looked_up),
	    cmocka_unit_test(the_index_changes_no_result),
	    cmocka_unit_test(every_literal_is_at_one_of_the_places),
	};

	return cmocka_run_group_tests_name("literals", tests, NULL, NULL);
}
