/*
 * What a search over an open index promises: time, reasons, scores.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index_dir.h"
#include "search/search.h"

static struct index_dir dir;

/* The days of doc/time.c, in seconds. */
#define MAY_1  1714521600 /* 2024-05-01 */
#define MAY_20 1716163200 /* 2024-05-20 */

static int put(struct kb_writer *w, const char *id, const char *meta)
{
	const struct kb_writer_doc doc = {.id = kb_str_of(id),
					  .title = kb_str_of(id),
					  .text = KB_STR("the summer price"),
					  .meta = kb_str_of(meta)};

	return kb_writer_put(w, &doc, NULL);
}

static int build(void **state)
{
	const struct kb_writer_options options = {.single_thread = true};
	struct kb_writer *w;

	(void)state;
	index_dir_make(&dir);
	if (kb_writer_open(&w, dir.path, &options, NULL) ||
	    put(w, "always", "{\"kind\":\"a\"}") ||
	    put(w, "from", "{\"valid_from\":\"2024-05-01\"}") ||
	    put(w, "until", "{\"valid_until\":\"2024-05-19\"}") ||
	    kb_writer_commit(w, NULL))
		return -1;
	kb_writer_close(w);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	index_dir_remove(&dir);
	return 0;
}

/* The ids that are found, in order of the alphabet, with commas. */
static void found(struct kb_search *search, char *out, size_t size)
{
	static const char *const ids[] = {"always", "from", "until"};
	const struct kb_request request = {.query = KB_STR("summer price")};
	struct kb_result result;

	assert_int_equal(kb_search_run(search, &request,
				       kb_search_arena(search), &result, NULL),
			 0);
	*out = '\0';
	assert_true(size > sizeof("always,from,until,"));
	for (size_t i = 0; i < 3; i++)
		for (size_t h = 0; h < result.n; h++)
			if (kb_str_is(result.hits[h].passage.id, ids[i]))
				strcat(strcat(out, ids[i]), ",");
}

static void a_search_that_is_refreshed_goes_with_the_time(void **state)
{
	static const struct {
		const char *at;
		int64_t now;
		const char *ids;
	} days[] = {
	    {NULL, MAY_1 - 1, "always,until,"},
	    {NULL, MAY_1, "always,from,until,"},
	    {NULL, MAY_20 - 1, "always,from,until,"},
	    {NULL, MAY_20, "always,from,"},
	    {NULL, MAY_20 + 1000000, "always,from,"},
	    {"2024-04-30", MAY_20, "always,until,"}, /* that day stays */
	};
	const char *const paths[] = {dir.path};
	const struct kb_search_options options = {
	    .k = 5, .legs[KB_LEG_LEXICAL] = true, .keep_duplicates = true};

	(void)state;
	for (size_t from = 0; from < sizeof(days) / sizeof(*days); from++) {
		struct kb_base_options of_base = {.paths = paths,
						  .n_paths = 1,
						  .at = days[from].at,
						  .now = days[from].now};
		struct kb_search *search;
		struct kb_base *base;
		int64_t last = 0;
		char ids[64];

		assert_int_equal(kb_base_open(&base, &of_base, NULL), 0);
		assert_int_equal(
		    kb_search_open(&search, base, &options, NULL, NULL), 0);
		kb_base_unref(base);
		for (size_t to = from; to < sizeof(days) / sizeof(*days) &&
				       days[to].at == days[from].at;
		     to++) {
			assert_int_equal(kb_search_refresh(search, &of_base,
							   days[to].now, NULL),
					 0);
			last = days[to].now;
			found(search, ids, sizeof(ids));
			assert_string_equal(ids, days[to].ids);
		}
		/* nothing has happened: nothing is opened again */
		base = kb_search_base(search);
		assert_int_equal(
		    kb_search_refresh(search, &of_base, last, NULL), 0);
		assert_ptr_equal(kb_search_base(search), base);
		kb_search_close(search);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_search_that_is_refreshed_goes_with_the_time),
	};

	return cmocka_run_group_tests(tests, build, clean_up);
}
