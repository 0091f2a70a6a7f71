/* How often a word of a question is in texts at large, and that an index of
 * many passages goes by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/background.h"
#include "text/script.h"

static enum kb_background kind_of(const char *text)
{
	struct kb_analyzer *an = kb_analyzer_new();
	enum kb_background kind;
	struct kb_terms terms = {0};
	const struct kb_term *t;

	kb_analyze(an, text, strlen(text), &terms);
	assert_true(terms.n > 0);
	/* of two characters the pair is the last */
	t = &terms.items[kb_term_class(terms.items[0].key) == KB_TERM_HAN1
			     ? terms.n - 1
			     : 0];
	/* without words the buffer of their texts is NULL */
	kind = kb_background_kind(
	    t->key, t->text_len
			? (struct kb_str){terms.text + t->text_off, t->text_len}
			: KB_STR(""));
	kb_terms_release(&terms);
	kb_analyzer_free(an);
	return kind;
}

static void kinds_are_told(void **state)
{
	static const struct {
		const char *text;
		enum kb_background kind;
	} cases[] = {
	    {"the", KB_BACKGROUND_FUNCTION},
	    {"What", KB_BACKGROUND_FUNCTION},
	    {"houses", KB_BACKGROUND_COMMON},
	    {"meeting", KB_BACKGROUND_COMMON},
	    {"baking", KB_BACKGROUND_COMMON},
	    {"kg", KB_BACKGROUND_SHORT},
	    {"2950", KB_BACKGROUND_RARE},
	    {"qxqzwv", KB_BACKGROUND_RARE},
	    {"的", KB_BACKGROUND_HAN_FUNCTION},
	    {"房", KB_BACKGROUND_HAN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (kind_of(cases[i].text) != cases[i].kind)
			fail_msg("%s", cases[i].text);
	assert_int_equal(kb_background_kind(kb_term_han2(0x4f1a, 0x8bae),
					    (struct kb_str){"", 0}),
			 KB_BACKGROUND_PAIR); /* 会议 */
	assert_int_equal(kb_background_kind(kb_term_han2(0x9f98, 0x9f99),
					    (struct kb_str){"", 0}),
			 KB_BACKGROUND_RARE);
}

/* Of a word that the share of passages is known of, shares stay in order and
 * a large index keeps its own. */
static void many_passages_outweigh_it(void **state)
{
	(void)state;
	for (enum kb_background kind = 0; kind < KB_BACKGROUND_KINDS; kind++) {
		uint64_t few = 3, few_df = 1, many = 3000000, many_df = 1000000;

		kb_background_add(kind, &few, &few_df);
		kb_background_add(kind, &many, &many_df);
		assert_true(few_df >= 1 && few_df < few / 3);
		assert_true(many_df * 3 > many - many / 1000);
		assert_true(many_df * 3 < many + many / 1000);
	}
}

static void lengths_are_mixed(void **state)
{
	uint64_t n = 0, terms = 0, large = 1000000, of_large = 200000000;

	(void)state;
	kb_background_lengths(&n, &terms);
	assert_true(n > 0 && terms / n > 20 && terms / n < 400);
	kb_background_lengths(&large, &of_large);
	assert_in_range(of_large / large, 199, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_are_told),
	    cmocka_unit_test(many_passages_outweigh_it),
	    cmocka_unit_test(lengths_are_mixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
