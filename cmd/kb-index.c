/*
 * kb-index: build, refresh and look after an index directory.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/meter.h"
#include "cli/output.h"
#include "cli/run.h"
#include "index/ingest/dump.h"
#include "index/ingest/ingest.h"
#include "search/null_distribution.h"

#include "kb-index.h"

static void say(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "kb-index: %s\n", line);
}

static struct kb_meter meter = {.program = "kb-index"};

static void show(void *arg, uint64_t docs, uint64_t done, uint64_t all)
{
	(void)arg;
	meter.records_in = docs;
	kb_meter_progress(&meter, done, all);
}

/* After the run: FILE of --stats, and what -v says. */
static int report(const struct kb_writer *w,
		  const struct kb_ingest_stats *stats, struct kb_err *err)
{
	struct kb_buf members;
	int rc = 0;

	if (o.verbose)
		kb_ingest_say(w, stats, say);
	if (!o.stats)
		return 0;
	kb_buf_init(&members, 0);
	meter.records_in = stats->docs;
	meter.errors = stats->problems;
	meter.bytes_in = stats->bytes;
	kb_ingest_members(w, stats, kb_clock_ns() - meter.start_ns, &members);
	rc = kb_meter_write(&meter, o.stats, kb_buf_str(&members), err);
	kb_buf_release(&members);
	return rc;
}

static int look(char *const *paths, int n, struct kb_err *err)
{
	const struct kb_dump_sink sink = {kb_output_print, NULL};
	int rc = n == 1 ? 0
			: kb_err_set(err, KB_EINVAL,
				     "--verify, --info and --dump look into "
				     "one index and read no '%s'",
				     paths[1]);

	if (rc == 0)
		rc =
		    kb_index_look(*paths, o.verify, o.info, o.dump, &sink, err);
	return rc < 0 ? kb_opt_fail(&program, err) : 0;
}

static int feed(struct kb_writer *w, const char *const *paths, size_t n,
		struct kb_ingest_stats *stats, struct kb_err *err)
{
	struct kb_ingest_options in = {
	    .doc.lines = o.lines,
	    .chunk = {(uint32_t)o.chunk_target, (uint32_t)o.chunk_max},
	    .crawl = {.include = o.include.items,
		      .n_include = o.include.n,
		      .exclude = o.exclude.items,
		      .n_exclude = o.exclude.n,
		      .note = o.verbose ? say : NULL,
		      .problem = say},
	    .sync = o.sync,
	    .progress = o.progress ? show : NULL,
	};
	int rc = kb_ingest_shard(&in, o.shard, err);

	kb_writer_add_leg(w, &kb_null_leg, &o.rebuild);
	return rc < 0 ? rc : kb_ingest(w, paths, n, &in, stats, err);
}

int main(int argc, char **argv)
{
	struct kb_ingest_stats stats = {0};
	struct kb_writer *w = NULL;
	struct kb_err err = {0};
	int n, rc;

	kb_cli_signals();
	rc = kb_opt_config(&program, NULL, &err);
	if (rc == 0)
		rc = kb_opt_parse(&program, argc, argv, &n, &err);
	if (rc == 1)
		return 0;
	if (rc == 0 && n == 0)
		rc = kb_err_set(&err, KB_EINVAL, "no index given");
	if (rc < 0) {
		kb_opt_fail(&program, &err);
		if (err.code == KB_EINVAL)
			kb_opt_usage(&program);
		return 2;
	}
	if (o.verify || o.info || o.dump)
		return look(argv, n, &err);
	if (n == 1 && !o.optimize && isatty(STDIN_FILENO))
		return kb_opt_usage(&program);
	const struct kb_writer_options opt = {
	    .lock_wait_s = o.lock_wait_s,
	    .memory_bytes = o.memory,
	    .title_weight = (unsigned)o.title_weight,
	    .keywords = o.keywords,
	    .numerics = o.numerics,
	    .words = o.words,
	    .grace_s = o.grace_s,
	    .rebuild = o.rebuild,
	    .allow_delete = o.allow_delete,
	    .single_thread = o.single,
	    .optimize = o.optimize,
	};

	meter.start_ns = kb_clock_ns();
	meter.progress = o.progress;
	o.legs.rebuild = o.rebuild;
	rc = kb_writer_open(&w, argv[0], &opt, &err);
	if (rc == 0)
		rc = kb_legs_join(&o.legs, w, o.embed, &err);
	if (rc == 0 && !(o.optimize && n == 1))
		rc = feed(w, (const char *const *)argv + 1, (size_t)n - 1,
			  &stats, &err);
	if (rc == 0)
		rc = kb_writer_commit(w, &err);
	kb_meter_clear(&meter);
	if (rc == 0)
		rc = report(w, &stats, &err);
	kb_writer_close(w);
	kb_legs_release(&o.legs);
	if (rc < 0)
		return kb_opt_fail(&program, &err);
	return stats.problems ? 3 : 0;
}
