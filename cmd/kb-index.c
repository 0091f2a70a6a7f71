/* kb-index: build, refresh and look after an index directory. */
#include <unistd.h>

#include "cli/command.h"
#include "cli/meter.h"
#include "cli/output.h"
#include "index/ingest/index_look.h"
#include "index/ingest/index_run.h"
#include "index/ingest/index_watch.h"
#include "index/ingest/ingest.h"
#include "index/write/writer_legs.h"
#include "search/null_distribution.h"
#include "vector/embed_pool.h"

static struct {
	struct kb_writer_options writer;
	struct kb_legs legs;
	struct kb_index_run run;
	struct kb_look look;
	bool watch;
	double every_s;
	uint64_t memory, chunk_target, chunk_max, title_weight;
	struct kb_opt_list include, exclude, convert, forget;
} o = {.writer.grace_s = 300,
       .every_s = 600,
       .run.commit_every_s = 300,
       .run.lines = KB_OPT_UNSET,
       .run.gitignore = KB_OPT_UNSET};

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
	 .to = &o.run.commit_every_s,
	 .help = "with --embed: make what is done searchable (300s)"},
	{.name = "convert", .arg = "GLOB=CMD", .type = KB_OPT_LIST,
	 .to = &o.convert,
	 .help = "what matching files say: 'CMD {}' prints it"},
	{.name = "dump", .type = KB_OPT_FLAG, .to = &o.look.dump,
	 .help = "write the documents as JSON lines"},
	{.name = "embed", .arg = "MODEL", .type = KB_OPT_STRING, .to = &o.run.models,
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
	{.name = "every", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.every_s,
	 .help = "with --watch: refresh in any case (600s; 0s: never)"},
	{.name = "exclude", .arg = "GLOB", .type = KB_OPT_LIST,
	 .to = &o.exclude,
	 .help = "skip matching files; may be given again"},
	{.name = "forget", .arg = "PATH", .type = KB_OPT_LIST, .writes = true,
	 .to = &o.forget,
	 .help = "no source any more, and its documents go"},
	{.name = "gitignore", .type = KB_OPT_SWITCH, .to = &o.run.gitignore,
	 .help = "skip what git ignores in directories"},
	{.name = "grace", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.writer.grace_s,
	 .help = "keep replaced files this long (300s)"},
	{.name = "include", .arg = "GLOB", .type = KB_OPT_LIST,
	 .to = &o.include,
	 .help = "take only matching files; may be given again"},
	{.name = "info", .type = KB_OPT_FLAG, .to = &o.look.info,
	 .help = "print counts, sizes, settings and sources"},
	{.name = "keyword", .arg = "NAMES", .type = KB_OPT_STRING,
	 .to = &o.writer.keywords,
	 .help = "members to filter by value, comma-separated"},
	{.name = "lines", .type = KB_OPT_SWITCH, .to = &o.run.lines,
	 .help = "text files are logs: each entry a document"},
	{.name = "list", .type = KB_OPT_FLAG, .to = &o.look.list,
	 .help = "print its documents, and what was refused"},
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
	{.name = "refresh", .type = KB_OPT_FLAG, .to = &o.run.refresh,
	 .help = "what the index remembers, whatever comes in"},
	{.name = "restore", .type = KB_OPT_FLAG, .to = &o.run.ingest.restore,
	 .help = "the documents are a dump: settings, chunks and all"},
	{.name = "show", .arg = "ID", .type = KB_OPT_STRING, .to = &o.look.show,
	 .help = "print a document, or its passage ID#N, as indexed"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.writer.hash_seed, .min = 1, .max = 9007199254740992,
	 .help = "of a new index, for the same bytes again (random)"},
	{.name = "shard", .arg = "I/N", .type = KB_OPT_STRING, .to = &o.run.shard,
	 .help = "take only part I of N of the documents"},
	{.name = "single-thread", .type = KB_OPT_FLAG,
	 .to = &o.writer.single_thread,
	 .help = "use one thread"},
	{.name = "sync", .type = KB_OPT_FLAG, .writes = true, .to = &o.run.ingest.sync,
	 .help = "what is given is all: everything else goes"},
	{.name = "title-weight", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.title_weight, .min = 1, .max = KB_TITLE_WEIGHT_MAX,
	 .help = "of a new index (1)"},
	{.name = "verify", .type = KB_OPT_FLAG, .to = &o.look.verify,
	 .help = "check every byte of the index"},
	{.name = "watch", .type = KB_OPT_FLAG, .to = &o.watch,
	 .help = "stay, and refresh whenever a source changes"},
	{.name = "words", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.writer.words,
	 .help = "names that count as one term, one a line"},
};
/* clang-format on */

/* arg: the meter, whose line goes before; or NULL. */
static void say(void *arg, const char *line)
{
	if (arg)
		kb_meter_clear(arg);
	kb_print_note("kb-index", line);
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

static void fill_run(struct kb_once *once)
{
	struct kb_index_run *r = &o.run;
	struct kb_ingest_options *in = &r->ingest;

	r->index = once->operands[0];
	r->writer = &o.writer;
	r->legs = &o.legs;
	r->more = &kb_null_leg;
	r->more_arg = &o.writer.rebuild;
	r->paths = (const char *const *)once->operands + 1;
	r->n_paths = once->n_operands - 1;
	r->reads_nothing = !r->n_paths && o.writer.optimize;
	r->forget = o.forget.items;
	r->n_forget = o.forget.n;
	r->convert = o.convert.items;
	r->n_convert = o.convert.n;
	r->convert_said = o.convert.off;
	r->change = once->verbose || isatty(STDERR_FILENO) ? say : NULL;
	r->phase = kb_meter_phase;
	r->report = report;
	r->report_arg = once;
	in->chunk.target_tokens = (uint32_t)o.chunk_target;
	in->chunk.max_tokens = (uint32_t)o.chunk_max;
	in->crawl = (struct kb_crawl_opts){
	    .include = o.include.items,
	    .n_include = o.include.n,
	    .exclude = o.exclude.items,
	    .n_exclude = o.exclude.n,
	    .note = once->verbose ? say : NULL,
	    .problem = say,
	    .arg = once->meter,
	};
	in->progress = kb_meter_show;
	in->progress_arg = once->meter;
}

static int build(struct kb_once *once, struct kb_err *err)
{
	uint64_t problems = 0;
	int rc;

	fill_run(once);
	o.writer.must_exist |=
	    o.run.refresh || o.forget.n || (o.watch && !o.run.n_paths);
	o.writer.memory_bytes = o.memory;
	o.writer.title_weight = (unsigned)o.title_weight;
	rc = o.watch ? kb_index_watch(&o.run, o.every_s, err)
		     : kb_index_run(&o.run, &problems, err);
	return rc < 0 ? rc : problems ? 3 : 0;
}

static int run(struct kb_once *once, struct kb_err *err)
{
	int rc = kb_once_index(once, err);

	if (rc < 0)
		return rc;
	o.look.form = once->format;
	if (kb_look_asked(&o.look))
		return kb_index_look(
		    once->operands, once->n_operands, &o.look,
		    &(struct kb_dump_sink){kb_output_print, NULL}, err);
	if (once->n_operands == 1 && !o.writer.optimize &&
	    isatty(STDIN_FILENO)) {
		if (access(once->operands[0], F_OK))
			return KB_ONCE_USAGE;
		o.run.refresh = true;
	}
	return build(once, err);
}

static const struct kb_command program = {
    .name = "kb-index",
    .synopsis = "[OPTION]... INDEX [PATH]...",
    .about = "Build or refresh an index of documents.",
    .shown = "convert embed exclude include "
	     "info list rebuild watch",
    .examples =
	"  kb-index my.kb docs/       # build, or read what has changed\n"
	"  kb-index my.kb             # refresh all that it was made of\n",
    .version = "index format 4.1",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .formats = "json|text|tsv",
    .metered = true,
    .run = run,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
