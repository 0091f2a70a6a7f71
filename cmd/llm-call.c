/*
 * llm-call: answers from providers over HTTP or from the built-in model.
 */
#include <unistd.h>

#include "cli/output.h"
#include "cli/run.h"
#include "llm/answer_delta.h"
#include "llm/session.h"

enum { STREAM_TEXT, STREAM_JSONL, STREAM_OFF }; /* --stream */

static struct {
	struct kb_session_options session;
	struct kb_opt_list members;
	double deadline_s, timeout_s;
	uint64_t max_tokens, in_flight;
	bool embed, rerank;
	int stream;
} o = {
    .session = KB_SESSION_DEFAULTS,
    .deadline_s = 120,
    .timeout_s = 60,
    .in_flight = 32,
    .stream = KB_OPT_UNSET,
};

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "budget", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.session.budget, .min = 0, .max = 1e9,
	 .help = "ask no more than X pays for"},
	{.name = "cache", .arg = "DIR", .type = KB_OPT_STRING, .bare = "",
	 .writes = true, .to = &o.session.cache_dir,
	 .help = "keep answers and vectors, and take them from there"},
	{.name = "cache-size", .arg = "BYTES", .type = KB_OPT_SIZE,
	 .to = &o.session.cache_size, .min = 1 << 20, .max = 1e12,
	 .help = "largest cache, the least used goes (256M)"},
	{.name = "cache-ttl", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.session.cache_ttl_s, .max = 1e9,
	 .help = "use nothing older (30d)"},
	{.name = "cascade-train", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.session.outcomes,
	 .help = "learn whom to ask from outcomes of both models"},
	{.name = "deadline", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.deadline_s, .min = 0.001, .max = 86400,
	 .help = "for one record, all attempts (120s)"},
	{.name = "dry-run", .type = KB_OPT_FLAG, .to = &o.session.dry_run,
	 .help = "add member 'request' and send nothing"},
	{.name = "embed", .type = KB_OPT_FLAG, .to = &o.embed,
	 .help = "vectors of query, text or texts"},
	{.name = "encoder", .arg = "NAMES", .type = KB_OPT_STRING,
	 .to = &o.session.encoder,
	 .help = "models the built-in one ranks sentences by, too"},
	{.name = "in-flight", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.in_flight, .min = 1, .max = 10000,
	 .help = "requests at a time, as -j N (32)"},
	{.name = "max-tokens", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.max_tokens, .min = 1, .max = 1e9,
	 .help = "longest answer in tokens (the provider's)"},
	{.name = "keep", .arg = "P", .type = KB_OPT_NUMBER, .to = &o.session.keep,
	 .max = 1,
	 .help = "... and keeps P of what the large has right (.95)"},
	{.letter = 'm', .name = "model", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.session.model,
	 .help = "ask for this model, route or PROVIDER/MODEL"},
	{.name = "model-file", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.session.model_file,
	 .help = "weights of the built-in model's confidence"},
	{.letter = 'O', .name = "option", .arg = "K=V", .type = KB_OPT_LIST,
	 .to = &o.members,
	 .help = "add a member to the request; again and again"},
	{.name = "provider", .arg = "NAME", .type = KB_OPT_STRING,
	 .to = &o.session.provider,
	 .help = "ask only this one; 'local' is built in"},
	{.name = "rerank", .type = KB_OPT_FLAG, .to = &o.rerank,
	 .help = "scores of hits in hits[].legs.rerank"},
	{.name = "samples", .arg = "N", .type = KB_OPT_COUNT, .to = &o.session.samples,
	 .min = 1, .max = KB_VOTES_MAX,
	 .help = "let at most N answers vote"},
	{.name = "samples-least", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.session.least, .min = 1, .max = KB_VOTES_MAX,
	 .help = "... and at least N (1)"},
	{.name = "schema", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.session.schema,
	 .help = "answers are JSON of this schema, checked"},
	{.name = "seed", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.session.seed,
	 .help = "seed of the waiting times (0)"},
	{.name = "stream", .arg = "HOW", .type = KB_OPT_CHOICE,
	 .to = &o.stream, .choices = "text|jsonl|off", .bare = "text",
	 .off = "off",
	 .help = "show an answer as it comes (text on a terminal)"},
	{.letter = 's', .name = "system", .arg = "TEXT", .type = KB_OPT_STRING,
	 .to = &o.session.system,
	 .help = "put a system message before"},
	{.name = "temperature", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.session.temperature, .max = 2,
	 .help = "0 to 2 (the provider's)"},
	{.name = "timeout", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.timeout_s, .min = 0.001, .max = 86400,
	 .help = "for one attempt (60s)"},
	{.name = "trace", .arg = "FILE", .type = KB_OPT_STRING, .writes = true,
	 .to = &o.session.trace,
	 .help = "add a JSON line there for each request"},
	{.name = "trace-messages", .type = KB_OPT_FLAG,
	 .to = &o.session.trace_messages,
	 .help = "... with what is asked and answered"},
};
/* clang-format on */

static struct kb_session session;
static struct kb_filter filter; /* below */

static void warn(void *arg, const char *line)
{
	(void)arg;
	kb_print_note("llm-call", line);
}

static void put_answer(struct kb_task *task)
{
	if (o.stream == STREAM_JSONL)
		kb_delta_answer(kb_task_id(task), &task->rec, kb_cli_put_line);
}

static void on_done(struct kb_call *call)
{
	struct kb_task *task = call->arg;
	bool streamed = call->shown > 0;
	int rc = kb_session_end(&session, call, &task->rec, &task->err);

	if (!rc && !streamed)
		put_answer(task);
	task->start_ns = call->began_ns; /* it may have queued before */
	kb_task_done(task, rc ? KB_WORK_FAILED : KB_WORK_DONE);
}

static void on_text(struct kb_call *call, struct kb_str piece)
{
	if (o.stream == STREAM_JSONL)
		kb_delta_text(kb_task_id(call->arg), piece, kb_cli_put_line);
	else
		kb_cli_show_piece(piece);
}

static int report(int format, struct kb_buf *out, struct kb_err *err)
{
	(void)format;
	return kb_session_learn(&session, kb_cli_date(), out, err);
}

static enum kb_work work(struct kb_task *task)
{
	int rc = kb_session_begin(&session, &task->rec, task->number, on_done,
				  session.opt.stream ? on_text : NULL, task,
				  &task->err);

	if (!rc)
		put_answer(task);
	return rc < 0 ? KB_WORK_FAILED : rc ? KB_WORK_PENDING : KB_WORK_DONE;
}

static int wait_for(int fd, int timeout_ms, struct kb_err *err)
{
	kb_session_wait(&session, fd, timeout_ms);
	return kb_cli_put_error(err);
}

static int open_run(int n, char **operands, const char **line,
		    struct kb_err *err)
{
	struct kb_session_options *opt = &o.session;

	(void)n, (void)operands, (void)line;
	filter.report = opt->outcomes ? report : NULL;
	if (opt->outcomes &&
	    kb_cli_set_input(opt->outcomes, "--cascade-train", err))
		return KB_EINVAL;
	if (o.embed && o.rerank)
		return kb_err_set(err, KB_EINVAL,
				  "--embed and --rerank exclude each other");
	opt->task = o.embed    ? KB_RECORD_EMBED
		    : o.rerank ? KB_RECORD_RERANK
			       : KB_RECORD_ANSWER;
	opt->config = kb_cli_config();
	opt->options = o.members.items;
	opt->n_options = o.members.n;
	opt->deadline_ms = (int64_t)(o.deadline_s * 1000);
	opt->timeout_ms = (int64_t)(o.timeout_s * 1000);
	opt->max_tokens = (int64_t)o.max_tokens;
	if (o.stream == STREAM_JSONL && kb_cli_put_lines("--stream=jsonl", err))
		return KB_EINVAL;
	opt->stream =
	    opt->task == KB_RECORD_ANSWER &&
	    (o.stream == KB_OPT_UNSET ? isatty(1) : o.stream != STREAM_OFF);
	opt->in_flight = kb_cli_jobs() ? kb_cli_jobs() : o.in_flight;
	if (opt->stream && isatty(1) && o.stream != STREAM_JSONL)
		opt->in_flight = 1;
	return kb_session_open(&session, opt, warn, NULL, err);
}

static void close_run(void)
{
	kb_session_release(&session);
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	(void)format;
	kb_record_print_answer(&task->rec, !kb_cli_was_shown(), kb_print_text,
			       out);
}

static void stats(struct kb_buf *members)
{
	kb_session_stats(&session, members);
}

static struct kb_filter filter = {
    .takes_text = true,
    .window = 4096,
    .open = open_run,
    .close = close_run,
    .work = work,
    .wait = wait_for,
    .print = print,
    .stats = stats,
};

static const struct kb_command program = {
    .name = "llm-call",
    .synopsis = "[OPTION]...",
    .about = "Answer questions by a language model or by extraction.",
    .shown = "budget cache dry-run model "
	     "samples schema stream system",
    .examples =
	"  kb-search my.kb 'pool hours' | prompt-render | llm-call -m gpt-4o\n"
	"  llm-call -m cheap --budget 5 --cache answers -f prompts.jsonl\n",
    .options = options,
    .n_options = KB_OPT_N(options),
    .formats = "json|text",
    .config_except = "providers routes cascade",
    .filter = &filter,
};

int main(int argc, char **argv)
{
	return kb_cli_main(argc, argv, &program);
}
