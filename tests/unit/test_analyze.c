#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/analyze.h"
#include "text/han.h"
#include "text/words.h"

/* "1繁 2繁体 wiphon xiphone cjoined", in order. */
static void render(struct kb_buf *out, const struct kb_terms *terms)
{
	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];
		char han[8];
		size_t n = kb_term_han_text(t->key, han);

		if (out->len)
			kb_buf_add_char(out, ' ');
		kb_buf_add_char(out, " 12wxcup"[kb_term_class(t->key)]);
		if (n)
			kb_buf_add(out, han, n);
		else
			kb_buf_add(out, terms->text + t->text_off, t->text_len);
	}
}

static const struct {
	const char *why, *text, *terms;
} rows[] = {
    {"empty text has no terms", "", ""},
    {"Chinese: characters and pairs", "中文字", "1中 1文 2中文 1字 2文字"},
    {"punctuation ends a run", "中，文", "1中 1文"},
    {"traditional is simplified", "臺灣", "1台 1湾 2台湾"},
    {"an English word is stemmed, its form kept", "Cats run",
     "wcat xcats wrun"},
    {"the possessive goes", "John's", "wjohn"},
    {"the curly possessive goes", "John\xe2\x80\x99s dog", "wjohn wdog"},
    {"a possessive that stands apart goes", "John 's dog, the 1990's",
     "wjohn wdog wthe w1990"},
    {"... a curly one", "\"Hamlet\"\xe2\x80\x99s end. 北京\xe2\x80\x99S",
     "whamlet wend 1北 1京 2北京"},
    {"so do the other endings", "we 'll, I 'm; does n't",
     "wwe wi wdoe xdoes wnt"},
    {"a letter in quotes stays", "'s' \xe2\x80\x98s\xe2\x80\x99", "ws ws"},
    {"... and a longer word", "'so 's-1 'tis", "wso ws w1 cs1 wtis"},
    {"an inner apostrophe is dropped", "don't", "wdont"},
    {"an acronym is one word", "U.S. e.g.", "wus weg"},
    {"Chinese and Latin always split", "B站2020年", "wb 1站 w2020 1年"},
    {"a mixed token: whole, pieces, touching units", "iPhone15ProMax256G",
     "wiphon xiphone w15 wpro wmax w256 wg ciphone15promax256g ciphone15 "
     "c15promax cpromax cpromax256 c256g"},
    {"a code with a hyphen", "SKU-12345", "wsku w12345 csku12345"},
    {"a decimal", "1.5", "w1 w5 c1.5"},
    {"a decimal with its unit", "3.5mm", "w3 w5 wmm c3.5mm c3.5"},
    {"a date", "2024-01-31", "w2024 w01 w31 c20240131"},
    {"thousands are one number", "1,000 12,345", "w1000 w12345"},
    {"a list of numbers is no thousands", "1,20", "w1 w20"},
    {"languages with signs", "C++ C# .NET", "wc cc++ wc cc# wnet c.net"},
    {"a sentence's dot is no name", "end. Next", "wend wnext"},
    {"an option is one, too, with its dashes", "tar -xzf a",
     "wtar wxzf c-xzf wa"},
    {"a long one", "用--No-Preserve=x。-9",
     "1用 wno wpreserv xpreserve cnopreserve c--nopreserve wx w9 c-9"},
    {"a dash inside or alone is none", "a- b -- c well-known --- d -",
     "wa wb wc wwell wknown cwellknown wd"},
    {"a rule is none", "---x <-y", "wx wy c-y"},
    {"every hyphen joins",
     "AR\xe2\x80\x91"
     "7 Wi\xe2\x80\x90"
     "Fi",
     "war w7 car7 wwi wfi cwifi"},
    {"what is not seen parts nothing",
     "in\xc2\xad"
     "for\xe2\x81\xa0ma",
     "winforma"},
    {"underscores split", "ludwig_ii_of_bavaria",
     "wludwig wii wof wbavaria cludwigiiofbavaria"},
    {"full width is folded", "ｆｕｌｌ　２５６Ｇ", "wfull w256 wg c256g"},
    {"marks go in the stem, stay in the form", "café", "wcafe xcafé"},
    {"combining marks are composed", "cafe\xcc\x81", "wcafe xcafé"},
    {"ligatures open", "\xef\xac\x81ne", "wfine"},
    {"other scripts by runs, case folded", "Привет", "wпривет"},
    {"kana and hangul like Han", "カナ 한국", "1カ 1ナ 2カナ 1한 1국 2한국"},
    {"half-width kana are folded", "\xef\xbd\xb6\xef\xbe\x85", "1カ 1ナ 2カナ"},
    {"an emoji is a word", "Fine 🚀 today🚀", "wfine w🚀 wtoday w🚀"},
    {"... of any colour and style", "👍🏽 ❤️ 1️⃣", "w👍 w❤ w1"},
    {"... one by one in a joined one", "👩‍💻", "w👩 w💻"},
    {"a flag is one", "🇨🇳🇫🇷 🇨", "w🇨🇳 w🇫🇷"},
    {"a bullet, an arrow or a mark is none", "●▪→©®™ ─ ◦", ""},
    {"a sign is what it is short for", "净重5㎏ 25℃ ㏑ ㍿",
     "1净 1重 2净重 w5 wkg w25 wc wln 1株 1式 2株式 1会 2式会 1社 2会社"},
    {"broken UTF-8 separates",
     "a\xff"
     "b \xe4\xb8",
     "wa wb"},
    {"a character cut in the middle is nothing", "中\xe6\x96", "1中"},
    {"mixed: everything at once", "我的iPhone坏了",
     "1我 1的 2我的 wiphon xiphone 1坏 1了 2坏了"},
};

static void terms_are_as_the_header_says(void **state)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};
	struct kb_buf got;

	(void)state;
	kb_buf_init(&got, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		kb_terms_reset(&terms);
		kb_buf_reset(&got);
		kb_analyze(an, rows[i].text, strlen(rows[i].text), &terms);
		render(&got, &terms);
		if (strcmp(got.len ? got.ptr : "", rows[i].terms))
			fail_msg("%s: '%s' gave '%s', not '%s'", rows[i].why,
				 rows[i].text, got.ptr, rows[i].terms);
	}
	kb_buf_release(&got);
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

static void only_base_terms_count_for_length(void **state)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	(void)state;
	kb_analyze(an, "中文 Cats 3.5mm", 18, &terms);
	assert_int_equal(terms.length, 6); /* 中 文 cat 3 5 mm */
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

/* A term in the name of a file is another one than in a text. */
static void the_names_of_files_are_terms(void **state)
{
	static const struct {
		const char *path, *text;
		size_t n;
	} names[] = {
	    {"refunds/eu/v2.30", "refund eu v 2 30 v2.30 2.30", 8},
	    {"/退款/Wi-Fi", "退款 wi fi wifi", 5},
	    {"2024/05", "2024 05", 3},
	    {"//", "", 0},
	};
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0}, text = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		kb_terms_reset(&terms);
		kb_terms_reset(&text);
		kb_path_terms(an, kb_str_of(names[i].path), &terms);
		kb_analyze(an, names[i].text, strlen(names[i].text), &text);
		assert_int_equal(terms.n, names[i].n);
		assert_int_equal(terms.length, 0);
		for (size_t t = 0; t < terms.n; t++) {
			bool of_text = terms.items[t].key == KB_TERM_NAMED;

			assert_int_equal(kb_term_class(terms.items[t].key),
					 KB_TERM_PATH);
			assert_int_equal(terms.items[t].text_len, 0);
			for (size_t j = 0; j < text.n; j++)
				of_text |= terms.items[t].key ==
					   kb_term_path(text.items[j].key);
			assert_true(of_text || names[i].path[0] == '/');
		}
	}
	kb_terms_release(&terms);
	kb_terms_release(&text);
	kb_analyzer_free(an);
}

static void spans_point_at_the_source(void **state)
{
	const char *text = "买 iPhone15，１２ cats";
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	(void)state;
	kb_analyze(an, text, strlen(text), &terms);
	for (size_t i = 0; i < terms.n; i++) {
		const struct kb_term *t = &terms.items[i];

		assert_true(t->start < t->end && t->end <= strlen(text));
	}
	assert_memory_equal(text + terms.items[1].start, "iPhone", 6);
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

static void the_longest_user_word_wins(void **state)
{
	const struct kb_str words[] = {KB_STR("苹果"), KB_STR("苹果手机"),
				       KB_STR("Machine Learning")};
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};
	struct kb_buf got;

	(void)state;
	kb_buf_init(&got, 0);
	kb_analyzer_set_words(an, words, 3);
	kb_analyze(an, "苹果手机壳", 15, &terms);
	render(&got, &terms);
	assert_non_null(strstr(got.ptr, "u苹果手机"));
	assert_null(strstr(got.ptr, "u苹果 "));
	kb_buf_reset(&got);
	kb_terms_reset(&terms);
	kb_analyze(an, "machine learned, 苹 果", 25, &terms);
	render(&got, &terms);
	assert_non_null(strstr(got.ptr, "umachin learn"));
	kb_analyzer_set_words(an, NULL, 0);
	kb_terms_reset(&terms);
	kb_buf_reset(&got);
	kb_analyze(an, "苹果", 6, &terms);
	render(&got, &terms);
	assert_string_equal(got.ptr, "1苹 1果 2苹果");
	kb_buf_release(&got);
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

static void homophones_share_a_syllable(void **state)
{
	(void)state;
	assert_int_equal(kb_pinyin_syllable(0x5e97),  /* 店 dian */
			 kb_pinyin_syllable(0x7535)); /* 电 dian */
	assert_int_not_equal(kb_pinyin_syllable(0x5e97),
			     kb_pinyin_syllable(0x7532)); /* 甲 jia */
	assert_int_equal(kb_pinyin_syllable('a'), 0);
}

static void a_long_run_is_cut_not_lost(void **state)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};
	static char text[100000];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 3)
		text[i] = '1';
	kb_analyze(an, text, sizeof(text), &terms);
	assert_true(terms.n > 1000);
	assert_int_equal(terms.items[terms.n - 1].end, sizeof(text));
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

static void function_words_are_known_by_their_keys(void **state)
{
	static const char *const words[] = {
	    "a",    "the",    "yours", "their", "i",	  "throug",
	    "them", "refund", "notes", "x",	"between"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		assert_int_equal(
		    kb_stop_term(kb_term_key(KB_TERM_WORD, words[i], len)),
		    kb_stop_word(words[i], len));
		assert_false(
		    kb_stop_term(kb_term_key(KB_TERM_EXACT, words[i], len)));
	}
	assert_false(kb_stop_term(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terms_are_as_the_header_says),
	    cmocka_unit_test(only_base_terms_count_for_length),
	    cmocka_unit_test(the_names_of_files_are_terms),
	    cmocka_unit_test(spans_point_at_the_source),
	    cmocka_unit_test(the_longest_user_word_wins),
	    cmocka_unit_test(homophones_share_a_syllable),
	    cmocka_unit_test(a_long_run_is_cut_not_lost),
	    cmocka_unit_test(function_words_are_known_by_their_keys),
	};

	return cmocka_run_group_tests_name("analyze", tests, NULL, NULL);
}
