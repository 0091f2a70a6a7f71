#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"

static struct kb_err err;

static int capture(const char *command, int timeout_ms, size_t max,
		   struct kb_buf *out)
{
	kb_buf_init(out, max);
	return kb_process_capture(command, "key_cmd", timeout_ms, out, &err);
}

static void what_a_command_prints_is_taken_whole(void **state)
{
	struct kb_buf out;

	(void)state;
	assert_int_equal(capture("printf 退货; printf ' key'", -1, 0, &out), 0);
	assert_string_equal(out.ptr, "退货 key");
	kb_buf_release(&out);
	assert_int_equal(capture("true", 9999, 0, &out), 0);
	assert_int_equal(out.len, 0);
	kb_buf_release(&out);
	assert_int_equal(capture("yes 0123456 | head -c 200000", 9999, 0, &out),
			 0);
	assert_int_equal(out.len, 200000);
	kb_buf_release(&out);
	/* there is nothing to read */
	assert_int_equal(capture("cat; echo end", 9999, 0, &out), 0);
	assert_string_equal(out.ptr, "end\n");
	kb_buf_release(&out);
}

static void a_limit_a_status_and_a_signal_are_errors(void **state)
{
	static const struct {
		const char *command;
		int rc;
		const char *msg;
	} rows[] = {
	    {"printf 12345", 0, ""},
	    {"printf 123456", KB_ELIMIT, "key_cmd prints more than 5 bytes"},
	    {"yes", KB_ELIMIT, "key_cmd prints more than 5 bytes"},
	    {"exit 3", KB_EREMOTE, "key_cmd ends with status 3"},
	    {"kill -9 $$", KB_EREMOTE, "key_cmd ends by signal 9"},
	    {"kb-no-such-program 2>&-", KB_EREMOTE,
	     "key_cmd ends with status 127"},
	};
	struct kb_buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(capture(rows[i].command, 9999, 5, &out),
				 rows[i].rc);
		if (rows[i].rc)
			assert_string_equal(err.msg, rows[i].msg);
		kb_buf_release(&out);
	}
}

static void a_command_that_hangs_is_ended(void **state)
{
	static const char *const rows[] = {
	    "exec sleep 1000",
	    "exec >&-; exec sleep 1000",
	    "printf a; exec sleep 1000",
	};
	static const int want[] = {KB_ETIMEOUT, KB_EREMOTE, KB_ETIMEOUT};
	struct kb_buf out;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int64_t before = kb_clock_ms();

		assert_int_equal(capture(rows[i], 30, 0, &out), want[i]);
		assert_true(kb_clock_ms() - before >= 30);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		kb_buf_release(&out);
	}
}

/* A pipe that all of a group hold ends with the last of them. */
static void a_group_dies_as_one(void **state)
{
	const char *const argv[] = {"sh", "-c",
				    "sleep 1000 & echo; exec sleep 1000", NULL};
	struct kb_process p;
	char c, how[32];
	int held[2];

	(void)state;
	assert_int_equal(pipe(held), 0);
	assert_int_equal(kb_process_start(&p, "sh", "sh", argv,
					  KB_PROCESS_OUT | KB_PROCESS_GROUP,
					  &err),
			 0);
	assert_true(p.in < 0 && p.err < 0);
	close(held[1]);
	while (read(p.out, &c, 1) < 1)
		;
	kb_process_end(&p, 0);
	assert_string_equal(kb_process_how(&p, how), " by signal 9");
	assert_int_equal(read(held[0], &c, 1), 0);
	close(held[0]);
	kb_process_end(&p, 0); /* twice does no harm */
}

static void what_is_not_there_does_not_start(void **state)
{
	const char *const argv[] = {"kb-no-such-program", NULL};
	char buf[4096], small[4];
	struct kb_process p;

	(void)state;
	assert_int_equal(
	    kb_process_start(&p, argv[0], argv[0], argv,
			     KB_PROCESS_IN | KB_PROCESS_OUT | KB_PROCESS_ERR,
			     &err),
	    KB_ENOENT);
	assert_string_equal(err.msg, "cannot start 'kb-no-such-program': No "
				     "such file or directory");
	assert_true(!p.pid && p.in < 0 && p.out < 0 && p.err < 0);
	kb_process_end(&p, 0);
	assert_ptr_equal(kb_process_find(argv[0], buf, sizeof(buf)), argv[0]);
	assert_ptr_equal(kb_process_find("a/b", buf, sizeof(buf)), "a/b");
	assert_ptr_equal(kb_process_find(argv[0], small, sizeof(small)),
			 argv[0]);
	assert_ptr_equal(kb_process_find("test_process", buf, sizeof(buf)),
			 buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_command_prints_is_taken_whole),
	    cmocka_unit_test(a_limit_a_status_and_a_signal_are_errors),
	    cmocka_unit_test(a_command_that_hangs_is_ended),
	    cmocka_unit_test(a_group_dies_as_one),
	    cmocka_unit_test(what_is_not_there_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
