/*
 * A program as the command line sees it.
 *
 * A program is one struct kb_command: what it is called, its options, and its
 * work, which is one of three.
 *
 *   filter    work on records, one after another (run.h)
 *   run       do one thing and end
 *   commands  sub-commands, each a struct kb_command of its own
 *
 * kb_cli_main() does the rest, for all programs alike: it picks the
 * sub-command, reads the configuration and the options, answers --help,
 * --version and --dump-options, sets up signals, progress and statistics,
 * and turns what came of it into one line of complaint and an exit status.
 */
#ifndef KB_CLI_COMMAND_H
#define KB_CLI_COMMAND_H

#include "base/buf.h"
#include "cli/opt.h"

struct kb_filter;
struct kb_meter;

/* One run of a command that is no filter. */
struct kb_once {
	char **operands;
	size_t n_operands;
	int format;   /* place in the command's formats, 0: the first */
	bool verbose; /* -v */
	/* Of a metered command: to count in, and members for the object of
	 * --stats, which is written when the run succeeds. */
	struct kb_meter *meter;
	struct kb_buf *stats;
};

/* Of a command whose first operand is an index: without operands KB_INDEX
 * becomes the one. KB_EINVAL when there is none either. */
int kb_once_index(struct kb_once *once, struct kb_err *err);

/* What run() returns to have the synopsis shown: nothing was asked for. */
#define KB_ONCE_USAGE 256

struct kb_command {
	const char *name;
	const char *synopsis; /* what stands behind the name */
	const char *about;    /* one sentence; of a sub-command one line */
	const char *version;  /* further words for --version, or NULL */
	/* Options that --help describes, with a blank between names; the others
	 * it names. NULL: it describes all. */
	const char *shown;
	const char *examples;	      /* lines for --help, or NULL */
	const struct kb_opt *options; /* sub-commands have these, too */
	size_t n_options;
	const char *formats; /* "json|text|...": has --format; or NULL */
	/* Members of the configuration that are no options, space-separated;
	 * the program reads them itself. */
	const char *config_except;
	bool operands; /* takes words that are no options */
	bool metered;  /* run() counts: has --progress, --stats, -v */

	const struct kb_filter *filter;
	/* Returns 0, an exit status, KB_ONCE_USAGE, or an error. */
	int (*run)(struct kb_once *once, struct kb_err *err);
	const struct kb_command *commands;
	size_t n_commands;
};

/* Run a program from start to end; returns the exit status. */
int kb_cli_main(int argc, char **argv, const struct kb_command *program);

/* The file of --config, or NULL; empty with --no-config. */
const char *kb_cli_config(void);

#endif
