#include "cli/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/loop.h"
#include "text/display.h"

enum { WINDOW = 1024, JOBS_MAX = 256 };

/* What the common options set. One run a process: they are static so that
 * the table can point at them. */
static struct {
	struct kb_opt_list files;
	const char *output, *resume, *dead, *stats;
	uint64_t jobs, max_line;
	int input, on_error;
	bool unordered, retry, progress, timing, verbose, exit_status;
} common = {.max_line = 16 << 20};

static const struct kb_opt common_options[] = {
    {'f', "file", "FILE", "read records from FILE, again and again",
     KB_OPT_LIST, &common.files, 0, 0, NULL},
    {'o', "output", "FILE", "write to FILE, whole or not at all", KB_OPT_STRING,
     &common.output, 0, 0, NULL},
    {'j', "jobs", "N", "work in N threads (1)", KB_OPT_COUNT, &common.jobs, 1,
     JOBS_MAX, NULL},
    {0, "unordered", NULL, "write records as they are done", KB_OPT_FLAG,
     &common.unordered, 0, 0, NULL},
    {0, "input", "FORM", "form of the input: auto, json or text (auto)",
     KB_OPT_CHOICE, &common.input, 0, 0, "auto|json|text"},
    {0, "max-line", "SIZE", "longest line of input (16M)", KB_OPT_SIZE,
     &common.max_line, 16, (double)(1 << 30), NULL},
    {0, "on-error", "WHAT", "record that fails: keep, drop or fail (keep)",
     KB_OPT_CHOICE, &common.on_error, 0, 0, "keep|drop|fail"},
    {0, "dead-letter", "FILE", "lines that are no records go to FILE",
     KB_OPT_STRING, &common.dead, 0, 0, NULL},
    {0, "retry", NULL, "work again on records with a retryable error",
     KB_OPT_FLAG, &common.retry, 0, 0, NULL},
    {0, "resume", "FILE", "go on where FILE was interrupted", KB_OPT_STRING,
     &common.resume, 0, 0, NULL},
    {0, "stats", "FILE", "write counts and latencies to FILE", KB_OPT_STRING,
     &common.stats, 0, 0, NULL},
    {0, "progress", NULL, "show progress on standard error", KB_OPT_FLAG,
     &common.progress, 0, 0, NULL},
    {0, "timing", NULL, "add milliseconds to member 'timing'", KB_OPT_FLAG,
     &common.timing, 0, 0, NULL},
    {'e', "exit-status", NULL, "exit with 1 when an answer is no", KB_OPT_FLAG,
     &common.exit_status, 0, 0, NULL},
    {'v', "verbose", NULL, "say more on standard error", KB_OPT_FLAG,
     &common.verbose, 0, 0, NULL},
};

static int format_chosen; /* 0: not given */
static unsigned jobs_given;
static bool for_people;
static bool colour;

unsigned kb_cli_jobs(void)
{
	return jobs_given;
}

bool kb_cli_for_people(void)
{
	return for_people;
}

bool kb_cli_colour(void)
{
	return colour;
}

void kb_print_text(struct kb_buf *out, struct kb_str text)
{
	kb_text_printable(out, text.ptr, text.len);
}

/* ---- signals ---- */

/* A signal between the question "interrupted?" and a call that blocks would
 * be lost; the timer makes such a call return a moment later. */
static void on_interrupt(int sig)
{
	static const struct itimerval often = {{0, 20000}, {0, 20000}};

	kb_cli_interrupted = sig;
	setitimer(ITIMER_REAL, &often, NULL);
}

static void on_timer(int sig)
{
	(void)sig;
}

static void on_bus(int sig)
{
	(void)sig;
	kb_die("a mapped file was cut or cannot be read any more");
}

/* A standard descriptor that is closed would be given to the next file that
 * is opened, and a message would end up in an index. The null device takes
 * its place, opened so that using it fails as it does on a closed one. */
static void hold_standard_files(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return;
}

void kb_cli_signals(void)
{
	struct sigaction bus = {.sa_handler = on_bus};
	struct sigaction none = {.sa_handler = SIG_IGN};

	hold_standard_files();
	sigaction(SIGBUS, &bus, NULL);
	/* A limit on the size of files is said by write(2). */
	sigaction(SIGXFSZ, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
}

static void catch_interrupts(void)
{
	struct sigaction timer = {.sa_handler = on_timer};
	struct sigaction act = {.sa_handler = on_interrupt,
				.sa_flags = (int)SA_RESETHAND};

	sigaction(SIGALRM, &timer, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
}

/* ---- setting up ---- */

static int refuse(const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL, "%s", what);
}

static int check_options(const struct kb_filter *filter, struct kb_err *err)
{
	if (common.output && common.resume)
		return refuse("--output and --resume exclude each other", err);
	if (common.input == KB_FORM_TEXT && !filter->takes_text)
		return refuse("--input=text: this program reads JSON lines",
			      err);
	if (common.resume && format_chosen > 1)
		return refuse("--resume works with --format=json only", err);
	jobs_given = (unsigned)common.jobs;
	if (!common.jobs || filter->wait)
		common.jobs = 1; /* its work is in flight, not in threads */
	return 0;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* Would a line of progress disturb nobody? A terminal to show it on, and
 * records that go to a file. */
static bool may_progress(const struct kb_output *out)
{
	struct stat st;

	return isatty(2) && !out->tty && !fstat(out->fd, &st) &&
	       !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
}

static int open_loop(struct kb_loop *loop, const char *line, struct kb_err *err)
{
	const struct kb_filter *filter = loop->filter;
	const char *to = common.resume ? common.resume : common.output;
	int rc;

	loop->form = line ? KB_FORM_TEXT : common.input;
	loop->on_error = common.on_error;
	loop->retry = common.retry;
	loop->unordered = common.unordered;
	loop->timing = common.timing;
	loop->measure = common.timing || common.stats;
	loop->window = filter->window ? filter->window : WINDOW;
	if (line)
		kb_input_init_text(&loop->in, line, (size_t)common.max_line);
	else
		kb_input_init(&loop->in, common.files.items, common.files.n,
			      (size_t)common.max_line);
	rc = kb_dead_open(&loop->dead, filter->name, common.dead, err);
	if (!rc && common.resume)
		rc = kb_resume_open(&loop->resume, common.resume,
				    (size_t)common.max_line * 2, err);
	if (!rc)
		rc = kb_output_open(&loop->out, to, common.resume, err);
	if (rc)
		return rc;
	/* People get text on a terminal, programs get JSON lines. */
	if (format_chosen)
		loop->format = format_chosen - 1;
	else if (loop->out.tty && filter->formats && filter->print)
		loop->format = 1;
	for_people = loop->out.tty && loop->format;
	colour = loop->out.tty && !is_set("NO_COLOR");
	loop->meter.program = filter->name;
	loop->meter.start_ns = kb_clock_ns();
	loop->meter.progress = common.progress || may_progress(&loop->out);
	return 0;
}

static int run_loop(struct kb_loop *loop, struct kb_err *err)
{
	const struct kb_filter *filter = loop->filter;
	void *thread = NULL;
	int rc = 0;

	if (filter->wait)
		return kb_loop_events(loop, err);
	if (common.jobs > 1)
		return kb_loop_threads(loop, (unsigned)common.jobs, err);
	if (filter->thread_open)
		rc = filter->thread_open(loop->arg, &thread, err);
	loop->thread = thread;
	if (!rc)
		rc = kb_loop_inline(loop, err);
	if (filter->thread_close && thread)
		filter->thread_close(loop->arg, thread);
	return rc;
}

static int write_stats(struct kb_loop *loop, struct kb_err *err)
{
	struct kb_buf members;
	int rc;

	if (!common.stats)
		return 0;
	loop->meter.bytes_in = loop->in.bytes;
	loop->meter.bytes_out = loop->out.bytes;
	kb_buf_init(&members, 0);
	if (loop->filter->stats)
		loop->filter->stats(loop->arg, &members);
	rc = kb_meter_write(&loop->meter, common.stats, kb_buf_str(&members),
			    err);
	kb_buf_release(&members);
	return rc;
}

/* Runs to the end, writes what is complete, closes everything. */
static int finish(struct kb_loop *loop, int rc, struct kb_err *err)
{
	struct kb_err second;
	int more;

	kb_meter_clear(&loop->meter);
	loop->meter.dead = loop->dead.n;
	if (kb_cli_interrupted) {
		/* What was written whole stays, but for a file that is only
		 * ever whole. */
		more = kb_output_flush(&loop->out, &second);
	} else if (rc) {
		more =
		    loop->out.temp ? 0 : kb_output_flush(&loop->out, &second);
	} else {
		more = kb_output_finish(&loop->out, &second);
	}
	if (!more)
		more = kb_dead_close(&loop->dead, &second);
	if (!more)
		more = write_stats(loop, &second);
	if (more && !rc) {
		*err = second;
		rc = more;
	}
	if (common.verbose)
		kb_meter_say(&loop->meter);
	return rc;
}

static int run(const struct kb_filter *filter, void *arg, const char *line,
	       const struct kb_opt_program *program)
{
	struct kb_loop loop = {.filter = filter, .arg = arg, .out.fd = -1};
	struct kb_err err = {0};
	int rc = open_loop(&loop, line, &err), status;

	if (!rc) {
		catch_interrupts();
		rc = run_loop(&loop, &err);
		if (!rc && filter->report && !kb_cli_interrupted)
			rc = filter->report(arg, loop.format, &loop.out.buf,
					    &err);
		rc = finish(&loop, rc, &err);
	}
	if (rc && !kb_cli_interrupted)
		status = kb_opt_fail(program, &err);
	else if (loop.dead.n && !loop.meter.records_in)
		status = 2; /* nothing could be done: the wrong file? */
	else if (loop.meter.errors || loop.dead.n)
		status = 3;
	else
		status = common.exit_status && loop.any_no;
	kb_output_release(&loop.out);
	kb_input_release(&loop.in);
	kb_resume_release(&loop.resume);
	kb_loop_release(&loop);
	return status;
}

int kb_cli_main(int argc, char **argv, const struct kb_filter *filter,
		void *arg)
{
	struct kb_opt shared[KB_OPT_N(common_options) + 1];
	struct kb_opt_program program = {
	    filter->name,    filter->synopsis,	       filter->about,
	    filter->version, filter->options,	       filter->n_options,
	    shared,	     KB_OPT_N(common_options),
	};
	struct kb_err err = {0};
	const char *line = NULL;
	int n, rc, status;

	memcpy(shared, common_options, sizeof(common_options));
	if (filter->formats)
		shared[program.n_common++] =
		    (struct kb_opt){0,
				    "format",
				    "FORMAT",
				    "form of the output (text on a terminal, "
				    "else json)",
				    KB_OPT_CHOICE,
				    &format_chosen,
				    0,
				    0,
				    filter->formats};
	format_chosen = -1;
	kb_cli_signals();
	rc = kb_opt_config(&program, filter->config_except, &err);
	if (!rc)
		rc = kb_opt_parse(&program, argc, argv, &n, &err);
	if (rc == 1)
		return 0;
	format_chosen++;
	if (!rc)
		rc = check_options(filter, &err);
	if (!rc && filter->open)
		rc = filter->open(arg, n, argv, &line, &err);
	else if (!rc && n)
		rc = kb_err_set(&err, KB_EINVAL,
				"operand '%s': records come by -f FILE or "
				"standard input",
				argv[0]);
	if (rc) {
		status = kb_opt_fail(&program, &err);
	} else if (!line && !common.files.n && isatty(0)) {
		status = kb_opt_usage(&program);
	} else {
		status = run(filter, arg, line, &program);
	}
	if (filter->close)
		filter->close(arg);
	if (kb_cli_interrupted) {
		signal(kb_cli_interrupted, SIG_DFL);
		raise(kb_cli_interrupted);
	}
	return status;
}
