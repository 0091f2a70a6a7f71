/* Final answers: where they stand, which agree, when samples are enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "llm/votes.h"

static struct kb_arena arena;

static void a_final_answer_is_found(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"First 2 + 2.\nThe answer is **4**.", "4"},
	    {"Answer: yes\nAnswer: no", "no"},
	    {"so\nans = 1,200\n", "1,200"},
	    {"#### 42", "42"},
	    {"thus \\boxed{\\frac{1}{2}}.", "\\frac{1}{2"},
	    {"先算一半。\n答案是：12个月。", "：12个月。"},
	    {"答案：12", "12"},
	    {" in words ", "in words"},
	    {"Answer:", "Answer:"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_str got = kb_vote_final(kb_str_of(rows[i].text));

		if (!kb_str_is(got, rows[i].want))
			fail_msg("%s: '%.*s'", rows[i].text, (int)got.len,
				 got.ptr);
	}
}

static void answers_agree(void **state)
{
	static const struct {
		const char *a, *b;
		bool agree;
	} rows[] = {
	    {"48", "48 calories", true},
	    {"14,400", "$14400.00", true},
	    {"48", "49", false},
	    {"-5", "5", false},
	    {"more likely", "less likely", false},
	    {"More likely.", "more likely", true},
	    {"yes", "no", false},
	    {"The blue one", "blue one", true},
	    {"１２个月", "12个月", true},
	    {"12个月", "12天", false},
	    {"可以退货", "不可以退货", false},
	    {"You can return it within 7 days of delivery.",
	     "You can return it within 7 days of the delivery", true},
	    {"You can return it within 7 days of delivery.",
	     "You can return it within 9 days of delivery.", false},
	    {"You can return it within 7 days of delivery.",
	     "You cannot return it within 7 days of delivery.", false},
	    {"7 天内可以无理由退货，运费由买家承担",
	     "运费由买家承担，7天内可以无理由退货", true},
	    {"A", "B", false},
	    {"", "x", false},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_str a = kb_str_of(rows[i].a),
			      b = kb_str_of(rows[i].b);

		if (kb_vote_agree(a, b, &arena) != rows[i].agree)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
		if (kb_vote_agree(b, a, &arena) != rows[i].agree)
			fail_msg("%s, %s", rows[i].b, rows[i].a);
		assert_true(!a.len || kb_vote_agree(a, a, &arena));
	}
	kb_arena_release(&arena);
}

/* Votes "aab": that many more of so many. */
static size_t more(const char *cast, size_t least, size_t most, bool is_long)
{
	struct kb_votes votes;
	size_t n = strlen(cast), i;
	static char text[2000];

	kb_votes_init(&votes, &arena);
	for (i = 0; i < n; i++) {
		char *copy;

		memset(text, '\n', sizeof(text));
		strcpy(text + (is_long ? sizeof(text) - 20 : 0), "Answer: x");
		text[(is_long ? sizeof(text) - 20 : 0) + 8] = cast[i];
		copy = kb_arena_strndup(&arena, text,
					is_long ? sizeof(text) - 11 : 9);
		kb_votes_cast(
		    &votes,
		    (struct kb_str){copy, is_long ? sizeof(text) - 11 : 9}, i);
	}
	return kb_votes_more(&votes, least, most);
}

static void samples_end_when_nothing_can_change(void **state)
{
	static const struct {
		const char *cast;
		size_t least, most, want;
	} rows[] = {
	    {"p", 1, 3, 1},    /* two of three */
	    {"pp", 1, 3, 0},   /* ... are enough */
	    {"pq", 1, 3, 1},   /* the third decides */
	    {"pqr", 1, 3, 0},  /* there are no more */
	    {"p", 3, 5, 2},    /* no fewer than wanted */
	    {"pqq", 1, 5, 1},  /* 3 : 1 cannot be reached */
	    {"ppp", 1, 40, 1}, /* 4 : 0 is sure enough */
	    {"pppp", 1, 40, 0},
	    {"ppqq", 1, 4, 0},	  /* of equal ones the first */
	    {"pppqqq", 1, 40, 6}, /* 9 : 3 */
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t got =
		    more(rows[i].cast, rows[i].least, rows[i].most, true);

		if (got != rows[i].want)
			fail_msg("%s of %zu: %zu", rows[i].cast, rows[i].most,
				 got);
	}
	assert_int_equal(more("p", 1, 9, false), 0); /* short: alone */
	assert_int_equal(more("p", 2, 9, false), 1);
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_final_answer_is_found),
	    cmocka_unit_test(answers_agree),
	    cmocka_unit_test(samples_end_when_nothing_can_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
