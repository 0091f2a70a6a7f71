#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/entity.h"
#include "text/polarity.h"
#include "text/sentence.h"

static const struct {
	const char *text, *found; /* a letter for the kind, then the text */
} rows[] = {
    {"", ""},
    {"all lower case", ""},
    {"He met Angela Merkel in Berlin.", "NAngela Merkel|NBerlin"},
    {"The Bank of America opened.", "NBank of America"},
    {"Buy the iPhone 15 Pro today", "nBuy|NiPhone 15 Pro"},
    {"Returns are free.", "nReturns"},
    {"John's USB cable", "nJohn|NUSB"},
    {"型号SKU-12345和iPhone15，256G", "CSKU-12345|CiPhone15"},
    {"读《红楼梦》和“双十一”", "T红楼梦|Q双十一"},
    {"the \"gold plan\" is", "Qgold plan"},
    {"写信到 help@shop.example.com。", "Ehelp@shop.example.com"},
    {"see https://a.example/x?y=1.", "Uhttps://a.example/x?y=1"},
    {"电话13812345678", "P13812345678"},
    {"电话 138-1234-5678", "P138-1234-5678"},
    {"身份证11010519491231002X", "I11010519491231002X"},
    {"卡号 4111 1111 1111 1111", "B4111 1111 1111 1111"},
    {"订单 20240131000123", "O20240131000123"},
    {"broken \xff\xe4\xb8 Paris", "NParis"},
};

static void spelling_gives_entities_away(void **state)
{
	struct kb_buf got;

	(void)state;
	kb_buf_init(&got, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_entities e = {0};

		kb_buf_reset(&got);
		kb_entities_find(&e, rows[i].text, strlen(rows[i].text));
		for (size_t k = 0; k < e.n; k++) {
			const struct kb_entity *t = &e.items[k];

			if (got.len)
				kb_buf_add_char(&got, '|');
			kb_buf_add_char(&got,
					t->weak ? 'n' : "NCOQTEUPIB"[t->kind]);
			kb_buf_add(&got, rows[i].text + t->start,
				   t->end - t->start);
		}
		if (strcmp(got.len ? got.ptr : "", rows[i].found))
			fail_msg("'%s' gave '%s', not '%s'", rows[i].text,
				 got.len ? got.ptr : "", rows[i].found);
		kb_entities_release(&e);
	}
	kb_buf_release(&got);
}

static void checksums_tell_right_from_wrong(void **state)
{
	(void)state;
	assert_true(kb_luhn_valid("4111111111111111", 16));
	assert_false(kb_luhn_valid("4111111111111112", 16));
	assert_true(kb_id_card_valid("11010519491231002X", 18));
	assert_false(kb_id_card_valid("110105194912310021", 18));
	assert_false(kb_id_card_valid("11010519491231002", 17));
}

static void opposites_are_found(void **state)
{
	static const struct {
		const char *text;
		int group, side; /* of the first; side 0: none at all */
	} polar[] = {
	    {"不支持退货", KB_POLAR_PAIR + 1, -1},
	    {"支持退货", KB_POLAR_PAIR + 1, 1},
	    {"免费", KB_POLAR_PAIR, 1},
	    {"不可以退", KB_POLAR_MODAL, -1},
	    {"无需付款", KB_POLAR_MODAL, 1},
	    {"我不去", KB_POLAR_NEGATION, -1},
	    {"不仅如此", 0, 0},
	    {"非常好", 0, 0},
	    {"It doesn't work", KB_POLAR_NEGATION, -1},
	    {"You must not go", KB_POLAR_MODAL, -1},
	    {"nothing", KB_POLAR_NEGATION, -1},
	    {"another note", 0, 0},
	    {"it is illegal", KB_POLAR_PAIR + 4, -1},
	    {"no more than 5", KB_POLAR_PAIR + 16, 1},
	    {"up to 5", 0, 0},
	    {"prices went up", KB_POLAR_PAIR + 17, 1},
	    {"before noon", KB_POLAR_PAIR + 8, 1},
	    {"非会员", KB_POLAR_NEGATION, KB_POLAR_PREFIX},
	    {"more or less", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(polar) / sizeof(*polar); i++) {
		struct kb_polar found[4];
		size_t n = kb_polarity_find(polar[i].text,
					    strlen(polar[i].text), found, 4);

		if (!polar[i].side
			? n != 0
			: (n == 0 || found[0].group != polar[i].group ||
			   found[0].side != polar[i].side))
			fail_msg("'%s': %zu found, group %d side %d",
				 polar[i].text, n, n ? found[0].group : 0,
				 n ? found[0].side : 0);
	}
}

/* Sentence by sentence the same are found as in the whole text: what a word
 * stands beside may be of another one. */
static void polar_words_of_sentences_are_those_of_the_text(void **state)
{
	static const char *const texts[] = {
	    "This is no. 5 of them. No. He can't go, isn't it? Not\nonly that.",
	    "It is not so!Not one.\"No,\" he said. Don’t! None may.",
	    "不可以退。不是吗？没有……非会员；免费！（不含税）。无",
	    "OK.不支持退货 not at all. Up to 5, up.\n\nno\nno. no. ",
	    "wouldn't.[1] Never [2, 3] mustn't n't. 支持not 不but",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t len = strlen(texts[i]), start, end, n = 0;
		struct kb_sentence_it it = {texts[i], len, 0};
		struct kb_polar all[64], some[64];
		size_t n_all = kb_polarity_find(texts[i], len, all, 64);

		assert_true(n_all > 2);
		while (kb_sentence_next(&it, &start, &end))
			n += kb_polarity_find_in(texts[i], len, start, end,
						 some + n, 64 - n);
		assert_int_equal(n, n_all);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(some[k].start, all[k].start);
			assert_int_equal(some[k].end, all[k].end);
			assert_int_equal(some[k].group, all[k].group);
			assert_int_equal(some[k].side, all[k].side);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spelling_gives_entities_away),
	    cmocka_unit_test(checksums_tell_right_from_wrong),
	    cmocka_unit_test(opposites_are_found),
	    cmocka_unit_test(polar_words_of_sentences_are_those_of_the_text),
	};

	return cmocka_run_group_tests_name("entity", tests, NULL, NULL);
}
