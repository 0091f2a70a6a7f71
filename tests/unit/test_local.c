#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "answer/layout.h"
#include "answer/reading.h"
#include "llm/clean_line.h"
#include "llm/model.h"

static struct kb_model *model;
static struct kb_arena arena;

static int open_model(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	model = kb_model_local_new(NULL);
	return 0;
}

static int close_model(void **state)
{
	(void)state;
	model->free(model);
	kb_arena_release(&arena);
	return 0;
}

/* A small shop: every question is asked against all of it. */
static const char *const shop[][2] = {
    {"运费标准", "订单满99元包邮，不满99元收取8元运费。新疆满199元包邮。"},
    {"保修期限", "手机整机保修1年，耳机保修6个月。保修期从签收日开始计算。"},
    {"Returns", "You can return a product within 30 days. The label is sent "
		"by e-mail. Gift cards cannot be returned."},
    {"QH-P1202 青禾 X12 Pro",
     "型号 QH-P1202，售价3999元。支持 IP68 防水，weight 205 g。"},
    {"FAQ", "Q: Where is the store?\nA: The store is in Hangzhou, Wensan "
	    "Road 398.\nQ: 在哪里开发票？\n答：在订单详情里点“开发票”。"},
};

static void ask(const char *query, struct kb_model_answer *answer)
{
	struct kb_asked_hit hits[5];
	struct kb_asked question = {
	    .query = kb_str_of(query), .hits = hits, .n_hits = 5};

	for (int i = 0; i < 5; i++)
		hits[i] = (struct kb_asked_hit){
		    kb_str_of(shop[i][0]), kb_str_of(shop[i][1]), 9 - i, 0};
	kb_arena_reset(&arena);
	assert_int_equal(
	    model->generate(model, &question, &arena, answer, NULL), 0);
}

static void answers_hold_what_was_asked_and_cite_their_passage(void **state)
{
	static const struct {
		const char *query, *holds, *cites;
	} cases[] = {
	    {"订单满多少钱包邮？", "99元", "[1]"},
	    {"耳机保修多久？", "6个月", "[2]"},
	    {"訂單滿多少錢包郵？", "99元", "[1]"},
	    {"How many days do I have to return a product?", "30 days", "[3]"},
	    {"Can gift cards be returned?", "cannot", "[3]"},
	    {"Where is the store?", "Wensan Road", "[5]"},
	    {"QH-P1202 多少钱？", "3999元", "[4]"},
	    {"QH-P1202 的 weight 是多少？", "205 g", "[4]"},
	    {"X12 Pro 防水吗？", "IP68", "[4]"},
	    {"在哪里开发票？", "订单详情", "[5]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_model_answer answer;

		ask(cases[i].query, &answer);
		if (!answer.knows || !strstr(answer.text.ptr, cases[i].holds) ||
		    !strstr(answer.text.ptr, cases[i].cites))
			print_message("%s -> %s\n", cases[i].query,
				      answer.text.ptr);
		assert_true(answer.knows);
		assert_non_null(strstr(answer.text.ptr, cases[i].holds));
		assert_non_null(strstr(answer.text.ptr, cases[i].cites));
		assert_null(strstr(answer.text.ptr, "A: "));
		assert_true(answer.confidence >= 0 && answer.confidence <= 1);
	}
}

static void what_the_passages_do_not_say_is_not_answered(void **state)
{
	static const struct {
		const char *query, *holds;
	} cases[] = {
	    {"创始人是谁？", "无法回答"},
	    {"QH-P9999 的电池多大？", "无法回答"},
	    {"明天北京天气怎么样？", "无法回答"},
	    {"Who is the CEO of the company?", "I don't know"},
	    {"Is there a discount for soldiers?", "I don't know"},
	    {"iPhone 16 的 release date 是哪天？", "无法回答"},
	    {"？？？", "I don't know"},
	    {"", "I don't know"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_model_answer answer;

		ask(cases[i].query, &answer);
		if (answer.knows)
			print_message("%s -> %s\n", cases[i].query,
				      answer.text.ptr);
		assert_false(answer.knows);
		assert_non_null(strstr(answer.text.ptr, cases[i].holds));
	}
}

/* The thing is there; what is asked of it is not. */
static void a_known_thing_is_no_answer_to_what_is_asked_of_it(void **state)
{
	static const char *const cases[] = {
	    "X12 Pro 支持卫星通话吗？",
	    "Does the store have parking?",
	    "QH-P1202 的 speaker 是立体声吗？",
	    "新疆的订单能加急吗？",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_model_answer answer;

		ask(cases[i], &answer);
		if (answer.knows)
			print_message("%s -> %s\n", cases[i], answer.text.ptr);
		assert_false(answer.knows);
	}
}

/* Who is not answered is told where to go on: three hits, each once, none
 * nearer than the ones before. */
static void what_is_not_known_comes_with_the_nearest_passages(void **state)
{
	struct kb_model_answer answer;

	(void)state;
	ask("新疆的订单能加急吗？", &answer);
	assert_false(answer.knows);
	assert_int_equal(answer.n_alternatives, KB_MODEL_ALTERNATIVES);
	assert_int_equal(answer.alternatives[0].hit, 0);
	assert_non_null(strstr(answer.alternatives[0].text.ptr, "满"));
	for (size_t i = 0; i < answer.n_alternatives; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(answer.alternatives[i].hit,
					     answer.alternatives[k].hit);
	ask("耳机保修多久？", &answer);
	assert_true(answer.knows);
	assert_int_equal(answer.n_alternatives, 0);
}

static void a_line_is_clean(void **state)
{
	static const struct {
		const char *text, *line;
		bool is_row, is_han;
	} rows[] = {
	    {"one\ntwo", "one two", false, false},
	    {"one \t\n two", "one two", false, false},
	    {"inter-\nnational", "international", false, false},
	    {"X-\nRay", "X- Ray", false, false},
	    {"speci\u2010\n   fied", "specified", false, false},
	    {"pre\u2010\nX", "pre\u2010 X", false, false},
	    {"第一行\n第二行", "第一行第二行", false, true},
	    {"第　一  行", "第 一 行", false, true},
	    {"a\xc2\xa0\xc2\xa0 b ", "a b", false, false},
	    {"Pro 16 | 2 kg |  9", "Pro 16, 2 kg, 9", true, false},
	    {"甲 | 乙", "甲，乙", true, true},
	    {"ls | wc", "ls | wc", false, false},
	    {"**Free** in `x`", "Free in x", false, false},
	    {"2**3 __init__ `", "2**3 __init__ `", false, false},
	    {"答：在店里。", "在店里。", false, true},
	    {"A: Yes.", "Yes.", false, false},
	    {"", "", false, false},
	    {" \n", "", false, false},
	};
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		kb_buf_reset(&out);
		kb_clean_line_add(&out, kb_str_of(rows[i].text), rows[i].is_row,
				  rows[i].is_han);
		kb_buf_add_char(&out, '\0');
		assert_string_equal(out.ptr, rows[i].line);
	}
	kb_buf_release(&out);
}

/* One passage: what is asked is answered from its list, its table, its
 * options, its code. */
static const char manual[] =
    "# Router\n\nThe router stands on the shelf.\n\n"
    "| Model | Weight | Price |\n|---|---|---|\n"
    "| Air 13 | 1.1 kg | 59 |\n| Pro 16 | 2.1 kg | 99 |\n\n"
    "To reset the router:\n\n1. Hold the button.\n2. Wait for the red "
    "light.\n3. Let go.\n\nTo show the log run:\n\n```\ncat log | "
    "tail\n```\n\nOPTIONS\n     -k, --hits=n\n             Hits wanted "
    "(default: 10).\n     -q, --quiet\n             Print nothing.\n";

static void answers_have_the_form_of_what_they_stand_in(void **state)
{
	static const struct {
		const char *query, *answer;
	} cases[] = {
	    {"What is the weight of the Pro 16 router?",
	     "Pro 16: Weight 2.1 kg, Price 99 [1]"},
	    {"How do I reset the router?",
	     "To reset the router: 1. Hold the button. 2. Wait for the red "
	     "light. 3. Let go. [1]"},
	    {"How do I show the log of the router?",
	     "To show the log run: cat log | tail [1]"},
	    {"Which option tells the hits wanted?",
	     "-k, --hits=n: Hits wanted (default: 10). [1]"},
	};
	struct kb_asked_hit hit = {KB_STR("Router"), kb_str_of(manual), 1, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_asked question = {.query = kb_str_of(cases[i].query),
					    .hits = &hit,
					    .n_hits = 1};
		struct kb_model_answer answer;

		kb_arena_reset(&arena);
		assert_int_equal(
		    model->generate(model, &question, &arena, &answer, NULL),
		    0);
		if (!kb_str_is(answer.text, cases[i].answer))
			print_message("%s -> %.*s\n", cases[i].query,
				      (int)answer.text.len, answer.text.ptr);
		assert_true(kb_str_is(answer.text, cases[i].answer));
	}
}

/* The same question of a page in other words, and of another page. */
static void an_answer_survives_inflexion(void **state)
{
	static const struct {
		const char *query, *holds;
	} cases[] = {
	    {"How was the restoration of the mill financed?", "a lottery"},
	    {"How did they finance restoring the mill?", "a lottery"},
	    {"How was the restored mill financed?", "a lottery"},
	};
	struct kb_asked_hit hits[] = {
	    {KB_STR("Water mill"),
	     KB_STR("The mill stands at the brook. Its restoration was "
		    "financed by a lottery. It grinds rye."),
	     2, 0},
	    {KB_STR("Wind mill"),
	     KB_STR("The wind mill was painted. It is closed on Mondays."), 1,
	     0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_asked question = {.query = kb_str_of(cases[i].query),
					    .hits = hits,
					    .n_hits = 2};
		struct kb_model_answer answer;

		kb_arena_reset(&arena);
		assert_int_equal(
		    model->generate(model, &question, &arena, &answer, NULL),
		    0);
		if (!strstr(answer.text.ptr, cases[i].holds))
			print_message("%s -> %s\n", cases[i].query,
				      answer.text.ptr);
		assert_non_null(strstr(answer.text.ptr, cases[i].holds));
	}
}

static void two_things_that_are_asked_come_from_two_passages(void **state)
{
	static const struct {
		const char *query, *first, *second; /* NULL: of one alone */
	} cases[] = {
	    {"耳机保修多久，在哪里开发票？", "6个月", "订单详情"},
	    {"How many days do I have to return a product, and where is the "
	     "store?",
	     "30 days", "Wensan Road"},
	    {"耳机和手机保修多久？", "6个月", NULL},
	    {"How many days do I have to return a product?", "30 days", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_model_answer answer;
		size_t cited = 0;

		ask(cases[i].query, &answer);
		if (!answer.knows || !strstr(answer.text.ptr, cases[i].first))
			print_message("%s -> %s\n", cases[i].query,
				      answer.text.ptr);
		assert_true(answer.knows);
		assert_non_null(strstr(answer.text.ptr, cases[i].first));
		if (cases[i].second)
			assert_non_null(
			    strstr(answer.text.ptr, cases[i].second));
		for (const char *p = answer.text.ptr; (p = strstr(p, " ["));
		     p++)
			cited++;
		assert_int_equal(cited, cases[i].second ? 2 : 1);
	}
}

/* A manual's option is the way that is asked for, the one that undoes it is
 * not; a page that has none of it is not asked. */
static void an_option_is_a_way(void **state)
{
	static const char page[] =
	    "OPTIONS\n"
	    "       --no-fold\n"
	    "              Do not fold long lines when printing.\n"
	    "\n"
	    "       -f, --fold\n"
	    "              Fold long lines when printing.\n"
	    "\n"
	    "       -q     Print nothing but errors, in the order of the "
	    "in\u2010\n"
	    "              put.\n";
	static const struct {
		const char *query, *starts;
	} cases[] = {
	    {"How do I fold long lines when printing?", "-f, --fold: Fold"},
	    {"How do I print nothing but errors?",
	     "-q Print nothing but errors"},
	};
	struct kb_asked_hit hit = {KB_STR("lister"), kb_str_of(page), 1, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_asked question = {.query = kb_str_of(cases[i].query),
					    .hits = &hit,
					    .n_hits = 1};
		struct kb_model_answer answer;

		kb_arena_reset(&arena);
		assert_int_equal(
		    model->generate(model, &question, &arena, &answer, NULL),
		    0);
		if (!kb_starts(answer.text.ptr, answer.text.len,
			       cases[i].starts))
			print_message("%s -> %s\n", cases[i].query,
				      answer.text.ptr);
		assert_true(kb_starts(answer.text.ptr, answer.text.len,
				      cases[i].starts));
	}
}

static void lines_have_their_kinds(void **state)
{
	static const struct {
		const char *text,
		    *kinds; /* a letter each, with what is above */
	} rows[] = {
	    {"# A\ntext\n- one\n- two", "H- p0 i0 i0"},
	    {"A | B\n--- | ---\n1 | 2\n3 | 4", "t- r0 w0 w0"},
	    {"OPTIONS\n    -k, --hits=n\n        Hits.\n    -q\n        No.",
	     "H- o0 p1 o0 p3"},
	    {"-k\n        Hits.\n    -q\n        No.", "o- p0 o- p2"},
	    {"-k    Hits\n      wanted.", "i- p0"},
	    {"  it uses the in\u2010\n    put file", "p- p-"},
	    {"Do this:\n1. a\n2. b\nNow go.", "l- i0 i0 p-"},
	    {"Run:\n```\nls | wc\n```\nDone.", "l- r0 c0 r- p-"},
	    {"Q: Why?\nA: So.\nMore.", "l- p0 p-"},
	    {"Why?\nSo it is.", "p- p-"},
	    {"Title\n=====\ntext", "H- r0 p0"},
	    {"一、甲\n（2）乙\n三年", "i- i- p-"},
	    {"", ""},
	};
	char got[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_layout layout;
		size_t n = 0;

		kb_arena_reset(&arena);
		kb_layout_read(&layout, &arena, kb_str_of(rows[i].text));
		for (size_t k = 0; k < layout.n; k++) {
			const struct kb_layout_line *l = &layout.lines[k];

			if (k)
				got[n++] = ' ';
			got[n++] = "pHtrwoicl"[l->kind];
			got[n++] = l->under == KB_LAYOUT_NONE
				       ? '-'
				       : (char)('0' + l->under);
		}
		got[n] = '\0';
		assert_string_equal(got, rows[i].kinds);
	}
}

static void no_passages_give_no_answer(void **state)
{
	struct kb_asked question = {.query = KB_STR("运费多少？")};
	struct kb_model_answer answer;

	(void)state;
	assert_int_equal(
	    model->generate(model, &question, &arena, &answer, NULL), 0);
	assert_false(answer.knows);
	assert_true(answer.confidence == 0);
}

static void a_passage_that_answers_is_judged_above_the_others(void **state)
{
	struct kb_asked_hit hits[14];
	struct kb_asked question = {.hits = hits, .n_hits = 14};
	double scores[14];

	(void)state;
	for (int i = 0; i < 14; i++)
		hits[i] = (struct kb_asked_hit){
		    KB_STR("News"), KB_STR("Nothing of interest is here."), 1,
		    0};
	hits[12].text = KB_STR("The parcel is delivered within 3 days.");
	question.query = KB_STR("How long does it take to deliver a parcel?");
	assert_int_equal(model->judge(model, &question, &arena, scores, NULL),
			 0);
	for (int i = 0; i < 14; i++) {
		assert_true(scores[i] >= 0 && scores[i] <= 1);
		if (i != 12)
			assert_true(scores[12] > scores[i]);
	}
}

static void it_does_not_embed(void **state)
{
	(void)state;
	assert_null(model->embed);
}

/* One that never answers, and one that thinks nothing of any passage. */
static void the_models_that_are_given_decide(void **state)
{
	static const struct kb_linear_model never = {.kind = KB_LOGISTIC,
						     .bias = -50};
	static const struct kb_linear_model nothing = {.kind = KB_LOGISTIC,
						       .bias = 0};
	const struct kb_local_models given = {.answer = &never,
					      .judge = &nothing};
	struct kb_model *other = kb_model_local_new(&given);
	struct kb_asked_hit hit = {kb_str_of(shop[2][0]), kb_str_of(shop[2][1]),
				   1, 0};
	const struct kb_asked question = {
	    .query = KB_STR("How long can I return a product?"),
	    .hits = &hit,
	    .n_hits = 1};
	struct kb_model_answer own_answer, answer;
	double score;

	(void)state;
	kb_arena_reset(&arena);
	assert_int_equal(
	    model->generate(model, &question, &arena, &own_answer, NULL), 0);
	assert_int_equal(
	    other->generate(other, &question, &arena, &answer, NULL), 0);
	assert_true(own_answer.knows && !answer.knows);
	assert_int_equal(other->judge(other, &question, &arena, &score, NULL),
			 0);
	assert_true(score == .5);
	other->free(other);
}

/* Of sentences with the same words the one that is nearer in meaning; what was
 * not encoded counts as the least of what was. */
static void meaning_decides_between_sentences(void **state)
{
	struct kb_asked_hit hits[1] = {
	    {KB_STR("Loans"),
	     KB_STR("A loan is for a month. A loan is for a member. A loan "
		    "is for a book."),
	     1, 0}};
	struct kb_asked asked = {
	    .query = KB_STR("What is a loan for?"), .hits = hits, .n_hits = 1};
	struct kb_reader reader;
	struct kb_reading r;

	(void)state;
	kb_arena_reset(&arena);
	kb_reader_init(&reader, NULL);
	kb_reading_read(&reader, &arena, &asked, &r);
	assert_true(kb_reading_rank(&arena, &r) >= 0);
	assert_int_equal(r.n_sentences, 3);
	for (size_t near = 0; near < 2; near++) {
		const size_t at[2] = {0, 1};
		const double scores[2] = {near ? .2 : .9, near ? .9 : .2};
		double traits[KB_TRAITS];
		long best = kb_reading_set_meaning(&r, at, scores, 2);
		size_t item = (size_t)best;

		assert_int_equal(best, near);
		assert_true(r.sentences[2].features[KB_SENTENCE_MEANING] == .2);
		kb_reading_traits(&r, item, &item, 1, traits);
		assert_true(traits[KB_TRAIT_MEANING] == .9);
	}
	kb_reader_release(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(meaning_decides_between_sentences),
	    cmocka_unit_test(
		answers_hold_what_was_asked_and_cite_their_passage),
	    cmocka_unit_test(what_the_passages_do_not_say_is_not_answered),
	    cmocka_unit_test(a_known_thing_is_no_answer_to_what_is_asked_of_it),
	    cmocka_unit_test(what_is_not_known_comes_with_the_nearest_passages),
	    cmocka_unit_test(a_line_is_clean),
	    cmocka_unit_test(answers_have_the_form_of_what_they_stand_in),
	    cmocka_unit_test(an_answer_survives_inflexion),
	    cmocka_unit_test(two_things_that_are_asked_come_from_two_passages),
	    cmocka_unit_test(an_option_is_a_way),
	    cmocka_unit_test(lines_have_their_kinds),
	    cmocka_unit_test(no_passages_give_no_answer),
	    cmocka_unit_test(a_passage_that_answers_is_judged_above_the_others),
	    cmocka_unit_test(it_does_not_embed),
	    cmocka_unit_test(the_models_that_are_given_decide),
	};

	return cmocka_run_group_tests(tests, open_model, close_model);
}
