#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "crawl/gitignore.h"

/* Paths below the directory of the patterns; a slash ends a directory. */
static const struct {
	const char *patterns, *path;
	bool ignored;
} rows[] = {
    {"a", "a", true},
    {"a", "b/a", true},
    {"a", "ab", false},
    {"/a", "b/a", false},
    {"b/a", "b/a", true},
    {"b/a", "c/b/a", false},
    {"a/", "a", false},
    {"a/", "a/", true},
    {"a/", "b/a/", true},
    {"*.log", "x/y.log", true},
    {"/*.log", "x/y.log", false},
    {"x/*.log", "x/y/z.log", false},
    {"*.log\n!keep.log", "keep.log", false},
    {"!keep.log\n*.log", "keep.log", true},
    {"**/a", "a", true},
    {"**/a", "x/y/a", true},
    {"a/**", "a/", false},
    {"a/**", "a/x/y", true},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "ab", false},
    {"**/x*/**/b", "a/x1/x2/b", true},
    {"x**y", "x/y", false},
    {"?", "a", true},
    {"a?b", "a/b", false},
    {"[a-c]", "b", true},
    {"[!a-c]", "b", false},
    {"[]-]", "]", true},
    {"[[:digit:]x]", "7", true},
    {"[a", "[a", false},
    {"\\#a", "#a", true},
    {"#a", "#a", false},
    {"\\!a", "!a", true},
    {"a  ", "a", true},
    {"a\\ ", "a ", true},
    {"a\\", "a\\", false},
    {"\xef\xbb\xbfz\r\n\n \n/\n!\n", "z", true},
    {"\xef\xbb\xbfz\r\n\n \n/\n!\n", "y", false},
    {"退货*", "说明/退货.md", true},
};

static void paths_are_ignored_as_by_git(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_ignore ignore = {0};
		struct kb_buf path;
		bool directory, got;

		kb_buf_init(&path, 0);
		kb_buf_printf(&path, "/d/%s", rows[i].path);
		directory = path.ptr[path.len - 1] == '/';
		path.len -= directory;
		kb_ignore_push(&ignore, kb_str_of(rows[i].patterns), 3);
		got = kb_ignore_has(&ignore, kb_buf_str(&path), directory);
		if (got != rows[i].ignored)
			fail_msg("'%s' of '%s'", rows[i].path,
				 rows[i].patterns);
		kb_ignore_release(&ignore);
		kb_buf_release(&path);
	}
}

static void the_deeper_file_decides(void **state)
{
	struct kb_ignore ignore = {0};

	(void)state;
	kb_ignore_push(&ignore, kb_str_of("*.log\n"), 1);
	kb_ignore_push(&ignore, kb_str_of("!a.log\n"), 3);
	assert_false(kb_ignore_has(&ignore, kb_str_of("/d/a.log"), false));
	assert_true(kb_ignore_has(&ignore, kb_str_of("/d/b.log"), false));
	kb_ignore_pop(&ignore);
	assert_true(kb_ignore_has(&ignore, kb_str_of("/d/a.log"), false));
	kb_ignore_release(&ignore);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(paths_are_ignored_as_by_git),
	    cmocka_unit_test(the_deeper_file_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
