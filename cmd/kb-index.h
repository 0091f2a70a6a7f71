/* The options of kb-index. Included by kb-index.c only. */
#ifndef KB_CMD_KB_INDEX_H
#define KB_CMD_KB_INDEX_H

#include "cli/opt.h"
#include "index/write/writer_legs.h"

static struct {
	bool verify, info, dump, rebuild, sync, allow_delete, lines, optimize;
	bool verbose, single, progress;
	double lock_wait_s, grace_s;
	uint64_t memory, chunk_target, chunk_max, title_weight;
	const char *shard, *keywords, *numerics, *embed, *stats, *words;
	struct kb_legs legs;
	struct kb_opt_list include, exclude;
} o = {.grace_s = 300};

static const struct kb_opt table[] = {
    {0, "allow-delete", NULL, "let a run remove more than 20 % of the index",
     KB_OPT_FLAG, &o.allow_delete, 0, 0, NULL},
    {0, "chunk-max", "N", "largest chunk in tokens (800)", KB_OPT_COUNT,
     &o.chunk_max, 16, 100000, NULL},
    {0, "chunk-target", "N", "wanted chunk in tokens (400)", KB_OPT_COUNT,
     &o.chunk_target, 8, 100000, NULL},
    {0, "dump", NULL, "write the documents as JSON lines", KB_OPT_FLAG, &o.dump,
     0, 0, NULL},
    {0, "embed", "MODEL", "make vectors with 'llm-call --embed -m MODEL'",
     KB_OPT_STRING, &o.embed, 0, 0, NULL},
    {0, "embed-cmd", "CMD", "the embedder, in the place of llm-call",
     KB_OPT_STRING, &o.legs.command, 0, 0, NULL},
    {0, "exclude", "GLOB", "skip matching files; may be given again",
     KB_OPT_LIST, &o.exclude, 0, 0, NULL},
    {0, "grace", "TIME", "keep replaced files this long (300s)",
     KB_OPT_DURATION, &o.grace_s, 0, 0, NULL},
    {0, "include", "GLOB", "take only matching files; may be given again",
     KB_OPT_LIST, &o.include, 0, 0, NULL},
    {0, "info", NULL, "print counts and sizes as JSON", KB_OPT_FLAG, &o.info, 0,
     0, NULL},
    {0, "keyword", "NAMES", "members to filter by value, comma-separated",
     KB_OPT_STRING, &o.keywords, 0, 0, NULL},
    {0, "lines", NULL, "text files are logs: each entry a document",
     KB_OPT_FLAG, &o.lines, 0, 0, NULL},
    {0, "lock-wait", "TIME", "wait for another writer (0s)", KB_OPT_DURATION,
     &o.lock_wait_s, 0, 0, NULL},
    {0, "memory", "SIZE", "bound of the inverter (200M)", KB_OPT_SIZE,
     &o.memory, 0, 0, NULL},
    {0, "no-graph", NULL, "leave the graph of names out", KB_OPT_FLAG,
     &o.legs.no_graph, 0, 0, NULL},
    {0, "no-word-vectors", NULL, "leave the vectors of words out", KB_OPT_FLAG,
     &o.legs.no_words, 0, 0, NULL},
    {0, "numeric", "NAMES", "members to filter by range, comma-separated",
     KB_OPT_STRING, &o.numerics, 0, 0, NULL},
    {0, "optimize", NULL, "merge everything into one segment", KB_OPT_FLAG,
     &o.optimize, 0, 0, NULL},
    {0, "progress", NULL, "show progress on standard error", KB_OPT_FLAG,
     &o.progress, 0, 0, NULL},
    {0, "rebuild", NULL, "start from nothing", KB_OPT_FLAG, &o.rebuild, 0, 0,
     NULL},
    {0, "shard", "I/N", "take only part I of N of the documents", KB_OPT_STRING,
     &o.shard, 0, 0, NULL},
    {0, "single-thread", NULL, "use one thread", KB_OPT_FLAG, &o.single, 0, 0,
     NULL},
    {0, "stats", "FILE", "write counts, rates and memory to FILE",
     KB_OPT_STRING, &o.stats, 0, 0, NULL},
    {0, "sync", NULL, "what is given is all: everything else goes", KB_OPT_FLAG,
     &o.sync, 0, 0, NULL},
    {0, "title-weight", "N", "of a new index (1)", KB_OPT_COUNT,
     &o.title_weight, 1, KB_TITLE_WEIGHT_MAX, NULL},
    {'v', "verbose", NULL, "say what was done and skipped", KB_OPT_FLAG,
     &o.verbose, 0, 0, NULL},
    {0, "verify", NULL, "check every byte of the index", KB_OPT_FLAG, &o.verify,
     0, 0, NULL},
    {0, "words", "FILE", "names that count as one term, one a line",
     KB_OPT_STRING, &o.words, 0, 0, NULL},
};

static const struct kb_opt_program program = {
    .name = "kb-index",
    .synopsis = "[options] INDEX [PATH...]",
    .about = "Build or refresh an index of documents.",
    .version = "index format 4.0",
    .options = table,
    .n_options = KB_OPT_N(table),
};

#endif
