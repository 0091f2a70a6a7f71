/*
 * A command line: what is typed, against the rows of options.
 *
 * Long options may be shortened as long as one option alone begins so, and
 * stand as --name=value or --name value; letters may stand together, the last
 * with a value (-vk5). Options may stand among the operands until "--"; a
 * single "-" is an operand. The last one counts.
 */
#ifndef KB_CLI_CMDLINE_H
#define KB_CLI_CMDLINE_H

#include "base/mem.h"
#include "cli/command.h"

struct kb_opt_rows {
	const struct kb_opt *rows;
	size_t n;
};

#define KB_CMDLINE_ROWS 96

struct kb_cmdline {
	const struct kb_command *program;
	const struct kb_command *command; /* the sub-command, or NULL */
	struct kb_opt_rows common[3];	  /* rows that programs share */
	size_t n_common;
	const char *config; /* out: the file of --config, or NULL */
	bool no_config;	    /* out: --no-config, nor the user's own */
	/* Of all rows one after another, as the first reading finds them. */
	union kb_opt_value defaults[KB_CMDLINE_ROWS];
	/* Why the configuration may not name a command (a value called CMD) or
	 * have files written; NULL: it may. Borrowed. */
	const struct kb_err *distrust;
};

/*
 * Pick the sub-command, which is the first word and may be shortened as long
 * as one alone begins so; line->command stays NULL
 * where the program has none, or where an option comes first, which then asks
 * about the program itself. KB_EINVAL: no such command, or several.
 */
int kb_cmdline_choose(struct kb_cmdline *line, int argc, char **argv,
		      struct kb_err *err);

/* The table at place i: the sub-command's rows, the program's, the common
 * ones, and at last those that every program has. False behind the last. */
bool kb_cmdline_rows(const struct kb_cmdline *line, size_t i,
		     struct kb_opt_rows *out);

/*
 * The row that is typed as 'name' of len bytes and whether in its opposite
 * form. With 'whole' no shortened name is known. NULL, err set: no such
 * option (KB_ENOENT), or several (KB_EINVAL, the line names them).
 */
const struct kb_opt *kb_cmdline_find(const struct kb_cmdline *line,
				     const char *name, size_t len, bool whole,
				     bool *off, struct kb_err *err);

/* How the opposite of a row is typed, in two parts that belong together; false:
 * it has none. */
bool kb_cmdline_opposite(const struct kb_cmdline *line,
			 const struct kb_opt *opt, const char **no,
			 const char **stem);

/* Give what the row sets the value that it had before anything was read, or
 * what its opposite stands for. */
void kb_cmdline_put_back(const struct kb_cmdline *line,
			 const struct kb_opt *opt);

/*
 * First reading: is every option known, has each its value? Sets no variable
 * but of the line, and answers --help, --version and --dump-options: then 1.
 * KB_EINVAL with a line that says what is wrong.
 */
int kb_cmdline_check(struct kb_cmdline *line, int argc, char **argv,
		     struct kb_err *err);
/* Second reading: set the variables; operands are left in
 * argv[0 .. *n_operands-1]. */
int kb_cmdline_set(const struct kb_cmdline *line, int argc, char **argv,
		   int *n_operands, struct kb_err *err);

/*
 * Defaults from the file of --config, which must be there, or else, but for
 * --no-config, from $XDG_CONFIG_HOME/kb/NAME.json (or ~/.config/...), which
 * need not: an object of long option names, and for a program with sub-commands
 * of their names, each an object of its options. Between the two readings.
 */
int kb_config_load(const struct kb_cmdline *line, struct kb_err *err);
/* The same from text; place is named in messages. */
int kb_config_read(const struct kb_cmdline *line, struct kb_str text,
		   const char *place, struct kb_err *err);

/* help.c: what the answering options print on standard output. */
void kb_cmdline_help(const struct kb_cmdline *line);
void kb_cmdline_version(const struct kb_cmdline *line);
/*
 * Lines of letter, name, name of the value, kind, choices, help and name of the
 * opposite, tabs between, for the completions. Kinds: flag, choice, list (of
 * choices, with commas), file, dir, text; command: a sub-command.
 */
void kb_cmdline_dump(const struct kb_cmdline *line);

/* The synopsis on standard error, and where to read more: what a command line
 * gets that asks for nothing. Returns the exit status, 2. */
int kb_cmdline_usage(const struct kb_cmdline *line);

/* Print "name: message" on standard error; returns the exit status for
 * err->code: 75 for KB_EBUSY, else 2. */
int kb_cmdline_fail(const struct kb_cmdline *line, const struct kb_err *err);

#endif
