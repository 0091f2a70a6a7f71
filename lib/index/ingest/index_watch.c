#include "index/ingest/index_watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "crawl/file_watch.h"
#include "index/ingest/remembered.h"
#include "store/directory.h"

/* Files are often written one after the other: wait for a pause, but not for
 * ever where a log grows. */
#define QUIET_MS 500
#define MOST_MS	 10000
/* After a run that could not be done. */
#define AGAIN_MS 30000

struct watching {
	const struct kb_index_run *run;
	struct kb_file_watch watch;
	struct kb_map said, before; /* hashes of lines: this run, the last */
};

static void say(void *arg, const char *line)
{
	struct watching *w = arg;
	uint64_t hash = kb_hash64(line, strlen(line), 0);

	*kb_map_put(&w->said, hash, NULL) = 1;
	if (!kb_map_get(&w->before, hash))
		w->run->ingest.crawl.problem(w->run->ingest.crawl.arg, line);
}

static void next_run(struct watching *w)
{
	struct kb_map old = w->before;

	w->before = w->said;
	w->said = old;
	kb_map_clear(&w->said);
}

static bool is_index(void *arg, int dirfd)
{
	(void)arg;
	return kb_directory_is_index(dirfd);
}

static void add_sources(struct watching *w, const struct kb_index *index)
{
	struct kb_remembered r;

	kb_remembered_init(&r);
	if (kb_remembered_of(&r, index, NULL) == 0)
		for (size_t i = 0; i < r.n; i++) {
			char *path = kb_crawl_absolute(r.sources[i].dir,
						       r.sources[i].path);

			kb_file_watch_add(&w->watch, path, is_index, NULL);
			free(path);
		}
	kb_remembered_release(&r);
}

/* All that is there now; what comes later is told by what is watched. */
static void watch_all(struct watching *w)
{
	struct kb_index *index;
	char line[240];

	kb_file_watch_begin(&w->watch);
	if (kb_index_open(&index, w->run->index, NULL) < 0)
		return;
	add_sources(w, index);
	kb_index_close(index);
	if (!w->watch.n_refused)
		return;
	snprintf(line, sizeof(line),
		 "%llu of %llu directories are looked at from time to time "
		 "only, as " KB_FILE_WATCH_LIMIT
		 " is too small; raise it: sysctl "
		 "-w " KB_FILE_WATCH_LIMIT "=%llu",
		 (unsigned long long)w->watch.n_refused,
		 (unsigned long long)w->watch.n_dirs,
		 (unsigned long long)w->watch.n_dirs * 2 + 65536);
	say(w, line);
}

/* Only what the index remembers: what the first run was given is there. */
static struct kb_index_run as_remembered(const struct kb_index_run *given,
					 struct kb_writer_options *writer)
{
	struct kb_index_run run = *given;

	*writer = *given->writer;
	writer->must_exist = true;
	run.writer = writer;
	run.refresh = true;
	run.paths = NULL;
	run.n_paths = run.n_forget = 0;
	run.lines = run.gitignore = -1;
	run.shard = NULL;
	run.ingest.chunk = (struct kb_chunk_opts){0};
	run.ingest.crawl.n_include = run.ingest.crawl.n_exclude = 0;
	return run;
}

static void refresh(struct watching *w, const struct kb_index_run *run,
		    bool *failed)
{
	struct kb_err why = {0};
	uint64_t problems = 0;

	*failed = kb_index_run(run, &problems, &why) < 0;
	if (*failed)
		say(w, why.msg);
}

static void follow(struct watching *w, struct kb_index_run *run, double every_s)
{
	bool failed = false;

	for (;;) {
		int64_t wait_ms = every_s > 0 ? (int64_t)(every_s * 1000) : -1;

		if (failed && (wait_ms < 0 || wait_ms > AGAIN_MS))
			wait_ms = AGAIN_MS;
		kb_file_watch_wait(&w->watch, wait_ms, QUIET_MS, MOST_MS);
		next_run(w);
		watch_all(w);
		refresh(w, run, &failed);
	}
}

static int check(const struct kb_index_run *run, struct kb_err *err)
{
	const struct kb_writer_options *o = run->writer;

	if (o->rebuild || o->optimize || run->ingest.restore ||
	    run->ingest.sync)
		return kb_err_set(err, KB_EINVAL,
				  "--watch goes with none of --rebuild, "
				  "--optimize, --restore and --sync; do that "
				  "before");
	return 0;
}

int kb_index_watch(const struct kb_index_run *given, double every_s,
		   struct kb_err *err)
{
	struct watching w = {.run = given};
	struct kb_writer_options writer;
	struct kb_index_run first = *given, later;
	uint64_t problems = 0;
	int rc = check(given, err);

	if (rc == 0)
		rc = kb_file_watch_open(&w.watch, err);
	if (rc < 0)
		return rc;
	kb_map_init(&w.said);
	kb_map_init(&w.before);
	first.ingest.crawl.problem = say;
	first.ingest.crawl.arg = &w;
	first.refresh = !first.n_paths;
	watch_all(&w); /* before it is read, that nothing is missed */
	rc = kb_index_run(&first, &problems, err);
	if (rc == 0) {
		watch_all(&w);
		later = as_remembered(&first, &writer);
		/* what was given was watched from here on only */
		kb_file_watch_wait(&w.watch, 0, 0, 0);
		refresh(&w, &later, &(bool){false});
		follow(&w, &later, every_s);
	}
	kb_map_release(&w.said);
	kb_map_release(&w.before);
	kb_file_watch_close(&w.watch);
	return rc;
}
