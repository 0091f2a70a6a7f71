/* What --help, --version and --dump-options print. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <zlib.h>
#include <zstd.h>

#include "cli/cmdline.h"

static void show_row(const struct kb_opt *opt)
{
	char left[64];

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s",
		 opt->letter ? '-' : ' ', opt->letter ? opt->letter : ' ',
		 opt->letter ? "," : " ", opt->name, opt->arg ? "=" : "",
		 opt->arg ? opt->arg : "");
	printf("%-28s %s\n", left, opt->help);
}

/* Is it described, and not only named? */
static bool is_shown(const struct kb_command *command, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = command->shown; p && *p;) {
		size_t len = strcspn(p, " ");

		if (len == n && !memcmp(p, name, n))
			return true;
		p += len + (p[len] == ' ');
	}
	return !command->shown;
}

static void show_rows(const struct kb_cmdline *line,
		      const struct kb_command *command, size_t i)
{
	struct kb_opt_rows rows;

	if (!kb_cmdline_rows(line, i, &rows))
		return;
	for (size_t j = 0; j < rows.n; j++)
		if (rows.rows[j].help && is_shown(command, rows.rows[j].name))
			show_row(&rows.rows[j]);
}

/* A name behind others, on the next line where this one is full. */
static void show_name(const struct kb_opt *opt, int *column)
{
	char letter[4] = {'-', opt->letter, '/', 0};
	int n = (int)strlen(opt->name) + 2 + (opt->letter ? 3 : 0);

	if (*column + n > 76) {
		printf("\n ");
		*column = 2;
	}
	*column += printf(" %s--%s", opt->letter ? letter : "", opt->name);
}

/* The names of the others. */
static void show_names(const struct kb_cmdline *line,
		       const struct kb_command *command)
{
	struct kb_opt_rows rows;
	int column = 2;

	printf("\nMore options, in %s(1) and kb(7):\n ", line->program->name);
	for (size_t i = 0; kb_cmdline_rows(line, i, &rows); i++)
		for (size_t j = 0; j < rows.n; j++)
			if (rows.rows[j].help &&
			    (i >= 2 || !is_shown(command, rows.rows[j].name)))
				show_name(&rows.rows[j], &column);
	printf("\n");
}

static void show_commands(const struct kb_command *program)
{
	for (size_t i = 0; i < program->n_commands; i++)
		printf("  %-26s %s\n", program->commands[i].name,
		       program->commands[i].about);
	printf("\n'%s COMMAND --help' shows the options of a command.\n",
	       program->name);
}

void kb_cmdline_help(const struct kb_cmdline *line)
{
	const struct kb_command *program = line->program;
	const struct kb_command *what = line->command ? line->command : program;

	printf("usage: %s %s%s%s\n", program->name,
	       line->command ? what->name : "", line->command ? " " : "",
	       what->synopsis);
	printf("%s\n\n", what->about);
	if (what->n_commands)
		show_commands(what);
	show_rows(line, what, 0);
	show_rows(line, what, 1);
	show_names(line, what);
	if (what->examples)
		printf("\nExamples:\n%s", what->examples);
}

void kb_cmdline_version(const struct kb_cmdline *line)
{
	const char *more = line->program->version;

	printf("%s %s (%s%sjansson %s, zlib %s, zstd %s)\n",
	       line->program->name, KB_VERSION, more ? more : "",
	       more ? "; " : "", jansson_version_str(), zlibVersion(),
	       ZSTD_versionString());
}

static const char *kind_of(const struct kb_opt *opt)
{
	if (kb_opt_is_flag(opt))
		return "flag";
	if (opt->choices)
		return opt->type == KB_OPT_CHOICE ? "choice" : "list";
	if (!strcmp(opt->arg, "FILE"))
		return "file";
	return strcmp(opt->arg, "DIR") ? "text" : "dir";
}

void kb_cmdline_dump(const struct kb_cmdline *line)
{
	const struct kb_command *program = line->program;
	struct kb_opt_rows rows;

	for (size_t i = 0; !line->command && i < program->n_commands; i++)
		printf("\t%s\t\tcommand\t\t%s\t\n", program->commands[i].name,
		       program->commands[i].about);
	for (size_t t = 0; kb_cmdline_rows(line, t, &rows); t++)
		for (size_t i = 0; i < rows.n; i++) {
			const struct kb_opt *opt = &rows.rows[i];
			const char *no = "", *stem = "";

			if (!opt->help)
				continue;
			kb_cmdline_opposite(line, opt, &no, &stem);
			printf("%.1s\t%s\t%s\t%s\t%s\t%s\t%s%s\n",
			       opt->letter ? &opt->letter : "", opt->name,
			       opt->arg ? opt->arg : "", kind_of(opt),
			       opt->choices ? opt->choices : "", opt->help, no,
			       stem);
		}
}

int kb_cmdline_usage(const struct kb_cmdline *line)
{
	const struct kb_command *what =
	    line->command ? line->command : line->program;
	const char *name = line->command ? what->name : "";
	const char *blank = line->command ? " " : "";

	fprintf(stderr, "usage: %s%s%s %s\ntry '%s%s%s --help'\n",
		line->program->name, blank, name, what->synopsis,
		line->program->name, blank, name);
	return 2;
}

int kb_cmdline_fail(const struct kb_cmdline *line, const struct kb_err *err)
{
	fprintf(stderr, "%s: %s\n", line->program->name, err->msg);
	return err->code == KB_EBUSY ? 75 : 2;
}
