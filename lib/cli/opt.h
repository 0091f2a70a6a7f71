/*
 * Command-line options from a table.
 *
 * A program lists its options once, in a table that drives parsing, --help,
 * the completions and the test that compares them with the manual page.
 * Values go straight into the program's variables; strings are borrowed
 * from argv (or live as long as the process).
 */
#ifndef KB_CLI_OPT_H
#define KB_CLI_OPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum kb_opt_type {
	KB_OPT_FLAG,	 /* bool *: present sets true */
	KB_OPT_STRING,	 /* const char ** */
	KB_OPT_LIST,	 /* struct kb_opt_list *: may be given again */
	KB_OPT_COUNT,	 /* uint64_t *: whole number in min..max */
	KB_OPT_SIZE,	 /* uint64_t *: bytes, with K, M, G (1024) */
	KB_OPT_NUMBER,	 /* double * in min..max */
	KB_OPT_DURATION, /* double *: seconds, with ms, s, m, h, d */
	KB_OPT_CHOICE,	 /* int *: place in 'choices' ("a|b|c") */
};

struct kb_opt {
	char letter;	  /* or 0 */
	const char *name; /* long name without the dashes */
	const char *arg;  /* name of the value for --help; NULL for flags */
	const char *help; /* one line; the default and unit named here */
	enum kb_opt_type type;
	void *to;
	double min, max;     /* COUNT, NUMBER; max 0: no limit */
	const char *choices; /* CHOICE */
};

#define KB_OPT_LIST_MAX 64
struct kb_opt_list {
	const char *items[KB_OPT_LIST_MAX];
	size_t n;
};

/* What --help and --version say. */
struct kb_opt_program {
	const char *name;
	const char *synopsis; /* behind "usage: name " */
	const char *about;    /* one sentence */
	const char *version;  /* further words for --version, or NULL */
	const struct kb_opt *options;
	size_t n_options;
	const struct kb_opt *common; /* options shared by programs */
	size_t n_common;
};

#define KB_OPT_N(table) (sizeof(table) / sizeof((table)[0]))

/*
 * Parse argv[1..]. Options may stand among the operands until "--"; a
 * single "-" is an operand. Operands are left in argv[0 .. *n_operands-1].
 * --help, --version and --dump-options are answered here. Returns 1 when
 * one of those was answered (the program ends with 0), KB_EINVAL with a
 * line that says what is wrong.
 */
int kb_opt_parse(const struct kb_opt_program *program, int argc, char **argv,
		 int *n_operands, struct kb_err *err);

/* Set one option from text, as the configuration file does. KB_ENOENT when
 * there is no such option. */
int kb_opt_set(const struct kb_opt_program *program, const char *name,
	       const char *value, struct kb_err *err);

/*
 * Defaults from $XDG_CONFIG_HOME/kb/NAME.json (or ~/.config/...): an object
 * of long option names. Call before kb_opt_parse(). Values of a member
 * named in 'except' (space-separated) are left to the program. No file is
 * no error.
 */
int kb_opt_config(const struct kb_opt_program *program, const char *except,
		  struct kb_err *err);

/* The synopsis on standard error, and where to read more: what a command line
 * gets that asks for nothing. Returns the exit status, 2. */
int kb_opt_usage(const struct kb_opt_program *program);

/*
 * A main program's own refusal or failure: prints "name: message" on
 * standard error and returns the exit status for err->code: 75 for
 * KB_EBUSY, else 2.
 */
int kb_opt_fail(const struct kb_opt_program *program, const struct kb_err *err);

#endif
