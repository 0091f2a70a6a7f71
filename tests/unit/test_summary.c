#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "context/summarize.h"
#include "context/summary_check.h"

/* What was said, in three languages of people. */
static const char en[] =
    "I'd like a room in Lisbon for 2 nights, from 12 May.\n"
    "The Casa Nova has one for 85 euros a night, breakfast is not included.\n"
    "I don't want a room with a shared bathroom. My name is Irene Falk.\n"
    "Does it have a pool?\n"
    "It has no pool. Order A-1009 is booked; we ship within 24 hours.\n";
static const char zh[] =
    "我想退掉昨天买的青禾X12，订单号是A1009，付了2999元。\n"
    "您好，李敏老师，退款3个工作日到账，不可以换货。\n"
    "不要红色的，要蓝色。住在讲礼大酒店。\n"
    "可以开发票吗？\n";
static const char mixed[] =
    "帮我查一下 iPhone 15 Pro 的库存，store 是 Hangzhou。\n"
    "还剩12台，不支持 Apple Pay。\n";

struct row {
	const char *source, *summary, *why; /* NULL: nothing is wrong */
	const char *value;		    /* that must be there, or NULL */
};

static void check_rows(const struct row *rows, size_t n)
{
	struct kb_analyzer *analyzer = kb_analyzer_new();
	struct kb_summary_check check;
	struct kb_arena arena;

	kb_summary_check_init(&check, analyzer);
	kb_arena_init(&arena);
	for (size_t i = 0; i < n; i++) {
		struct kb_str value =
		    kb_str_of(rows[i].value ? rows[i].value : "");
		struct kb_summary_source source = {
		    .text = kb_str_of(rows[i].source),
		    .values = &value,
		    .n_values = rows[i].value != NULL};
		const char *why = kb_summary_fault(
		    &check, kb_str_of(rows[i].summary), &source, &arena);

		if (!why != !rows[i].why ||
		    (why && strcmp(why, rows[i].why) != 0))
			fail_msg("'%s': %s, not %s", rows[i].summary,
				 why ? why : "nothing",
				 rows[i].why ? rows[i].why : "nothing");
	}
	kb_arena_release(&arena);
	kb_summary_check_release(&check);
	kb_analyzer_free(analyzer);
}

/* Each true one beside one with a single thing exchanged. */
static void what_nobody_said_is_found(void **state)
{
	static const struct row rows[] = {
	    {en, "Irene Falk asked for a room in Lisbon for 2 nights.", NULL,
	     NULL},
	    {en, "Irene Falk asked for a room in Lisbon for 3 nights.",
	     "nobody said '3'", NULL},
	    {en, "Irene Falk asked for a room in Porto for 2 nights.",
	     "nobody said 'Porto'", NULL},
	    {en, "The user is Irene Falk; the Casa Nova costs 85 euros.", NULL,
	     NULL},
	    {en, "The user is Irene Falke; the Casa Nova costs 85 euros.",
	     "nobody said 'Irene Falke'", NULL},
	    {en, "The Casa Nova costs 58 euros.", "nobody said '58 euros'",
	     NULL},
	    {en, "They arrive on 12 May; order A-1009.", NULL, NULL},
	    {en, "They arrive on 13 May; order A-1009.", "nobody said '13 May'",
	     NULL},
	    {en, "The order is A-1019.", "nobody said 'A-1019'", NULL},
	    {en, "It ships within a day.", NULL, NULL},
	    {en, "It ships within 12 hours.", "nobody said 'within 12 hours'",
	     NULL},
	    {zh, "用户要退青禾X12，订单A1009，2999元。", NULL, NULL},
	    {zh, "用户要退青禾X12，订单A1008，2999元。", "nobody said 'A1008'",
	     NULL},
	    {zh, "用户要退青禾X12，2899元。", "nobody said '2899元'", NULL},
	    {zh, "李敏老师在讲礼大酒店。", NULL, NULL},
	    {zh, "王敏老师在讲礼大酒店。", "nobody said '王敏'", NULL},
	    {zh, "李敏老师在讲义大酒店。", "nobody said '讲义大酒店'", NULL},
	    {zh, "退款3个工作日到账。", NULL, NULL},
	    {zh, "退款5个工作日到账。", "nobody said '5个工作日'", NULL},
	    {mixed, "iPhone 15 Pro 在 Hangzhou 还剩12台。", NULL, NULL},
	    {mixed, "iPhone 16 Pro 在 Hangzhou 还剩12台。", "nobody said '16'",
	     NULL},
	    {mixed, "iPhone 15 Pro 在 Shanghai 还剩12台。",
	     "nobody said 'Shanghai'", NULL},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void denials_are_neither_made_up_nor_lost(void **state)
{
	static const struct row rows[] = {
	    {en, "Breakfast is not included. There is no pool.", NULL, NULL},
	    {en, "Breakfast is included.",
	     "what was denied is said: 'Breakfast is included'", NULL},
	    {en, "The user wants a room with a shared bathroom.",
	     "what was denied is said: 'The user wants a room with a shared "
	     "bathroom'",
	     NULL},
	    {en, "The user does not want a shared bathroom.", NULL, NULL},
	    {en, "Shipping is not possible within 24 hours.",
	     "nobody denied 'Shipping is not possible within 24 hours'", NULL},
	    {zh, "用户不要红色，要蓝色；不可以换货。", NULL, NULL},
	    {zh, "用户要红色。", "what was denied is said: '用户要红色'", NULL},
	    {zh, "用户不要蓝色。", "nobody denied '用户不要蓝色'", NULL},
	    {zh, "可以换货。", "what was denied is said: '可以换货'", NULL},
	    {zh, "用户问可以开发票吗。", NULL, NULL},
	    {mixed, "不支持 Apple Pay。", NULL, NULL},
	    {mixed, "支持 Apple Pay。",
	     "what was denied is said: '支持 Apple Pay'", NULL},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void what_must_survive_does(void **state)
{
	static const struct row rows[] = {
	    {zh, "用户要退青禾X12，订单A1009。", NULL, "A1009"},
	    {zh, "用户要退青禾X12。", "it lacks 'A1009'", "A1009"},
	    {en, "It ships within one day.", NULL, "24 hours"},
	    {en, "Order A-1009 ships.", "it lacks '24 hours'", "24 hours"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

/* A text is a summary of itself, cut anywhere between its lines. */
static void what_was_said_is_a_summary_of_itself(void **state)
{
	static const char *const sources[] = {en, zh, mixed};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *p = sources[i], *end;

		for (; *p; p = end + 1) {
			char line[400];
			struct row row = {sources[i], line, NULL, NULL};

			end = strchr(p, '\n');
			memcpy(line, p, (size_t)(end - p));
			line[end - p] = '\0';
			check_rows(&row, 1);
		}
		check_rows(&(struct row){sources[i], sources[i], NULL, NULL},
			   1);
	}
}

static void a_line_is_read_or_told(void **state)
{
	static const struct {
		const char *line, *summary, *why;
	} rows[] = {
	    {"{\"answer\":\" Two nights. \"}", "Two nights.", NULL},
	    {"{\"answer\":\"<think>hm</think>Two.\"}", "Two.", NULL},
	    {"{\"answer\":\" \"}", NULL, "an empty summary"},
	    {"{\"answer\":\"I don't know: the documents do not say.\"}", NULL,
	     "no summary: 'I don't know"},
	    {"{\"answer\":\"我不知道，资料里没有提到。\"}", NULL,
	     "no summary: '我不知道"},
	    {"{\"answer\":\"The user doesn't want the red one.\"}",
	     "The user doesn't want the red one.", NULL},
	    {"{\"answer\":7}", NULL, "no summary came back"},
	    {"{\"answer\":\"x\",\"error\":{\"code\":\"remote\","
	     "\"message\":\"no credit\"}}",
	     NULL, "no credit"},
	    {"7", NULL, ""},
	};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_err err = {0};
		struct kb_str got;
		int rc = kb_summary_read(kb_str_of(rows[i].line), &arena, &got,
					 &err);

		assert_int_equal(rc == 0, rows[i].summary != NULL);
		if (!rc)
			assert_true(kb_str_is(got, rows[i].summary));
		else
			assert_non_null(strstr(err.msg, rows[i].why));
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_nobody_said_is_found),
	    cmocka_unit_test(denials_are_neither_made_up_nor_lost),
	    cmocka_unit_test(what_must_survive_does),
	    cmocka_unit_test(what_was_said_is_a_summary_of_itself),
	    cmocka_unit_test(a_line_is_read_or_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
