#include "cli/common.h"

enum { JOBS_MAX = 256 };

struct kb_common kb_common = {
    .max_line = 16 << 20,
    .format = KB_OPT_UNSET,
    .progress = KB_OPT_UNSET,
};

/* clang-format off */
static const struct kb_opt of_filters[] = {
	{.letter = 'f', .name = "file", .arg = "FILE",
	 .type = KB_OPT_LIST, .to = &kb_common.files,
	 .help = "read records from FILE, again and again"},
	{.letter = 'o', .name = "output", .arg = "FILE",
	 .type = KB_OPT_STRING, .writes = true, .to = &kb_common.output,
	 .help = "write to FILE, whole or not at all"},
	{.letter = 'j', .name = "jobs", .arg = "N",
	 .type = KB_OPT_COUNT, .to = &kb_common.jobs, .min = 1, .max = JOBS_MAX,
	 .help = "work in N threads (1)"},
	{.name = "unordered", .type = KB_OPT_FLAG, .to = &kb_common.unordered,
	 .help = "write records as they are done"},
	{.name = "input", .arg = "FORM",
	 .type = KB_OPT_CHOICE, .to = &kb_common.input,
	 .choices = "auto|json|text|csv|tsv",
	 .help = "form of the input (auto: json or text)"},
	{.name = "columns", .arg = "NAMES",
	 .type = KB_OPT_STRING, .to = &kb_common.columns,
	 .help = "of a table without a row of names: a,b,c"},
	{.name = "max-line", .arg = "SIZE", .type = KB_OPT_SIZE,
	 .to = &kb_common.max_line, .min = 16, .max = 1 << 30,
	 .help = "longest line of input (16M)"},
	{.name = "on-error", .arg = "WHAT",
	 .type = KB_OPT_CHOICE, .to = &kb_common.on_error,
	 .choices = "keep|drop|fail",
	 .help = "record that fails: keep, drop or fail (keep)"},
	{.name = "dead-letter", .arg = "FILE",
	 .type = KB_OPT_STRING, .writes = true, .to = &kb_common.dead,
	 .help = "lines that are no records go to FILE"},
	{.name = "retry", .type = KB_OPT_FLAG, .to = &kb_common.retry,
	 .help = "work again on records with a retryable error"},
	{.name = "resume", .arg = "FILE",
	 .type = KB_OPT_STRING, .writes = true, .to = &kb_common.resume,
	 .help = "go on where FILE was interrupted"},
	{.name = "timing", .type = KB_OPT_FLAG, .to = &kb_common.timing,
	 .help = "add milliseconds to member 'timing'"},
	{.letter = 'e', .name = "exit-status",
	 .type = KB_OPT_FLAG, .to = &kb_common.exit_status,
	 .help = "exit with 1 when an answer is no"},
};

static const struct kb_opt of_metered[] = {
	{.name = "stats", .arg = "FILE",
	 .type = KB_OPT_STRING, .writes = true, .to = &kb_common.stats,
	 .help = "write counts and latencies to FILE"},
	{.name = "progress", .type = KB_OPT_SWITCH, .to = &kb_common.progress,
	 .help = "show progress on standard error"},
	{.letter = 'v', .name = "verbose",
	 .type = KB_OPT_FLAG, .to = &kb_common.verbose,
	 .help = "say more on standard error"},
};

/* The forms are the command's. */
static struct kb_opt of_formats[] = {
	{.name = "format", .arg = "FORMAT",
	 .type = KB_OPT_CHOICE, .to = &kb_common.format,
	 .help = "form of the output (text on a terminal, else json)"},
	{.name = "color", .arg = "WHEN",
	 .type = KB_OPT_CHOICE, .to = &kb_common.colour,
	 .choices = "auto|always|never", .off = "never",
	 .help = "colours in text: auto (a terminal's), always, never"},
};
/* clang-format on */

static void add(struct kb_cmdline *line, const struct kb_opt *rows, size_t n)
{
	line->common[line->n_common++] = (struct kb_opt_rows){rows, n};
}

void kb_common_rows(struct kb_cmdline *line, const struct kb_command *command)
{
	if (command->filter)
		add(line, of_filters, KB_OPT_N(of_filters));
	if (command->filter || command->metered)
		add(line, of_metered, KB_OPT_N(of_metered));
	of_formats[0].choices = command->formats;
	if (command->formats) /* a filter alone has text in colours */
		add(line, of_formats, command->filter ? 2 : 1);
}
