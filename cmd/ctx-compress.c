/* ctx-compress: conversations within a budget of tokens. See the page. */
#include "cli/run.h"
#include "context/compress.h"

static struct {
	struct kb_compress_options compress;
	const char *model, *tokenizer;
	uint64_t budget, keep_last;
} o = {.keep_last = 4};

static struct kb_tokenizer *tokenizer;

/* clang-format off */
static const struct kb_opt options[] = {
	{.letter = 'b', .name = "budget", .arg = "TOKENS", .type = KB_OPT_COUNT,
	 .to = &o.budget, .min = 1, .max = 100000000,
	 .help = "tokens the messages may have (default: no limit)"},
	{.letter = 'r', .name = "ratio", .arg = "SHARE", .type = KB_OPT_NUMBER,
	 .to = &o.compress.ratio, .min = 0.01, .max = 1,
	 .help = "share of the tokens to keep, 0.01 to 1"},
	{.letter = 'k', .name = "keep-last", .arg = "TURNS",
	 .type = KB_OPT_COUNT, .to = &o.keep_last, .min = 1, .max = 1000,
	 .help = "last turns kept as they are (4)"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.model,
	 .help = "the model that reads it: its tokens are counted"},
	{.name = "tokenizer", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.tokenizer,
	 .help = "o200k (default), cl100k, est"},
	{.name = "over", .arg = "WHAT", .type = KB_OPT_CHOICE,
	 .to = &o.compress.over, .choices = "error|flag",
	 .help = "too much must stay: error or flag (error)"},
	{.name = "no-summary", .type = KB_OPT_FLAG,
	 .to = &o.compress.no_summary,
	 .help = "leave no summary of dropped turns"},
};
/* clang-format on */

static int open_filter(int n_operands, char **operands, const char **line,
		       struct kb_err *err)
{
	int rc = kb_tokenizer_open(o.tokenizer, o.model, &tokenizer, err);

	(void)line;
	(void)n_operands;
	(void)operands;
	if (rc < 0)
		return rc;
	o.compress.tokenizer = tokenizer;
	o.compress.budget_tokens = (size_t)o.budget;
	o.compress.keep_last = (size_t)o.keep_last;
	return 0;
}

static void close_filter(void)
{
	kb_tokenizer_close(tokenizer);
}

static int thread_open(void **thread, struct kb_err *err)
{
	(void)err;
	*thread = kb_compressor_new(&o.compress);
	return 0;
}

static void thread_close(void *thread)
{
	kb_compressor_free(thread);
}

static enum kb_work work(struct kb_task *task)
{
	if (kb_compress_apply(task->thread, &task->rec, &task->arena,
			      &task->err) < 0)
		return KB_WORK_FAILED;
	return KB_WORK_DONE;
}

static const struct kb_filter filter = {
    .open = open_filter,
    .close = close_filter,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
};

static const struct kb_command program = {
    .name = "ctx-compress",
    .synopsis = "[OPTION]...",
    .about = "Fit each record's conversation into a budget and make its "
	     "question stand alone.",
    .options = options,
    .n_options = KB_OPT_N(options),
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
