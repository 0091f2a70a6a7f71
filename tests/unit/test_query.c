#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/filter.h"
#include "query/syntax.h"

static bool known(void *arg, struct kb_str name)
{
	(void)arg;
	return kb_str_is(name, "category");
}

static bool option(void *arg, struct kb_str word)
{
	(void)arg;
	return kb_str_is(word, "-xzf") || kb_str_is(word, "-v\xc3\xa9");
}

static const struct {
	const char *question, *text;
	size_t clauses, forbidden, prefixes;
} cases[] = {
    {"refund time", "refund time ", 0, 0, 0},
    {"\"free shipping\" europe", "free shipping europe ", 1, 0, 0},
    {"\"七天无理由\" 运费", "七天无理由 运费 ", 1, 0, 0},
    {"退货 -发票", "退货 ", 1, 1, 0},
    {"iPhone 退货 -\"gift card\"", "iPhone 退货 ", 1, 1, 0},
    {"title:退货 运费", "退货 运费 ", 1, 0, 0},
    {"category:returns 运费", "运费 ", 1, 0, 0},
    {"warran* laptop", "laptop ", 0, 0, 1},
    /* not well formed, or something else */
    {"open at 10:30", "open at 10:30 ", 0, 0, 0},
    {"5\" screen", "5\" screen ", 0, 0, 0},
    {"a \"b", "a \"b ", 0, 0, 0},
    {"*", "* ", 0, 0, 0},
    {"-5 degrees", "-5 degrees ", 0, 0, 0},
    {"tar -x file", "tar -x file ", 0, 0, 0},
    /* an option that some text has, and one that none has */
    {"tar -xzf 文件", "tar -xzf 文件 ", 0, 0, 0},
    {"tar -xzq 文件", "tar 文件 ", 1, 1, 0},
    {"tar -\"xzf\"", "tar ", 1, 1, 0},
    {"rm --force it", "rm --force it ", 0, 0, 0},
    {"state-of-the-art", "state-of-the-art ", 0, 0, 0},
    {"-发票", "-发票", 0, 0, 0},
    {"http://a.b/c", "http://a.b/c ", 0, 0, 0},
    {"", "", 0, 0, 0},
    /* sentences */
    {"Who wrote \"The Raven\"?", "Who wrote \"The Raven\"?", 0, 0, 0},
    {"什么是 \"七天无理由\" ？", "什么是 \"七天无理由\" ？", 0, 0, 0},
    {"He said \"no\".", "He said \"no\".", 0, 0, 0},
};

static void only_well_formed_syntax_is_syntax(void **state)
{
	struct kb_query_fields fields = {known, option, NULL};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_query q;
		size_t forbidden = 0;

		kb_query_parse(&q, kb_str_of(cases[i].question), &fields,
			       &arena);
		for (size_t c = 0; c < q.n_clauses; c++)
			forbidden += q.clauses[c].forbidden;
		assert_int_equal(q.n_clauses, cases[i].clauses);
		assert_int_equal(forbidden, cases[i].forbidden);
		assert_int_equal(q.n_prefixes, cases[i].prefixes);
		assert_true(kb_str_is(q.text, cases[i].text));
	}
	kb_arena_release(&arena);
}

static void what_is_excluded_is_named(void **state)
{
	const char *question = "退货 -发票 -title:sale -\"gift card\" "
			       "-category:x \"free\" title:b";
	static const char *const names[] = {"发票", "title:sale", "gift card",
					    "category:x"};
	struct kb_query_fields fields = {known, option, NULL};
	const struct kb_str *excluded;
	struct kb_arena arena;
	struct kb_query q;
	size_t n;

	(void)state;
	kb_arena_init(&arena);
	kb_query_parse(&q, kb_str_of(question), &fields, &arena);
	n = kb_query_excluded(&q, &arena, &excluded);
	assert_int_equal(n, sizeof(names) / sizeof(*names));
	for (size_t i = 0; i < n; i++)
		assert_true(kb_str_is(excluded[i], names[i]));
	kb_arena_release(&arena);
}

static const struct {
	const char *text;
	int code;
	size_t n;
} filters[] = {
    {"", 0, 0},
    {"category:returns", 0, 1},
    {"category:returns,\"a b\" price>=100 -lang:zh", 0, 3},
    {"valid_from<2024-05-01", 0, 1},
    {"分类:退货", 0, 1},
    {"title~/退货|return(s)?/i -source~/\\/old\\//", 0, 2},
    {"title~/a b/ x:y", 0, 2},
    {"title~/(/", KB_EINVAL, 0},
    {"title~/x/g", KB_EINVAL, 0},
    {"title~/x", KB_EINVAL, 0},
    {"title~x", KB_EINVAL, 0},
    {"title~/x\\/", KB_EINVAL, 0},
    {"price>=cheap", KB_EINVAL, 0},
    {"category", KB_EINVAL, 0},
    {":x", KB_EINVAL, 0},
    {"category:\"\"", 0, 1},
    {"category:\"a\",b\tx:\"c d\"", 0, 2},
};

static void a_filter_is_right_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		struct kb_filter_set set;
		struct kb_err err = {0};

		assert_int_equal(
		    kb_filter_parse(&set, kb_str_of(filters[i].text), &err),
		    filters[i].code);
		if (!filters[i].code)
			assert_int_equal(set.n, filters[i].n);
		else
			assert_true(err.msg[0] != '\0');
		kb_filter_release(&set);
	}
}

static void a_refusal_says_what_and_where(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"a:b category:", "no value at byte 14, in 'category:'"},
	    {"category:x,", "no value at byte 12, in 'category:x,'"},
	    {"category:,x", "no value at byte 10, in 'category:,x'"},
	    {"title=", "no value at byte 7, in 'title='"},
	    {"price>= lang:zh", "no value at byte 8, in 'price>= lang:zh'"},
	    {"price>=cheap",
	     "neither a number nor a date at byte 8, in 'price>=cheap'"},
	    {"price>=1,2",
	     "neither a number nor a date at byte 8, in 'price>=1,2'"},
	    {"brand:\"Old Firm lang:zh",
	     "a quotation mark that nothing closes at byte 7, in "
	     "'brand:\"Old Firm lang:zh'"},
	    {"brand:x,\"", "a quotation mark that nothing closes at byte 9, in "
			   "'brand:x,\"'"},
	    {"brand:\"a\"b", "neither a blank nor a comma behind a quotation "
			     "at byte 10, in 'brand:\"a\"b'"},
	    {"title~//", "an empty pattern at byte 7, in 'title~//'"},
	    {"title~//i", "an empty pattern at byte 7, in 'title~//i'"},
	    {"title~/a", "a pattern that no / closes at byte 7, in 'title~/a'"},
	    {"title~a", "no /PATTERN/ at byte 7, in 'title~a'"},
	    {"title~/a/g", "neither a blank nor i behind a pattern at byte 10, "
			   "in 'title~/a/g'"},
	    {"lang:zh -",
	     "no NAME:VALUE, NAME>=NUMBER or NAME~/PATTERN/ at byte 10, in "
	     "'-'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_filter_set set;
		struct kb_err err = {0};

		assert_int_equal(
		    kb_filter_parse(&set, kb_str_of(rows[i].text), &err),
		    KB_EINVAL);
		assert_int_equal(strncmp(err.msg, "filter: ", 8), 0);
		assert_string_equal(err.msg + 8, rows[i].why);
		kb_filter_release(&set);
	}
}

static void patterns_match_all_of_unicode_and_give_up(void **state)
{
	static const struct {
		const char *pattern;
		bool fold;
		const char *subject;
		int want;
	} rows[] = {
	    {"^退.$", false, "退货", 1},
	    {"^\\w+$", false, "退货é", 1},
	    {"ÉTÉ", true, "un été", 1},
	    {"ÉTÉ", false, "un été", 0},
	    {"b", false, "a\xffzb", 1},
	    {"^$", false, "", 1},
	    {"(a+)+$", false, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
	     KB_ELIMIT},
	};
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;
	struct kb_pattern *p;
	struct kb_err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(kb_pattern_new(&p, kb_str_of(rows[i].pattern),
						rows[i].fold, &err),
				 0);
		assert_int_equal(kb_pattern_match(p, kb_str_of(rows[i].subject),
						  &budget, &err),
				 rows[i].want);
		kb_pattern_free(p);
	}
	assert_int_equal(kb_pattern_new(&p, KB_STR("ab(c"), false, &err),
			 KB_EINVAL);
	assert_string_equal(err.msg, "pattern 'ab(c': missing closing "
				     "parenthesis at byte 5");
	assert_null(p);
}

/* How many times the subject can be matched before the budget is used up;
 * at most n. */
static size_t matches(const char *pattern, const char *subject, size_t n)
{
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;
	struct kb_err err = {0};
	struct kb_pattern *p;
	size_t i = 0;

	assert_int_equal(kb_pattern_new(&p, kb_str_of(pattern), false, &err),
			 0);
	while (i < n &&
	       kb_pattern_match(p, kb_str_of(subject), &budget, &err) >= 0)
		i++;
	kb_pattern_free(p);
	assert_true(i == n || strstr(err.msg, "steps of matching"));
	return i;
}

/* Each of these ends within what one subject may take by PCRE2's own limit,
 * which counts anew at each place and knows nothing of other subjects. */
static void patterns_share_a_budget(void **state)
{
	static char run[20001];

	(void)state;
	memset(run, 'a', sizeof(run) - 1);
	assert_int_equal(matches("(a+)+$", "aaaaaaaaaaaab", 20000),
			 matches("(a+)+$", "aaaaaaaaaaaab", 20000));
	assert_in_range(matches("(a+)+$", "aaaaaaaaaaaab", 20000), 100, 5000);
	assert_in_range(matches("(a+)+$", "aaaaaaaaaaaaaab", 20000), 25, 1300);
	assert_int_equal(matches("\\w*[xy]", run, 10), 0);
	assert_int_equal(matches("\\w*+[xy]", run, 10), 0);
	assert_int_equal(matches("(*NO_JIT)(?:a|b)*[xy]", run, 10), 0);
	/* what people ask for costs nothing, however many titles there are */
	assert_int_equal(matches("(?i)return|refund.*policy",
				 "Returns policy of a shop", 100000),
			 100000);
	assert_int_equal(matches("(?:a|b)*a$", run, 1000), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_well_formed_syntax_is_syntax),
	    cmocka_unit_test(what_is_excluded_is_named),
	    cmocka_unit_test(a_filter_is_right_or_refused),
	    cmocka_unit_test(a_refusal_says_what_and_where),
	    cmocka_unit_test(patterns_match_all_of_unicode_and_give_up),
	    cmocka_unit_test(patterns_share_a_budget),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
