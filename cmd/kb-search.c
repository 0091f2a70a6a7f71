/*
 * kb-search: find the passages that answer a question.
 */
#include <stdlib.h>
#include <time.h>

#include "context/complete.h"
#include "search/search_record.h"
#include "tune/tune.h"

#include "kb-search.h"

static struct {
	const char *paths[KB_OPT_LIST_MAX + 1];
	struct kb_base_options base_options;
	struct kb_base *base;
	struct kb_search_shared *shared;
	struct kb_tune *tune; /* or NULL: search */
	struct kb_terms terms;
	struct kb_text_style style;
	char *question; /* of the command line */
} run;

static struct kb_filter filter; /* below */

static int tune(void *arg, int format, struct kb_buf *out, struct kb_err *err)
{
	(void)arg;
	return kb_tune_run(run.tune, &run.base_options, &o.search, !format, out,
			   err);
}

static int open_run(void *arg, int n, char **operands, const char **line,
		    struct kb_err *err)
{
	int rc;

	(void)arg;
	if (!n)
		return kb_err_set(err, KB_EINVAL, "no index given");
	run.paths[0] = operands[0];
	for (size_t i = 0; i < o.indexes.n; i++)
		run.paths[i + 1] = o.indexes.items[i];
	run.base_options = (struct kb_base_options){
	    .paths = run.paths,
	    .n_paths = o.indexes.n + 1,
	    .filter = o.filter,
	    .at = o.at,
	    .weights = o.weights,
	    .now = time(NULL),
	    .once = n > 1 && kb_cli_jobs() < 2,
	};
	rc = kb_search_choose_legs(&o.search, o.legs, err);
	if (rc == 0 && !o.tune.qrels)
		rc = kb_search_shared_open(&run.shared, &o.search, err);
	if (rc == 0 && o.tune.qrels) {
		filter.report = tune;
		rc = kb_tune_open(&run.tune, &o.tune, err);
	}
	if (rc < 0)
		return rc;
	*line = run.question = kb_request_join(operands + 1, n - 1);
	run.style.analyzer = kb_analyzer_new();
	run.style.put = kb_print_text;
	run.style.terms = &run.terms;
	return kb_base_open(&run.base, &run.base_options, err);
}

static void close_run(void *arg)
{
	(void)arg;
	kb_search_shared_close(run.shared);
	kb_base_unref(run.base);
	kb_tune_close(run.tune);
	kb_analyzer_free(run.style.analyzer);
	kb_terms_release(&run.terms);
	free(run.question);
}

static int thread_open(void *arg, void **thread, struct kb_err *err)
{
	(void)arg;
	return kb_search_open((struct kb_search **)thread, run.base, &o.search,
			      run.shared, err);
}

static void thread_close(void *arg, void *thread)
{
	(void)arg;
	kb_search_close(thread);
}

static enum kb_work work(void *arg, struct kb_task *task)
{
	struct kb_search *search = task->thread;
	struct kb_request request;
	bool found;

	(void)arg;
	if (kb_request_read(&task->rec, &task->arena, &request, &task->err))
		return KB_WORK_FAILED;
	request.query = kb_context_question(&task->rec, request.query,
					    request.source, &task->arena);
	if (run.tune) {
		kb_tune_add(run.tune, task->number, kb_task_id(task), &request);
		return KB_WORK_DONE;
	}
	if ((o.reload &&
	     kb_search_refresh(search, &run.base_options, &task->err)) ||
	    kb_record_search(&task->rec, search, &request, &found, &task->err))
		return KB_WORK_FAILED;
	task->no = !found;
	return KB_WORK_DONE;
}

static void print(void *arg, struct kb_task *task, int format,
		  struct kb_buf *out)
{
	(void)arg;
	run.style.colour = kb_cli_colour();
	kb_record_print(&task->rec, kb_task_id(task), format, &run.style,
			&task->arena, out);
}

static struct kb_filter filter = {
    .name = "kb-search",
    .synopsis = "[options] INDEX [QUERY...]",
    .about = "Find the passages of an index that answer a question.",
    .version = "index format 4.0",
    .options = table,
    .n_options = KB_OPT_N(table),
    .takes_text = true,
    .formats = "json|text|trec|ids",
    .open = open_run,
    .close = close_run,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .print = print,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &filter, NULL);
}
