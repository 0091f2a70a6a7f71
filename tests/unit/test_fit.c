/*
 * How the text of a passage fits a question.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/fit.h"

static void measure(const char *question, const char *title, const char *text,
		    float out[KB_FIT_FEATURES])
{
	struct kb_analyzer *analyzer = kb_analyzer_new();
	struct kb_terms terms = {0}, scratch = {0};
	struct kb_lex_term lex[64];
	struct kb_passage passage = {.title = kb_str_of(title),
				     .text = kb_str_of(text)};
	struct kb_fit fit;
	size_t n;

	kb_analyze(analyzer, question, strlen(question), &terms);
	n = kb_lexical_gather(&terms, &kb_lex_defaults, 1, lex, 0, 64);
	for (size_t i = 0; i < n; i++)
		lex[i].idf = 1;
	kb_fit_init(&fit, &terms, lex, n, analyzer, &scratch);
	kb_fit_measure(&fit, &passage, out);
	kb_terms_release(&terms);
	kb_terms_release(&scratch);
	kb_analyzer_free(analyzer);
}

static void what_stands_closer_fits_better(void **state)
{
	static const struct {
		const char *why;
		enum kb_fit_feature feature;
		const char *question, *title, *better, *worse;
	} rows[] = {
	    {"more of the words", KB_FIT_COVER, "red glass lamp", "",
	     "a lamp of red glass", "a lamp of clay"},
	    {"in their order", KB_FIT_ORDER, "glass lamp", "",
	     "the glass lamp is new", "the lamp is of new glass"},
	    {"side by side", KB_FIT_NEAR, "glass lamp", "", "a lamp of glass",
	     "a lamp that we sell in every shop we have is not of glass"},
	    {"as it is written", KB_FIT_RUN, "new red glass lamp", "",
	     "see the red glass lamp", "see the red lamp of glass"},
	    {"Chinese, in their order", KB_FIT_ORDER, "玻璃灯", "",
	     "新的玻璃灯很好", "灯的玻很璃"},
	    {"Chinese, as it is written", KB_FIT_RUN, "红色玻璃灯", "",
	     "我们的玻璃灯", "灯用玻做璃的"},
	    {"mixed", KB_FIT_RUN, "USB 充电 cable", "", "a USB 充电 cable",
	     "充电 with a USB and a cable"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		float better[KB_FIT_FEATURES], worse[KB_FIT_FEATURES];

		measure(rows[i].question, rows[i].title, rows[i].better,
			better);
		measure(rows[i].question, rows[i].title, rows[i].worse, worse);
		if (better[rows[i].feature] <= worse[rows[i].feature])
			fail_msg("%s: %g is not more than %g", rows[i].why,
				 (double)better[rows[i].feature],
				 (double)worse[rows[i].feature]);
	}
}

static void a_title_counts_apart(void **state)
{
	float with[KB_FIT_FEATURES], without[KB_FIT_FEATURES];

	(void)state;
	measure("glass lamp", "The lamp", "of glass", with);
	measure("glass lamp", "", "a lamp of glass", without);
	assert_true(with[KB_FIT_TITLE] == .5f);
	assert_true(without[KB_FIT_TITLE] == 0);
	assert_true(with[KB_FIT_COVER] == 1 && without[KB_FIT_COVER] == 1);
}

static void odd_texts_stay_within_0_and_1(void **state)
{
	static const char *const odd[] = {
	    "",
	    " ",
	    "\xff\xfe",
	    "灯\xe7",
	    "lamp",
	    "灯灯灯灯灯灯灯灯灯灯灯灯",
	    "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f "
	    "g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l "
	    "m n o p q r s t u v w x y z",
	};
	size_t n = sizeof(odd) / sizeof(odd[0]);

	(void)state;
	for (size_t q = 0; q < n; q++)
		for (size_t t = 0; t < n; t++) {
			float out[KB_FIT_FEATURES];

			measure(odd[q], odd[t], odd[t], out);
			for (int f = 0; f < KB_FIT_FEATURES; f++)
				assert_true(out[f] >= 0 && out[f] <= 1.0001f);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stands_closer_fits_better),
	    cmocka_unit_test(a_title_counts_apart),
	    cmocka_unit_test(odd_texts_stay_within_0_and_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
