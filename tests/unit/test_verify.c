#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "verify/check.h"

static const char zh[] = "自签收次日起7天内可以申请无理由退货，运费由买家承担。"
			 "订单满200元免费配送。会员日享受八五折优惠。"
			 "已激活的手机不支持无理由退货。";
static const char en[] =
    "Returns are accepted within 30 days of delivery. Refunds take 3-5 "
    "business days. Orders over $50 ship free of charge. The warranty of the "
    "AirBuds X2 covers two years. Gift cards cannot be returned.";

static const struct {
	const char *why, *question, *answer;
	enum kb_verdict verdict; /* of the first claim */
} rows[] = {
    {"a copy", "", "订单满200元免费配送。", KB_SUPPORTED},
    {"a copy", "", "Returns are accepted within 30 days of delivery.",
     KB_SUPPORTED},
    {"no final mark", "", "订单满200元免费配送", KB_SUPPORTED},
    {"another spelling of the number", "", "订单满两百元免费配送。",
     KB_SUPPORTED},
    {"another unit", "", "The warranty of the AirBuds X2 covers 24 months.",
     KB_SUPPORTED},
    {"a wrong number", "", "自签收次日起15天内可以申请无理由退货。",
     KB_CONTRADICTED},
    {"a wrong number", "", "Returns are accepted within 14 days of delivery.",
     KB_CONTRADICTED},
    {"a wrong bound", "", "订单满300元免费配送。", KB_CONTRADICTED},
    {"a number of another thing", "", "Refunds take 30 business days.",
     KB_CONTRADICTED},
    {"a bare number, wrong for the question", "几天内可以申请无理由退货？",
     "15天", KB_CONTRADICTED},
    {"turned round", "", "已激活的手机支持无理由退货。", KB_CONTRADICTED},
    {"turned round", "", "Gift cards can be returned.", KB_CONTRADICTED},
    {"free or not", "", "订单满200元收费配送。", KB_CONTRADICTED},
    {"something else", "", "本店在北京和上海设有维修中心。", KB_UNSUPPORTED},
    {"something else", "", "The Moon is made of green cheese.", KB_UNSUPPORTED},
    {"mixed: another product", "",
     "The warranty of the AirBuds Z9 covers five years.", KB_UNSUPPORTED},
    {"cited well", "", "订单满200元免费配送。[1]", KB_SUPPORTED},
    {"cited wrongly", "", "订单满200元免费配送。[2]", KB_MISCITED},
    {"cites nothing", "", "订单满200元免费配送。[7]", KB_DANGLING},
    {"does not know", "", "抱歉，根据现有资料无法回答。", KB_ABSTAIN},
    {"does not know", "", "I don't know.", KB_ABSTAIN},
    {"polite", "", "希望对您有帮助！", KB_NOT_A_CLAIM},
    {"a question", "", "Do you mean the AirBuds?", KB_NOT_A_CLAIM},
};

static const struct kb_check_passage passages[] = {
    {{"", 0}, {zh, sizeof(zh) - 1}},
    {{"", 0}, {en, sizeof(en) - 1}},
};

static struct kb_str str(const char *s)
{
	return kb_str_of(s);
}

static void verdicts_are_as_expected(void **state)
{
	struct kb_checker checker;
	struct kb_arena arena;
	bool bad = false;

	(void)state;
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_check check;

		assert_int_equal(
		    kb_check_answer(&checker, str(rows[i].question),
				    str(rows[i].answer), passages, 2, 2, NULL,
				    &arena, &check, NULL),
		    0);
		assert_true(check.n_claims >= 1);
		if (check.claims[0].verdict != rows[i].verdict) {
			print_error("%s: '%s' is %s (p %.2f), not %s\n",
				    rows[i].why, rows[i].answer,
				    kb_verdict_name(check.claims[0].verdict),
				    check.claims[0].p,
				    kb_verdict_name(rows[i].verdict));
			bad = true;
		}
		if (check.claims[0].verdict == KB_CONTRADICTED)
			assert_true(check.p <= .3);
		kb_arena_reset(&arena);
	}
	assert_false(bad);
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

static void without_evidence_nothing_is_supported(void **state)
{
	struct kb_checker checker;
	struct kb_arena arena;
	struct kb_check check;

	(void)state;
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	assert_int_equal(kb_check_answer(&checker, str(""), str("免费配送。"),
					 NULL, 0, 0, NULL, &arena, &check,
					 NULL),
			 0);
	assert_int_equal(check.claims[0].verdict, KB_UNCHECKED);
	assert_true(check.unchecked);
	assert_int_equal(kb_check_answer(&checker, str(""), str(""), passages,
					 2, 2, NULL, &arena, &check, NULL),
			 0);
	assert_int_equal(check.n_claims, 0);
	assert_true(check.p <= 0);
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

/* Passages behind the hits, fetched for a claim, are no citation's. */
static void more_passages_than_hits_may_be_cited(void **state)
{
	struct kb_checker checker;
	struct kb_arena arena;
	struct kb_check_passage many[40];
	struct kb_check check;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		many[i] = passages[i % 2];
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	assert_int_equal(kb_check_answer(&checker, str(rows[0].question),
					 str("免费配送。[1]"), many, 40, 1,
					 NULL, &arena, &check, NULL),
			 0);
	assert_int_equal(check.n_claims, 1);
	assert_int_not_equal(check.claims[0].verdict, KB_DANGLING);
	assert_int_equal(kb_check_answer(&checker, str(rows[0].question),
					 str("免费配送。[2]"), many, 40, 1,
					 NULL, &arena, &check, NULL),
			 0);
	assert_int_equal(check.claims[0].verdict, KB_DANGLING);
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

static void irrelevant_passages_change_nothing(void **state)
{
	static const char noise[] =
	    "The octopus has three hearts. 章鱼有三颗心脏，能变换颜色。";
	const struct kb_check_passage more[] = {
	    passages[0],
	    passages[1],
	    {{"", 0}, {noise, sizeof(noise) - 1}},
	};
	struct kb_checker checker;
	struct kb_arena arena;

	(void)state;
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_check a, b;
		struct kb_str q = str(rows[i].question);
		struct kb_str text = str(rows[i].answer);

		assert_int_equal(kb_check_answer(&checker, q, text, passages, 2,
						 2, NULL, &arena, &a, NULL),
				 0);
		assert_int_equal(kb_check_answer(&checker, q, text, more, 3, 3,
						 NULL, &arena, &b, NULL),
				 0);
		assert_int_equal(a.claims[0].verdict, b.claims[0].verdict);
		if (a.p - b.p > .02 || b.p - a.p > .02)
			fail_msg("'%s': %f, then %f", rows[i].answer, a.p, b.p);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	kb_checker_release(&checker);
}

static void claims_have_their_bytes(void **state)
{
	const char *answer = "第一句。[1] Second [2, 3]. 谢谢！";
	struct kb_arena arena;
	struct kb_claim *claims;

	(void)state;
	kb_arena_init(&arena);
	assert_int_equal(kb_claims_split(str(answer), false, &arena, &claims),
			 3);
	assert_int_equal(claims[0].n_cites, 1);
	assert_int_equal(claims[1].n_cites, 2);
	assert_int_equal(claims[1].cites[1], 3);
	assert_int_equal(claims[2].kind, KB_CLAIM_NONE);
	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(claims[i].text.ptr, answer + claims[i].start);
	kb_arena_release(&arena);
}

/* Sentences copied from a passage are always supported by it; that does not
 * make them the answer. */
static void the_generator_s_doubt_is_not_outvoted(void **state)
{
	struct kb_stages s = {
	    .retrieval = .9, .generation = .5, .facts = .95, .relevance = -1};

	(void)state;
	assert_true(kb_score_record(&s) <= .51);
	s.generation = .9;
	assert_true(kb_score_record(&s) >= .85);
	s.facts = .3; /* nor is it more right than grounded */
	assert_true(kb_score_record(&s) <= .31);
	s.generation = -1;
	s.facts = .95;
	assert_true(kb_score_record(&s) > .9);
	s.retrieval = .1;
	assert_true(kb_score_record(&s) < .9);
	s.relevance = .2; /* nor when it answers something else */
	assert_true(kb_score_record(&s) <= .21);
}

/* Both have read the passages; neither outvotes the other alone. */
static void the_built_in_answerer_has_its_say_in_the_relevance(void **state)
{
	const double steps[] = {.05, .3, .6, .9, .99};

	(void)state;
	assert_true(kb_score_relevance_local(.4, .95) >= .6);
	assert_true(kb_score_relevance_local(.05, .95) < .6);
	assert_true(kb_score_relevance_local(.95, .1) < .6);
	assert_true(kb_score_relevance_local(-1, .9) < 0);
	assert_true(kb_score_relevance_local(.4, -1) == .4);
	for (size_t i = 1; i < sizeof(steps) / sizeof(*steps); i++) {
		assert_true(kb_score_relevance_local(steps[i], .5) >
			    kb_score_relevance_local(steps[i - 1], .5));
		assert_true(kb_score_relevance_local(.5, steps[i]) >
			    kb_score_relevance_local(.5, steps[i - 1]));
	}
}

/* A model that only looks at names, and one feature nobody measures. */
static void a_claim_is_judged_by_the_model_that_is_given(void **state)
{
	const struct kb_linear_model names_only = {
	    .kind = KB_LOGISTIC,
	    .features =
		(const struct kb_linear_feature[]){
		    {.name = "entities", .weight = 8, .nonnegative = true},
		    {.name = "weather", .weight = 100},
		},
	    .n = 2,
	    .bias = -4,
	};
	const struct kb_check_passage passage = {
	    {"", 0}, KB_STR("Canon EOS R6 costs 1,999 dollars.")};
	struct kb_checker own, given;
	struct kb_check a, b;
	struct kb_linear bound;
	struct kb_arena arena;

	(void)state;
	assert_string_equal(kb_score_bind(&bound, &names_only), "weather");
	assert_null(kb_score_bind(&bound, NULL));
	assert_ptr_equal(bound.model, &kb_claim_builtin);
	kb_arena_init(&arena);
	kb_checker_init(&own, NULL);
	kb_checker_init(&given, &names_only);
	assert_int_equal(
	    kb_check_answer(&own, str(""), str("Canon EOS R6 tastes of honey."),
			    &passage, 1, 1, NULL, &arena, &a, NULL),
	    0);
	assert_int_equal(kb_check_answer(&given, str(""),
					 str("Canon EOS R6 tastes of honey."),
					 &passage, 1, 1, NULL, &arena, &b,
					 NULL),
			 0);
	assert_true(a.claims[0].p < b.claims[0].p);
	assert_true(b.claims[0].p == kb_sigmoid(4));
	kb_checker_release(&own);
	kb_checker_release(&given);
	kb_arena_release(&arena);
}

/* Tokens beside each other may be of two texts, with their own offsets: the
 * title ends behind the text, where ASan sees it. */
static void a_title_is_another_text(void **state)
{
	static const char title[] = "早餐与饮料的长期观察记录";
	static const char text[] = "王明喝苹果汁每天早上";
	static const char answer[] = "李强喝苹果汁每天早上";
	char *own = malloc(sizeof(text) - 1);
	struct kb_check_passage passage = {{title, sizeof(title) - 1},
					   {own, sizeof(text) - 1}};
	struct kb_checker checker;
	struct kb_arena arena;
	struct kb_check check;

	(void)state;
	memcpy(own, text, sizeof(text) - 1); /* no byte more, for ASan */
	kb_checker_init(&checker, NULL);
	kb_arena_init(&arena);
	assert_int_equal(kb_check_answer(&checker, str(""), str(answer),
					 &passage, 1, 1, NULL, &arena, &check,
					 NULL),
			 0);
	assert_int_equal(check.n_claims, 1);
	assert_int_equal(check.claims[0].verdict, KB_UNSUPPORTED);
	kb_arena_release(&arena);
	kb_checker_release(&checker);
	free(own);
}

/* What an alignment leaves over is what differs, and all of it. */
static void an_alignment_says_what_differs(void **state)
{
	static const struct {
		const char *claim, *source;
		size_t n;
		uint32_t claim_tokens, source_tokens; /* of the first gap */
	} pairs[] = {
	    {"the lamp is red", "the lamp is red", 0, 0, 0},
	    {"the lamp is red", "the lamp is green", 1, 1, 1},
	    {"the lamp is red", "the lamp is dark red", 1, 0, 1},
	    {"the old lamp is red", "the lamp is red", 1, 1, 0},
	    {"一号灯是红灯", "二号灯是红灯", 1, 1, 1},
	};
	struct kb_align_scratch scratch;
	struct kb_reader reader;
	struct kb_arena arena;

	(void)state;
	kb_reader_init(&reader, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct kb_prepared claim, source;
		struct kb_alignment fit;
		const struct kb_align_gap *gap = fit.gaps;

		kb_prepared_init(&claim);
		kb_prepared_init(&source);
		kb_prepared_begin(&claim, &arena);
		kb_prepared_begin(&source, &arena);
		kb_prepared_add(&claim, reader.an, &reader.terms,
				str(pairs[i].claim));
		kb_prepared_add(&source, reader.an, &reader.terms,
				str(pairs[i].source));
		assert_true(kb_align(&claim, &source, 0, &scratch, &fit));
		assert_int_equal(fit.n, pairs[i].n);
		if (fit.n) {
			assert_int_equal(gap->claim_end - gap->claim,
					 pairs[i].claim_tokens);
			assert_int_equal(gap->source_end - gap->source,
					 pairs[i].source_tokens);
		}
		kb_prepared_release(&claim);
		kb_prepared_release(&source);
	}
	kb_arena_release(&arena);
	kb_reader_release(&reader);
}

static void assert_same_check(const struct kb_check *a,
			      const struct kb_check *b)
{
	assert_int_equal(a->n_claims, b->n_claims);
	assert_true(!memcmp(&a->p, &b->p, sizeof(a->p)));
	assert_true(!memcmp(&a->relevance, &b->relevance, sizeof(a->p)));
	assert_true(!memcmp(&a->held, &b->held, sizeof(a->p)));
	assert_true(kb_str_eq(a->missing.text, b->missing.text));
	for (size_t i = 0; i < a->n_claims; i++) {
		const struct kb_comparison *x = &a->claims[i].found;
		const struct kb_comparison *y = &b->claims[i].found;

		assert_int_equal(a->claims[i].verdict, b->claims[i].verdict);
		assert_memory_equal(x->f, y->f, sizeof(x->f));
		assert_memory_equal(x->relevance, y->relevance,
				    sizeof(x->relevance));
		assert_int_equal(x->n_findings, y->n_findings);
		for (size_t k = 0; k < x->n_findings; k++)
			assert_true(kb_str_eq(x->findings[k].source,
					      y->findings[k].source));
		assert_int_equal(x->hit, y->hit);
		assert_int_equal(x->start, y->start);
		assert_int_equal(x->end, y->end);
	}
}

/* Of a checker that has seen other answers to the same question, other
 * questions and other passages, an answer gets what it gets of a new one. */
static void nothing_is_left_of_the_answer_before(void **state)
{
	static const char *const questions[] = {
	    "", "几天内可以申请无理由退货？",
	    "How long is the AirBuds X2 warranty?"};
	struct kb_check_passage titled[] = {
	    {{"AirBuds X2, 5 pieces", 20}, {en, sizeof(en) - 1}},
	    {{"", 0}, {"", 0}},
	    {{"退货", 6}, {zh, sizeof(zh) - 1}},
	};
	struct kb_checker checker;

	(void)state;
	kb_checker_init(&checker, NULL);
	checker.measures_held = true;
	for (size_t i = 0; i < 3 * sizeof(rows) / sizeof(*rows); i++) {
		const struct kb_check_passage *given =
		    i % 7 < 5 ? passages : titled;
		size_t n = given == titled ? 3 : 2, n_hits = n - i % 5 / 4;
		struct kb_str question = str(questions[i / 3 % 3]);
		struct kb_str answer = str(rows[i / 3].answer);
		struct kb_checker fresh;
		struct kb_arena arena;
		struct kb_check one, two;

		kb_arena_init(&arena);
		kb_checker_init(&fresh, NULL);
		fresh.measures_held = true;
		assert_int_equal(kb_check_answer(&checker, question, answer,
						 given, n, n_hits, NULL, &arena,
						 &one, NULL),
				 0);
		assert_int_equal(kb_check_answer(&fresh, question, answer,
						 given, n, n_hits, NULL, &arena,
						 &two, NULL),
				 0);
		assert_same_check(&one, &two);
		kb_checker_release(&fresh);
		kb_arena_release(&arena);
	}
	kb_checker_release(&checker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verdicts_are_as_expected),
	    cmocka_unit_test(without_evidence_nothing_is_supported),
	    cmocka_unit_test(more_passages_than_hits_may_be_cited),
	    cmocka_unit_test(irrelevant_passages_change_nothing),
	    cmocka_unit_test(claims_have_their_bytes),
	    cmocka_unit_test(a_title_is_another_text),
	    cmocka_unit_test(an_alignment_says_what_differs),
	    cmocka_unit_test(the_generator_s_doubt_is_not_outvoted),
	    cmocka_unit_test(
		the_built_in_answerer_has_its_say_in_the_relevance),
	    cmocka_unit_test(a_claim_is_judged_by_the_model_that_is_given),
	    cmocka_unit_test(nothing_is_left_of_the_answer_before),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
