/*
 * The record loop alone: adds one member to every record. 'make bench'
 * measures its throughput and its threads (--burn: CPU work a record);
 * tests/pipe/loop.t holds it to the rules of conduct (--fail, --pend,
 * --child: the member is what a child filter answers).
 */
#include <poll.h>
#include <stdlib.h>

#include "base/child.h"
#include "base/hash.h"
#include "cli/run.h"

static uint64_t burn, pend;
static bool fail_odd, no_odd;
static const char *command;
static struct kb_child *child;
static struct kb_task *pending[8192];
static size_t n_pending;

static enum kb_work work(struct kb_task *task)
{
	uint64_t x = task->number;

	for (uint64_t i = 0; i < burn; i++)
		x = kb_mix64(x + i);
	if (fail_odd && task->number % 2) {
		kb_err_set(&task->err, KB_EINVAL, "record %llu is odd",
			   (unsigned long long)task->number);
		task->err.retryable = true;
		return KB_WORK_FAILED;
	}
	task->no = no_odd && task->number % 2;
	if (child) {
		struct kb_str line = {task->rec.line.ptr, task->rec.line.len};

		if (kb_child_send(child, line, 60000, task, &task->err))
			return KB_WORK_FAILED;
		return KB_WORK_PENDING;
	}
	kb_rec_set(&task->rec, "rank",
		   x == UINT64_MAX ? KB_STR("1") : KB_STR("0"));
	if (!pend)
		return KB_WORK_DONE;
	pending[n_pending++] = task;
	return KB_WORK_PENDING;
}

/* Finish the pending records last come, first served. */
static int wait_last_first(int fd, int timeout_ms, struct kb_err *err)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	(void)err;
	if (n_pending)
		kb_task_done(pending[--n_pending], KB_WORK_DONE);
	else
		poll(&p, 1, timeout_ms);
	return 0;
}

static int wait_for_child(int fd, int timeout_ms, struct kb_err *err)
{
	struct kb_child_outcome got;
	int rc = kb_child_poll(child, fd, timeout_ms, err);

	while (!rc && kb_child_take(child, &got)) {
		struct kb_task *task = got.tag;

		task->err = got.err;
		if (!got.err.code)
			kb_rec_set_str(&task->rec, "said", got.line);
		kb_task_done(task,
			     got.err.code ? KB_WORK_FAILED : KB_WORK_DONE);
	}
	return rc;
}

static int open_child(int n_operands, char **operands, const char **line,
		      struct kb_err *err)
{
	(void)line;
	(void)n_operands;
	(void)operands;
	if (command)
		child = kb_child_open(command, err);
	return command && !child ? err->code : 0;
}

static void close_child(void)
{
	kb_child_close(child);
}

static void print(struct kb_task *task, int format, struct kb_buf *out)
{
	struct kb_str text = {0};

	(void)format;
	kb_json_str(kb_rec_get(&task->rec, "query"), &task->arena, &text);
	kb_print_text(out, text);
	kb_buf_add_char(out, '\n');
}

/* clang-format off */
static const struct kb_opt options[] = {
	{.name = "burn", .arg = "N", .type = KB_OPT_COUNT, .to = &burn,
	 .help = "rounds of CPU work a record (0)"},
	{.name = "pend", .arg = "N", .type = KB_OPT_COUNT, .to = &pend,
	 .max = 8192,
	 .help = "records that may be pending (0)"},
	{.name = "fail", .type = KB_OPT_FLAG, .to = &fail_odd,
	 .help = "fail every odd record"},
	{.name = "no", .type = KB_OPT_FLAG, .to = &no_odd,
	 .help = "say no to every odd record"},
	{.name = "child", .arg = "CMD", .type = KB_OPT_STRING, .to = &command,
	 .help = "ask a child filter"},
};
/* clang-format on */

int main(int argc, char **argv)
{
	struct kb_filter filter = {
	    .takes_text = true,
	    .open = open_child,
	    .close = close_child,
	    .work = work,
	    .print = print,
	};
	const struct kb_command program = {
	    .name = "loop_pass",
	    .synopsis = "[OPTION]...",
	    .about = "Add a member to every record.",
	    .options = options,
	    .n_options = KB_OPT_N(options),
	    .formats = "json|text",
	    .filter = &filter,
	};

	/* The scheduler is chosen before the options are read. */
	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--pend=", 7)) {
			filter.wait = wait_last_first;
			filter.window =
			    (unsigned)strtoul(argv[i] + 7, NULL, 10);
		} else if (!strncmp(argv[i], "--child=", 8)) {
			filter.wait = wait_for_child;
		}
	}
	return kb_cli_main(argc, argv, &program);
}
