#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/fold.h"
#include "text/synonym.h"

static size_t find(const char *text, struct kb_synonym *out)
{
	return kb_synonyms_find(kb_synonyms_builtin(), kb_str_of(text), out, 0,
				16);
}

static bool stands_for(const char *text, const char *other)
{
	struct kb_synonym found[16];
	size_t n = find(text, found);

	for (size_t i = 0; i < n; i++)
		if (kb_synonym_in(kb_str_of(other), found[i].group))
			return true;
	return false;
}

static void words_find_their_synonyms(void **state)
{
	(void)state;
	assert_true(stands_for("where is my package?", "lost parcels"));
	assert_true(stands_for("it was refunded", "get your money back"));
	assert_true(stands_for("邮费谁出", "运费由买家承担"));
	assert_true(stands_for("我的 package 邮费", "运费 8 元"));
	assert_false(stands_for("packaged", "a shipmental thing"));
	assert_false(stands_for("the weather", "今天天气"));
}

static void latin_words_have_borders_and_endings(void **state)
{
	struct kb_synonym found[16];

	(void)state;
	assert_int_equal(find("refunding", found), 1);
	assert_int_equal(found[0].end, 9);
	assert_int_equal(find("prefund", found), 0);
	assert_int_equal(find("carpet", found), 0);
	assert_int_equal(find("erased", found), 1);
}

static void a_word_inside_a_longer_one_is_not_told(void **state)
{
	struct kb_synonym found[16];
	size_t n = find("my gift card", found);

	(void)state;
	assert_int_equal(n, 1);
	assert_int_equal(found[0].start, 3);
	assert_int_equal(found[0].end, 12);
	n = find("免运费吗", found);
	assert_int_equal(n, 1);
	assert_int_equal(found[0].end, 9);
}

static void room_bounds_what_is_told(void **state)
{
	struct kb_synonym one;

	(void)state;
	assert_int_equal(kb_synonyms_find(kb_synonyms_builtin(),
					  kb_str_of("refund parcel 运费"), &one,
					  0, 1),
			 1);
	assert_int_equal(
	    kb_synonyms_find(kb_synonyms_builtin(), kb_str_of(""), &one, 0, 1),
	    0);
	assert_int_equal(
	    kb_synonyms_find(kb_synonyms_builtin(), kb_str_of("a"), &one, 0, 1),
	    0);
}

/* What the finder relies on: three bytes, no blanks at the ends, folded. */
static void the_table_is_well_formed(void **state)
{
	struct kb_arena arena;
	size_t pairs = 0;

	(void)state;
	kb_arena_init(&arena);
	for (size_t g = 0; kb_synonym_groups[g]; g++) {
		const char *at = kb_synonym_groups[g];
		struct kb_str word;
		size_t n = 0;

		while (kb_synonym_next(&at, &word)) {
			struct kb_str folded = kb_text_fold(&arena, word);

			n++;
			assert_true(word.len >= 3);
			assert_true(word.ptr[0] != ' ' &&
				    word.ptr[word.len - 1] != ' ');
			if ((unsigned char)word.ptr[0] >= 0x80)
				assert_true(word.len >= 6);
			assert_int_equal(folded.len, word.len);
			assert_memory_equal(folded.ptr, word.ptr, word.len);
		}
		assert_true(n >= 2);
		pairs += n * (n - 1) / 2;
	}
	assert_true(pairs > 500);
	kb_arena_release(&arena);
}

static bool own_stands_for(const struct kb_synonyms *own, const char *text,
			   const char *other)
{
	struct kb_synonym found[16];
	size_t n = kb_synonyms_find(own, kb_str_of(text), found, 0, 16);

	for (size_t i = 0; i < n; i++) {
		const char *at = kb_synonym_meant(found[i].group);
		struct kb_str word;

		while (kb_synonym_next(&at, &word))
			if (kb_str_is(word, other))
				return true;
	}
	return false;
}

static void a_file_tells_words_of_the_users_own(void **state)
{
	struct kb_synonyms *own;
	struct kb_err err;

	(void)state;
	assert_int_equal(
	    kb_synonyms_parse(&own,
			      KB_STR("\xef\xbb\xbf# ours, 注释\r\n"
				     "TV, television set，電視機\r\n"
				     "\n  rma => return, 退货\n"
				     "5g, C# , a=b"),
			      "f", &err),
	    0);
	assert_true(own_stands_for(own, "my tv is broken", "television set"));
	assert_true(own_stands_for(own, "两台tvs", "电视机"));
	assert_true(own_stands_for(own, "电视机坏了", "tv"));
	assert_true(own_stands_for(own, "how is an rma done", "退货"));
	assert_false(own_stands_for(own, "return it", "rma"));
	assert_false(own_stands_for(own, "pharma", "退货"));
	assert_true(own_stands_for(own, "a 5g card", "c#"));
	assert_false(own_stands_for(own, "a 25g box", "c#"));
	assert_true(own_stands_for(own, "c# or", "a=b"));
	kb_synonyms_free(own);
	assert_int_equal(kb_synonyms_parse(&own, KB_STR(""), "f", &err), 0);
	assert_false(own_stands_for(own, "a tv", "television set"));
	kb_synonyms_free(own);
}

static void a_bad_line_of_the_file_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"a, b\nc", "f:2: one word alone"},
	    {"a, b,\n", "f:1: no word between"},
	    {"# x\n\n => b", "f:3: no word between"},
	    {"a =>", "f:1: no word between"},
	    {"a => b => c", "f:1: 'b => c': no word holds"},
	    {"a|b, c", "f:1: 'a|b': no word holds"},
	    {"a, \xff\xfe", "f:1: not UTF-8"},
	    {"退货, \xe9\x80", "f:1: not UTF-8"},
	};
	struct kb_synonyms *own;
	char line[1024] = "a";
	struct kb_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_str text = kb_str_of(cases[i].text);

		assert_int_equal(kb_synonyms_parse(&own, text, "f", &err),
				 KB_EINVAL);
		assert_null(own);
		err.msg[strlen(cases[i].says)] = '\0';
		assert_string_equal(err.msg, cases[i].says);
	}
	for (int i = 0; i < KB_SYNONYMS_WORDS; i++)
		strcat(line, ",b");
	assert_int_equal(kb_synonyms_parse(&own, kb_str_of(line), "f", &err),
			 KB_ELIMIT);
	memset(line, 'x', 300);
	line[300] = '\0';
	assert_int_equal(kb_synonyms_parse(&own, kb_str_of(line), "f", &err),
			 KB_ELIMIT);
	assert_int_equal(kb_synonyms_load(&own, "/nowhere", &err), KB_ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_find_their_synonyms),
	    cmocka_unit_test(latin_words_have_borders_and_endings),
	    cmocka_unit_test(a_word_inside_a_longer_one_is_not_told),
	    cmocka_unit_test(room_bounds_what_is_told),
	    cmocka_unit_test(the_table_is_well_formed),
	    cmocka_unit_test(a_file_tells_words_of_the_users_own),
	    cmocka_unit_test(a_bad_line_of_the_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
