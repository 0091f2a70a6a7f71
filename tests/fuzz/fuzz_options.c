/* A command line: words with zero bytes between, a configuration before them
 * when the first begins with '{'. Whatever they say, values lie inside their
 * ranges; what a shortened name stands for, longer ones stand for too; and of
 * a flag and its opposite the last counts. */
#include <math.h>
#include <string.h>

#include "cli/cmdline.h"
#include "doc/doc.h"
#include "memory_file.h"
#include "search/search.h"
#include "search/search_base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 32 };

static struct {
	bool flag, no_net, no_way, all;
	int choice, turn;
	const char *string;
	struct kb_opt_list list;
	uint64_t count, size;
	double number, duration;
} o;

/* clang-format off */
static const struct kb_opt of_one[] = {
	{.letter = 'f', .name = "flag", .to = &o.flag, .help = "f"},
	{.name = "no-net", .to = &o.no_net, .help = "n"},
	{.name = "no-way", .to = &o.no_way, .help = "n"},
	{.name = "turn", .type = KB_OPT_SWITCH, .to = &o.turn, .help = "t"},
	{.letter = 's', .name = "string", .arg = "FILE",
	 .type = KB_OPT_STRING, .to = &o.string, .help = "s"},
	{.letter = 'l', .name = "list", .arg = "DIR",
	 .type = KB_OPT_LIST, .to = &o.list, .help = "l"},
	{.letter = 'c', .name = "count", .arg = "N",
	 .type = KB_OPT_COUNT, .to = &o.count, .min = 1, .max = 256,
	 .help = "c"},
	{.letter = 'z', .name = "size", .arg = "SIZE", .type = KB_OPT_SIZE,
	 .to = &o.size, .min = 16, .max = 1 << 30, .help = "z"},
	{.letter = 'n', .name = "number", .arg = "X",
	 .type = KB_OPT_NUMBER, .to = &o.number, .max = 1, .help = "n"},
	{.letter = 'd', .name = "duration", .arg = "T",
	 .type = KB_OPT_DURATION, .to = &o.duration, .help = "d"},
	{.letter = 'w', .name = "way", .arg = "WAY", .type = KB_OPT_CHOICE,
	 .to = &o.choice, .choices = "one|two|three", .help = "w"},
};

static const struct kb_opt of_both[] = {
	{.letter = 'a', .name = "all", .to = &o.all, .help = "a"},
};
/* clang-format on */

static const struct kb_command commands[] = {
    {
	.name = "one",
	.synopsis = "",
	.about = "",
	.options = of_one,
	.n_options = KB_OPT_N(of_one),
    },
    {.name = "other", .synopsis = "", .about = ""},
};

static const struct kb_command program = {
    .name = "fuzz",
    .synopsis = "",
    .about = "",
    .options = of_both,
    .n_options = KB_OPT_N(of_both),
    .commands = commands,
    .n_commands = KB_OPT_N(commands),
};

static void forget(void)
{
	memset(&o, 0, sizeof(o));
	o.turn = KB_OPT_UNSET;
}

static void check_values(void)
{
	if (o.count > 256 || (o.size && o.size < 16) || o.size > 1 << 30 ||
	    !(o.number >= 0 && o.number <= 1) || !(o.duration >= 0) ||
	    !isfinite(o.duration) || o.choice < 0 || o.choice > 2 ||
	    o.turn < KB_OPT_UNSET || o.turn > 1 || o.list.n > KB_OPT_LIST_MAX)
		abort();
}

/* What a search takes as text. */
static void search_options(const char *text)
{
	struct kb_base_options options = {.filter = text};
	struct kb_search_options search = {0};
	struct kb_base *base;
	int64_t at;

	kb_doc_time(kb_str_of(text), false, &at);
	kb_doc_time(kb_str_of(text), true, &at);
	kb_search_choose_legs(&search, text, NULL);
	for (int i = 0; i < 3; i++) {
		options.filter = i == 0 ? text : NULL;
		options.at = i == 1 ? text : NULL;
		options.weights = i == 2 ? text : NULL;
		if (kb_base_open(&base, &options, NULL))
			continue;
		for (int leg = 0; leg < KB_LEGS; leg++)
			if (!(base->weights[leg] >= 0 &&
			      base->weights[leg] <= 100))
				abort();
		kb_base_unref(base);
	}
}

/* A name that is understood is understood when more of it is typed. */
static void check_prefix(const struct kb_cmdline *line, const char *name,
			 size_t len)
{
	bool off = false, off_longer = false;
	const struct kb_opt *opt =
	    kb_cmdline_find(line, name, len, false, &off, NULL);
	char whole[64];
	int n;

	if (!opt)
		return;
	if (!off)
		n = snprintf(whole, sizeof(whole), "%s", opt->name);
	else if (!strcmp(opt->name, "no-net"))
		n = snprintf(whole, sizeof(whole), "%s", opt->name + 3);
	else
		n = snprintf(whole, sizeof(whole), "no-%s", opt->name);
	if ((size_t)n < len || memcmp(whole, name, len))
		abort();
	for (size_t i = len; i <= (size_t)n; i++)
		if (kb_cmdline_find(line, whole, i, i == (size_t)n, &off_longer,
				    NULL) != opt ||
		    off_longer != off)
			abort();
}

/* The last one counts, whatever stands before. */
static void check_last(struct kb_cmdline *line, int argc, char **argv)
{
	static const struct {
		const char *word;
		const bool *to;
		bool want;
	} rows[] = {
	    {"--flag", &o.flag, true},	   {"--no-flag", &o.flag, false},
	    {"--no-net", &o.no_net, true}, {"--net", &o.no_net, false},
	    {"--no-way", &o.no_way, true}, {"--no-no-way", &o.no_way, false},
	    {"--fl", &o.flag, true},	   {"--no-f", &o.flag, false},
	};
	char word[16];
	int n;

	for (size_t i = 0; i < KB_OPT_N(rows); i++) {
		char *copy[WORDS_MAX + 4];

		memcpy(copy, argv, (size_t)argc * sizeof(*argv));
		strcpy(word, rows[i].word);
		copy[argc] = word;
		copy[argc + 1] = NULL;
		forget();
		line->config = NULL;
		if (kb_cmdline_check(line, argc + 1, copy, NULL) ||
		    kb_cmdline_set(line, argc + 1, copy, &n, NULL))
			continue;
		/* unless it was an operand, or a value */
		if (n && copy[n - 1] == word)
			continue;
		if (line->config == word || o.string == word ||
		    (o.list.n && o.list.items[o.list.n - 1] == word))
			continue;
		if (*rows[i].to != rows[i].want)
			abort();
	}
}

static void command_line(int argc, char **argv, struct kb_str config)
{
	struct kb_cmdline line = {.program = &program};
	int n;

	if (kb_cmdline_choose(&line, argc, argv, NULL))
		return;
	if (line.command) {
		argc--;
		argv++;
	}
	for (int i = 1; i < argc; i++)
		for (size_t len = 0; len <= strlen(argv[i]); len++)
			check_prefix(&line, argv[i], len);
	forget();
	if (config.len)
		kb_config_read(&line, config, "config", NULL);
	check_values();
	if (line.command)
		check_last(&line, argc, argv);
	forget();
	if (kb_cmdline_check(&line, argc, argv, NULL) == 0 &&
	    kb_cmdline_set(&line, argc, argv, &n, NULL) == 0 &&
	    (n < 0 || n >= argc + !argc))
		abort();
	check_values();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 2], *text = malloc(size + 1);
	struct kb_str config = {0};
	int argc = 1;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	argv[0] = text + size;
	search_options(text);
	for (size_t at = 0; at < size && argc <= WORDS_MAX;
	     at += strlen(text + at) + 1) {
		if (!at && *text == '{')
			config = kb_str_of(text);
		/* those print */
		else if (strncmp(text + at, "--h", 3) &&
			 strncmp(text + at, "--v", 3) &&
			 strcmp(text + at, "--dump-options"))
			argv[argc++] = text + at;
	}
	argv[argc] = NULL;
	command_line(argc, argv, config);
	free(text);
	return 0;
}
