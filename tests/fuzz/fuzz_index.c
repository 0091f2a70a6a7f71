/*
 * A whole index with damage in its files, searched by all legs, verified,
 * dumped, and merged into one that is thrown away. Opening checks headers
 * and tables, the content of the sections comes as it is.
 *
 * The input is a list of changes, eight bytes each: which file (in the
 * first, the upper two bits ask for a merge and a look), how many bytes (1, 2,
 * 4), where (four bytes), and what goes there. The index is made once: two
 * segments, deletions, a model of words, sources.
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "../unit/index_dir.h"
#include "index/ingest/dump.h"
#include "index/ingest/ingest.h"
#include "index/write/writer_legs.h"
#include "search/search.h"

#include "null_io.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DOCS = 300, FILES_MAX = 16, CHANGES_MAX = 8 };

static struct index_dir dir, docs;
static struct {
	int fd;
	size_t size;
} files[FILES_MAX];
static size_t n_files;

/* ---- the index ---- */

static void write_docs(unsigned from)
{
	char path[128], text[1024];
	FILE *out;

	snprintf(path, sizeof(path), "%s/docs.jsonl", docs.path);
	out = fopen(path, "w");
	if (!out)
		abort();
	for (unsigned i = from; i < from + DOCS; i++) {
		index_dir_text(i, text, sizeof(text));
		fprintf(
		    out,
		    "{\"id\":\"d%u\",\"title\":\"Hank Snow\",\"text\":\"%s "
		    "%c%cter %c%cing\",\"vector\":[%u,1,%u],\"lang\":\"%s\","
		    "\"price\":%u}\n",
		    i, text, 'a' + i % 20, 'a' + i % 17, 'b' + i % 13,
		    'a' + i % 11, i % 7, i % 5, i % 2 ? "zh" : "en", i);
	}
	if (fclose(out))
		abort();
}

static int refresh(struct kb_io *io, bool optimize)
{
	const struct kb_writer_options opt = {.io = io,
					      .allow_delete = true,
					      .single_thread = true,
					      .optimize = optimize,
					      .keywords = "lang",
					      .numerics = "price"};
	const char *const paths[] = {docs.path};
	const struct kb_ingest_options in = {0};
	struct kb_ingest_stats stats = {0};
	struct kb_legs legs = {0};
	struct kb_writer *w = NULL;
	int rc = kb_writer_open(&w, dir.path, &opt, NULL);

	if (rc == 0)
		rc = kb_legs_join(&legs, w, NULL, NULL);
	if (rc == 0 && !optimize)
		rc = kb_ingest_paths(w, paths, 1, &in, &stats, NULL);
	if (rc == 0)
		rc = kb_writer_commit(w, NULL);
	kb_writer_close(w);
	kb_legs_release(&legs);
	return rc;
}

static void clean_up(void)
{
	index_dir_remove(&dir);
	index_dir_remove(&docs);
}

/* The files in the order of their names, the manifest and the lock aside. */
static void open_files(void)
{
	struct dirent **names;
	int n = scandir(dir.path, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char path[400];
		struct stat st;
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dir.path,
			 names[i]->d_name);
		if (names[i]->d_name[0] == 'g' && n_files < FILES_MAX) {
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd < 0 || fstat(fd, &st))
				abort();
			files[n_files].fd = fd;
			files[n_files++].size = (size_t)st.st_size;
		}
		free(names[i]);
	}
	free(names);
}

static void make_index(void)
{
	if (n_files)
		return;
	index_dir_make(&dir);
	index_dir_make(&docs);
	atexit(clean_up);
	write_docs(0);
	if (refresh(NULL, false))
		abort();
	write_docs(10);
	if (refresh(NULL, false))
		abort();
	open_files();
	if (n_files < 5) /* segments, deletions, model, sources */
		abort();
}

/* ---- use ---- */

static int swallow(void *arg, struct kb_str lines, struct kb_err *err)
{
	(void)err;
	*(size_t *)arg += lines.len;
	return 0;
}

static void search(void)
{
	static const char *const questions[] = {
	    "return 退货 iPhone15", "\"蓝色的\" cott* -order",
	    "Hank Snow 订单 retrun", "title:snow bter"};
	static const struct kb_str vectors = {"{\"query\":[1,2,3]}", 17};
	const char *const paths[] = {dir.path};
	const struct kb_base_options base_options = {
	    .paths = paths, .n_paths = 1, .filter = "lang:zh price<200"};
	struct kb_search_options options = {
	    .k = 10, .explain = true, .paths = true, .mmr = 0.5};
	struct kb_search *s = NULL;
	struct kb_arena arena;
	struct kb_base *base;

	if (kb_base_open(&base, &base_options, NULL))
		return;
	kb_search_choose_legs(&options, NULL, NULL);
	kb_arena_init(&arena);
	if (kb_search_open(&s, base, &options, NULL, NULL) == 0)
		for (size_t i = 0; i < 4; i++) {
			struct kb_request request = {
			    .query = kb_str_of(questions[i])};
			struct kb_result result;

			kb_json_check(vectors.ptr, vectors.len,
				      &request.vectors, NULL);
			kb_search_run(s, &request, &arena, &result, NULL);
			kb_arena_reset(&arena);
		}
	kb_search_close(s);
	kb_arena_release(&arena);
	kb_base_unref(base);
}

static void look(void)
{
	size_t sum = 0;
	const struct kb_dump_sink sink = {swallow, &sum};
	struct kb_index *index;

	if (kb_index_open(&index, dir.path, NULL))
		return;
	kb_index_verify(index, NULL);
	kb_dump(index, &sink, NULL);
	kb_index_close(index);
}

/* ---- damage ---- */

struct damage {
	size_t file;
	off_t at;
	size_t n;
	uint8_t was[4];
};

static void change(struct damage *d, const uint8_t *how)
{
	uint32_t at;

	memcpy(&at, how + 2, 4);
	d->file = how[0] % n_files;
	d->n = (size_t)1 << how[1] % 3;
	d->at = (off_t)(at % (files[d->file].size - d->n));
	if (pread(files[d->file].fd, d->was, d->n, d->at) != (ssize_t)d->n)
		abort();
	/* of four bytes the upper two are filled up from the lower */
	uint8_t value[4] = {how[6], how[7], (uint8_t) - (how[7] >> 7),
			    (uint8_t) - (how[7] >> 7)};

	if (pwrite(files[d->file].fd, value, d->n, d->at) != (ssize_t)d->n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct damage damage[CHANGES_MAX];
	struct kb_io null = {&null_io_ops, dir.path, -1};
	size_t n = 0;

	make_index();
	for (; n < CHANGES_MAX && size >= (n + 1) * 8; n++)
		change(&damage[n], data + n * 8);
	search();
	/* what takes longer, not every time */
	if (size && data[0] & 0x40)
		look();
	if (size && data[0] & 0x80)
		refresh(&null, true);
	while (n--)
		if (pwrite(files[damage[n].file].fd, damage[n].was, damage[n].n,
			   damage[n].at) != (ssize_t)damage[n].n)
			abort();
	return 0;
}
