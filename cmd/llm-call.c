/*
 * llm-call: answers from providers over HTTP or from the built-in model.
 */
#include <stdio.h>
#include <unistd.h>

#include "llm/session.h"
#include "record/members.h"

#include "llm-call.h"

static struct kb_session session;
static bool shown; /* the answer stands on the terminal already */

static void warn(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "llm-call: %s\n", line);
}

static void on_done(struct kb_call *call)
{
	struct kb_task *task = call->arg;
	int rc = kb_session_end(&session, call, &task->rec, &task->err);

	kb_task_done(task, rc ? KB_WORK_FAILED : KB_WORK_DONE);
}

/* Streaming goes past the loop's output: one call is under way, and somebody
 * is looking. An empty piece voids what was shown. */
static void on_text(struct kb_call *call, struct kb_str piece)
{
	struct kb_buf out;

	(void)call;
	if (!kb_cli_for_people())
		return;
	shown = piece.len > 0;
	kb_buf_init(&out, 0);
	kb_print_text(&out, shown ? piece : KB_STR("\n[broke off]\n"));
	fwrite(out.ptr, 1, out.len, stdout);
	fflush(stdout);
	kb_buf_release(&out);
}

static enum kb_work work(void *arg, struct kb_task *task)
{
	int rc = kb_session_begin(&session, &task->rec, task->number, on_done,
				  session.opt.stream ? on_text : NULL, task,
				  &task->err);

	(void)arg;
	if (rc < 0)
		return KB_WORK_FAILED;
	return rc ? KB_WORK_PENDING : KB_WORK_DONE;
}

static int wait_for(void *arg, int fd, int timeout_ms, struct kb_err *err)
{
	(void)arg;
	(void)err;
	kb_session_wait(&session, fd, timeout_ms);
	return 0;
}

static int open_run(void *arg, int n, char **operands, const char **line,
		    struct kb_err *err)
{
	struct kb_session_options opt = chosen();

	(void)arg;
	(void)line;
	if (n)
		return kb_err_set(err, KB_EINVAL,
				  "operand '%s': questions come by -f FILE or "
				  "standard input",
				  operands[0]);
	if (o.embed && o.rerank)
		return kb_err_set(err, KB_EINVAL,
				  "--embed and --rerank exclude each other");
	opt.stream = opt.task == KB_RECORD_ANSWER && !o.no_stream &&
		     (o.stream || isatty(1));
	if (opt.stream && isatty(1))
		opt.in_flight = 1;
	return kb_session_open(&session, &opt, warn, NULL, err);
}

static void close_run(void *arg)
{
	(void)arg;
	kb_session_release(&session);
}

/* For people: the answer, unless it is there, and what is degraded. */
static void print(void *arg, struct kb_task *task, int format,
		  struct kb_buf *out)
{
	struct kb_json_iter it =
	    kb_json_iter(kb_generation_read(&task->rec).degraded);
	struct kb_str text;

	(void)arg;
	(void)format;
	if (!shown && kb_answer_text(&task->rec, &text))
		kb_print_text(out, text);
	shown = false;
	while (kb_json_next(&it))
		if (kb_json_str(it.val, &task->arena, &text)) {
			kb_buf_add_cstr(out, "\n(degraded) ");
			kb_print_text(out, text);
		}
	kb_buf_add_char(out, '\n');
}

static void stats(void *arg, struct kb_buf *members)
{
	(void)arg;
	kb_session_stats(&session, members);
}

int main(int argc, char **argv)
{
	static const struct kb_filter filter = {
	    .name = "llm-call",
	    .synopsis = "[options] < records",
	    .about = "Answer questions by a language model or by extraction.",
	    .options = table,
	    .n_options = KB_OPT_N(table),
	    .config_except = "providers",
	    .takes_text = true,
	    .formats = "json|text",
	    .window = 4096,
	    .open = open_run,
	    .close = close_run,
	    .work = work,
	    .wait = wait_for,
	    .print = print,
	    .stats = stats,
	};

	return kb_cli_main(argc, argv, &filter, NULL);
}
