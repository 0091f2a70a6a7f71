/* Files of an index from a newer or another program: store/container.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>
#include <fcntl.h>

#include "base/hash.h"
#include "index/segment_file.h"
#include "index_dir.h"

static struct index_dir dir;
static int dir_fd;

static int make_dir(void **state)
{
	(void)state;
	index_dir_make(&dir);
	dir_fd = open(dir.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir_fd < 0;
}

static int remove_dir(void **state)
{
	(void)state;
	close(dir_fd);
	index_dir_remove(&dir);
	return 0;
}

/* A file "f" with section 1 and another one. */
static void write_file(enum kb_container_kind kind, uint32_t other,
		       bool required)
{
	struct kb_container c;
	struct kb_io io;

	kb_io_init(&io, dir.path, dir_fd);
	assert_int_equal(kb_container_create(&c, &io, "f", kind, NULL), 0);
	kb_container_put(&c, 1, true, "one", 3);
	kb_container_put(&c, other, required, "other", 5);
	assert_int_equal(kb_container_finish(&c, NULL), 0);
}

static void an_unknown_optional_section_is_skipped(void **state)
{
	struct kb_container_view view;

	(void)state;
	write_file(KB_KIND_GLOBAL, 30, false);
	assert_int_equal(
	    kb_container_map(&view, dir_fd, "f", KB_KIND_GLOBAL, 2, NULL), 0);
	assert_int_equal(view.sec[1].len, 3);
	assert_memory_equal(view.sec[1].ptr, "one", 3);
	assert_int_equal(kb_container_verify(&view, "f", NULL), 0);
	kb_container_unmap(&view);
}

static void an_unknown_required_section_is_refused(void **state)
{
	struct kb_container_view view;
	struct kb_err err = {0};

	(void)state;
	write_file(KB_KIND_GLOBAL, 30, true);
	assert_int_equal(
	    kb_container_map(&view, dir_fd, "f", KB_KIND_GLOBAL, 2, &err),
	    KB_EFORMAT);
	assert_string_equal(err.msg,
			    "'f' needs section type 30, which this program "
			    "does not know; it needs a newer kb");
}

/* A number is reserved; what will stand there is not known yet. */
static void a_required_section_of_a_reserved_type_is_refused(void **state)
{
	static const uint32_t types[] = {KB_SEC_SPARSE, KB_SEC_LATE};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kb_manifest_segment entry = {.file.name = "f"};
		struct kb_segment *seg;
		struct kb_err err = {0};
		char want[32];

		write_file(KB_KIND_SEGMENT, types[i], true);
		assert_int_equal(kb_segment_open(&seg, dir_fd, &entry, &err),
				 KB_EFORMAT);
		snprintf(want, sizeof(want), "section type %u,", types[i]);
		assert_non_null(strstr(err.msg, want));
	}
}

static void another_major_version_is_refused(void **state)
{
	struct kb_container_view view;
	unsigned char head[64];
	struct kb_err err = {0};
	uint32_t crc;
	char path[80];
	int fd;

	(void)state;
	write_file(KB_KIND_GLOBAL, 30, false);
	snprintf(path, sizeof(path), "%s/f", dir.path);
	fd = open(path, O_RDWR);
	assert_int_equal(pread(fd, head, sizeof(head), 0), 64);
	head[8] = KB_FORMAT_MAJOR + 1;
	crc = kb_crc32c(0, head, 60);
	memcpy(head + 60, &crc, 4);
	assert_int_equal(pwrite(fd, head, sizeof(head), 0), 64);
	close(fd);
	assert_int_equal(
	    kb_container_map(&view, dir_fd, "f", KB_KIND_GLOBAL, 2, &err),
	    KB_EFORMAT);
	assert_non_null(strstr(err.msg, "this program reads"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_unknown_optional_section_is_skipped),
	    cmocka_unit_test(an_unknown_required_section_is_refused),
	    cmocka_unit_test(a_required_section_of_a_reserved_type_is_refused),
	    cmocka_unit_test(another_major_version_is_refused),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
