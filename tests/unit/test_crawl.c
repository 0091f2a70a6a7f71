#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "crawl/crawl.h"

static char root[] = "/tmp/kb-crawl-XXXXXX";
static struct kb_buf told;

static void touch(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void tell(void *arg, const char *line)
{
	kb_buf_printf(&told, "%s%s\n", (const char *)arg, line);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	mkdir("docs", 0755);
	mkdir("docs/b", 0755);
	mkdir("docs/b/skip", 0755);
	mkdir("docs/.git", 0755);
	touch("docs/z.md");
	touch("docs/a.txt");
	touch("docs/b/退货.md");
	touch("docs/b/skip/no.md");
	touch("docs/.git/config");
	touch("docs/.hidden");
	mkfifo("docs/pipe", 0644);
	assert_int_equal(symlink("docs/a.txt", "link.txt"), 0);
	assert_int_equal(symlink("../docs", "docs/loop"), 0);
	assert_int_equal(symlink("docs", "dirlink"), 0);
	kb_buf_init(&told, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kb_buf_release(&told);
	assert_int_equal(chdir("/tmp"), 0);
	kb_buf_init(&told, 0);
	kb_buf_printf(&told, "rm -rf %s", root);
	assert_int_equal(system(told.ptr), 0);
	kb_buf_release(&told);
	return 0;
}

/* The names found under the given paths, a line each. */
static const char *names(const char *const *paths,
			 const struct kb_crawl_opts *opts)
{
	static struct kb_buf out;
	struct kb_crawl c;

	kb_buf_reset(&out);
	kb_buf_add_cstr(&out, "");
	kb_buf_reset(&told);
	kb_crawl_init(&c);
	for (; *paths; paths++)
		assert_int_equal(kb_crawl_add(&c, *paths, opts, NULL), 0);
	kb_crawl_finish(&c);
	for (size_t i = 0; i < c.n; i++) {
		assert_int_equal(c.files[i].path[0], '/');
		assert_int_equal(access(c.files[i].path, R_OK), 0);
		kb_buf_printf(&out, "%s\n", c.files[i].name);
	}
	kb_crawl_release(&c);
	return out.ptr;
}

static void a_directory_means_its_regular_files_in_order(void **state)
{
	const char *const docs[] = {"docs", NULL};
	const char *const slash[] = {"./docs//", NULL};
	struct kb_crawl_opts opts = {
	    .note = tell, .problem = tell, .arg = "note "};

	(void)state;
	assert_string_equal(names(docs, &opts),
			    "docs/a.txt\ndocs/b/skip/no.md\ndocs/b/退货.md\n"
			    "docs/z.md\n");
	assert_non_null(strstr(told.ptr, "'docs/.git': hidden, skipped"));
	assert_non_null(strstr(told.ptr, "'docs/pipe': FIFO, skipped"));
	assert_non_null(
	    strstr(told.ptr, "'docs/loop': symbolic link, not followed"));
	assert_string_equal(names(slash, NULL),
			    "docs/a.txt\ndocs/b/skip/no.md\ndocs/b/退货.md\n"
			    "docs/z.md\n");
}

static void each_file_comes_once_however_named(void **state)
{
	const char *const paths[] = {"docs/b",	"docs",		"link.txt",
				     "dirlink", "docs/.hidden", NULL};

	(void)state;
	assert_string_equal(names(paths, NULL),
			    "docs/.hidden\ndirlink/a.txt\n"
			    "dirlink/b/skip/no.md\ndirlink/b/退货.md\n"
			    "dirlink/z.md\n");
}

static void globs_choose(void **state)
{
	const char *const docs[] = {"docs", NULL};
	const char *const md[] = {"*.md"}, *const skip[] = {"skip", "b/退*"};
	struct kb_crawl_opts opts = {.include = md, .n_include = 1};

	(void)state;
	assert_string_equal(names(docs, &opts),
			    "docs/b/skip/no.md\ndocs/b/退货.md\ndocs/z.md\n");
	opts.exclude = skip;
	opts.n_exclude = 2;
	assert_string_equal(names(docs, &opts), "docs/z.md\n");
}

static void a_missing_path_is_an_error(void **state)
{
	struct kb_crawl c;
	struct kb_err err;

	(void)state;
	kb_crawl_init(&c);
	assert_int_equal(kb_crawl_add(&c, "nowhere", NULL, &err), KB_ENOENT);
	assert_string_equal(err.msg,
			    "cannot read 'nowhere': No such file or directory");
	assert_int_equal(kb_crawl_add(&c, "docs/pipe", NULL, &err), KB_EINVAL);
	kb_crawl_release(&c);
}

static void a_closed_directory_costs_itself(void **state)
{
	const char *const docs[] = {"docs", NULL};
	struct kb_crawl_opts opts = {.problem = tell, .arg = ""};
	bool is_root = geteuid() == 0;
	const char *found;

	(void)state;
	/* root may read everything: be somebody else meanwhile */
	chmod(".", 0755);
	chmod("docs/b", 0);
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	found = names(docs, &opts);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	chmod("docs/b", 0755);
	assert_string_equal(found, "docs/a.txt\ndocs/z.md\n");
	assert_string_equal(told.ptr,
			    "'docs/b': cannot read: Permission denied\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_directory_means_its_regular_files_in_order),
	    cmocka_unit_test(each_file_comes_once_however_named),
	    cmocka_unit_test(globs_choose),
	    cmocka_unit_test(a_missing_path_is_an_error),
	    cmocka_unit_test(a_closed_directory_costs_itself),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
