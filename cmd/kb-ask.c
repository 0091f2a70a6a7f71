/* kb-ask: ask a knowledge base, and see what the answer rests on. */
#include "ask/ask_run.h"
#include "cli/converse.h"
#include "cli/output.h"
#include "cli/run.h"

static void say(void *arg, const char *line)
{
	(void)arg;
	kb_print_note("kb-ask", line);
}

static struct {
	struct kb_ask_options ask;
	struct kb_opt_list indexes;
	bool json;
} o = {
    .ask = {.setup = {.search = {.k = 10, .ask = {NULL, 50, 2, 0.5}},
		      .session = KB_SESSION_DEFAULTS,
		      .verify = {.threshold = .6, .fetch = 5}},
	    .terminal = {kb_print_text, kb_cli_show_piece, kb_cli_was_shown,
			 kb_cli_dropped, say},
	    .timeout_s = 60,
	    .stream = KB_OPT_UNSET},
};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "at", .arg = "DATE", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.base.at,
	 .help = "what is valid on that day (now)"},
	{.name = "embed-cmd", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.search.embed,
	 .help = "makes the vector of a question, not llm-call"},
	{.name = "encoder", .arg = "NAMES", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.session.encoder,
	 .help = "models to rank sentences by, too (the index's)"},
	{.name = "filter", .arg = "EXPR", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.base.filter,
	 .help = "such as 'lang:zh price>=100'"},
	{.letter = 'i', .name = "index", .arg = "DIR", .type = KB_OPT_LIST,
	 .to = &o.indexes,
	 .help = "search this index too; may be given again"},
	{.name = "json", .type = KB_OPT_FLAG, .to = &o.json,
	 .help = "write the whole record, also on a terminal"},
	{.letter = 'k', .name = "hits", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.ask.setup.search.k, .min = 1, .max = KB_SEARCH_K_MAX,
	 .help = "passages to answer from (10)"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.session.model,
	 .help = "ask a provider for this model"},
	{.name = "plain", .type = KB_OPT_FLAG, .to = &o.ask.setup.search.no_syntax,
	 .help = "the question has no syntax"},
	{.name = "provider", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.session.provider,
	 .help = "ask only this one; 'local' is built in"},
	{.name = "rerank", .arg = "CMD", .type = KB_OPT_STRING,
	 .to = &o.ask.setup.search.ask.command,
	 .help = "order by a filter such as 'llm-call --rerank'"},
	{.name = "stream", .type = KB_OPT_SWITCH, .to = &o.ask.stream,
	 .help = "show an answer as it comes (on a terminal)"},
	{.letter = 't', .name = "template", .arg = "FILE",
	 .type = KB_OPT_STRING, .to = &o.ask.setup.prompt.template,
	 .help = "of the prompt, a file or a name (built in)"},
	{.name = "threshold", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.ask.setup.verify.threshold, .max = 1,
	 .help = "confidence from which to answer (0.6)"},
	{.name = "timeout", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.ask.timeout_s, .min = 0.001, .max = 86400,
	 .help = "for one attempt at a provider (60s)"},
};
/* clang-format on */

static struct kb_ask_run run;

static int wait_for(int fd, int timeout_ms, struct kb_err *err)
{
	(void)err;
	kb_pipeline_wait(run.pipeline, fd, timeout_ms);
	return 0;
}

static int thread_open(void **thread, struct kb_err *err)
{
	return kb_ask_worker_open(&run, (struct kb_pipeline_worker **)thread,
				  err);
}

static void thread_close(void *thread)
{
	kb_pipeline_worker_close(thread);
}

static struct kb_filter filter; /* below */

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	int rc = o.json ? kb_cli_set_format(0, "--json", err) : 0;

	o.ask.indexes = o.indexes.items;
	o.ask.n_indexes = o.indexes.n;
	o.ask.jobs = kb_cli_jobs();
	o.ask.setup.session.config = kb_cli_config();
	if (!rc)
		rc = kb_ask_run_open(&run, &o.ask, operands, n, err);
	*line = run.question;
	if (!rc && kb_pipeline_is_remote(run.pipeline)) {
		filter.wait = wait_for;
		filter.thread_open = NULL;
	}
	return rc;
}

static void close_run(void)
{
	kb_ask_run_close(&run);
}

/* What a step could not do stands in the record, in that step's name. */
static void settle(struct kb_task *task, const struct kb_pipeline_job *job)
{
	task->no = job->human;
	task->err = job->err;
	task->passed |= job->err.code != 0;
}

static void on_done(struct kb_pipeline_job *job)
{
	settle(job->arg, job);
	kb_task_done(job->arg, KB_WORK_DONE);
}

static enum kb_work work(struct kb_task *task)
{
	struct kb_pipeline_job *job =
	    kb_ask_job(&run, &task->rec, task->number, on_done, task);

	if (!kb_ask_begin(&run, task->thread, job))
		return KB_WORK_PENDING;
	settle(task, job);
	return KB_WORK_DONE;
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	(void)format;
	kb_ask_print(&run, &task->rec, kb_cli_colour(), out);
}

static int turn(void *thread, struct kb_str line, struct kb_buf *out,
		struct kb_err *err)
{
	return kb_ask_turn(&run, thread, line, kb_cli_colour(), out, err);
}

static void stats(struct kb_buf *members)
{
	kb_pipeline_stats(run.pipeline, members);
}

static struct kb_filter filter = {
    .takes_text = true,
    .sees_errors = true,
    .window = 512, /* records of ten passages, in memory */
    .open = open_run,
    .close = close_run,
    .thread_open = thread_open,
    .thread_close = thread_close,
    .work = work,
    .converse = kb_converse,
    .turn = turn,
    .print = print,
    .stats = stats,
};

static const struct kb_command program = {
    .name = "kb-ask",
    .synopsis = "[OPTION]... INDEX [QUESTION]...",
    .about = "Answer questions from an index, with the evidence.",
    .shown = "encoder filter index hits json "
	     "model provider rerank stream threshold",
    .examples =
	"  kb-ask my.kb 'When does the pool open?'\n"
	"  kb-ask -m claude-haiku-4-5 my.kb < questions.txt > answers.jsonl\n",
    .version = "index format 4.1",
    .options = options,
    .n_options = KB_OPT_N(options),
    .operands = true,
    .formats = "json|text",
    .config_except = "providers",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
