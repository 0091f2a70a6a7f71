/*
 * Faults of an index with everything in it: all legs, the trained model
 * that is a global file, and the state of the sources. Every call that
 * writes is made to fail once, and bits are flipped in every file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>

#include "index/dump.h"
#include "index/ingest.h"
#include "index/legs.h"
#include "index/sources.h"
#include "index/wordvec.h"
#include "index_dir.h"

#define DOCS 300 /* enough to train the model of words */

/* The operating system's files, but one call fails. */
struct failing {
	struct kb_io io; /* first */
	struct kb_io os;
	size_t calls, fail_at; /* 0: none */
	bool global;	       /* the failed call wrote a global file */
	int global_file;
};

static int fault(struct failing *f, int file, struct kb_err *err)
{
	if (++f->calls != f->fail_at)
		return 0;
	f->global |= file >= 0 && file == f->global_file;
	return kb_err_set(err, KB_EIO, "No space left on device");
}

static int fail_create(struct kb_io *io, const char *name, int *file,
		       struct kb_err *err)
{
	struct failing *f = (struct failing *)(void *)io;
	int rc = fault(f, -1, err);

	if (rc == 0)
		rc = kb_io_os.create(&f->os, name, file, err);
	if (rc == 0 && strstr(name, ".glob"))
		f->global_file = *file;
	return rc;
}

static int fail_write(struct kb_io *io, int file, const void *ptr, size_t len,
		      struct kb_err *err)
{
	struct failing *f = (struct failing *)(void *)io;
	int rc = fault(f, file, err);

	return rc ? rc : kb_io_os.write(&f->os, file, ptr, len, err);
}

static int fail_sync(struct kb_io *io, int file, struct kb_err *err)
{
	return fault((struct failing *)(void *)io, file, err);
}

static int fail_close(struct kb_io *io, int file, struct kb_err *err)
{
	struct failing *f = (struct failing *)(void *)io;
	int rc = fault(f, file, err);

	if (file == f->global_file)
		f->global_file = -1;
	kb_io_os.close(&f->os, file, NULL);
	return rc;
}

static int fail_rename(struct kb_io *io, const char *from, const char *to,
		       struct kb_err *err)
{
	struct failing *f = (struct failing *)(void *)io;
	int rc = fault(f, -1, err);

	return rc ? rc : kb_io_os.rename(&f->os, from, to, err);
}

static int fail_remove(struct kb_io *io, const char *name, struct kb_err *err)
{
	struct failing *f = (struct failing *)(void *)io;

	return kb_io_os.remove(&f->os, name, err);
}

static int fail_sync_dir(struct kb_io *io, struct kb_err *err)
{
	return fault((struct failing *)(void *)io, -1, err);
}

static const struct kb_io_ops failing_ops = {
    fail_create, fail_write,  fail_sync,    fail_close,
    fail_rename, fail_remove, fail_sync_dir};

/* ---- sources and the index of them ---- */

static void write_docs(const struct index_dir *docs, unsigned seed)
{
	char path[128], text[1024];
	FILE *out;

	snprintf(path, sizeof(path), "%s/docs.jsonl", docs->path);
	out = fopen(path, "w");
	assert_non_null(out);
	for (unsigned i = 0; i < DOCS; i++) {
		index_dir_text(i < 3 ? i + seed : i, text, sizeof(text));
		fprintf(out,
			"{\"id\":\"d%u\",\"text\":\"%s %c%cter %c%cing\","
			"\"vector\":[%u,1,%u]}\n",
			i, text, 'a' + i % 20, 'a' + i % 17, 'b' + i % 13,
			'a' + i % 11, i % 7, i % 5);
	}
	assert_int_equal(fclose(out), 0);
}

static int run(const struct index_dir *d, const struct index_dir *docs,
	       struct kb_io *io, bool rebuild, struct kb_err *err)
{
	const struct kb_writer_options opt = {.io = io,
					      .allow_delete = true,
					      .single_thread = true,
					      .rebuild = rebuild};
	const struct kb_ingest_options in = {0};
	const char *const paths[] = {docs->path};
	struct kb_ingest_stats stats = {0};
	struct kb_legs legs = {.rebuild = rebuild};
	struct kb_writer *w = NULL;
	int rc = kb_writer_open(&w, d->path, &opt, err);

	if (rc == 0)
		rc = kb_legs_join(&legs, w, NULL, err);
	if (rc == 0)
		rc = kb_ingest_paths(w, paths, 1, &in, &stats, err);
	if (rc == 0)
		rc = kb_writer_commit(w, err);
	kb_writer_close(w);
	kb_legs_release(&legs);
	return rc;
}

static void check(const struct index_dir *d)
{
	struct kb_index *index;
	struct kb_err err;

	if (kb_index_open(&index, d->path, &err) < 0 ||
	    kb_index_verify(index, &err) < 0)
		fail_msg("%s", err.msg);
	assert_non_null(kb_index_global(index, KB_WORDVEC_SLOT));
	kb_index_close(index);
}

static void a_full_disk_costs_no_model_and_no_source(void **state)
{
	struct index_dir d, docs;
	bool done = false, met_global = false;

	(void)state;
	index_dir_make(&d);
	index_dir_make(&docs);
	write_docs(&docs, 0);
	assert_int_equal(run(&d, &docs, NULL, false, NULL), 0);
	write_docs(&docs, 1000);
	/* A rebuild trains the model again: its file is among those. */
	for (size_t at = 1; !done; at++) {
		struct failing f = {.fail_at = at, .global_file = -1};
		int rc;

		kb_io_init(&f.os, d.path, open(d.path, O_RDONLY | O_DIRECTORY));
		f.io = f.os;
		f.io.ops = &failing_ops;
		rc = run(&d, &docs, &f.io, true, NULL);
		done = f.calls < at;
		assert_int_equal(rc, done ? 0 : KB_EIO);
		met_global |= f.global;
		check(&d);
		close(f.os.dir);
		assert_true(at < 10000);
	}
	assert_true(met_global);
	index_dir_remove(&d);
	index_dir_remove(&docs);
}

/* ---- flipped bits ---- */

/* Use what opens as a search and the next run would. */
static void exercise(const struct index_dir *d, const struct kb_index *index)
{
	const struct kb_writer_options opt = {.single_thread = true};
	const struct kb_container_view *global =
	    kb_index_global(index, KB_WORDVEC_SLOT);
	struct kb_wordvec *model = NULL;
	struct kb_writer *w = NULL;
	struct kb_sources s;

	if (global && kb_wordvec_open(&model, global, NULL) == 0)
		kb_wordvec_free(model);
	if (kb_writer_open(&w, d->path, &opt, NULL) == 0 &&
	    kb_sources_open(&s, w, NULL) == 0)
		for (size_t i = 0; i < s.n; i++)
			kb_sources_path(&s, i);
	kb_writer_close(w);
}

static void flip(const struct index_dir *d, const char *name, size_t steps)
{
	char path[400];
	off_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", d->path, name);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	size = lseek(fd, 0, SEEK_END);
	for (off_t at = 0; at < size; at += 1 + size / (off_t)steps) {
		struct kb_index *index = NULL;
		unsigned char c, was;

		assert_int_equal(pread(fd, &was, 1, at), 1);
		c = (unsigned char)(was ^ 1u << (at % 8));
		assert_int_equal(pwrite(fd, &c, 1, at), 1);
		if (kb_index_open(&index, d->path, NULL) == 0) {
			exercise(d, index);
			if (kb_index_verify(index, NULL) == 0)
				fail_msg("%s: byte %lld unnoticed", name,
					 (long long)at);
			kb_index_close(index);
		}
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
	}
	close(fd);
}

static void a_flipped_bit_in_any_file_is_found(void **state)
{
	struct index_dir d, docs;
	struct dirent *e;
	unsigned n = 0;
	DIR *dir;

	(void)state;
	index_dir_make(&d);
	index_dir_make(&docs);
	write_docs(&docs, 0);
	assert_int_equal(run(&d, &docs, NULL, false, NULL), 0);
	dir = opendir(d.path);
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.' || !strcmp(e->d_name, "LOCK"))
			continue;
		flip(&d, e->d_name, 400);
		n++;
	}
	closedir(dir);
	/* manifest, segment, model, sources */
	assert_int_equal(n, 4);
	check(&d);
	index_dir_remove(&d);
	index_dir_remove(&docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_disk_costs_no_model_and_no_source),
	    cmocka_unit_test(a_flipped_bit_in_any_file_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
