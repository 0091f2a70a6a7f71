#include "index/ingest/index_run.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "convert/convert.h"
#include "index/ingest/run_sources.h"

struct parts {
	const struct kb_index_run *run;
	struct kb_map said; /* hashes of the lines */
	struct kb_convert convert;
	bool first;
	uint64_t started_ns; /* the part that is read */
};

static void say_once(struct parts *p, void (*say)(void *arg, const char *line),
		     const char *line)
{
	uint64_t hash = kb_hash64(line, strlen(line), 0);

	if (p->first || !kb_map_get(&p->said, hash))
		say(p->run->ingest.crawl.arg, line);
	*kb_map_put(&p->said, hash, NULL) = 1;
}

static void note(void *arg, const char *line)
{
	struct parts *p = arg;

	say_once(p, p->run->ingest.crawl.note, line);
}

static void problem(void *arg, const char *line)
{
	struct parts *p = arg;

	say_once(p, p->run->ingest.crawl.problem, line);
}

/* What changes in what the index remembers. */
static void change(void *arg, const char *line)
{
	struct parts *p = arg;

	if (p->run->change)
		say_once(p, p->run->change, line);
}

static bool is_time_to_commit(void *arg)
{
	const struct parts *p = arg;

	return (double)(kb_clock_ns() - p->started_ns) >=
	       p->run->commit_every_s * 1e9;
}

static bool in_parts(const struct kb_index_run *run)
{
	return run->legs->n_models && run->commit_every_s > 0 &&
	       !run->writer->rebuild && !run->writer->optimize &&
	       !run->ingest.restore && !run->ingest.sync;
}

static int read_part(struct parts *p, struct kb_run_sources *sources,
		     struct kb_writer *w, struct kb_ingest_stats *stats,
		     struct kb_err *err)
{
	const struct kb_index_run *run = p->run;
	struct kb_ingest_options in = run->ingest;

	in.crawl.note = in.crawl.note ? note : NULL;
	in.crawl.problem = in.crawl.problem ? problem : NULL;
	in.crawl.arg = p;
	in.doc.take = kb_convert_take;
	in.doc.take_arg = &p->convert;
	in.converters = kb_convert_hash(&p->convert);
	in.enough = in_parts(run) ? is_time_to_commit : NULL;
	in.enough_arg = p;
	kb_writer_add_leg(w, run->more, run->more_arg);
	return kb_run_sources_read(sources, w, &in, stats, err);
}

static int open_sources(struct parts *p, struct kb_run_sources *sources,
			struct kb_writer *w, struct kb_err *err)
{
	const struct kb_index_run *run = p->run;
	const struct kb_given_sources given = {
	    .index = run->index,
	    .paths = run->paths,
	    .n_paths = run->n_paths,
	    .refresh = run->refresh,
	    .forget = run->forget,
	    .n_forget = p->first ? run->n_forget : 0, /* else it is done */
	    .ingest = &run->ingest,
	    .lines_said = run->lines >= 0,
	    .gitignore_said = run->gitignore >= 0,
	    .convert_said = run->convert_said,
	    .rebuild = run->writer->rebuild,
	    .allow_delete = run->writer->allow_delete,
	    .convert = run->convert,
	    .n_convert = run->n_convert,
	    .commands = kb_convert_hash(&p->convert),
	    .embed_command = run->legs->command,
	    .change = change,
	    .arg = p,
	};

	return kb_run_sources_open(sources, &given, w, err);
}

static int build_part(struct parts *p, struct kb_ingest_stats *stats,
		      struct kb_err *err)
{
	const struct kb_index_run *run = p->run;
	const struct kb_legs given = *run->legs;
	struct kb_run_sources sources = {0};
	struct kb_writer *w = NULL;
	int rc;

	p->started_ns = kb_clock_ns();
	rc = kb_writer_open(&w, run->index, run->writer, err);
	if (rc == 0 && !run->reads_nothing)
		rc = open_sources(p, &sources, w, err);
	if (rc == 0)
		rc = kb_legs_join(run->legs, w, run->models, err);
	if (rc == 0 && !run->reads_nothing)
		rc = read_part(p, &sources, w, stats, err);
	if (rc == 0 && run->phase)
		run->phase(run->ingest.progress_arg,
			   run->legs->n_models ? "embedding and writing"
					       : "writing");
	if (rc == 0)
		rc = kb_writer_commit(w, err);
	if (rc == 0) {
		kb_legs_committed(run->legs);
		if (!stats->left)
			run->report(run->report_arg, w, stats);
		kb_ingest_add_before(stats, w);
	}
	kb_run_sources_release(&sources);
	kb_writer_close(w);
	kb_legs_release(run->legs);
	*run->legs = given;
	return rc;
}

static int run_parts(const struct kb_index_run *run, uint64_t *problems,
		     struct kb_err *err)
{
	struct parts p = {.run = run, .first = true};
	struct kb_ingest_stats stats = {0};
	int rc = kb_convert_init(&p.convert, run->convert, run->n_convert, err);

	if (rc < 0)
		return rc;
	kb_map_init(&p.said);
	do {
		/* the last part meets every problem once more */
		stats = (struct kb_ingest_stats){
		    .files_read = stats.files_read,
		    .files_removed = stats.files_removed,
		    .bytes = stats.bytes,
		    .before = stats.before,
		};
		rc = build_part(&p, &stats, err);
		p.first = false;
	} while (rc == 0 && stats.left);
	kb_map_release(&p.said);
	kb_convert_release(&p.convert);
	*problems = stats.problems;
	return rc;
}

int kb_index_run(const struct kb_index_run *given, uint64_t *problems,
		 struct kb_err *err)
{
	struct kb_index_run run = *given;
	struct kb_legs *legs = run.legs;
	int rc = kb_ingest_shard(&run.ingest, run.shard, err);

	run.ingest.doc.lines = run.lines > 0;
	run.ingest.crawl.gitignore = run.gitignore > 0;
	legs->rebuild = run.writer->rebuild;
	legs->embed_jobs += run.writer->single_thread && !legs->embed_jobs;
	return rc < 0 ? rc : run_parts(&run, problems, err);
}
