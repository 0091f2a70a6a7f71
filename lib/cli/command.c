#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/loop.h"
#include "cli/signals.h"

static const char *config;

const char *kb_cli_config(void)
{
	return config;
}

/* ---- a command that is no filter ---- */

int kb_once_index(struct kb_once *once, struct kb_err *err)
{
	static char *usual[1];

	if (once->n_operands)
		return 0;
	usual[0] = getenv("KB_INDEX");
	if (!usual[0] || !*usual[0])
		return kb_err_set(err, KB_EINVAL,
				  "no index given; name one, or set KB_INDEX");
	once->operands = usual;
	once->n_operands = 1;
	return 0;
}

static int form_of(const struct kb_command *command)
{
	if (kb_common.format != KB_OPT_UNSET)
		return kb_common.format;
	return command->formats && isatty(STDOUT_FILENO);
}

/* By itself where a person looks on and nothing else is written. */
static bool shows_progress(void)
{
	const char *term = getenv("TERM");

	if (kb_common.progress != KB_OPT_UNSET)
		return kb_common.progress > 0;
	return isatty(STDERR_FILENO) && isatty(STDOUT_FILENO) &&
	       !(term && !strcmp(term, "dumb"));
}

static int run_once(const struct kb_cmdline *line,
		    const struct kb_command *command, int n, char **operands,
		    struct kb_err *err)
{
	struct kb_meter meter = {.program = line->program->name,
				 .start_ns = kb_clock_ns(),
				 .progress = shows_progress()};
	struct kb_buf members;
	struct kb_once once = {
	    .operands = operands,
	    .n_operands = (size_t)n,
	    .format = form_of(command),
	    .verbose = kb_common.verbose,
	    .meter = &meter,
	    .stats = &members,
	};
	int rc;

	kb_buf_init(&members, 0);
	rc = command->run(&once, err);
	kb_meter_clear(&meter);
	if (rc >= 0 && rc != KB_ONCE_USAGE && kb_common.stats) {
		int second = kb_meter_write(&meter, kb_common.stats,
					    kb_buf_str(&members), err);

		rc = second ? second : rc;
	}
	kb_buf_release(&members);
	return rc;
}

/* ---- any command ---- */

static int read_line(struct kb_cmdline *line, const struct kb_command *command,
		     int argc, char **argv, int *n_operands, struct kb_err *err)
{
	int rc = kb_cmdline_check(line, argc, argv, err);

	if (!rc)
		rc = kb_config_load(line, err);
	if (!rc)
		rc = kb_cmdline_set(line, argc, argv, n_operands, err);
	if (!rc && *n_operands && !command->operands)
		return kb_err_set(err, KB_EINVAL,
				  "operand '%s': records come by -f FILE or "
				  "standard input",
				  argv[0]);
	return rc;
}

int kb_cli_main(int argc, char **argv, const struct kb_command *program)
{
	struct kb_cmdline line = {.program = program};
	const struct kb_command *command = program;
	struct kb_err err = {0};
	int n, rc;

	kb_signals_init();
	rc = kb_cmdline_choose(&line, argc, argv, &err);
	if (!rc && line.command) {
		command = line.command;
		argc--;
		argv++;
	}
	if (!rc) {
		kb_common_rows(&line, command);
		rc = read_line(&line, command, argc, argv, &n, &err);
	}
	if (rc == 1)
		return 0;
	if (rc)
		return kb_cmdline_fail(&line, &err);
	config = line.no_config ? "" : line.config;
	if (command->filter)
		return kb_filter_run(&line, command, n, argv);
	rc = command->run ? run_once(&line, command, n, argv, &err)
			  : KB_ONCE_USAGE;
	if (rc == KB_ONCE_USAGE)
		return kb_cmdline_usage(&line);
	return rc < 0 ? kb_cmdline_fail(&line, &err) : rc;
}
