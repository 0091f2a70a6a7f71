/*
 * fact-check: check answers against their evidence, and route them.
 */
#include <stdlib.h>
#include <time.h>

#include "verify/verify_record.h"

#include "fact-check.h"

static struct {
	const char *paths[KB_OPT_LIST_MAX];
	size_t n_paths;
	struct kb_base *base; /* NULL without an index */
} run;

struct worker {
	struct kb_checker checker;
	struct kb_search *search;
};

static int open_run(void *arg, int n, char **operands, const char **line,
		    struct kb_err *err)
{
	struct kb_base_options options = {.paths = run.paths,
					  .now = (int64_t)time(NULL)};

	(void)arg;
	(void)line;
	if (n > KB_OPT_LIST_MAX)
		return kb_err_set(err, KB_ELIMIT, "%d indexes, at most %d", n,
				  KB_OPT_LIST_MAX);
	for (int i = 0; i < n; i++)
		run.paths[i] = operands[i];
	run.n_paths = options.n_paths = (size_t)n;
	return n ? kb_base_open(&run.base, &options, err) : 0;
}

static void close_run(void *arg)
{
	(void)arg;
	kb_base_unref(run.base);
}

static int thread_open(void *arg, void **thread, struct kb_err *err)
{
	struct kb_search_options options = {.k = o.fetch, .no_syntax = true};
	struct worker *worker = kb_calloc(1, sizeof(*worker));
	int rc = 0;

	(void)arg;
	kb_checker_init(&worker->checker);
	options.legs[KB_LEG_LEXICAL] = true;
	if (run.base)
		rc = kb_search_open(&worker->search, run.base, &options, NULL,
				    err);
	*thread = worker;
	return rc;
}

static void thread_close(void *arg, void *thread)
{
	struct worker *worker = thread;

	(void)arg;
	if (!worker)
		return;
	kb_search_close(worker->search);
	kb_checker_release(&worker->checker);
	free(worker);
}

static enum kb_work work(void *arg, struct kb_task *task)
{
	struct worker *worker = task->thread;
	struct kb_verify_options options = {o.threshold, o.fetch,
					    worker->search};
	bool human = true;
	int rc = kb_verify_record(&worker->checker, &task->rec, &options,
				  &human, &task->err);

	(void)arg;
	task->no = human;
	return rc < 0 ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void print(void *arg, struct kb_task *task, int format,
		  struct kb_buf *out)
{
	struct kb_verify_style style = {kb_cli_colour(), kb_print_text};

	(void)arg;
	(void)format;
	kb_verify_print(&task->rec, &style, out);
}

int main(int argc, char **argv)
{
	static const struct kb_filter filter = {
	    .name = "fact-check",
	    .synopsis = "[options] [INDEX...] < records",
	    .about = "Check answers against their evidence and route them.",
	    .options = table,
	    .n_options = KB_OPT_N(table),
	    .sees_errors = true,
	    .formats = "json|text",
	    .open = open_run,
	    .close = close_run,
	    .thread_open = thread_open,
	    .thread_close = thread_close,
	    .work = work,
	    .print = print,
	};

	return kb_cli_main(argc, argv, &filter, NULL);
}
