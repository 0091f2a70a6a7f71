#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "relevance/lacking.h"
#include "verify/check.h"

struct row {
	const char *question, *title, *text, *answer;
	enum kb_missing_kind missing;
	const char *what; /* NULL: of any text */
	bool certain;
};

static const char air[] = "The QingBook Air 13 weighs 0.98 kg. It has two "
			  "USB-C ports and 18 hours of battery life.";
static const char metro[] =
    "三号线首班车6点发车，末班车22点45分发车，票价2元起。";
static const char phone[] = "青禾X12手机售价2999元，电池5000mAh，重189克。";

static const struct row rows[] = {
    /* What is asked for is there, or is what an answer gives. */
    {"How much does the QingBook Air 13 weigh?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_NOTHING, NULL, false},
    {"How heavy is the QingBook Air 13?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_NOTHING, NULL, false},
    {"三号线末班车几点发车？", "", metro, "末班车22点45分发车",
     KB_MISSING_NOTHING, NULL, false},
    {"3号线末班车几点发车？", "", metro, "末班车22点45分发车",
     KB_MISSING_NOTHING, NULL, false},
    {"青禾X12手机多少钱？", "", phone, "青禾X12手机售价2999元。",
     KB_MISSING_NOTHING, NULL, false},
    /* The title is of the passage. */
    {"How many ports does the QingBook Air 13 have?", "QingBook Air 13",
     "It has two USB-C ports.", "two USB-C ports", KB_MISSING_NOTHING, NULL,
     false},
    /* An acronym and what it stands for. */
    {"What did the WHO declare in 2020?", "",
     "The World Health Organization declared a pandemic in 2020.", "a pandemic",
     KB_MISSING_NOTHING, NULL, false},
    /* Another name, and a number that stands elsewhere. */
    {"How much does the MacBook Air 13 weigh?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_THING, "MacBook Air 13",
     true},
    {"How much does the QingBook Air 18 weigh?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_THING, "QingBook Air 18",
     true},
    {"青禾X13手机多少钱？", "", phone, "青禾X12手机售价2999元。",
     KB_MISSING_THING, "X13", true},
    {"六号线末班车几点发车？", "", metro, "末班车22点45分发车",
     KB_MISSING_CONDITION, "六", true},
    {"When was firmware 2.5 released?", "",
     "Firmware 2.4 was released on 2 May with 25 changes.", "on 2 May",
     KB_MISSING_CONDITION, "2.5", true},
    /* What excludes it has its place. */
    {"金卡会员打几折？", "", "白金卡会员打8折，银卡会员打9折。", "8折",
     KB_MISSING_NOTHING, NULL, false},
    {"金卡会员打几折？", "", "黑金会员打8折，银卡会员打9折。", "8折",
     KB_MISSING_CONDITION, "金卡", true},
    {"手表电池多少钱？", "", "手机电池199元，平板电池299元。", "199元",
     KB_MISSING_CONDITION, "手表", true},
    {"手机电池多少钱？", "", "电池199元，平板电池299元。", "199元",
     KB_MISSING_THING, "手机", false},
    {"How wide is the door?", "Doors", "The door is 2 m tall.", "2 m",
     KB_MISSING_CONDITION, "wide", true},
    {"纽西兰松有多高？", "", "纽西兰松树高可达55米。", "55米",
     KB_MISSING_NOTHING, NULL, false},
    {"文革期间他做什么？", "", "文化大革命期间他在钢铁厂当工人。", "当工人",
     KB_MISSING_THING, "文革", false},
    /* Another attribute, another condition, another kind. */
    {"青禾X12手机的换屏费用是多少？", "", phone, "青禾X12手机售价2999元。",
     KB_MISSING_ATTRIBUTE, "换屏费", false},
    {"What is the student discount of the QingBook Air 13?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_ATTRIBUTE, NULL, false},
    {"How long does the QingBook Air 13 last?", "", air,
     "The QingBook Air 13 weighs 0.98 kg.", KB_MISSING_KIND, "duration", true},
};

static void check(struct kb_checker *checker, const struct row *row,
		  struct kb_arena *arena, struct kb_check *out)
{
	struct kb_check_passage passage = {kb_str_of(row->title),
					   kb_str_of(row->text)};

	assert_int_equal(kb_check_answer(checker, kb_str_of(row->question),
					 kb_str_of(row->answer), &passage, 1, 1,
					 NULL, arena, out, NULL),
			 0);
}

static void what_a_passage_lacks_is_named(void **state)
{
	struct kb_checker checker;
	struct kb_arena arena;

	(void)state;
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct kb_check out;
		struct kb_str text;

		kb_arena_reset(&arena);
		check(&checker, row, &arena, &out);
		text = out.missing.text;
		if (out.missing.kind != row->missing ||
		    out.missing.certain != row->certain ||
		    (row->what && !kb_str_is(text, row->what)))
			fail_msg("%s: kind %d, certain %d, '%.*s'",
				 row->question, out.missing.kind,
				 out.missing.certain, (int)text.len, text.ptr);
	}
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

/* A passage that says more is never about less. */
static void more_text_lacks_no_more(void **state)
{
	static const char *const more[] = {
	    "", " A case for the MacBook Air 13 is sold apart.",
	    " Its student discount is 10 percent."};
	struct kb_checker checker;
	struct kb_arena arena;

	(void)state;
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		double before = -KB_RELEVANCE_UNITS;

		for (size_t k = 0; k < sizeof(more) / sizeof(*more); k++) {
			struct row row = rows[i];
			struct kb_check out;
			double lack;

			kb_arena_reset(&arena);
			row.text =
			    kb_arena_printf(&arena, "%s%s", row.text, more[k]);
			check(&checker, &row, &arena, &out);
			lack = out.claims[0].found.relevance[KB_RELEVANCE_LACK];
			if (!k)
				before = lack;
			assert_true(lack >= before);
		}
	}
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

/* question, text, what is missing ("" nothing), numbers in the question, and
 * whether the text has another of the kind */
static const struct {
	const char *question, *text, *missing;
	size_t n;
	bool sister;
} numbers[] = {
    {"二期什么时候开通", "二期2028年开通", "", 1, false},
    {"二期什么时候开通", "一期2027年开通", "二", 1, true},
    {"第3季度的营收", "第三季度营收191亿元", "", 1, false},
    {"十五天内能退吗", "15天内可以退货", "", 1, false},
    {"within 30 days", "thirty days or less", "", 1, false},
    {"the 13-inch model", "the 13 inch model", "", 1, false},
    {"the 13-inch model", "13 colours of the 15-inch model", "13", 1, false},
    {"in 2019", "in 2018 and 12019", "2019", 1, false},
    {"2 hours late", "120 minutes late", "", 1, false},
    {"3 hours late", "120 minutes late", "3", 1, false},
    {"30小时能出吗", "24至48小时内发出", "", 1, false},
    {"version 1.5", "version 1.50", "", 1, false},
    {"version 1.5", "versions 1 and 5", "1.5", 1, false},
    {"建于哪一年", "建于1999年", "", 0, false},
    {"连接哪两条道路", "连接多条道路", "", 0, false},
    {"which two rivers", "the Rhine and the Main", "", 0, false},
    {"firmware 2.2", "firmware 2.4 is needed", "2.2", 1, true},
    {"首周五号线", "周五三号线停运", "五", 1, true},
    {"in 2019", "in 2020", "2019", 1, false},
};

static void numbers_are_looked_for_with_what_they_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct kb_asked_number asked =
		    kb_lacking_number(kb_str_of(numbers[i].question),
				      kb_str_of(numbers[i].text), KB_STR(""));

		if (asked.n != numbers[i].n ||
		    !kb_str_is(asked.missing, numbers[i].missing) ||
		    asked.sister != numbers[i].sister)
			fail_msg("%s: %zu numbers, '%.*s' missing, sister %d",
				 numbers[i].question, asked.n,
				 (int)asked.missing.len, asked.missing.ptr,
				 asked.sister);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_passage_lacks_is_named),
	    cmocka_unit_test(more_text_lacks_no_more),
	    cmocka_unit_test(numbers_are_looked_for_with_what_they_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
