/* kb-index: build, refresh and look after an index directory. */
#include <unistd.h>

#include "cli/command.h"
#include "cli/meter.h"
#include "cli/output.h"
#include "index/ingest/dump.h"
#include "index/ingest/index_run.h"
#include "index/ingest/ingest.h"
#include "index/write/writer_legs.h"
#include "search/null_distribution.h"
#include "vector/embed_pool.h"

static struct {
	struct kb_writer_options writer;
	struct kb_legs legs;
	bool verify, info, dump, restore, sync, lines, gitignore;
	uint64_t memory, chunk_target, chunk_max, title_weight;
	double commit_every_s;
	const char *shard, *embed;
	struct kb_opt_list include, exclude, convert;
} o = {.writer.grace_s = 300, .commit_every_s = 300};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "allow-delete", .type = KB_OPT_FLAG, .writes = true,
	 .to = &o.writer.allow_delete,
	 .help = "let a run remove more than 20 % of the index"},
	{.name = "chunk-max", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.chunk_max, .min = 16, .max = 100000,
	 .help = "largest chunk in tokens (800)"},
	{.name = "chunk-target", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.chunk_target, .min = 8, .max = 100000,
	 .help = "wanted chunk in tokens (400)"},
	{.name = "commit-every", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.commit_every_s,
	 .help = "with --embed: make what is done searchable (300s)"},
	{.name = "convert", .arg = "GLOB=COMMAND", .type = KB_OPT_LIST,
	 .to = &o.convert,
	 .help = "what matching files say: 'CMD {}' prints it"},
	{.name = "dump", .type = KB_OPT_FLAG, .to = &o.dump,
	 .help = "write the documents as JSON lines"},
	{.name = "embed", .arg = "MODEL", .type = KB_OPT_STRING, .to = &o.embed,
	 .help = "make vectors by a model (or two, ZH,EN)"},
	{.name = "embed-cmd", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.legs.command,
	 .help = "the embedder, in the place of llm-call"},
	{.name = "embed-jobs", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.legs.embed_jobs, .min = 1, .max = KB_EMBED_JOBS_MAX,
	 .help = "batches of texts on their way at once"},
	{.name = "embed-passage-prefix", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.legs.passage_prefix,
	 .help = "before every passage that is embedded"},
	{.name = "embed-passage-type", .arg = "TYPE", .type = KB_OPT_STRING,
	 .to = &o.legs.passage_type,
	 .help = "input_type of passages, as the model names it"},
	{.name = "embed-query-prefix", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.legs.query_prefix,
	 .help = "before every question that searches embed"},
	{.name = "embed-query-type", .arg = "TYPE", .type = KB_OPT_STRING,
	 .to = &o.legs.query_type,
	 .help = "input_type of the questions of searches"},
	{.name = "exclude", .arg = "GLOB", .type = KB_OPT_LIST,
	 .to = &o.exclude,
	 .help = "skip matching files; may be given again"},
	{.name = "gitignore", .type = KB_OPT_FLAG, .to = &o.gitignore,
	 .help = "skip what git ignores in directories"},
	{.name = "grace", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.writer.grace_s,
	 .help = "keep replaced files this long (300s)"},
	{.name = "include", .arg = "GLOB", .type = KB_OPT_LIST,
	 .to = &o.include,
	 .help = "take only matching files; may be given again"},
	{.name = "info", .type = KB_OPT_FLAG, .to = &o.info,
	 .help = "print counts and sizes as JSON"},
	{.name = "keyword", .arg = "NAMES", .type = KB_OPT_STRING,
	 .to = &o.writer.keywords,
	 .help = "members to filter by value, comma-separated"},
	{.name = "lines", .type = KB_OPT_FLAG, .to = &o.lines,
	 .help = "text files are logs: each entry a document"},
	{.name = "lock-wait", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.writer.lock_wait_s,
	 .help = "wait for another writer (0s)"},
	{.name = "memory", .arg = "SIZE", .type = KB_OPT_SIZE, .to = &o.memory,
	 .help = "bound of the inverter (200M)"},
	{.name = "no-graph", .type = KB_OPT_FLAG, .to = &o.legs.no_graph,
	 .help = "leave the graph of names out"},
	{.name = "no-word-vectors", .type = KB_OPT_FLAG, .to = &o.legs.no_words,
	 .help = "leave the vectors of words out"},
	{.name = "numeric", .arg = "NAMES", .type = KB_OPT_STRING,
	 .to = &o.writer.numerics,
	 .help = "members to filter by range, comma-separated"},
	{.name = "optimize", .type = KB_OPT_FLAG, .to = &o.writer.optimize,
	 .help = "merge everything into one segment"},
	{.name = "rebuild", .type = KB_OPT_FLAG, .writes = true,
	 .to = &o.writer.rebuild,
	 .help = "start from nothing"},
	{.name = "restore", .type = KB_OPT_FLAG, .to = &o.restore,
	 .help = "the documents are a dump: settings, chunks and all"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.writer.hash_seed, .min = 1, .max = 9007199254740992,
	 .help = "of a new index, for the same bytes again (random)"},
	{.name = "shard", .arg = "I/N", .type = KB_OPT_STRING, .to = &o.shard,
	 .help = "take only part I of N of the documents"},
	{.name = "single-thread", .type = KB_OPT_FLAG,
	 .to = &o.writer.single_thread,
	 .help = "use one thread"},
	{.name = "sync", .type = KB_OPT_FLAG, .writes = true, .to = &o.sync,
	 .help = "what is given is all: everything else goes"},
	{.name = "title-weight", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.title_weight, .min = 1, .max = KB_TITLE_WEIGHT_MAX,
	 .help = "of a new index (1)"},
	{.name = "verify", .type = KB_OPT_FLAG, .to = &o.verify,
	 .help = "check every byte of the index"},
	{.name = "words", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.writer.words,
	 .help = "names that count as one term, one a line"},
};
/* clang-format on */

static void say(void *arg, const char *line)
{
	(void)arg;
	kb_print_note("kb-index", line);
}

static void show(void *arg, uint64_t docs, uint64_t done, uint64_t all)
{
	struct kb_meter *meter = arg;

	meter->records_in = docs;
	kb_meter_progress(meter, done, all);
}

static int look(const struct kb_once *once, struct kb_err *err)
{
	if (once->n_operands > 1)
		return kb_err_set(err, KB_EINVAL,
				  "--verify, --info and --dump look into one "
				  "index and read no '%s'",
				  once->operands[1]);
	return kb_index_look(once->operands[0], o.verify, o.info, o.dump,
			     &(struct kb_dump_sink){kb_output_print, NULL},
			     err);
}

/* After the run: what -v says, and the members of --stats. */
static void report(void *arg, const struct kb_writer *w,
		   const struct kb_ingest_stats *stats)
{
	const struct kb_once *once = arg;
	struct kb_meter *meter = once->meter;

	kb_meter_clear(meter);
	if (once->verbose)
		kb_ingest_say(w, stats, say);
	meter->records_in = stats->docs;
	meter->errors = stats->problems;
	meter->bytes_in = stats->bytes;
	kb_ingest_members(w, stats, kb_clock_ns() - meter->start_ns,
			  once->stats);
}

static int build(struct kb_once *once, bool nothing_new, struct kb_err *err)
{
	struct kb_index_run run = {
	    .index = once->operands[0],
	    .writer = &o.writer,
	    .legs = &o.legs,
	    .models = o.embed,
	    .more = &kb_null_leg,
	    .more_arg = &o.writer.rebuild,
	    .reads_nothing = nothing_new,
	    .paths = (const char *const *)once->operands + 1,
	    .n_paths = once->n_operands - 1,
	    .ingest = {.doc.lines = o.lines,
		       .chunk = {(uint32_t)o.chunk_target,
				 (uint32_t)o.chunk_max},
		       .crawl = {.include = o.include.items,
				 .n_include = o.include.n,
				 .exclude = o.exclude.items,
				 .n_exclude = o.exclude.n,
				 .gitignore = o.gitignore,
				 .note = once->verbose ? say : NULL,
				 .problem = say},
		       .restore = o.restore,
		       .sync = o.sync,
		       .progress = show,
		       .progress_arg = once->meter},
	    .convert = o.convert.items,
	    .n_convert = o.convert.n,
	    .commit_every_s = o.commit_every_s,
	    .report = report,
	    .report_arg = once,
	};
	uint64_t problems = 0;
	int rc = kb_ingest_shard(&run.ingest, o.shard, err);

	o.legs.rebuild = o.writer.rebuild;
	o.writer.memory_bytes = o.memory;
	o.legs.embed_jobs += o.writer.single_thread && !o.legs.embed_jobs;
	o.writer.title_weight = (unsigned)o.title_weight;
	if (rc == 0)
		rc = kb_index_run(&run, &problems, err);
	return rc < 0 ? rc : problems ? 3 : 0;
}

static int run(struct kb_once *once, struct kb_err *err)
{
	bool alone = once->n_operands == 1;

	if (!once->n_operands)
		return kb_err_set(err, KB_EINVAL, "no index given");
	if (o.verify || o.info || o.dump)
		return look(once, err);
	if (alone && !o.writer.optimize && isatty(STDIN_FILENO))
		return KB_ONCE_USAGE;
	return build(once, alone && o.writer.optimize, err);
}

static const struct kb_command program = {
    .name = "kb-index",
    .synopsis = "[OPTION]... INDEX [PATH]...",
    .about = "Build or refresh an index of documents.",
    .version = "index format 4.1",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .metered = true,
    .run = run,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
