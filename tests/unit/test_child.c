#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"

/* Send a line and wait for its answer. */
static int call(struct kb_child *child, struct kb_str line, int timeout_ms,
		struct kb_buf *answer, struct kb_err *err)
{
	struct kb_child_outcome outcome;
	int rc = kb_child_send(child, line, timeout_ms, NULL, err);

	while (!rc && !kb_child_take(child, &outcome))
		rc = kb_child_poll(child, -1, -1, err);
	if (rc)
		return rc;
	if (outcome.err.code) {
		*err = outcome.err;
		return outcome.err.code;
	}
	kb_buf_reset(answer);
	kb_buf_add_str(answer, outcome.line);
	return 0;
}

static struct kb_err err;
static struct kb_buf answer;

static void a_line_is_answered_with_a_line(void **state)
{
	static const char *const cases[] = {"{\"a\":1}", "退货 return", ""};
	struct kb_child *child = kb_child_open("sed -u 's/^/> /'", &err);

	(void)state;
	assert_non_null(child);
	for (int i = 0; i < 3; i++) {
		char want[64];

		snprintf(want, sizeof(want), "> %s", cases[i]);
		assert_int_equal(
		    call(child, kb_str_of(cases[i]), 9999, &answer, &err), 0);
		assert_string_equal(answer.ptr, want);
	}
	kb_child_close(child);
}

static void argv_is_run_without_a_shell(void **state)
{
	static const char *const argv[] = {"sed", "-u", "s/$/ $HOME;x/", NULL};
	struct kb_child *child = kb_child_open_argv(argv, &err);

	(void)state;
	assert_non_null(child);
	assert_int_equal(call(child, KB_STR("a"), 9999, &answer, &err), 0);
	assert_string_equal(answer.ptr, "a $HOME;x");
	kb_child_close(child);
}

static void a_program_that_is_not_there_is_said(void **state)
{
	static const char *const argv[] = {"kb-no-such-program", NULL};

	(void)state;
	assert_null(kb_child_open_argv(argv, &err));
	assert_string_equal(err.msg, "cannot start 'kb-no-such-program': No "
				     "such file or directory");
	assert_null(kb_child_open("  ", &err));
}

static void an_end_tells_the_last_line_of_stderr(void **state)
{
	struct kb_child *child = kb_child_open(
	    "read a; echo first >&2; echo 'no key' >&2; exit 3", &err);

	(void)state;
	assert_int_equal(call(child, KB_STR("a"), 9999, &answer, &err),
			 KB_ECLOSED);
	assert_non_null(strstr(err.msg, "with status 3: no key"));
	assert_false(err.retryable);
	assert_int_equal(call(child, KB_STR("b"), 9999, &answer, &err),
			 KB_ECLOSED);
	kb_child_close(child);
}

static void a_dead_child_does_not_kill_by_sigpipe(void **state)
{
	struct kb_child *child =
	    kb_child_open("exec <&-; sleep 0; exit 1", &err);
	size_t len = 4 << 20;
	char *big = kb_malloc(len);

	(void)state;
	signal(SIGPIPE, SIG_DFL);
	memset(big, 'x', len);
	assert_int_equal(
	    call(child, (struct kb_str){big, len}, 9999, &answer, &err),
	    KB_ECLOSED);
	free(big);
	kb_child_close(child);
}

static void a_late_answer_is_dropped_and_order_kept(void **state)
{
	/* The first answer waits for the file that the test makes after the
	 * deadline of the first request has passed. */
	char dir[] = "/tmp/kb-child-XXXXXX", command[256], path[64];
	struct kb_child *child;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/go", dir);
	snprintf(command, sizeof(command),
		 "read a; until [ -e %s ]; do sleep 0.01; done; echo \"$a\"; "
		 "exec cat",
		 path);
	child = kb_child_open(command, &err);
	assert_int_equal(call(child, KB_STR("one"), 30, &answer, &err),
			 KB_ETIMEOUT);
	assert_true(err.retryable);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(call(child, KB_STR("two"), 9999, &answer, &err), 0);
	assert_string_equal(answer.ptr, "two");
	kb_child_close(child);
	unlink(path);
	rmdir(dir);
}

/* Its second line would be taken for the next answer. */
static void more_than_a_line_for_a_line_ends_it(void **state)
{
	struct kb_child *child = kb_child_open(
	    "while read -r a; do printf 'yes\\nno\\n'; done", &err);

	(void)state;
	assert_int_equal(call(child, KB_STR("one"), 9999, &answer, &err), 0);
	assert_string_equal(answer.ptr, "yes");
	assert_int_equal(call(child, KB_STR("two"), 9999, &answer, &err),
			 KB_ECLOSED);
	assert_non_null(strstr(err.msg, "more than a line for a line"));
	assert_int_equal(call(child, KB_STR("three"), 9999, &answer, &err),
			 KB_ECLOSED);
	kb_child_close(child);
}

static void neither_side_can_wedge_the_other(void **state)
{
	/* More in flight than both pipes hold, in both directions. */
	enum { N = 3000, LEN = 1000 };
	struct kb_child *child = kb_child_open("cat", &err);
	struct kb_child_outcome outcome;
	size_t done = 0;
	char line[LEN];

	(void)state;
	memset(line, 'x', LEN);
	for (size_t i = 0; i < N; i++) {
		line[i % LEN] = (char)('a' + i % 26);
		assert_int_equal(
		    kb_child_send(child, (struct kb_str){line, LEN}, -1,
				  (void *)(uintptr_t)(i + 1), &err),
		    0);
	}
	while (done < N) {
		assert_int_equal(kb_child_poll(child, -1, 9999, &err), 0);
		while (kb_child_take(child, &outcome)) {
			assert_int_equal(outcome.err.code, 0);
			assert_int_equal((uintptr_t)outcome.tag, ++done);
			assert_int_equal(outcome.line.len, LEN);
			assert_int_equal(outcome.line.ptr[(done - 1) % LEN],
					 'a' + (int)((done - 1) % 26));
		}
	}
	kb_child_close(child);
}

static int teardown(void **state)
{
	(void)state;
	kb_buf_release(&answer);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_answered_with_a_line),
	    cmocka_unit_test(argv_is_run_without_a_shell),
	    cmocka_unit_test(a_program_that_is_not_there_is_said),
	    cmocka_unit_test(an_end_tells_the_last_line_of_stderr),
	    cmocka_unit_test(a_dead_child_does_not_kill_by_sigpipe),
	    cmocka_unit_test(a_late_answer_is_dropped_and_order_kept),
	    cmocka_unit_test(more_than_a_line_for_a_line_ends_it),
	    cmocka_unit_test(neither_side_can_wedge_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
