/* The settings of an index: read leniently, written the same each time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/settings.h"

/* What settings read from 'in' are written as, and the member refused. */
struct row {
	const char *in, *out, *bad;
};

static const struct row rows[] = {
    {"{}", "{}", NULL},
    {"7", "{}", NULL},
    {"{\"title_weight\":3}", "{\"title_weight\":3}", NULL},
    {"{\"title_weight\":101}", "{}", "title_weight"},
    {"{\"keywords\":[\"lang\",\"品牌\"],\"numerics\":[]}",
     "{\"keywords\":[\"lang\",\"品牌\"]}", NULL},
    {"{\"keywords\":7,\"title_weight\":0}", "{}", "keywords"},
    {"{\"keywords\":[\"\"]}", "{}", "keywords"},
    {"{\"no_words\":true,\"no_graph\":false}", "{\"no_words\":true}", NULL},
    {"{\"no_graph\":1}", "{}", "no_graph"},
    {"{\"learnt\":-1}", "{}", "learnt"},
    {"{\"analysis\":2}", "{\"analysis\":2}", NULL},
    {"{\"analysis\":0}", "{}", "analysis"},
    {"{\"vectors\":{\"dim\":3,\"model\":\"m-1\",\"embed\":true}}",
     "{\"vectors\":{\"model\":\"m-1\",\"dim\":3,\"embed\":true}}", NULL},
    {"{\"vectors\":{\"model\":\"z\",\"dim\":3,\"embed\":true,\"language\":"
     "\"zh\"},\"vectors_2\":{\"model\":\"e\",\"dim\":2,\"embed\":true,"
     "\"language\":\"en\"},\"embed_prefixes_2\":{\"query\":\"q \",\"passage\":"
     "\"\"}}",
     "{\"vectors\":{\"model\":\"z\",\"dim\":3,\"embed\":true,\"language\":"
     "\"zh\"},\"vectors_2\":{\"model\":\"e\",\"dim\":2,\"embed\":true,"
     "\"language\":\"en\"},\"embed_prefixes_2\":{\"query\":\"q \",\"passage\":"
     "\"\"}}",
     NULL},
    {"{\"vectors_2\":{\"model\":\"e\"}}", "{}", "vectors_2"},
    {"{\"vectors\":{\"dim\":-3,\"model\":\"m\"}}", "{}", "vectors"},
    {"{\"embed_prefixes\":{\"passage\":\"p: \",\"query\":\"问：\"}}",
     "{\"embed_prefixes\":{\"query\":\"问：\",\"passage\":\"p: \"}}", NULL},
    {"{\"embed_prefixes\":{\"passage\":\"\"}}", "{}", NULL},
    {"{\"embed_prefixes\":{\"passage\":\"p\",\"query\":1}}", "{}",
     "embed_prefixes"},
    {"{\"search\":{\"k1\":1.2,\"b\":2,\"weights\":{\"graph\":0.05,"
     "\"lexical\":-1},\"fit\":{\"run\":1}}}",
     "{\"search\":{\"k1\":1.2,\"weights\":{\"graph\":0.05},"
     "\"fit\":{\"run\":1}}}",
     NULL},
    {"{\"search\":[]}", "{}", "search"},
    {"{\"static\":[null,{\"chunks\":300,\"kept\":true,\"agreement\":0.5}]}",
     "{\"static\":[null,{\"chunks\":300,\"kept\":true,\"agreement\":0.5}]}",
     NULL},
    {"{\"static\":[{\"chunks\":300,\"agreement\":0.5},{\"chunks\":0}]}", "{}",
     "static"},
    {"{\"static\":[{\"chunks\":300,\"agreement\":7}]}", "{}", "static"},
    {"{\"static\":7}", "{}", "static"},
    {"{\"null\":{\"chunks\":16,\"high\":[0.5,0.25,0.125,0,1]}}",
     "{\"null\":{\"chunks\":16,\"high\":[0.5,0.25,0.125,0,1]}}", NULL},
    {"{\"null\":{\"chunks\":16,\"high\":[0,0,0,0,0],\"cosines\":[null,0.5,7]}}",
     "{\"null\":{\"chunks\":16,\"high\":[0,0,0,0,0],\"cosines\":[null,0.5]}}",
     NULL},
    {"{\"null\":{\"chunks\":16,\"high\":[0,0,0,0,0],\"cosines\":[1]}}",
     "{\"null\":{\"chunks\":16,\"high\":[0,0,0,0,0]}}", NULL},
    {"{\"null\":{\"chunks\":16,\"high\":[0.5,0.25,0.125,0]}}", "{}", "null"},
    {"{\"null\":{\"chunks\":16,\"high\":[0.5,0.25,0.125,0,1.5]}}", "{}",
     "null"},
    {"{\"later\":[1,{\"a\":\"b\"}],\"learnt\":9,\"x\\\"y\":null}",
     "{\"learnt\":9,\"later\":[1,{\"a\":\"b\"}],\"x\\\"y\":null}", NULL},
    {"{\"later\":1}", "{\"later\":1}", NULL},
};

static void members_are_read_and_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_settings s;
		struct kb_json object;
		struct kb_buf out;
		const char *bad;

		kb_buf_init(&out, 0);
		kb_settings_init(&s);
		assert_int_equal(kb_json_check(rows[i].in, strlen(rows[i].in),
					       &object, NULL),
				 0);
		bad = kb_settings_read(&s, object);
		kb_settings_write(&s, &out);
		assert_string_equal(out.ptr, rows[i].out);
		assert_string_equal(bad ? bad : "",
				    rows[i].bad ? rows[i].bad : "");
		kb_settings_release(&s);
		kb_buf_release(&out);
	}
}

static void what_is_no_object_says_nothing(void **state)
{
	static const char *const texts[] = {"", "{", "nonsense", "[1]"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct kb_settings s;

		kb_settings_init(&s);
		kb_settings_parse(&s, kb_str_of(texts[i]));
		assert_int_equal(s.title_weight, 0);
		assert_false(s.search.known || s.vectors[0].known);
		assert_true(isnan(s.search.k1) && isnan(s.search.weights[0]));
		kb_settings_release(&s);
	}
}

static void too_many_columns_are_none(void **state)
{
	struct kb_settings s;
	struct kb_buf text;

	(void)state;
	kb_buf_init(&text, 0);
	kb_buf_add_cstr(&text, "{\"keywords\":[\"a0\"");
	for (int i = 1; i <= KB_COLUMNS_MAX; i++)
		kb_buf_printf(&text, ",\"a%d\"", i);
	kb_buf_add_cstr(&text, "]}");
	kb_settings_init(&s);
	kb_settings_parse(&s, kb_buf_str(&text));
	assert_int_equal(s.keywords.n, 0);
	assert_false(kb_column_list_has(&s.keywords, KB_STR("a1")));
	kb_settings_release(&s);
	kb_buf_release(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_are_read_and_written),
	    cmocka_unit_test(what_is_no_object_says_nothing),
	    cmocka_unit_test(too_many_columns_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
