#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "vector/embed_journal.h"

static const struct kb_str texts[] = {{"one", 3}, {"二", 3}, {"", 0}};
static const float vectors[] = {1, 2, 3, 4, 5, 6};

static char dir[64], file[80];

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/kb-journal-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/EMBEDDED", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

static struct kb_embed_journal *opened(uint64_t model)
{
	struct kb_embed_journal *j;

	assert_int_equal(kb_embed_journal_open(&j, dir, 0, model, NULL), 0);
	return j;
}

/* How many of the texts a journal of this model has, each as it was. */
static int found(uint64_t model)
{
	struct kb_embed_journal *j = opened(model);
	struct kb_arena arena;
	int n = 0;

	kb_arena_init(&arena);
	for (size_t i = 0; i < 3; i++) {
		size_t dim = 0;
		const float *x =
		    kb_embed_journal_find(j, texts[i], &arena, &dim);

		if (!x)
			continue;
		n++;
		assert_int_equal(dim, 2);
		assert_memory_equal(x, vectors + 2 * i, 2 * sizeof(*x));
	}
	kb_arena_release(&arena);
	kb_embed_journal_close(j);
	return n;
}

static void add(uint64_t model, size_t from, size_t n)
{
	struct kb_embed_journal *j = opened(model);

	assert_int_equal(kb_embed_journal_add(j, texts + from, n,
					      vectors + 2 * from, 2, NULL),
			 0);
	kb_embed_journal_close(j);
}

static void answers_outlive_a_run_that_ends(void **state)
{
	(void)state;
	assert_int_equal(found(7), 0);
	assert_int_equal(access(file, F_OK), -1);
	add(7, 0, 1);
	add(7, 1, 2);
	assert_int_equal(found(7), 3);
}

static void a_row_cut_anywhere_is_written_over(void **state)
{
	const off_t head = 32, row = 24;

	(void)state;
	for (off_t at = 0; at < row; at++) {
		unlink(file);
		add(7, 0, 2);
		assert_int_equal(truncate(file, head + row + at), 0);
		assert_int_equal(found(7), 1);
		add(7, 1, 2);
		assert_int_equal(found(7), 3);
	}
}

static void a_damaged_row_ends_it(void **state)
{
	(void)state;
	for (long at = 32; at < 32 + 24; at++) {
		FILE *f;
		int c;

		unlink(file);
		add(7, 0, 3);
		f = fopen(file, "r+");
		assert_non_null(f);
		fseek(f, at, SEEK_SET);
		c = getc(f);
		fseek(f, at, SEEK_SET);
		putc(c ^ 1, f);
		fclose(f);
		assert_int_equal(found(7), 0);
	}
}

static void another_model_finds_nothing_and_begins_anew(void **state)
{
	(void)state;
	add(7, 0, 3);
	assert_int_equal(found(8), 0);
	assert_int_equal(found(7), 3);
	add(8, 0, 1);
	assert_int_equal(found(8), 1);
	assert_int_equal(found(7), 0);
}

static void a_file_of_others_is_refused_and_a_link_not_followed(void **state)
{
	struct kb_embed_journal *j;
	FILE *f = fopen(file, "w");

	(void)state;
	fputs("notes", f);
	fclose(f);
	assert_int_equal(kb_embed_journal_open(&j, dir, 0, 7, NULL),
			 KB_EFORMAT);
	assert_null(j);
	unlink(file);
	assert_int_equal(symlink("/dev/null", file), 0);
	assert_true(kb_embed_journal_open(&j, dir, 0, 7, NULL) < 0);
}

static void a_drop_leaves_nothing(void **state)
{
	struct kb_embed_journal *j;

	(void)state;
	add(7, 0, 3);
	j = opened(7);
	kb_embed_journal_drop(j);
	assert_int_equal(access(file, F_OK), -1);
	assert_int_equal(kb_embed_journal_add(j, texts, 1, vectors, 2, NULL),
			 0);
	kb_embed_journal_close(j);
	assert_int_equal(found(7), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(answers_outlive_a_run_that_ends,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_row_cut_anywhere_is_written_over,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_damaged_row_ends_it, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(
		another_model_finds_nothing_and_begins_anew, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_file_of_others_is_refused_and_a_link_not_followed, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(a_drop_leaves_nothing, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
