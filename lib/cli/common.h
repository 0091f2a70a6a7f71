/*
 * The options that programs share, and what they set. One run a process: the
 * values are static so that the rows can point at them.
 */
#ifndef KB_CLI_COMMON_H
#define KB_CLI_COMMON_H

#include "cli/cmdline.h"

enum kb_form {
	KB_FORM_AUTO,
	KB_FORM_JSON,
	KB_FORM_TEXT,
	KB_FORM_CSV,
	KB_FORM_TSV,
};
enum kb_colour { KB_COLOUR_AUTO, KB_COLOUR_ALWAYS, KB_COLOUR_NEVER };
enum kb_on_error { KB_ON_ERROR_KEEP, KB_ON_ERROR_DROP, KB_ON_ERROR_FAIL };

struct kb_common {
	struct kb_opt_list files;
	const char *output, *resume, *dead, *stats, *columns;
	uint64_t jobs; /* 0: not given */
	uint64_t max_line;
	int input;    /* enum kb_form */
	int on_error; /* enum kb_on_error */
	int colour;   /* enum kb_colour */
	int format;   /* or KB_OPT_UNSET */
	int progress; /* or KB_OPT_UNSET */
	bool unordered, retry, timing, verbose, exit_status;
};

extern struct kb_common kb_common;

/* Give the line the rows that 'command', which it is to run, shares. */
void kb_common_rows(struct kb_cmdline *line, const struct kb_command *command);

#endif
