#include "cli/run.h"

#include <assert.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/loop.h"
#include "cli/set_aside.h"
#include "record/sessions.h"
#include "terminal/display.h"

enum { WINDOW = 1024 };

static unsigned jobs_given;
static bool for_people;
static bool colour;
static bool shown; /* an answer stands on the terminal already */
static const char *kept_path, *kept_option;
static const char *format_option = "--format";
static const char *running;	  /* the program's name */
static struct kb_output *records; /* where they go, or NULL */
static struct kb_err put_failed;  /* the first line that was not written */

void kb_cli_keep(const char *path, const char *option)
{
	kept_path = path;
	kept_option = option;
}

int kb_cli_set_format(int format, const char *option, struct kb_err *err)
{
	if (kb_common.format != KB_OPT_UNSET && kb_common.format != format)
		return kb_err_set(err, KB_EINVAL,
				  "%s and %s exclude each other", option,
				  format_option);
	if (kb_common.resume)
		return kb_err_set(err, KB_EINVAL,
				  "--resume works with --format=json only");
	kb_common.format = format;
	format_option = option;
	return 0;
}

int kb_cli_set_input(const char *path, const char *option, struct kb_err *err)
{
	if (kb_common.files.n)
		return kb_err_set(err, KB_EINVAL,
				  "%s and --file exclude each other", option);
	if (kb_common.resume)
		return kb_err_set(err, KB_EINVAL,
				  "%s and --resume exclude each other", option);
	kb_common.files.items[0] = path;
	kb_common.files.n = 1;
	return 0;
}

int64_t kb_cli_date(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t date;

	if (epoch &&
	    kb_json_int((struct kb_json){KB_JSON_NUMBER, epoch, strlen(epoch)},
			&date))
		return date;
	return time(NULL);
}

void kb_cli_warn(void *arg, const char *line)
{
	static atomic_flag said = ATOMIC_FLAG_INIT;

	(void)arg;
	if (!atomic_flag_test_and_set(&said))
		kb_print_note(running, line);
}

void kb_cli_say(const char *program, struct kb_str lines)
{
	while (lines.len) {
		const char *end = memchr(lines.ptr, '\n', lines.len);
		size_t len = end ? (size_t)(end - lines.ptr) : lines.len;
		char *line = kb_strndup(lines.ptr, len);

		kb_print_note(program, line);
		free(line);
		len += end != NULL;
		lines.ptr += len;
		lines.len -= len;
	}
}

unsigned kb_cli_jobs(void)
{
	return jobs_given;
}

bool kb_cli_for_people(void)
{
	return for_people;
}

void kb_cli_show_piece(struct kb_str piece)
{
	if (!for_people)
		return;
	shown = piece.len > 0;
	kb_print_now(shown ? piece : KB_STR("\n[broke off]\n"));
}

int kb_cli_put_lines(const char *option, struct kb_err *err)
{
	if (kb_common.resume)
		return kb_err_set(err, KB_EINVAL, "%s excludes --resume",
				  option);
	return 0;
}

void kb_cli_put_line(struct kb_str line)
{
	struct kb_err err;

	if (!records || put_failed.code)
		return;
	kb_buf_add_str(&records->buf, line);
	if (kb_output_flush(records, &err) < 0)
		put_failed = err;
}

int kb_cli_put_error(struct kb_err *err)
{
	if (put_failed.code)
		*err = put_failed;
	return put_failed.code;
}

bool kb_cli_was_shown(void)
{
	bool was = shown;

	shown = false;
	return was;
}

bool kb_cli_colour(void)
{
	return colour;
}

void kb_print_text(struct kb_buf *out, struct kb_str text)
{
	kb_text_printable(out, text.ptr, text.len);
}

/* ---- setting up ---- */

static int refuse(const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL, "%s", what);
}

static int check_options(const struct kb_filter *filter, struct kb_err *err)
{
	if (kb_common.output && kb_common.resume)
		return refuse("--output and --resume exclude each other", err);
	if (kb_common.input == KB_FORM_TEXT && !filter->takes_text)
		return refuse("--input=text: this program reads JSON lines",
			      err);
	if (kb_common.resume && kb_common.format > 0)
		return refuse("--resume works with --format=json only", err);
	jobs_given = (unsigned)kb_common.jobs;
	if (!kb_common.jobs || filter->wait)
		kb_common.jobs = 1; /* its work is in flight, not in threads */
	return 0;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_colour(bool tty)
{
	const char *terminal = getenv("TERM");

	if (kb_common.colour != KB_COLOUR_AUTO)
		return kb_common.colour == KB_COLOUR_ALWAYS;
	return tty && !is_set("NO_COLOR") &&
	       !(terminal && !strcmp(terminal, "dumb"));
}

/* Would a line of progress disturb nobody? A terminal to show it on, and
 * records that go to a file. */
static bool may_progress(const struct kb_output *out)
{
	struct stat st;

	return isatty(2) && !out->tty && !fstat(out->file.fd, &st) &&
	       !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
}

static int refuse_same(const char *one, const char *other, struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL, "%s and %s are the same file", one,
			  other);
}

/* What is written in place, or beside a name that is read to the end, must
 * be no file of the input; -o may be one, it is replaced at the end, but by
 * records: kept, the file is not to be replaced by anything else. */
static int check_input(const char *name, struct kb_file_place in, bool kept,
		       struct kb_err *err)
{
	const struct {
		const char *option, *path;
	} rows[] = {
	    {"--dead-letter", kb_common.dead},
	    {"--resume", kb_common.resume},
	    {"--stats", kb_common.stats},
	    {"--output", kept ? kb_common.output : NULL},
	};

	struct kb_aside *aside;

	for (size_t i = 0; kb_aside_at(i, &aside); i++)
		if (kb_file_place_same((struct kb_file_place){aside->path, -1},
				       in))
			return refuse_same(aside->option, name, err);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].path &&
		    kb_file_place_same((struct kb_file_place){rows[i].path, -1},
				       in))
			return refuse_same(rows[i].option, name, err);
	if (!kb_common.output && !kb_common.resume &&
	    kb_file_place_same((struct kb_file_place){NULL, 1}, in))
		return refuse_same("standard output", name, err);
	return 0;
}

/* Is what is set aside the only thing that is written to its file? */
static int check_aside(const struct kb_aside *aside, size_t number,
		       struct kb_file_place out, const char *name,
		       struct kb_err *err)
{
	struct kb_file_place dead = {kb_common.dead, -1};
	struct kb_file_place stats = {kb_common.stats, -1};
	struct kb_file_place own = {aside->path, -1};
	struct kb_aside *other;

	if (kb_file_place_same(out, own))
		return refuse_same(name, aside->option, err);
	if (dead.path && kb_file_place_same(own, dead))
		return refuse_same(aside->option, "--dead-letter", err);
	if (stats.path && kb_file_place_same(own, stats))
		return refuse_same(aside->option, "--stats", err);
	for (size_t i = 0; i < number && kb_aside_at(i, &other); i++)
		if (kb_file_place_same(own,
				       (struct kb_file_place){other->path, -1}))
			return refuse_same(other->path, aside->path, err);
	return 0;
}

/* No two outputs are one file, by whatever names. */
static int check_outputs(struct kb_err *err)
{
	const char *to = kb_common.resume ? kb_common.resume : kb_common.output;
	bool named = to && strcmp(to, "-");
	struct kb_file_place out = {named ? to : NULL, 1};
	struct kb_file_place dead = {kb_common.dead, -1};
	struct kb_file_place stats = {kb_common.stats, -1};
	const char *name = kb_common.resume ? "--resume"
			   : named	    ? "--output"
					    : "standard output";
	struct kb_aside *aside;
	int rc = 0;

	for (size_t i = 0; !rc && kb_aside_at(i, &aside); i++)
		rc = check_aside(aside, i, out, name, err);
	if (rc)
		return rc;
	if (dead.path && kb_file_place_same(out, dead))
		return refuse_same(name, "--dead-letter", err);
	if (dead.path && stats.path && kb_file_place_same(dead, stats))
		return refuse_same("--dead-letter", "--stats", err);
	/* --stats=/dev/stdout comes behind the records. */
	if (stats.path && kb_file_place_same(out, stats) &&
	    strncmp(stats.path, "/dev/", 5))
		return refuse_same(name, "--stats", err);
	return 0;
}

static int check_files(bool has_text, bool report, struct kb_err *err)
{
	int rc = check_outputs(err);

	if (!rc && kept_path)
		rc = check_input(kept_option,
				 (struct kb_file_place){kept_path, -1}, true,
				 err);
	if (has_text)
		return rc;
	for (size_t i = 0; !rc && i < kb_common.files.n; i++) {
		const char *path = kb_common.files.items[i];
		bool named = strcmp(path, "-") != 0;

		rc = check_input(path,
				 (struct kb_file_place){named ? path : NULL, 0},
				 report, err);
	}
	if (!rc && !kb_common.files.n)
		rc = check_input("standard input",
				 (struct kb_file_place){NULL, 0}, report, err);
	return rc;
}

static int open_files(struct kb_loop *loop, struct kb_err *err)
{
	struct kb_file_out grows = KB_FILE_OUT_NONE;
	int rc = kb_dead_open(&loop->dead, loop->program, kb_common.dead, err);

	if (!rc && kb_common.resume) {
		rc = kb_resume_open(&loop->resume, &grows, kb_common.resume,
				    (size_t)kb_common.max_line * 2, err);
		kb_output_take(&loop->out, &grows);
	} else if (!rc) {
		rc = kb_output_open(&loop->out, kb_common.output, err);
	}
	records = &loop->out;
	if (!rc)
		rc = kb_asides_open(err);
	return rc ? rc : kb_dead_clear(&loop->dead, err);
}

/* --columns=a,b names what the first row does not. */
static int open_table(struct kb_loop *loop, struct kb_err *err)
{
	kb_csv_init(&loop->table, loop->form == KB_FORM_TSV ? KB_TSV : KB_CSV);
	if (!kb_common.columns)
		return 0;
	if (loop->form <= KB_FORM_TEXT)
		return refuse("--columns: names of a table, --input=csv or "
			      "--input=tsv",
			      err);
	loop->table.kind = KB_CSV; /* as commas separate the names */
	if (kb_csv_head(&loop->table, kb_str_of(kb_common.columns), err))
		return kb_err_place(err, "--columns");
	loop->table.kind = loop->form == KB_FORM_TSV ? KB_TSV : KB_CSV;
	return 0;
}

/* text: the record of the command line, or NULL. */
static int open_loop(struct kb_loop *loop, const struct kb_command *command,
		     const char *text, struct kb_err *err)
{
	const struct kb_filter *filter = loop->filter;
	int rc;

	loop->form = text ? KB_FORM_TEXT : kb_common.input;
	loop->on_error = kb_common.on_error;
	loop->retry = kb_common.retry;
	loop->unordered = kb_common.unordered;
	loop->timing = kb_common.timing;
	loop->measure = kb_common.timing || kb_common.stats;
	loop->window = filter->window ? filter->window : WINDOW;
	rc = open_table(loop, err);
	if (rc)
		return rc;
	if (text)
		kb_input_init_text(&loop->in, text, (size_t)kb_common.max_line);
	else
		kb_input_init(&loop->in, kb_common.files.items,
			      kb_common.files.n, (size_t)kb_common.max_line);
	if (!text && loop->form != KB_FORM_TEXT)
		loop->in.takes =
		    loop->form == KB_FORM_AUTO && filter->takes_text
			? KB_INPUT_TAKES_BOTH
			: KB_INPUT_TAKES_JSON;
	if (!text && loop->form > KB_FORM_TEXT) {
		loop->in.takes = KB_INPUT_TAKES_ROWS;
		loop->in.table = loop->table.kind;
	}
	if (filter->binary && !kb_common.output && isatty(1))
		return refuse("what is written is no text; name a file with "
			      "-o",
			      err);
	rc = check_files(text != NULL, filter->report != NULL, err);
	if (!rc)
		rc = open_files(loop, err);
	if (rc)
		return rc;
	/* People get text on a terminal, programs get JSON lines. */
	if (kb_common.format != KB_OPT_UNSET)
		loop->format = kb_common.format;
	else if (loop->out.tty && command->formats && filter->print)
		loop->format = 1;
	for_people = loop->out.tty && loop->format;
	colour = wants_colour(loop->out.tty);
	loop->meter.program = loop->program;
	loop->meter.start_ns = kb_clock_ns();
	loop->meter.progress = kb_common.progress != KB_OPT_UNSET
				   ? kb_common.progress
				   : may_progress(&loop->out);
	return 0;
}

static int run_loop(struct kb_loop *loop, struct kb_err *err)
{
	const struct kb_filter *filter = loop->filter;
	void *thread = NULL;
	int rc = 0;

	if (filter->wait)
		return kb_loop_events(loop, err);
	if (kb_common.jobs > 1)
		return kb_loop_threads(loop, (unsigned)kb_common.jobs, err);
	if (filter->thread_open)
		rc = filter->thread_open(&thread, err);
	loop->thread = thread;
	if (!rc)
		rc = kb_loop_inline(loop, err);
	if (filter->thread_close && thread)
		filter->thread_close(thread);
	return rc;
}

static int write_stats(struct kb_loop *loop, struct kb_err *err)
{
	struct kb_buf members;
	int rc;

	if (!kb_common.stats)
		return 0;
	loop->meter.bytes_in = loop->in.bytes;
	loop->meter.bytes_out = loop->out.bytes;
	kb_buf_init(&members, 0);
	if (loop->filter->stats)
		loop->filter->stats(&members);
	rc = kb_meter_write(&loop->meter, kb_common.stats, kb_buf_str(&members),
			    err);
	kb_buf_release(&members);
	return rc;
}

/* What stands beside its place is not put there, and needs no more bytes. */
static int flush_plain(struct kb_output *out, struct kb_err *err)
{
	return kb_file_out_is_beside(&out->file) ? 0
						 : kb_output_flush(out, err);
}

/* Runs to the end, writes what is complete, closes everything. */
static int finish(struct kb_loop *loop, int rc, struct kb_err *err)
{
	struct kb_err second, third;
	int more;

	kb_meter_clear(&loop->meter);
	loop->meter.dead = loop->dead.n;
	if (kb_cli_interrupted) {
		/* What was written whole stays, but for a file that is only
		 * ever whole. */
		more = kb_loop_flush(loop, &second);
	} else if (rc) {
		more = flush_plain(&loop->out, &second);
		if (!more)
			more = kb_asides_each(flush_plain, &second);
	} else {
		more = kb_asides_each(kb_output_finish, &second);
		if (!more)
			more = kb_output_finish(&loop->out, &second);
	}
	if (kb_dead_finish(&loop->dead, more ? &third : &second) && !more)
		more = second.code;
	/* As a file that is only ever whole: of a run that came to its end. */
	if (!more && !rc && !kb_cli_interrupted)
		more = write_stats(loop, &second);
	if (more && !rc) {
		*err = second;
		rc = more;
	}
	if (kb_common.verbose)
		kb_meter_say(&loop->meter);
	return rc;
}

static int run(const struct kb_cmdline *line, const struct kb_command *command,
	       const char *text)
{
	const struct kb_filter *filter = command->filter;
	struct kb_loop loop = {
	    .filter = filter,
	    .program = line->program->name,
	    .out.file = KB_FILE_OUT_NONE,
	    .dead.file = KB_FILE_OUT_NONE,
	};
	struct kb_err err = {0};
	int rc, status;

	if (filter->sessions)
		loop.sessions = filter->sessions();
	rc = open_loop(&loop, command, text, &err);
	if (!rc) {
		kb_signals_catch();
		rc = run_loop(&loop, &err);
		if (!rc && filter->report && !kb_cli_interrupted)
			rc = filter->report(loop.format, &loop.out.buf, &err);
		rc = finish(&loop, rc, &err);
	}
	if (rc && !kb_cli_interrupted)
		status = kb_cmdline_fail(line, &err);
	else if (loop.dead.n && !loop.meter.records_in)
		status = 2; /* nothing could be done: the wrong file? */
	else if (loop.meter.errors || loop.dead.n)
		status = 3;
	else
		status = kb_common.exit_status && loop.any_no;
	if (loop.sessions && kb_sessions_split(loop.sessions)) {
		kb_err_set(&err, KB_EINVAL,
			   "%zu conversations went on after they had been "
			   "written; sort the input by what tells them apart",
			   kb_sessions_split(loop.sessions));
		kb_print_note(loop.program, err.msg);
	}
	records = NULL;
	kb_output_release(&loop.out);
	kb_asides_release();
	kb_dead_release(&loop.dead);
	kb_input_release(&loop.in);
	kb_resume_release(&loop.resume);
	kb_loop_release(&loop);
	return status;
}

/* Does somebody look at what is written, in a form for people? */
static bool may_converse(void)
{
	return isatty(1) && !kb_common.output && !kb_common.resume &&
	       kb_common.format != 0;
}

static int converse(const struct kb_cmdline *line,
		    const struct kb_filter *filter)
{
	struct kb_err err = {0};

	for_people = true;
	colour = wants_colour(true);
	return filter->converse(line->program->name, filter, &err)
		   ? kb_cmdline_fail(line, &err)
		   : 0;
}

int kb_filter_run(const struct kb_cmdline *line,
		  const struct kb_command *command, int n_operands,
		  char **operands)
{
	const struct kb_filter *filter = command->filter;
	struct kb_err err = {0};
	const char *text = NULL;
	int rc = check_options(filter, &err), status = 0;

	running = line->program->name;
	assert(filter->work && n_operands >= 0);
	assert(!filter->wait || !filter->thread_open); /* one thread */
	if (!rc && filter->open)
		rc = filter->open(n_operands, operands, &text, &err);
	if (!rc && text && kb_common.files.n)
		rc = refuse("a question on the command line and --file "
			    "exclude each other",
			    &err);
	if (rc < 0)
		status = kb_cmdline_fail(line, &err);
	else if (rc == KB_OPEN_DONE || rc == KB_OPEN_PARTLY)
		status = rc == KB_OPEN_PARTLY;
	else if (!text && !kb_common.files.n && isatty(0))
		status = filter->converse && may_converse()
			     ? converse(line, filter)
			     : kb_cmdline_usage(line);
	else
		status = run(line, command, text);
	if (filter->close)
		filter->close();
	if (kb_cli_interrupted) {
		signal(kb_cli_interrupted, SIG_DFL);
		raise(kb_cli_interrupted);
	}
	return status;
}
