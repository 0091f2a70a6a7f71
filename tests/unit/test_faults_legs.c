/*
 * Faults of an index with everything in it: all legs, the trained models
 * that are global files, and the state of the sources. Every call that
 * writes is made to fail once, and bits are flipped in every file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "crash.h"
#include "index/ingest/dump.h"
#include "index/ingest/ingest.h"
#include "index/ingest/sources.h"
#include "index/write/writer_legs.h"
#include "vector/static_encoder.h"
#include "vector/word_vectors.h"

#define DOCS 300 /* enough to train the model of words, and an encoder */

/* ---- sources and the index of them ---- */

static void write_docs(const struct index_dir *docs, unsigned seed)
{
	char path[128], text[1024], kind[16];
	FILE *out;

	snprintf(path, sizeof(path), "%s/docs.jsonl", docs->path);
	out = fopen(path, "w");
	assert_non_null(out);
	for (unsigned i = 0; i < DOCS; i++) {
		index_dir_text(i < 3 ? i + seed : i, text, sizeof(text));
		snprintf(kind, sizeof(kind), "kind%u", i % 7);
		fprintf(
		    out,
		    "{\"id\":\"d%u\",\"text\":\"%s %c%cter %c%cing %s %s %s "
		    "%s %s %s\",\"vector\":[%u,1,%u]}\n",
		    i, text, 'a' + i % 20, 'a' + i % 17, 'b' + i % 13,
		    'a' + i % 11, kind, kind, kind, kind, kind, kind, i % 7,
		    i * 2 % 7);
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

static uint64_t check(const struct index_dir *d, const char *what, size_t at)
{
	struct kb_index *index;
	uint64_t generation;
	struct kb_err err;

	if (kb_index_open(&index, d->path, &err) < 0 ||
	    kb_index_verify(index, &err) < 0)
		fail_msg("%s, call %zu: %s", what, at, err.msg);
	assert_non_null(kb_index_global(index, KB_WORDVEC_SLOT));
	assert_non_null(kb_index_global(index, kb_static_slots[0]));
	generation = index->generation;
	kb_index_close(index);
	return generation;
}

/* Every prefix of what a refresh and a rebuild write. */
static void crash_everywhere(const struct index_dir *docs, bool rebuild)
{
	struct disk *base = kb_calloc(1, sizeof(*base));
	struct recorder r;
	struct index_dir d;

	index_dir_make(&d);
	write_docs(docs, 0);
	assert_int_equal(run(&d, docs, NULL, false, NULL), 0);
	disk_load(base, &d);
	write_docs(docs, 1000);
	recorder_init(&r, &d);
	assert_int_equal(run(&d, docs, &r.io, rebuild, NULL), 0);
	for (size_t i = 0; i < r.n * N_FATES + N_FATES; i++) {
		size_t n = i / N_FATES;
		enum fate fate = i % N_FATES;
		struct index_dir after;
		uint64_t generation;

		index_dir_make(&after);
		crash_after(base, &r, n, fate, &after);
		generation = check(&after, fate_names[fate], n);
		assert_in_range(generation, n == r.n ? 2 : 1, 2);
		/* and the next run gets it right */
		assert_int_equal(run(&after, docs, NULL, false, NULL), 0);
		check(&after, "repaired", n);
		index_dir_remove(&after);
	}
	recorder_release(&r);
	disk_release(base);
	index_dir_remove(&d);
}

static void a_crash_costs_no_model_and_no_source(void **state)
{
	struct index_dir docs;

	(void)state;
	index_dir_make(&docs);
	crash_everywhere(&docs, false);
	crash_everywhere(&docs, true);
	index_dir_remove(&docs);
}

static void a_full_disk_costs_no_model_and_no_source(void **state)
{
	struct index_dir d, docs;
	bool done = false, met_global = false, met_sources = false;

	(void)state;
	index_dir_make(&d);
	index_dir_make(&docs);
	write_docs(&docs, 0);
	assert_int_equal(run(&d, &docs, NULL, false, NULL), 0);
	write_docs(&docs, 1000);
	/* A rebuild trains the model again: its file is among those. */
	for (size_t at = 1; !done; at++) {
		struct recorder r;
		int rc;

		recorder_init(&r, &d);
		r.fail_at = at;
		rc = run(&d, &docs, &r.io, true, NULL);
		done = r.calls < at;
		assert_int_equal(rc, done ? 0 : KB_EIO);
		met_global |= strstr(r.failed, ".glob") != NULL;
		met_sources |= strstr(r.failed, ".src") != NULL;
		check(&d, "full disk", at);
		recorder_release(&r);
		assert_true(at < 10000);
	}
	assert_true(met_global && met_sources);
	index_dir_remove(&d);
	index_dir_remove(&docs);
}

/* ---- flipped bits ---- */

/* With the units that it says it has. */
static void use(struct kb_static_encoder *e)
{
	struct kb_term items[8] = {{0}};
	struct kb_terms terms = {.items = items, .n = 8};
	float *x = kb_calloc(e->stride, sizeof(*x));

	for (size_t i = 0; i < 8 && e->n; i++)
		items[i].key = e->units[i * 7 % e->n];
	kb_static_encode(e, &terms, x);
	free(x);
	kb_static_release(e);
}

/* Use what opens as a search and the next run would. */
static void exercise(const struct index_dir *d, const struct kb_index *index)
{
	const struct kb_writer_options opt = {.single_thread = true};
	const struct kb_container_view *global =
	    kb_index_global(index, KB_WORDVEC_SLOT);
	const struct kb_container_view *encoder =
	    kb_index_global(index, kb_static_slots[0]);
	struct kb_static_encoder e;
	struct kb_wordvec *model = NULL;
	struct kb_writer *w = NULL;
	struct kb_sources s;

	if (global && kb_wordvec_open(&model, global, NULL) == 0)
		kb_wordvec_free(model);
	if (encoder && kb_static_open(&e, encoder, NULL) == 0)
		use(&e);
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
	/* manifest, segment, two models, sources */
	assert_int_equal(n, 5);
	check(&d, "flipped back", 0);
	index_dir_remove(&d);
	index_dir_remove(&docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_crash_costs_no_model_and_no_source),
	    cmocka_unit_test(a_full_disk_costs_no_model_and_no_source),
	    cmocka_unit_test(a_flipped_bit_in_any_file_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
