/*
 * The template language against two public suites, where they are present
 * (../shared/data/conformance, or under KB_DATA): at least so many cases
 * pass. python3-jinja2 3.1 passes 98 of the 157 of the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "template/tmpl.h"

struct suite {
	const char *file;
	struct kb_tmpl_options options;
	bool cut_tail; /* line breaks at the end of outputs do not count */
	size_t reach;
};

static bool render(const struct suite *suite, struct kb_str source, bool strict,
		   struct kb_json data, struct kb_arena *arena,
		   struct kb_str *text, struct kb_err *err)
{
	struct kb_tmpl_options options = suite->options;
	struct kb_tmpl_env *env;
	struct kb_tmpl_input input = {0};
	struct kb_tmpl_output output;
	struct kb_tmpl *tmpl;
	struct kb_rec rec;
	struct kb_buf scratch;
	int rc;

	options.lenient = !strict;
	env = kb_tmpl_env_new(&options);
	kb_buf_init(&scratch, 0);
	rc = kb_tmpl_compile(env, KB_STR("case"), source, &tmpl, err);
	if (rc == 0)
		rc = kb_rec_scan(&rec, arena, data.ptr, data.len, err);
	input.rec = &rec;
	if (rc == 0)
		rc =
		    kb_tmpl_render(tmpl, &input, arena, &scratch, &output, err);
	if (rc == 0)
		*text = output.text;
	kb_buf_release(&scratch);
	kb_tmpl_env_free(env);
	return rc == 0;
}

/* The runner of one suite cuts the end of its outputs. */
static struct kb_str without_tail(const struct suite *suite, struct kb_str s)
{
	while (suite->cut_tail && s.len && s.ptr[s.len - 1] == '\n')
		s.len--;
	return s;
}

static bool case_passes(const struct suite *suite, const char *line, size_t len,
			struct kb_arena *arena)
{
	struct kb_err err = {0};
	struct kb_rec rec;
	struct kb_str source, expected, text, name = {NULL, 0};
	bool fails, strict, pass;

	if (kb_rec_scan(&rec, arena, line, len, &err) < 0 ||
	    !kb_json_str(kb_rec_get(&rec, "template"), arena, &source) ||
	    !kb_json_str(kb_rec_get(&rec, "expected"), arena, &expected))
		return false;
	kb_json_str(kb_rec_get(&rec, "name"), arena, &name);
	fails = kb_rec_get(&rec, "error").type == KB_JSON_TRUE;
	strict = name.len && memmem(name.ptr, name.len, "strict", 6);
	if (!render(suite, source, strict, kb_rec_get(&rec, "data"), arena,
		    &text, &err)) {
		pass = fails;
	} else {
		pass = !fails && kb_str_eq(without_tail(suite, expected),
					   without_tail(suite, text));
	}
	if (!pass && getenv("KB_VERBOSE"))
		print_message("%.*s: %s\n", (int)name.len, name.ptr,
			      err.code ? err.msg : "differs");
	return pass;
}

static void run(const struct suite *suite)
{
	const char *data = getenv("KB_DATA");
	char path[1024], *line = NULL;
	size_t cap = 0, n = 0, passed = 0;
	struct kb_arena arena;
	ssize_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/conformance/%s",
		 data ? data : "../shared/data", suite->file);
	f = fopen(path, "r");
	if (!f) {
		print_message("%s is absent: skipped\n", path);
		skip();
	}
	kb_arena_init(&arena);
	while ((len = getline(&line, &cap, f)) > 0) {
		kb_arena_reset(&arena);
		passed += case_passes(suite, line, (size_t)len - 1, &arena);
		n++;
	}
	kb_arena_release(&arena);
	free(line);
	fclose(f);
	print_message("%s: %zu of %zu pass\n", suite->file, passed, n);
	assert_true(passed >= suite->reach);
}

static void huggingface_suite_passes(void **state)
{
	static const struct suite suite = {
	    .file = "jinja-hf.jsonl",
	    .options = {.dialect = KB_VAL_JSON},
	    .reach = 153,
	};

	(void)state;
	run(&suite);
}

static void minijinja_suite_passes(void **state)
{
	static const struct suite suite = {
	    .file = "jinja-minijinja.jsonl",
	    .options = {.keep_spaces = true},
	    .cut_tail = true,
	    .reach = 55,
	};

	(void)state;
	run(&suite);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(huggingface_suite_passes),
	    cmocka_unit_test(minijinja_suite_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
