/* ctx-compress: conversations within a budget of tokens. See the page. */
#include "cli/common.h"
#include "cli/output.h"
#include "cli/run.h"
#include "context/compress_explain.h"
#include "context/compress_run.h"
#include "context/count.h"
#include "mask/mask_session.h"

static struct {
	struct kb_compress_setup compress;
	const char *count;
	struct kb_opt_list indexes;
	struct kb_mask_options mask;
	enum kb_count_each each;
} o = {.compress = {.options.keep_last = 4, .summary_timeout_s = 30}};

static struct kb_compress_run run;
static struct kb_mask_session *masking;

/* clang-format off */
static const struct kb_opt options[] = {
	{.letter = 'b', .name = "budget", .arg = "TOKENS", .type = KB_OPT_COUNT,
	 .to = &o.compress.options.budget_tokens, .min = 1, .max = 100000000,
	 .help = "tokens the messages may have (default: no limit)"},
	{.letter = 'r', .name = "ratio", .arg = "SHARE", .type = KB_OPT_NUMBER,
	 .to = &o.compress.options.ratio, .min = 0.01, .max = 1,
	 .help = "share of the tokens to keep, 0.01 to 1"},
	{.letter = 'k', .name = "keep-last", .arg = "TURNS",
	 .type = KB_OPT_COUNT, .to = &o.compress.options.keep_last, .min = 1, .max = 1000,
	 .help = "last turns kept as they are (4)"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.compress.model,
	 .help = "the model that reads it: its tokens are counted"},
	{.name = "tokenizer", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.compress.tokenizer,
	 .help = "o200k (default), cl100k, est, or a file"},
	{.name = "count", .arg = "TOKENIZER", .type = KB_OPT_STRING,
	 .to = &o.count, .bare = "",
	 .help = "count tokens of files and end, as wc counts words"},
	{.name = "each", .arg = "WHAT", .type = KB_OPT_CHOICE, .to = &o.each,
	 .choices = "file|line|record",
	 .help = "what --count counts: file, line or record (file)"},
	{.name = "over", .arg = "WHAT", .type = KB_OPT_CHOICE,
	 .to = &o.compress.options.over, .choices = "error|flag",
	 .help = "too much must stay: error or flag (error)"},
	{.name = "by", .arg = "MEMBER", .type = KB_OPT_STRING, .to = &o.compress.by,
	 .help = "a message a line; this member tells conversations"},
	{.name = "time", .arg = "MEMBER", .type = KB_OPT_STRING,
	 .to = &o.compress.time,
	 .help = "with --by: in the order of this member (of lines)"},
	{.name = "append-only", .type = KB_OPT_FLAG,
	 .to = &o.compress.options.append_only,
	 .help = "cut rarely, so that the beginning stays as it was"},
	{.name = "explain", .type = KB_OPT_FLAG, .to = &o.compress.options.explain,
	 .help = "say of each message why it stays or goes"},
	{.name = "gazetteer", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.compress.gazetteer,
	 .help = "names to find: a name, or slot<TAB>name, a line"},
	{.name = "intents", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.compress.intents,
	 .help = "threads by intents: a model of text-classify"},
	{.letter = 'i', .name = "index", .arg = "DIR", .type = KB_OPT_LIST,
	 .to = &o.indexes,
	 .help = "find the names of this index; may be given again"},
	{.name = "mask", .type = KB_OPT_FLAG, .to = &o.mask.mask,
	 .help = "stand-ins for personal data, names of --gazetteer"},
	{.name = "mask-map", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.mask.map,
	 .help = "what was masked goes there, or comes from there"},
	{.name = "unmask", .type = KB_OPT_FLAG, .to = &o.mask.undo,
	 .help = "put back what was masked, and do no more"},
	{.name = "summary-cmd", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.compress.summary_cmd,
	 .help = "ask this filter to sum up what goes"},
	{.name = "summary-timeout", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.compress.summary_timeout_s,
	 .help = "it has for a record (30s)"},
	{.name = "no-summary", .type = KB_OPT_FLAG,
	 .to = &o.compress.options.no_summary,
	 .help = "whole turns only, nothing of the others"},
};
/* clang-format on */

static void say(const struct kb_err *why)
{
	kb_print_note("ctx-compress", why->msg);
}

/* The files of the operands, else those of --file. */
static int count(char **operands, size_t n, struct kb_err *err)
{
	const char *const *files =
	    n ? (const char *const *)operands : kb_common.files.items;
	struct kb_output out;
	size_t failed = 0;
	int rc;

	if (n && kb_common.files.n)
		return kb_err_set(err, KB_EINVAL,
				  "--file and words that name files exclude "
				  "each other");
	n = n ? n : kb_common.files.n;
	rc = kb_output_open(&out, kb_common.output, err);
	if (rc < 0)
		return rc;
	rc = kb_count_files(run.options.tokenizer, o.each, files, n,
			    (size_t)kb_common.max_line, kb_output_add, &out,
			    say, &failed, err);
	if (rc == 0)
		rc = kb_output_finish(&out, err);
	kb_output_release(&out);
	return rc < 0 ? rc : failed ? KB_OPEN_PARTLY : KB_OPEN_DONE;
}

static int open_filter(int n_operands, char **operands, const char **line,
		       struct kb_err *err)
{
	int rc;

	(void)line;
	if (o.count && *o.count)
		o.compress.tokenizer = o.count;
	o.compress.indexes = o.indexes.items;
	o.compress.n_indexes = o.indexes.n;
	o.mask.names = o.compress.gazetteer;
	rc = kb_compress_run_open(&run, &o.compress, err);
	if (rc < 0)
		return rc;
	if (o.count)
		return count(operands, (size_t)n_operands, err);
	if (n_operands)
		return kb_err_set(err, KB_EINVAL,
				  "operand '%s': records come by -f FILE or "
				  "standard input",
				  operands[0]);
	if (o.each)
		return kb_err_set(err, KB_EINVAL, "--each goes with --count");
	return kb_mask_open(&masking, &o.mask, err);
}

static struct kb_sessions *sessions_of(void)
{
	return run.sessions;
}

static void close_filter(void)
{
	kb_compress_run_close(&run);
	kb_mask_close(masking, NULL);
}

static int thread_open(void **thread, struct kb_err *err)
{
	(void)err;
	*thread = kb_compressor_new(&run.options);
	return 0;
}

static void thread_close(void *thread)
{
	kb_compressor_free(thread);
}

static enum kb_work work(struct kb_task *task)
{
	struct kb_str map;
	int rc =
	    kb_mask_begin(masking, &task->rec, &task->arena, &map, &task->err);

	if (rc == 0 && !kb_mask_undoes(masking))
		rc = kb_compress_apply(task->thread, &task->rec, &task->arena,
				       &task->err);
	if (kb_mask_finish(masking, &task->rec, &task->arena, map, &task->err))
		rc = -1;
	return rc < 0 ? KB_WORK_FAILED : KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	(void)format;
	kb_compress_print(&task->rec, kb_task_id(task), kb_print_text, out);
}

static const struct kb_filter filter = {
    .open = open_filter,
    .sessions = sessions_of,
    .close = close_filter,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .print = print,
};

static const struct kb_command program = {
    .name = "ctx-compress",
    .synopsis = "[OPTION]... [FILE]...",
    .about = "Fit each record's conversation into a budget and make its "
	     "question stand alone.",
    .shown = "budget ratio keep-last model count "
	     "by explain index mask summary-cmd",
    .examples = "  ctx-compress -m gpt-4o -b 3000 < talks.jsonl\n"
		"  ctx-compress --count=o200k docs/*.md\n",
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
