/*
 * The confidence of a search is that of the model it was given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index_dir.h"
#include "search/confidence.h"
#include "search/search.h"

static struct index_dir dir;

static int build(void **state)
{
	const struct kb_writer_options options = {.single_thread = true};
	struct kb_writer *w;

	(void)state;
	index_dir_make(&dir);
	if (kb_writer_open(&w, dir.path, &options, NULL))
		return -1;
	for (unsigned i = 0; i < 20; i++)
		if (index_dir_put(w, i, i, NULL))
			return -1;
	if (kb_writer_commit(w, NULL))
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

static double confidence_with(const struct kb_linear_model *model)
{
	const char *const paths[] = {dir.path};
	const struct kb_base_options of_base = {.paths = paths, .n_paths = 1};
	const struct kb_search_options options = {
	    .k = 5, .legs[KB_LEG_LEXICAL] = true, .confidence = model};
	const struct kb_request request = {.query = KB_STR("title 标题")};
	struct kb_result result = {0};
	struct kb_search *search = NULL;
	struct kb_base *base = NULL;
	struct kb_err err;

	if (kb_base_open(&base, &of_base, &err) ||
	    kb_search_open(&search, base, &options, NULL, &err) ||
	    kb_search_run(search, &request, kb_search_arena(search), &result,
			  &err))
		fail_msg("%s", err.msg);
	assert_true(result.n > 0);
	kb_search_close(search);
	kb_base_unref(base);
	return result.confidence;
}

static void a_model_that_is_given_speaks(void **state)
{
	const struct kb_linear_model even = {.kind = KB_LOGISTIC};
	const struct kb_linear_model strength = {
	    .kind = KB_LOGISTIC,
	    .features =
		(const struct kb_linear_feature[]){
		    {.name = "strength", .weight = 1000},
		    {.name = "coverage", .weight = 1000},
		},
	    .n = 2,
	    .bias = -.5};

	(void)state;
	assert_true(confidence_with(&even) == .5);
	assert_true(confidence_with(&strength) == 1);
	assert_true(confidence_with(NULL) > 0 && confidence_with(NULL) < 1);
	assert_true(confidence_with(NULL) ==
		    confidence_with(&kb_confidence_builtin));
}

static void a_feature_that_no_search_has_is_named(void **state)
{
	const struct kb_linear_model other = {
	    .features = (const struct kb_linear_feature[]){{.name = "moon"}},
	    .n = 1};
	struct kb_linear linear;

	(void)state;
	assert_string_equal(kb_confidence_bind(&linear, &other), "moon");
	assert_null(kb_confidence_bind(&linear, NULL));
	assert_null(kb_confidence_bind(&linear, &kb_confidence_model_builtin));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_model_that_is_given_speaks),
	    cmocka_unit_test(a_feature_that_no_search_has_is_named),
	};

	return cmocka_run_group_tests(tests, build, clean_up);
}
