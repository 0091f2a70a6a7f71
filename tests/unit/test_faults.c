/*
 * What survives when writing is cut short: every prefix of the log of
 * writes and syncs is replayed with unsynced bytes kept, dropped or torn,
 * every call is made to fail once, and bits are flipped in every section.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "crash.h"
#include "index/columns.h"
#include "index/ingest/dump.h"
#include "index/segment_file.h"

/* ---- the index under test ---- */

#define OLD_DOCS 30

static struct kb_writer *open_writer(const struct index_dir *d,
				     struct kb_io *io)
{
	struct kb_writer_options opt = {
	    .io = io, .allow_delete = true, .single_thread = true};
	struct kb_writer *w;
	struct kb_err err;

	if (kb_writer_open(&w, d->path, &opt, &err) < 0)
		fail_msg("%s", err.msg);
	return w;
}

static void make_old(const struct index_dir *d)
{
	struct kb_writer *w = open_writer(d, NULL);

	for (unsigned i = 0; i < OLD_DOCS; i++)
		assert_int_equal(index_dir_put(w, i, i, NULL), 0);
	assert_int_equal(kb_writer_commit(w, NULL), 0);
	kb_writer_close(w);
}

/* Replaces, removes and adds; returns the commit's code. */
static int change(const struct index_dir *d, struct kb_io *io)
{
	struct kb_writer *w = open_writer(d, io);
	const char *from;
	struct kb_err err;
	int rc = 0;

	for (unsigned i = 0; i < 5 && rc == 0; i++)
		rc = index_dir_put(w, i, i + 100, &err);
	for (unsigned i = 30; i < 40 && rc == 0; i++)
		rc = index_dir_put(w, i, i, &err);
	if (rc == 0)
		rc = kb_writer_delete(w, KB_STR("d7"), KB_STR(""), &from, &err);
	if (rc == 0)
		rc = kb_writer_commit(w, &err);
	kb_writer_close(w);
	return rc;
}

/* Opens as the old or the new generation, and everything in it is sound. */
static uint64_t check(const struct index_dir *d, const char *what, size_t at)
{
	struct kb_index *index;
	struct kb_err err;
	uint64_t generation;

	if (kb_index_open(&index, d->path, &err) < 0)
		fail_msg("%s, event %zu: %s", what, at, err.msg);
	if (kb_index_verify(index, &err) < 0)
		fail_msg("%s, event %zu: %s", what, at, err.msg);
	generation = index->generation;
	if (generation == 1)
		assert_int_equal(index->n_chunks, OLD_DOCS);
	else
		assert_int_equal(index->n_chunks, OLD_DOCS + 9);
	kb_index_close(index);
	return generation;
}

static void replay(const struct disk *base, const struct recorder *r, size_t n,
		   enum fate fate)
{
	struct index_dir dir;
	uint64_t generation;

	index_dir_make(&dir);
	crash_after(base, r, n, fate, &dir);
	generation = check(&dir, fate_names[fate], n);
	if (n == r->n)
		assert_int_equal(generation, 2);
	/* and the next run gets it right */
	assert_int_equal(change(&dir, NULL), 0);
	check(&dir, "repaired", n);
	index_dir_remove(&dir);
}

static void a_crash_leaves_the_old_or_the_new_index(void **state)
{
	struct disk *base = kb_calloc(1, sizeof(*base));
	struct index_dir d;
	struct recorder r;

	(void)state;
	index_dir_make(&d);
	make_old(&d);
	disk_load(base, &d);
	recorder_init(&r, &d);
	assert_int_equal(change(&d, &r.io), 0);
	assert_true(r.n > 8);
	for (size_t n = 0; n <= r.n; n++)
		for (int fate = 0; fate < N_FATES; fate++)
			replay(base, &r, n, (enum fate)fate);
	recorder_release(&r);
	disk_release(base);
	index_dir_remove(&d);
}

static void a_full_disk_leaves_the_index_as_it_was(void **state)
{
	size_t calls = 1;

	(void)state;
	for (size_t at = 1; at <= calls; at++) {
		struct index_dir d;
		struct recorder r;
		int rc;

		index_dir_make(&d);
		make_old(&d);
		recorder_init(&r, &d);
		r.fail_at = at;
		rc = change(&d, &r.io);
		calls = r.calls > at ? r.calls : calls;
		if (at == 1)
			calls = 64; /* until a run meets no fault */
		if (r.calls < at) {
			assert_int_equal(rc, 0);
			calls = 0;
		} else {
			assert_int_equal(rc, KB_EIO);
		}
		check(&d, "full disk", at);
		assert_int_equal(change(&d, NULL), 0);
		check(&d, "after a full disk", at);
		recorder_release(&r);
		index_dir_remove(&d);
	}
}

/* ---- flipped bits ---- */

static bool count_word(void *arg, struct kb_str text, uint64_t key)
{
	(void)text;
	(void)key;
	return ++*(size_t *)arg < 100000;
}

static int swallow(void *arg, struct kb_str lines, struct kb_err *err)
{
	(void)err;
	*(size_t *)arg += lines.len;
	return 0;
}

/* Touch everything a search could; results do not matter, crashes do. */
static void exercise(struct kb_index *index)
{
	size_t sum = 0;
	const struct kb_dump_sink sink = {swallow, &sum};

	for (size_t s = 0; s < index->n_segments; s++) {
		const struct kb_segment *seg = index->segments[s];
		const uint32_t *docs;
		struct kb_arena arena;
		size_t n;

		kb_arena_init(&arena);
		kb_segment_words(seg, (struct kb_str){"", 0}, count_word, &sum);
		for (uint32_t c = 0; c < seg->n_chunks; c++) {
			struct kb_passage p;

			kb_segment_fetch(seg, c, &arena, &p, NULL);
			kb_segment_id(seg, c);
			kb_segment_alive(seg, c);
		}
		kb_columns_keyword(seg, KB_STR("lang"), KB_STR("zh"), &docs,
				   &n);
		kb_columns_numbers(seg, KB_STR("price"));
		kb_arena_release(&arena);
	}
	kb_dump(index, &sink, NULL);
}

static void flip_in(const struct index_dir *d, const char *name,
		    const struct kb_manifest_file *file, int dir)
{
	char path[400];
	int fd;

	(void)dir;
	snprintf(path, sizeof(path), "%s/%s", d->path, name);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	for (uint64_t at = 0; at < file->size; at += 1 + file->size / 1500) {
		struct kb_index *index = NULL;
		struct kb_err err;
		unsigned char c, was;

		assert_int_equal(pread(fd, &was, 1, (off_t)at), 1);
		c = (unsigned char)(was ^ 1u << (at % 8));
		assert_int_equal(pwrite(fd, &c, 1, (off_t)at), 1);
		if (kb_index_open(&index, d->path, &err) == 0) {
			exercise(index);
			if (kb_index_verify(index, &err) == 0)
				fail_msg("%s: byte %llu unnoticed", name,
					 (unsigned long long)at);
			kb_index_close(index);
		}
		assert_int_equal(pwrite(fd, &was, 1, (off_t)at), 1);
	}
	close(fd);
}

static void a_flipped_bit_is_found_and_never_crashes(void **state)
{
	struct kb_writer_options opt = {.allow_delete = true,
					.keywords = "lang",
					.numerics = "price",
					.single_thread = true};
	struct kb_manifest m;
	struct kb_writer *w;
	struct index_dir d;
	int dir;

	(void)state;
	index_dir_make(&d);
	assert_int_equal(kb_writer_open(&w, d.path, &opt, NULL), 0);
	for (unsigned i = 0; i < OLD_DOCS; i++)
		assert_int_equal(index_dir_put(w, i, i, NULL), 0);
	assert_int_equal(kb_writer_commit(w, NULL), 0);
	kb_writer_close(w);
	assert_int_equal(change(&d, NULL), 0);
	dir = open(d.path, O_RDONLY | O_DIRECTORY);
	kb_manifest_init(&m);
	assert_int_equal(kb_manifest_load(&m, dir, d.path, NULL), 0);
	for (size_t i = 0; i < m.n_segments; i++) {
		flip_in(&d, m.segments[i].file.name, &m.segments[i].file, dir);
		if (m.segments[i].live.name[0])
			flip_in(&d, m.segments[i].live.name,
				&m.segments[i].live, dir);
	}
	kb_manifest_release(&m);
	close(dir);
	check(&d, "flipped back", 0);
	index_dir_remove(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_crash_leaves_the_old_or_the_new_index),
	    cmocka_unit_test(a_full_disk_leaves_the_index_as_it_was),
	    cmocka_unit_test(a_flipped_bit_is_found_and_never_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
