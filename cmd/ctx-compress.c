/* ctx-compress: conversations within a budget of tokens. See the page. */
#include "cli/run.h"
#include "context/compress.h"

static struct kb_compress_options options = {.keep_last = 4};
static uint64_t budget, keep_last = 4;

static const struct kb_opt table[] = {
    {'b', "budget", "TOKENS",
     "tokens the messages may have (default: no limit)", KB_OPT_COUNT, &budget,
     1, 100000000, NULL},
    {'r', "ratio", "SHARE", "share of the tokens to keep, 0.01 to 1",
     KB_OPT_NUMBER, &options.ratio, 0.01, 1, NULL},
    {'k', "keep-last", "TURNS", "last turns kept as they are (4)", KB_OPT_COUNT,
     &keep_last, 1, 1000, NULL},
    {0, "over", "WHAT", "too much must stay: error or flag (error)",
     KB_OPT_CHOICE, &options.over, 0, 0, "error|flag"},
    {0, "no-summary", NULL, "leave no summary of dropped turns", KB_OPT_FLAG,
     &options.no_summary, 0, 0, NULL},
};

static int open_filter(void *arg, int n_operands, char **operands,
		       const char **line, struct kb_err *err)
{
	(void)arg;
	(void)line;
	if (n_operands)
		return kb_err_set(err, KB_EINVAL,
				  "no operand expected, found '%s'",
				  operands[0]);
	options.budget_tokens = (size_t)budget;
	options.keep_last = (size_t)keep_last;
	return 0;
}

static int thread_open(void *arg, void **thread, struct kb_err *err)
{
	(void)arg;
	(void)err;
	*thread = kb_analyzer_new();
	return 0;
}

static void thread_close(void *arg, void *thread)
{
	(void)arg;
	kb_analyzer_free(thread);
}

static enum kb_work work(void *arg, struct kb_task *task)
{
	(void)arg;
	if (kb_compress_apply(&options, task->thread, &task->rec, &task->arena,
			      &task->err) < 0)
		return KB_WORK_FAILED;
	return KB_WORK_DONE;
}

int main(int argc, char **argv)
{
	static const struct kb_filter filter = {
	    .name = "ctx-compress",
	    .synopsis = "[-b TOKENS] [-r SHARE] [-k TURNS]",
	    .about = "Fit each record's conversation into a budget and make "
		     "its question stand alone.",
	    .options = table,
	    .n_options = KB_OPT_N(table),
	    .open = open_filter,
	    .thread_open = thread_open,
	    .thread_close = thread_close,
	    .work = work,
	};

	return kb_cli_main(argc, argv, &filter, NULL);
}
