#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

static struct kb_err err;

/* A file of n bytes, read with a limit of max. */
static int read_back(size_t n, size_t max, struct kb_buf *out)
{
	int fd = memfd_create("file", MFD_CLOEXEC), rc;

	assert_int_equal(ftruncate(fd, (off_t)n), 0);
	rc = kb_file_read_fd(fd, "f", max, out, &err);
	close(fd);
	return rc;
}

static void the_limit_is_the_last_length_that_is_read(void **state)
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 200000};
	struct kb_buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char want[64];

		kb_buf_init(&out, sizes[i] + 1);
		assert_int_equal(read_back(sizes[i], sizes[i], &out), 0);
		assert_int_equal(out.len, sizes[i]);
		assert_int_equal(out.ptr[out.len], '\0');
		kb_buf_reset(&out);
		assert_int_equal(read_back(sizes[i] + 1, sizes[i], &out),
				 KB_ELIMIT);
		snprintf(want, sizeof(want), "'f' is longer than %zu bytes",
			 sizes[i]);
		assert_string_equal(err.msg, want);
		kb_buf_release(&out);
	}
}

static void bytes_are_appended(void **state)
{
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	kb_buf_add_cstr(&out, "退货");
	assert_int_equal(kb_file_read("/dev/null", 9, &out, &err), 0);
	assert_string_equal(out.ptr, "退货");
	assert_int_equal(read_back(3, 3, &out), 0);
	assert_int_equal(out.len, 9);
	kb_buf_release(&out);
}

static void what_cannot_be_read_is_named(void **state)
{
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	assert_int_equal(kb_file_read("no/such.file", 9, &out, &err),
			 KB_ENOENT);
	assert_string_equal(
	    err.msg, "cannot open 'no/such.file': No such file or directory");
	assert_int_equal(kb_file_read("/", 9, &out, &err), KB_EIO);
	assert_string_equal(err.msg, "cannot read '/': Is a directory");
	kb_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_limit_is_the_last_length_that_is_read),
	    cmocka_unit_test(bytes_are_appended),
	    cmocka_unit_test(what_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
