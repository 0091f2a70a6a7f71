#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claim/claim.h"

/* The rules of refusals were written with these in sight, */
static const char *const refusals[] = {
    "IDK",
    "The context does not mention who the director is.",
    "No information is available on this topic.",
    "I'm sorry, but I couldn't find the answer in the provided documents.",
    "The passages don't say when the bridge was built.",
    "Nothing in the text tells us how much it costs.",
    "There is no mention of a warranty in the documents.",
    "It is unclear from the context.",
    "I am unable to answer that.",
    "This cannot be determined from the information given.",
    "The documents provided lack any details about shipping.",
    "Unknown.",
    "Not specified.",
    "Not mentioned in the passages.",
    "I do not have enough information to answer this question.",
    "Unfortunately, none of the sources discuss the price.",
    "The director's name is not stated.",
    "That is beyond the scope of the provided material.",
    "We have no information about that.",
    "I can't help with that.",
    "N/A",
    "I have no idea.",
    "The provided excerpts fail to specify the weight.",
    "Without further details, I can't tell.",
    "It's impossible to say based on the text.",
    "抱歉，我无法回答这个问题。",
    "资料中没有提到导演是谁。",
    "根据现有信息，无法确定具体日期。",
    "没有找到相关内容。",
    "文档未说明保修期。",
    "这个问题我不太清楚。",
    "暂无相关信息。",
    "上下文里找不到答案。",
    "我不知道。",
    "很遗憾，所给材料并未涉及价格。",
    "信息不足，不能判断。",
    "原文没有交代。",
    "未知",
    "具体数字不得而知。",
    "这超出了资料的范围。",
    "提供的文本中没有关于退款的说明。",
    "目前没有足够的资料来回答您的问题。",
};

/* and not with these, which are scored only. */
static const char *const unseen_refusals[] = {
    "Sorry, no clue.",
    "The text is silent on this point.",
    "Neither document addresses the refund period.",
    "I wasn't able to locate that detail in the sources.",
    "There isn't any information regarding his age.",
    "The article never says where she was born.",
    "We cannot infer this from the passages.",
    "The answer is not in the context.",
    "I'm afraid the documentation doesn't cover that.",
    "My sources do not list a phone number.",
    "Insufficient data to give an answer.",
    "The given passages contain nothing about batteries.",
    "I could not find any reference to it.",
    "The exact figure isn't disclosed.",
    "This question cannot be answered with the available documents.",
    "I'm not certain.",
    "No answer found.",
    "There's not enough context to determine the author.",
    "The retrieved pages provide no details on pricing.",
    "I don't see that mentioned anywhere in the documents.",
    "It isn't possible to tell from the excerpt.",
    "Who wrote it remains unknown.",
    "I lack the information needed to answer.",
    "The knowledge base has no entry that answers this.",
    "As the material makes no mention of it, I can't say.",
    "对不起，这个我答不上来。",
    "文中并没有写明具体金额。",
    "我没能在文档里查到这个电话。",
    "知识库中查不到该产品的记录。",
    "所提供的段落没有谈及这一点。",
    "凭现有材料难以判断。",
    "无从得知。",
    "没有相关记载。",
    "这个问题目前没法回答。",
    "参考内容里没有答案。",
    "我不确定。",
    "检索结果中未包含该问题的答案。",
    "资料没说。",
    "不清楚具体是哪一天。",
    "手册里没有介绍这个功能。",
    "缺乏足够的信息，无法作出判断。",
    "抱歉，暂时没有查询到您要的信息。",
};

/* They deny something, and state it. */
static const char *const denials[] = {
    "We do not provide refunds.",
    "Returns are free.",
    "The battery is not included.",
    "Gift cards cannot be returned.",
    "Users who don't know their password can reset it.",
    "The device does not contain lead.",
    "No data is stored on the server.",
    "The warranty does not cover water damage.",
    "If you cannot find the serial number, contact support.",
    "The film was not mentioned by critics until 1990.",
    "Unknown to him, the bridge had collapsed.",
    "The museum is closed without notice on Mondays.",
    "There is no fee for returns.",
    "He was not sure of his birthday.",
    "The company failed to deliver the goods.",
    "Orders cannot be changed after shipping.",
    "The author of the poem is known as Basho.",
    "The library has no late fees.",
    "It is not possible to pay in cash.",
    "The package includes no batteries.",
    "She was unable to attend the ceremony.",
    "The king had no children.",
    "The price does not include tax.",
    "The list of members is available on request.",
    "No evidence of life was found on the planet.",
    "The settings page shows no warnings.",
    "The data is not encrypted.",
    "He could not find work in London.",
    "The treaty does not mention slavery by name.",
    "It cannot be confirmed by phone.",
    "本店不支持无理由退货。",
    "套餐内容不包含早餐。",
    "手机没有耳机孔。",
    "没有任何数据丢失。",
    "不知道密码的用户可以重置密码。",
    "会员没有运费。",
    "我们不提供上门安装服务。",
    "该设备无法提供热水。",
    "无法确定身份的乘客不能登机。",
    "订单未发货前可以取消。",
    "他没有提到自己的父亲。",
    "产品没有问题。",
    "包装内无说明书。",
    "不能使用现金支付。",
    "公司没有公布财报。",
    "该病原因不明时需要住院观察。",
    "未成年人不得购买。",
    "账户信息不会泄露。",
    "电池不可拆卸。",
    "数据未加密。",
};

#define N(table) (sizeof(table) / sizeof(*(table)))

/* How many of the sentences are of the kind; the others are printed. */
static size_t count(const char *const *sentences, size_t n,
		    enum kb_claim_kind kind)
{
	struct kb_arena arena;
	size_t met = 0;

	kb_arena_init(&arena);
	for (size_t i = 0; i < n; i++) {
		struct kb_claim *claims;
		size_t k = kb_claims_split(kb_str_of(sentences[i]), false,
					   &arena, &claims);

		assert_true(k > 0);
		met += claims[0].kind == kind;
		if (claims[0].kind != kind)
			print_message("%s\n", sentences[i]);
	}
	kb_arena_release(&arena);
	return met;
}

static void refusals_are_known_by_their_form(void **state)
{
	(void)state;
	assert_int_equal(count(refusals, N(refusals), KB_CLAIM_ABSTAIN),
			 N(refusals));
	/* of those that were never looked at, nine in ten */
	assert_true(
	    count(unseen_refusals, N(unseen_refusals), KB_CLAIM_ABSTAIN) * 10 >=
	    N(unseen_refusals) * 9);
}

static void denials_of_facts_are_claims(void **state)
{
	(void)state;
	assert_int_equal(count(denials, N(denials), KB_CLAIM), N(denials));
}

/* What is left of an answer to be checked: the statements, parted by '/'. */
static const struct {
	const char *answer, *statements;
} splits[] = {
    {"Hello! Returns are free.", "Returns are free."},
    {"Thank you for contacting Acme Support. Returns are free. Feel free to "
     "reach out!",
     "Returns are free."},
    {"Feel free to return it within 90 days.",
     "Feel free to return it within 90 days."},
    {"Feel free to return the item opened.",
     "Feel free to return the item opened."},
    {"Dear Mr. Smith,\n\nThank you for your question about returns. They are "
     "free.\n\nKind regards,\nThe Acme Team",
     "They are free."},
    {"Sure, returns are free!", "returns are free!"},
    {"If you have any questions, write to help@acme.com.",
     "write to help@acme.com."},
    {"Great question! I'd be happy to help you with your inquiry about "
     "shipping times.",
     ""},
    {"According to the passages, returns are free.", "returns are free."},
    {"According to the World Bank, prices rose.",
     "According to the World Bank, prices rose."},
    {"The document states that returns are free.", "returns are free."},
    {"The policy does not say that returns are free.",
     "The policy does not say that returns are free."},
    {"The answer is 7 days.", "7 days."},
    {"Please note that returns are free.", "returns are free."},
    {"**7 days**", "7 days"},
    {"- `kb-index --rebuild`", "kb-index --rebuild"},
    {"```bash\nkb-index --rebuild\n```", "kb-index --rebuild"},
    {"> \"Returns are free.\"", "Returns are free."},
    {"# Returns\n\n1. **Pens**: 5 euros\n2. *Ink*: 7 euros",
     "Pens: 5 euros/Ink: 7 euros"},
    {"## 15 days\n\nSee above.", "15 days/See above."},
    {"| Thing | Price |\n|---|---|\n| Pen | 5 |", "| Pen | 5 |"},
    {"<p>Returns are <b>free</b>.</p>", "Returns are  free ."},
    {"See [the page](https://example.com/r).",
     "See  the page https://example.com/r ."},
    {"5*3 is 15 and a_b is a name.", "5*3 is 15 and a_b is a name."},
    {"您好，签收后7天内可以退货，祝您购物愉快！", "签收后7天内可以退货，"},
    {"感谢您的咨询。退货免费。如有其他问题，欢迎随时联系我们，祝您生活愉快！",
     "退货免费。"},
    {"欢迎在30天内退货。", "欢迎在30天内退货。"},
    {"如有疑问，请拨打400-123。", "请拨打400-123。"},
    {"很高兴为您解答关于退货的问题。退货免费哦～", "退货免费哦～"},
    {"根据您提供的资料，退货免费。", "退货免费。"},
    {"资料显示：退货免费。", "退货免费。"},
    {"答案：7天", "7天"},
    {"“退货免费。”", "退货免费。"},
    {"在本店购买的商品可以退货。", "在本店购买的商品可以退货。"},
    {"When you order before noon, we ship today",
     "When you order before noon, we ship today"},
    {"No, returns are not free.", "returns are not free."},
    {"No. Returns are not free.", "Returns are not free."},
    {"Yes, returns are free.", "returns are free."},
    {"Yes. Returns are not free.", "Yes./Returns are not free."},
    {"Yes, returns are not free.", "Yes, returns are not free."},
    {"Yes, returns are free, but not for pens.",
     "returns are free, but not for pens."},
    {"No one pays for returns.", "No one pays for returns."},
    {"No.", "No."},
    {"是的，退货免费。", "退货免费。"},
    {"不是。退货不免费。", "退货不免费。"},
    {"不退货。", "不退货。"},
    {"The sizes are:", "The sizes are:"},
    {"The sizes are:\n- small", "small"},
};

static void statements_are_read_through_what_is_around_them(void **state)
{
	struct kb_arena arena;
	bool bad = false;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < N(splits); i++) {
		char got[512] = "";
		struct kb_claim *claims;
		size_t n = kb_claims_split(kb_str_of(splits[i].answer), false,
					   &arena, &claims);

		for (size_t k = 0; k < n; k++) {
			if (claims[k].kind != KB_CLAIM)
				continue;
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				 "%s%.*s", *got ? "/" : "",
				 (int)claims[k].bare.len, claims[k].bare.ptr);
		}
		if (strcmp(got, splits[i].statements)) {
			print_error("'%s' gives '%s', not '%s'\n",
				    splits[i].answer, got,
				    splits[i].statements);
			bad = true;
		}
	}
	assert_false(bad);
	kb_arena_release(&arena);
}

static const struct {
	const char *answer;
	bool clauses;
	const char *pieces;
} pieces[] = {
    {"The pool opens at 7 [1] and breakfast is served until 10 [2].", false,
     "The pool opens at 7  and/breakfast is served until 10 ."},
    {"The pool opens at 7 [1] and breakfast ends at 10.", false,
     "The pool opens at 7  and breakfast ends at 10."},
    {"游泳池7点开放[1]，早餐到10点[2]。", false,
     "游泳池7点开放，/早餐到10点。"},
    {"It costs 5 euros [1][2].", false, "It costs 5 euros ."},
    {"Ships by road [1], rail [2], and sea [3].", false,
     "Ships by road , rail , and sea ."},
    {"The X5 weighs 2 kg and the X7 costs 9 euros.", true,
     "The X5 weighs 2 kg and/the X7 costs 9 euros."},
    {"The X5 weighs 2 kg and costs 9 euros.", true,
     "The X5 weighs 2 kg and costs 9 euros."},
    {"The X5 weighs 2 kg and the X7 costs 9 euros.", false,
     "The X5 weighs 2 kg and the X7 costs 9 euros."},
    {"退货运费由买家承担，退款在3个工作日内到账。", true,
     "退货运费由买家承担，/退款在3个工作日内到账。"},
};

/* A sentence with a citation in each clause is a claim for each; one that
 * answers two questions is, too. */
static void a_sentence_may_say_several_things(void **state)
{
	struct kb_arena arena;
	bool bad = false;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < N(pieces); i++) {
		char got[512] = "";
		struct kb_claim *claims;
		size_t n = kb_claims_split(kb_str_of(pieces[i].answer),
					   pieces[i].clauses, &arena, &claims);

		for (size_t k = 0; k < n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				 "%s%.*s", *got ? "/" : "",
				 (int)claims[k].bare.len, claims[k].bare.ptr);
		if (strcmp(got, pieces[i].pieces)) {
			print_error("'%s' gives '%s'\n", pieces[i].answer, got);
			bad = true;
		}
	}
	assert_false(bad);
	kb_arena_release(&arena);
}

/* Yes and no, and what they leave of a sentence. */
static void particles_are_yes_and_no(void **state)
{
	static const struct {
		const char *answer, *bare;
		bool particle, denies;
	} rows[] = {
	    {"No.", "No.", true, true},
	    {"yes", "yes", true, false},
	    {"It does.", "It does.", true, false},
	    {"We don't.", "We don't.", true, true},
	    {"It is not", "It is not", true, true},
	    {"It is not sold", "It is not sold", false, false},
	    {"It is", "It is", true, false},
	    {"没有", "没有", true, true},
	    {"可以。", "可以。", true, false},
	    {"可以退货。", "可以退货。", false, false},
	    /* 不 and 上 are no blanks */
	    {"是的，不支持退货。", "不支持退货。", false, false},
	    {"是的，上海有门店。", "上海有门店。", false, false},
	};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_claim *claims;

		assert_int_equal(kb_claims_split(kb_str_of(rows[i].answer),
						 false, &arena, &claims),
				 1);
		if (!kb_str_is(claims->bare, rows[i].bare) ||
		    claims->particle != rows[i].particle ||
		    (claims->particle && claims->denies != rows[i].denies))
			fail_msg("%s: '%.*s', particle %d, denies %d",
				 rows[i].answer, (int)claims->bare.len,
				 claims->bare.ptr, claims->particle,
				 claims->denies);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(particles_are_yes_and_no),
	    cmocka_unit_test(refusals_are_known_by_their_form),
	    cmocka_unit_test(denials_of_facts_are_claims),
	    cmocka_unit_test(statements_are_read_through_what_is_around_them),
	    cmocka_unit_test(a_sentence_may_say_several_things),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
