/* The lock of a writer, and what one that did not commit leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/directory.h"
#include "store/lock.h"

static char path[] = "/tmp/kb-lock-XXXXXX";
static int dir = -1;

static int setup(void **state)
{
	(void)state;
	dir = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY) : -1;
	return dir < 0;
}

static int teardown(void **state)
{
	(void)state;
	close(dir);
	return rmdir(path);
}

static void *wait_for_lock(void *arg)
{
	struct kb_err err;

	return kb_lock_take(arg, dir, path, 60, &err) ? NULL : arg;
}

static bool is_there(const char *name)
{
	return !faccessat(dir, name, F_OK, 0);
}

static void who_waits_gets_the_lock_that_has_the_name(void **state)
{
	struct kb_err err;
	pthread_t thread;
	int first, second = -1, third;
	void *got;

	(void)state;
	assert_int_equal(kb_lock_take(&first, dir, path, 0, &err), 0);
	assert_false(kb_lock_is_free(dir));
	assert_int_equal(kb_lock_take(&third, dir, path, 0, &err), KB_EBUSY);
	assert_int_equal(third, -1);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_lock, &second),
			 0);
	usleep(50000); /* so that it has the file open, most of the time */
	unlinkat(dir, KB_LOCK_NAME, 0);
	close(first);
	pthread_join(thread, &got);
	assert_non_null(got);
	assert_true(is_there(KB_LOCK_NAME));
	assert_int_equal(kb_lock_take(&third, dir, path, 0, &err), KB_EBUSY);
	close(second);
	assert_true(kb_lock_is_free(dir));
	unlinkat(dir, KB_LOCK_NAME, 0);
	assert_false(kb_lock_is_free(dir));
}

static void put(const char *name, const void *bytes, size_t n)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

/* More entries than one call of the system gives. */
static void a_build_that_never_committed_goes_the_rest_stays(void **state)
{
	static const char *const others[] = {"g1-0.txt", "notes", "g1-1.seg",
					     KB_EMBED_JOURNAL_NAME,
					     KB_LOCK_NAME};
	char name[64];

	(void)state;
	for (int i = 2; i < 400; i++) {
		snprintf(name, sizeof(name), "g1-%d.seg", i);
		put(name, NULL, 0);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		put(others[i], "another's bytes", 15);
	put("MANIFEST.tmp", NULL, 0);
	kb_directory_clear(dir);
	for (int i = 2; i < 400; i++) {
		snprintf(name, sizeof(name), "g1-%d.seg", i);
		assert_false(is_there(name));
	}
	assert_false(is_there("MANIFEST.tmp"));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_int_equal(unlinkat(dir, others[i], 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_waits_gets_the_lock_that_has_the_name),
	    cmocka_unit_test(a_build_that_never_committed_goes_the_rest_stays),
	};

	return cmocka_run_group_tests_name("lock", tests, setup, teardown);
}
