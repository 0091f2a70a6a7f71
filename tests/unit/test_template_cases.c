/*
 * The template language, a case a line of tests/data/templates.jsonl:
 *
 *	{"data":{...}}				what the cases below see
 *	{"name","template","expected"}		the text it gives
 *	{"name","template","error"}		or what its error says
 *
 * "dialect":"json", "lenient":true and "keep_spaces":true set options of the
 * environment; chat templates are rendered at one time, with HF's filters and
 * functions. The expected texts are those of python3-jinja2 3.1.6, save
 * where a case says by "differs" why ours is another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "template/tmpl.h"

#define CASES_FILE "tests/data/templates.jsonl"
#define CASES_MIN  300

/* 2026-12-01 02:03:04 UTC, the time of all cases. */
#define NOW 1796090584

static bool is_set(const struct kb_rec *line, const char *name)
{
	return kb_rec_get(line, name).type == KB_JSON_TRUE;
}

static int render_case(const struct kb_rec *line, const struct kb_rec *data,
		       struct kb_arena *arena, struct kb_str *text,
		       struct kb_err *err)
{
	struct kb_tmpl_options options = {
	    .lenient = is_set(line, "lenient"),
	    .keep_spaces = is_set(line, "keep_spaces"),
	    .now_s = NOW,
	};
	struct kb_tmpl_input input = {.rec = data};
	struct kb_tmpl_output output;
	struct kb_tmpl_env *env;
	struct kb_tmpl *tmpl;
	struct kb_str source, dialect;
	struct kb_buf scratch;
	int rc;

	assert_true(kb_json_str(kb_rec_get(line, "template"), arena, &source));
	if (kb_json_str(kb_rec_get(line, "dialect"), arena, &dialect) &&
	    kb_str_is(dialect, "json"))
		options.dialect = KB_VAL_JSON;
	env = kb_tmpl_env_new(&options);
	kb_buf_init(&scratch, 0);
	rc = kb_tmpl_compile(env, KB_STR("case"), source, &tmpl, err);
	if (rc == 0)
		rc =
		    kb_tmpl_render(tmpl, &input, arena, &scratch, &output, err);
	if (rc == 0)
		*text = output.text;
	kb_buf_release(&scratch);
	kb_tmpl_env_free(env);
	return rc;
}

/* Does the case hold? What does not is shown. */
static bool holds(const struct kb_rec *line, const struct kb_rec *data,
		  struct kb_arena *arena)
{
	struct kb_str name = {"", 0}, want = {"", 0}, got = {"", 0};
	struct kb_err err = {0};
	bool fails = kb_json_str(kb_rec_get(line, "error"), arena, &want);
	bool good;

	kb_json_str(kb_rec_get(line, "name"), arena, &name);
	if (!fails)
		assert_true(
		    kb_json_str(kb_rec_get(line, "expected"), arena, &want));
	if (render_case(line, data, arena, &got, &err) < 0) {
		got = kb_str_of(err.msg);
		good = fails && memmem(got.ptr, got.len, want.ptr, want.len);
	} else {
		good = !fails && kb_str_eq(got, want);
	}
	if (!good)
		print_message("%.*s: want %s'%.*s', got '%.*s'\n",
			      (int)name.len, name.ptr,
			      fails ? "an error with " : "", (int)want.len,
			      want.ptr, (int)got.len, got.ptr);
	return good;
}

static void every_case_gives_what_it_says(void **state)
{
	struct kb_arena data_arena, arena;
	struct kb_rec data = {0}, rec;
	size_t cap = 0, n = 0, failed = 0;
	const char *file = getenv("KB_CASES");
	char *line = NULL, *kept = NULL;
	FILE *f = fopen(file ? file : CASES_FILE, "r");
	ssize_t len;

	(void)state;
	assert_non_null(f);
	kb_arena_init(&data_arena);
	kb_arena_init(&arena);
	while ((len = getline(&line, &cap, f)) > 1) {
		struct kb_json value;

		kb_arena_reset(&arena);
		assert_int_equal(
		    kb_rec_scan(&rec, &arena, line, (size_t)len - 1, NULL), 0);
		value = kb_rec_get(&rec, "data");
		if (value.type == KB_JSON_OBJECT) {
			kept =
			    kb_arena_strndup(&data_arena, value.ptr, value.len);
			assert_int_equal(kb_rec_scan(&data, &data_arena, kept,
						     value.len, NULL),
					 0);
			continue;
		}
		n++;
		failed += !holds(&rec, &data, &arena);
	}
	kb_arena_release(&arena);
	kb_arena_release(&data_arena);
	free(line);
	fclose(f);
	print_message("%zu cases, %zu failed\n", n, failed);
	assert_int_equal(failed, 0);
	assert_true(file || n >= CASES_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_case_gives_what_it_says),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
