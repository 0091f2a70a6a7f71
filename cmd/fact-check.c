/*
 * fact-check: check answers against their evidence, and route them.
 */
#include <stdlib.h>
#include <time.h>

#include "cli/run.h"
#include "learn/model_file.h"
#include "verify/verify_record.h"

static struct {
	double threshold;
	uint64_t fetch;
	bool explain, tsv, claims;
	const char *evidence, *human, *model;
	int only; /* 0 answer, 1 human */
} o = {.threshold = .6, .fetch = 5, .only = KB_OPT_UNSET};

enum { FORMAT_TSV = 2, FORMAT_CLAIMS }; /* places in .formats */

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "claims", .type = KB_OPT_FLAG, .to = &o.claims,
	 .help = "write a line a claim"},
	{.name = "evidence", .arg = "MEMBER", .type = KB_OPT_STRING,
	 .to = &o.evidence,
	 .help = "that holds the passages (hits)"},
	{.name = "explain", .type = KB_OPT_FLAG, .to = &o.explain,
	 .help = "write what was measured of every claim, too"},
	{.name = "fetch", .arg = "N", .type = KB_OPT_COUNT, .to = &o.fetch,
	 .min = 1, .max = 100,
	 .help = "passages to fetch from the indexes (5)"},
	{.name = "human", .arg = "FILE", .type = KB_OPT_STRING, .to = &o.human,
	 .help = "write there the records for a human"},
	{.name = "model-file", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "weights of what supports a claim (built in)"},
	{.name = "only", .arg = "ROUTE", .type = KB_OPT_CHOICE, .to = &o.only,
	 .choices = "answer|human",
	 .help = "write the records of one route, answer or human"},
	{.name = "threshold", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.threshold, .max = 1,
	 .help = "confidence from which to answer (0.6)"},
	{.name = "tsv", .type = KB_OPT_FLAG, .to = &o.tsv,
	 .help = "write id, confidence, route, reasons between tabs"},
};
/* clang-format on */

static struct {
	struct kb_base *base;	      /* NULL without an index */
	struct kb_linear_model claim; /* of --model-file */
	struct kb_arena arena;	      /* of the model */
} run;

struct worker {
	struct kb_checker checker;
	struct kb_search *search;
};

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	struct kb_base_options opt = {.paths = (const char *const *)operands,
				      .n_paths = (size_t)n,
				      .now = (int64_t)time(NULL)};
	int rc = kb_cli_set_aside(o.human, "--human", err);

	(void)line;
	if (!rc && o.human && o.only != KB_OPT_UNSET)
		rc = kb_err_set(err, KB_EINVAL,
				"--human and --only exclude each other");
	if (!rc && o.tsv)
		rc = kb_cli_set_format(FORMAT_TSV, "--tsv", err);
	if (!rc && o.claims)
		rc = kb_cli_set_format(FORMAT_CLAIMS, "--claims", err);
	if (!rc && n > KB_OPT_LIST_MAX)
		rc = kb_err_set(err, KB_ELIMIT, "%d indexes, at most %d", n,
				KB_OPT_LIST_MAX);
	if (!rc && o.model)
		rc = kb_model_file_load(o.model, kb_claim_features, KB_FEATURES,
					&run.arena, &run.claim, err);
	return rc || !n ? rc : kb_base_open(&run.base, &opt, err);
}

static void close_run(void)
{
	kb_base_unref(run.base);
	kb_arena_release(&run.arena);
}

static int thread_open(void **thread, struct kb_err *err)
{
	struct kb_search_options opt = {.k = o.fetch, .no_syntax = true};
	struct worker *worker = kb_calloc(1, sizeof(*worker));
	int rc = 0;

	kb_checker_init(&worker->checker, o.model ? &run.claim : NULL);
	opt.legs[KB_LEG_LEXICAL] = true;
	if (run.base)
		rc = kb_search_open(&worker->search, run.base, &opt, NULL, err);
	*thread = worker;
	return rc;
}

static void thread_close(void *thread)
{
	struct worker *worker = thread;

	if (!worker)
		return;
	kb_search_close(worker->search);
	kb_checker_release(&worker->checker);
	free(worker);
}

static enum kb_work work(struct kb_task *task)
{
	struct worker *worker = task->thread;
	struct kb_verify_options opt = {
	    .threshold = o.threshold,
	    .fetch = o.fetch,
	    .explain = o.explain,
	    .evidence = o.evidence,
	    .search = worker->search,
	};
	bool human = true;
	int rc = kb_verify_record(&worker->checker, &task->rec, &opt, &human,
				  &task->err);

	task->no = human;
	if (human && o.human)
		task->where = KB_WHERE_ASIDE;
	if (o.only != KB_OPT_UNSET && human != o.only)
		task->where = KB_WHERE_NOWHERE;
	return rc < 0 ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	struct kb_verify_style style = {kb_cli_colour(), kb_print_text};

	if (format == FORMAT_TSV)
		kb_verify_tsv(&task->rec, kb_task_id(task), out);
	else if (format == FORMAT_CLAIMS)
		kb_verify_claims(&task->rec, kb_task_id(task), out);
	else
		kb_verify_print(&task->rec, &style, out);
}

static const struct kb_filter filter = {
    .sees_errors = true,
    .open = open_run,
    .close = close_run,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .print = print,
};

static const struct kb_command program = {
    .name = "fact-check",
    .synopsis = "[OPTION]... [INDEX]...",
    .about = "Check answers against their evidence and route them.",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .formats = "json|text|tsv|claims",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
