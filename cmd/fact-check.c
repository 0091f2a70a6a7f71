/*
 * fact-check: check answers against their evidence, and route them.
 */
#include <stdlib.h>
#include <time.h>

#include "cli/run.h"
#include "verify/verify_record.h"

static struct {
	double threshold;
	uint64_t fetch;
	bool explain;
} o = {.threshold = .6, .fetch = 5};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "explain", .type = KB_OPT_FLAG, .to = &o.explain,
	 .help = "write what was measured of every claim, too"},
	{.name = "fetch", .arg = "N", .type = KB_OPT_COUNT, .to = &o.fetch,
	 .min = 1, .max = 100,
	 .help = "passages to fetch from the indexes (5)"},
	{.name = "threshold", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.threshold, .max = 1,
	 .help = "confidence from which to answer (0.6)"},
};
/* clang-format on */

static struct {
	const char *paths[KB_OPT_LIST_MAX];
	size_t n_paths;
	struct kb_base *base; /* NULL without an index */
} run;

struct worker {
	struct kb_checker checker;
	struct kb_search *search;
};

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	struct kb_base_options opt = {.paths = run.paths,
				      .now = (int64_t)time(NULL)};

	(void)line;
	if (n > KB_OPT_LIST_MAX)
		return kb_err_set(err, KB_ELIMIT, "%d indexes, at most %d", n,
				  KB_OPT_LIST_MAX);
	for (int i = 0; i < n; i++)
		run.paths[i] = operands[i];
	run.n_paths = opt.n_paths = (size_t)n;
	return n ? kb_base_open(&run.base, &opt, err) : 0;
}

static void close_run(void)
{
	kb_base_unref(run.base);
}

static int thread_open(void **thread, struct kb_err *err)
{
	struct kb_search_options opt = {.k = o.fetch, .no_syntax = true};
	struct worker *worker = kb_calloc(1, sizeof(*worker));
	int rc = 0;

	kb_checker_init(&worker->checker, NULL);
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
	    .search = worker->search,
	};
	bool human = true;
	int rc = kb_verify_record(&worker->checker, &task->rec, &opt, &human,
				  &task->err);

	task->no = human;
	return rc < 0 ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	struct kb_verify_style style = {kb_cli_colour(), kb_print_text};

	(void)format;
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
    .formats = "json|text",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
