/*
 * Options of a command line, as rows of a table.
 *
 *	static const struct kb_opt options[] = {
 *		{.letter = 'k', .name = "hits", .arg = "N",
 *		 .type = KB_OPT_COUNT, .to = &o.k, .min = 1, .max = 100,
 *		 .help = "hits wanted (10)"},
 *	};
 *
 * A program lists its options once, beside its work. The rows drive parsing,
 * the configuration file, --help, the completions and the test that compares
 * them with the manual page. Values go straight into the program's variables;
 * strings are borrowed from argv or live as long as the process.
 *
 * Every option has its opposite, which needs no row: --no-name for --name. Of
 * a flag it is the other value; what has a value gets back the one that it has
 * when nothing is said. The opposite of a flag whose row is called "no-name" is
 * --name (--no-no-name when another option is called so).
 */
#ifndef KB_CLI_OPT_H
#define KB_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum kb_opt_type {
	KB_OPT_FLAG,	 /* bool *: present sets true, its opposite false */
	KB_OPT_SWITCH,	 /* int *: 1 or 0; KB_OPT_UNSET before: not given */
	KB_OPT_STRING,	 /* const char ** */
	KB_OPT_LIST,	 /* struct kb_opt_list *: may be given again */
	KB_OPT_COUNT,	 /* uint64_t *: whole number in min..max */
	KB_OPT_SIZE,	 /* uint64_t *: bytes, with K, M, G (1024) */
	KB_OPT_NUMBER,	 /* double * in min..max */
	KB_OPT_DURATION, /* double *: seconds, with ms, s, m, h, d */
	KB_OPT_CHOICE,	 /* int *: place in 'choices' ("a|b|c") */
};

#define KB_OPT_UNSET (-1)

struct kb_opt {
	char letter;	  /* or 0 */
	const char *name; /* long name without the dashes */
	/* Name of the value for --help; NULL for flags. FILE and DIR also say
	 * what a shell may complete; CMD, alone or at the end, is run, and
	 * taken from a configuration only when nobody else can have written
	 * it. */
	const char *arg;
	const char *help; /* one line; the default and unit named here */
	enum kb_opt_type type;
	/* Of STRING: the value of "--name" alone; another then stands behind
	 * "=" only. NULL: it wants one. */
	const char *bare;
	/* Files are written, or more of an index than adding to it: as CMD,
	 * taken only from a configuration that is the user's alone. */
	bool writes;
	void *to;
	double min, max; /* COUNT, NUMBER; max 0: no limit */
	/* Of CHOICE all values; of STRING those that a list with commas may
	 * hold, as far as they are known: for completion, checked by the
	 * program. */
	const char *choices;
	/* Of CHOICE: what the opposite stands for; NULL: as if nothing had been
	 * said. */
	const char *off;
};

#define KB_OPT_LIST_MAX 64
struct kb_opt_list {
	const char *items[KB_OPT_LIST_MAX];
	size_t n;
	bool off; /* its opposite was given: empty, and not by default */
};

#define KB_OPT_N(table) (sizeof(table) / sizeof((table)[0]))

/* The value of a row before anything is read; lists are empty then. */
union kb_opt_value {
	bool flag;
	int place;
	const char *text;
	uint64_t count;
	double number;
};

void kb_opt_save(const struct kb_opt *opt, union kb_opt_value *value);
void kb_opt_restore(const struct kb_opt *opt, const union kb_opt_value *value);

/* Has the row no value? */
bool kb_opt_is_flag(const struct kb_opt *opt);

/*
 * Give an option its value: of a flag NULL for "present", else "true" or
 * "false"; with 'off' the opposite. KB_EINVAL with a line that names the
 * option, what was given and what may be; the variable is then as it was.
 */
int kb_opt_take(const struct kb_opt *opt, const char *value, bool off,
		struct kb_err *err);

#endif
