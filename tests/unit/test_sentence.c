#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "terminal/display.h"
#include "text/lang.h"
#include "text/sentence.h"
#include "text/words.h"
#include "token/token_estimate.h"

static const struct {
	const char *why, *text, *cut; /* sentences with '|' between */
} rows[] = {
    {"empty", "", ""},
    {"blank", " \n\t ", ""},
    {"Chinese", "今天好。明天呢？好！", "今天好。|明天呢？|好！"},
    {"English", "It rains. Take care!", "It rains.|Take care!"},
    {"mixed", "买 iPhone。It is new. 好的", "买 iPhone。|It is new.|好的"},
    {"no final mark", "退货期为 7 天", "退货期为 7 天"},
    {"a decimal point", "It is 3.14 m. Good.", "It is 3.14 m.|Good."},
    {"a title", "Dr. Smith came. He left.", "Dr. Smith came.|He left."},
    {"initials", "J. R. Smith wrote it.", "J. R. Smith wrote it."},
    {"number sign", "See No. 5 here. No. It is not.",
     "See No. 5 here.|No.|It is not."},
    {"a domain", "Visit www.example.com today.",
     "Visit www.example.com today."},
    {"closing quotes stay", "他说：“好。”走了。", "他说：“好。”|走了。"},
    {"a citation stays", "免费退货。[1] 七天内。[2][3]",
     "免费退货。[1]|七天内。[2][3]"},
    {"a citation before the stop", "It is free [1]. Yes.",
     "It is free [1].|Yes."},
    {"an ellipsis", "等等……然后", "等等……|然后"},
    {"a wrapped line goes on", "this is\nwrapped text. Next",
     "this is wrapped text.|Next"},
    {"a Chinese line ends", "第一行\n第二行", "第一行|第二行"},
    {"a list", "1. Open it.\n2. Close it.", "1. Open it.|2. Close it."},
    {"a blank line", "one\n\ntwo", "one|two"},
    {"a mark in a title", "《好吗？！.好》出版了。很好。",
     "《好吗？！.好》出版了。|很好。"},
    {"a title left open", "《好吗？很好。", "《好吗？|很好。"},
    {"two titles", "《甲》好！《乙》", "《甲》好！|《乙》"},
    {"years of a life", "Louis (r. 814) and Carl (d. 876) met. He",
     "Louis (r. 814) and Carl (d. 876) met.|He"},
    {"a letter before a word", "It is plan b. Take it.",
     "It is plan b.|Take it."},
    {"a line left open", "It is 400, or\n--chunk-max. B",
     "It is 400, or --chunk-max.|B"},
    {"two columns", "a:b    this and\n       that\nc:d    more",
     "a:b    this and        that|c:d    more"},
    {"a line of one word", "for\nUse it", "for|Use it"},
    {"a word cut by a hyphen", "an inter-\nnational one. B",
     "an inter- national one.|B"},
    {"a dash is no hyphen", "one -\ntwo", "one -|two"},
    {"a semicolon", "甲；乙", "甲；|乙"},
    {"broken bytes", "a\xff. B", "a\xff.|B"},
    {"cut in a character", "好。\xe4\xb8", "好。|\xe4\xb8"},
};

static void sentences_end_where_they_should(void **state)
{
	struct kb_buf got;

	(void)state;
	kb_buf_init(&got, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_sentence_it it = {rows[i].text, strlen(rows[i].text),
					    0};
		size_t start, end;

		kb_buf_reset(&got);
		while (kb_sentence_next(&it, &start, &end)) {
			if (got.len)
				kb_buf_add_char(&got, '|');
			for (size_t k = start; k < end; k++)
				kb_buf_add_char(&got, it.text[k] == '\n'
							  ? ' '
							  : it.text[k]);
		}
		if (strcmp(got.len ? got.ptr : "", rows[i].cut))
			fail_msg("%s: '%s', not '%s'", rows[i].why, got.ptr,
				 rows[i].cut);
	}
	kb_buf_release(&got);
}

static void clauses_keep_numbers_whole(void **state)
{
	struct kb_sentence_it it = {"共1,000元，包邮, ok", 0, 0};
	size_t start, end;

	(void)state;
	it.len = strlen(it.text);
	assert_true(kb_clause_next(&it, &start, &end));
	assert_int_equal(end, strlen("共1,000元，"));
	assert_true(kb_clause_next(&it, &start, &end));
	assert_true(kb_clause_next(&it, &start, &end));
	assert_memory_equal(it.text + start, "ok", 2);
	assert_false(kb_clause_next(&it, &start, &end));
}

static void languages_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum kb_lang main;
	} langs[] = {
	    {"七天无理由退货", KB_LANG_ZH},
	    {"我的 iPhone15ProMax 坏了", KB_LANG_ZH},
	    {"How do I return it?", KB_LANG_EN},
	    {"What does 退货 mean here?", KB_LANG_EN},
	    {"12 + 30", KB_LANG_EN},
	    {"Привет", KB_LANG_EN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(*langs); i++) {
		size_t len = strlen(langs[i].text);

		assert_int_equal(kb_lang_main(langs[i].text, len),
				 langs[i].main);
	}
}

static void word_lists_know_their_words(void **state)
{
	const char *q = "您好，请问多久发货？";

	(void)state;
	assert_true(kb_stop_word("The", 3));
	assert_true(kb_stop_word("yours", 5));
	assert_false(kb_stop_word("return", 6));
	assert_true(kb_stop_han(0x7684));
	assert_false(kb_stop_han(0x9000));
	assert_string_equal(q + kb_polite_prefix(q, strlen(q)), "多久发货？");
	assert_int_equal(kb_ask_kind(q, strlen(q)), KB_ASK_HOW_MANY);
	assert_int_equal(kb_ask_kind("Who wrote it?", 13), KB_ASK_WHO);
	assert_int_equal(kb_ask_kind("Can I return it?", 16), KB_ASK_YES_NO);
	assert_int_equal(kb_ask_kind("whole", 5), KB_ASK_NONE);
	assert_true(kb_is_question(q, strlen(q)));
	assert_false(kb_is_question("发货很快。", 15));
	assert_true(kb_is_polite("Hope this helps!", 16));
	assert_true(kb_is_polite("好的。", 9));
	assert_false(kb_is_polite("好的屏幕要 2000 元", 24));
}

/* What has 'tokens' in the dearer of cl100k_base and o200k_base must not be
 * taken to fit a budget of one less; nor cost half as much again. */
static void token_estimates_keep_a_budget_in_any_script(void **state)
{
	static const struct {
		const char *text;
		size_t tokens;
	} budgets[] = {
	    {"The quick brown fox jumps over the lazy dog.", 10},
	    {"退货期限为七天，超过七天不能退货。", 18},
	    {"订单 SKU-12345 已于 2024-01-31 发货。", 18},
	    {"支付宝和微信支付一至三个工作日到账，信用卡五至七个工作日到账，"
	     "请耐心等待。",
	     38},
	    {"請問您的訂單什麼時候寄出？憑證遺失了該怎麼辦？", 41},
	    {"ご注文の商品は三日以内に発送いたします。返品は七日以内にお願いし"
	     "ま"
	     "す。",
	     34},
	    {"주문하신 상품은 사흘 안에 발송됩니다. 반품은 이레 안에 해 "
	     "주세요.",
	     35},
	    {"Ваш заказ будет отправлен в течение трёх дней. Возврат "
	     "принимается семь дней.",
	     31},
	    {"Η παραγγελία σας θα σταλεί σε τρεις ημέρες.", 39},
	    {"سيتم شحن طلبك خلال ثلاثة أيام ويمكن إرجاعه خلال أسبوع.", 44},
	    {"आपका ऑर्डर तीन दिनों में भेजा जाएगा और सात दिनों में लौटाया जा "
	     "सकता है।",
	     72},
	    {"สินค้าจะจัดส่งภายในสามวัน และคืนได้ภายในเจ็ดวัน", 45},
	    {"Đơn hàng của bạn sẽ được gửi trong vòng ba ngày.", 19},
	    {"Die Bestellung wird innerhalb von drei Tagen verschickt, "
	     "Rückgabe möglich für sieben Tage.",
	     21},
	    {"int kb_tokens(const char *text, size_t len)\n{\n\treturn "
	     "text[len - 1] == '\\n';\n}\n",
	     25},
	    {"پاکستان کے شمالی علاقوں میں موسم سرما کے دوران درجہ حرارت من",
	     45},
	    {"د بیرته ورکولو لپاره باید تاسو په دېرشو ورځو کې رسید وښایئ. ",
	     47},
	    {"سېتىۋالغان كۈندىن باشلاپ ئوتتۇز كۈن ئىچىدە مالنى قايتۇرسىڭىز",
	     59},
	    {"ከግዢው ቀን ጀምሮ በሠላሳ ቀናት ውስጥ ዕቃውን መመለስ ይችላሉ። ደረሰኝ ያስፈልጋል። "
	     "የመላኪያ ",
	     141},
	    {"בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ וְ", 81},
	    {"Сатып алған күннен бастап отыз күн ішінде тауарды қайтара ал",
	     45},
	    {"මිලදී ගත් දින සිට දින තිහක් ඇතුළත භාණ්ඩය ආපසු දිය හැකිය. රිස", 108},
	    {"d41d8cd98f00b204e9800998ecf8427e "
	     "9e107d9d372bb6826bd81d3542a419d6",
	     39},
	};

	(void)state;
	assert_int_equal(kb_tokens_most("", 0), 0);
	for (size_t i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
		size_t n =
		    kb_tokens_most(budgets[i].text, strlen(budgets[i].text));

		if (n <= kb_tokens_within(budgets[i].tokens - 1) ||
		    n * 2 > budgets[i].tokens * 3)
			fail_msg("%zu for %zu: %s", n, budgets[i].tokens,
				 budgets[i].text);
	}
	assert_int_equal(kb_tokens_within(1100), 999);
	assert_int_equal(kb_tokens_within(1), 0);
}

/* The main language, by a count of one character after the other. */
static enum kb_lang counted(const char *text, size_t len)
{
	size_t han = 0, latin = 0, n;
	bool in_word = false;
	uint32_t cp;

	for (size_t i = 0; i < len; i += n) {
		bool letter;

		n = kb_utf8_next(text + i, len - i, &cp);
		letter = (cp < 0x80 && kb_is_letter((char)cp)) ||
			 (cp >= 0xc0 && cp <= 0x24f);
		latin += letter && !in_word;
		han += cp >= 0x4e00 && cp <= 0x9fff;
		in_word = letter || (in_word && cp == '\'');
	}
	return han && han * 10 >= (han + latin) * 4 ? KB_LANG_ZH : KB_LANG_EN;
}

/* Words are counted many bytes at a time: nearly as many words as Han must
 * make it one language or the other wherever they stand. */
static void a_language_is_what_its_words_count(void **state)
{
	static const char *const pieces[] = {
	    "a", "b c", "退",	  "退货", "'",	  "don't",   "''s ",   " ",
	    "é", "-",	"I'll'x", "。",	  "Ab1c", "straße ", "是不是", "x'",
	};
	unsigned zh = 0;

	(void)state;
	for (uint64_t i = 0; i < 40000; i++) {
		char text[512];
		size_t len = 0;
		enum kb_lang want;

		for (uint64_t k = 0; k < i % 40 + 1; k++) {
			const char *piece = pieces[kb_mix64(i * 40 + k) % 16];

			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		}
		want = counted(text, len);
		assert_int_equal(kb_lang_main(text, len), want);
		zh += want == KB_LANG_ZH;
	}
	assert_in_range(zh, 10000, 30000);
}

/* Texts are read in blocks: what stands where one ends counts as it does
 * anywhere else. Line breaks before one more count nothing but themselves. */
static void tokens_count_the_same_wherever_they_stand(void **state)
{
	static const char *const texts[] = {
	    "\n",
	    "\na",
	    "\n ",
	    "\n a",
	    "\n  a",
	    "\n \n",
	    "\n 1",
	    "\n1 A",
	    "\nAb",
	    "\n Ab",
	    "\nABc De",
	    "\n。",
	    "\n 退",
	    "\n  退货，12 天",
	    "\n退货 a。b",
	    "\na\xff\xe9\x80 b",
	    "\n\t(a) -- b_c\r\nD",
	    ("\nThe quick brown fox, 12345 of them: JUMPS over the "
	     "internationalization.  退款一般三到五个工作日到账。OK!"),
	};
	enum { LINES = 50, MOST = 140 };
	uint32_t want[KB_TOKEN_FEATURES], f[KB_TOKEN_FEATURES];
	char text[512];

	(void)state;
	memset(text, '\n', MOST);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t n = strlen(texts[i]);

		memcpy(text + MOST, texts[i], n);
		kb_tokens_features(text + MOST, n, want);
		assert_true(want[LINES] > 0);
		for (size_t k = 1; k < MOST; k++) {
			kb_tokens_features(text + MOST - k, n + k, f);
			f[LINES + 1] -= (uint32_t)k;
			assert_memory_equal(f, want, sizeof(f));
		}
	}
}

static void text_is_made_fit_for_a_terminal(void **state)
{
	struct kb_buf out;

	(void)state;
	assert_int_equal(kb_text_width("", 0), 0);
	assert_int_equal(kb_text_width("a中\xf0\x9f\x98\x80\xe4", 9), 6);
	kb_buf_init(&out, 0);
	kb_text_printable(&out, "a\x1b[31m\n\tb\xff", 10);
	assert_string_equal(out.ptr, "a\xef\xbf\xbd[31m\n\tb\xef\xbf\xbd");
	kb_buf_reset(&out);
	/* a surrogate, an overlong NUL, a C1 control, a bidi override */
	kb_text_printable(&out, "\xed\xa0\x80\xc0\x80\xc2\x9b\xe2\x80\xae", 10);
	for (size_t i = 0; i < out.len; i += 3)
		assert_memory_equal(out.ptr + i, KB_UTF8_MARK, 3);
	kb_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sentences_end_where_they_should),
	    cmocka_unit_test(clauses_keep_numbers_whole),
	    cmocka_unit_test(languages_are_told_apart),
	    cmocka_unit_test(word_lists_know_their_words),
	    cmocka_unit_test(token_estimates_keep_a_budget_in_any_script),
	    cmocka_unit_test(a_language_is_what_its_words_count),
	    cmocka_unit_test(tokens_count_the_same_wherever_they_stand),
	    cmocka_unit_test(text_is_made_fit_for_a_terminal),
	};

	return cmocka_run_group_tests_name("sentence", tests, NULL, NULL);
}
