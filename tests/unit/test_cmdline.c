/* Command lines against rows of options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/cmdline.h"

static struct {
	bool flag, no_net, no_file;
	int turn, way;
	const char *file;
	uint64_t hits;
	double share, wait;
	uint64_t size;
	struct kb_opt_list names;
} o;

/* clang-format off */
static const struct kb_opt of_find[] = {
	{.letter = 'f', .name = "flag", .to = &o.flag, .help = "f"},
	{.name = "no-net", .to = &o.no_net, .help = "n"},
	{.name = "no-file", .to = &o.no_file, .help = "n"},
	{.name = "turn", .type = KB_OPT_SWITCH, .to = &o.turn, .help = "t"},
	{.name = "hidden", .to = &o.flag},
	{.letter = 'k', .name = "hits", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.hits, .min = 1, .max = 9, .help = "k"},
	{.name = "hits-max", .arg = "N", .type = KB_OPT_COUNT,
	 .to = &o.hits, .help = "h"},
	{.name = "share", .arg = "X", .type = KB_OPT_NUMBER,
	 .to = &o.share, .max = 1, .help = "s"},
	{.name = "wait", .arg = "TIME", .type = KB_OPT_DURATION,
	 .to = &o.wait, .help = "w"},
	{.name = "size", .arg = "SIZE", .type = KB_OPT_SIZE,
	 .to = &o.size, .help = "s"},
	{.name = "way", .arg = "WAY", .type = KB_OPT_CHOICE,
	 .to = &o.way, .choices = "left|right", .help = "w"},
};

static const struct kb_opt of_all[] = {
	{.name = "file", .arg = "FILE", .type = KB_OPT_STRING,
	 .to = &o.file, .help = "f"},
	{.letter = 'n', .name = "name", .arg = "NAME", .type = KB_OPT_LIST,
	 .to = &o.names, .help = "n"},
};
/* clang-format on */

static const struct kb_command commands[] = {
    {
	.name = "find",
	.synopsis = "",
	.about = "",
	.options = of_find,
	.n_options = KB_OPT_N(of_find),
    },
    {.name = "lose", .synopsis = "", .about = ""},
    {.name = "lose-all", .synopsis = "", .about = ""},
};

static const struct kb_command program = {
    .name = "prog",
    .synopsis = "",
    .about = "",
    .options = of_all,
    .n_options = KB_OPT_N(of_all),
    .commands = commands,
    .n_commands = KB_OPT_N(commands),
};

static char words[512];
static char *argv[32];

/* Split text at blanks; the first word is the program's name. */
static int split(const char *text)
{
	int argc = 1;
	bool inside = false;

	snprintf(words, sizeof(words), "%s", text);
	argv[0] = (char *)"prog";
	for (char *p = words; *p; p++) {
		if (*p == ' ')
			*p = '\0';
		else if (!inside)
			argv[argc++] = p;
		inside = *p;
	}
	argv[argc] = NULL;
	return argc;
}

/* Read a line, and a configuration before it. Returns the number of operands,
 * which then begin argv, or an error. */
static int read_line(const char *text, const char *config, struct kb_err *err)
{
	struct kb_cmdline line = {.program = &program};
	int argc = split(text), n = 0, rc;
	char **rest = argv;

	memset(&o, 0, sizeof(o));
	o.turn = KB_OPT_UNSET;
	*err = (struct kb_err){0};
	rc = kb_cmdline_choose(&line, argc, argv, err);
	if (line.command) {
		argc--;
		rest++;
	}
	if (!rc)
		rc = kb_cmdline_check(&line, argc, rest, err);
	if (!rc && config)
		rc = kb_config_read(&line, kb_str_of(config), "c", err);
	if (!rc)
		rc = kb_cmdline_set(&line, argc, rest, &n, err);
	memmove(argv, rest, (size_t)n * sizeof(*argv));
	return rc ? rc : n;
}

static void a_line_is_understood_or_refused_in_a_line(void **state)
{
	static const struct {
		const char *line, *config;
		const char *refused; /* NULL: it is understood */
	} rows[] = {
	    {"find --hits 3 -k4 -fk 5 a -- -b", NULL, NULL},
	    {"find --hit=3", NULL, "ambiguous: --hits, --hits-max"},
	    {"find --hits=3", NULL, NULL}, /* though --hits-max begins so */
	    {"find --hits-=3", NULL, NULL},
	    {"find --s=1", NULL, "ambiguous: --share, --size"},
	    {"find --no-ne", NULL, NULL},
	    {"find --no-n", NULL,
	     "ambiguous: --no-net, --no-no-file, "
	     "--no-name"},
	    {"find --no-f", NULL, "ambiguous: --no-flag, --no-file"},
	    {"find --no-fil", NULL, NULL}, /* the flag; --file has none */
	    {"find --hidde", NULL, "unknown option"},
	    {"find --hidden", NULL, NULL},
	    {"find --dump-option", NULL, "unknown option"},
	    {"find --no-hits --no-nam", NULL, NULL},
	    {"find --no-hits=1", NULL, "--no-hits takes no value"},
	    {"find --no-hist", NULL, "'--no-hist'; is '--no-hits' meant?"},
	    {"find --no-config", NULL, NULL},
	    {"find --no-config=x", NULL, "--no-config takes no value"},
	    {"find --no-help", NULL, "unknown option"},
	    {"find --turn=1", NULL, "--turn takes no value"},
	    {"find --no-turn=1", NULL, "--no-turn takes no value"},
	    {"find --hits", NULL, "--hits wants a value"},
	    {"find -k", NULL, "-k wants a value"},
	    {"find -z", NULL, "unknown option '-z'; 'prog find --help'"},
	    {"find --share=nan", NULL, "is not a number"},
	    {"find --wait=1y", NULL, "is not a duration"},
	    {"find --size=1.5", NULL, "is not a whole number"},
	    {"find --way=up", NULL, "'up' is none of left|right"},
	    {"lose --name=a --name b", NULL, NULL},
	    {"lose --hits=3", NULL, "unknown option '--hits'"},
	    {"f --hits 3", NULL, NULL},
	    {"l", NULL, "command 'l' is ambiguous: lose, lose-all"},
	    {"lose", NULL, NULL}, /* though lose-all begins so */
	    {"lose-", NULL, NULL},
	    {"lose-alls", NULL, "no command 'lose-alls'; is 'lose-all' meant?"},
	    {"fnid", NULL, "no command 'fnid'; is 'find' meant?"},
	    {"--name=a find", NULL, "'--name' stands before the command"},
	    {"find", "{\"hits\":3,\"net\":true,\"no-turn\":true}", NULL},
	    {"find", "{\"hit\":3}", "'c': no option 'hit'"},
	    {"find", "{\"config\":\"x\"}", "'c': no option 'config'"},
	    {"find", "{\"flag\":1}", "neither true nor false"},
	    {"find", "{\"hits\":{}}",
	     "'c': 'hits' is an object; want one text"},
	    {"find", "{\"hits\":[3]}", "'c': 'hits' is a list; want one text"},
	    {"find", "{\"file\":[]}", "'c': 'file' is a list; want one text"},
	    {"find", "{\"file\":null}", "'c': 'file' is null; want one text"},
	    {"find", "{\"file\":true}", "'c': 'file' wants a value"},
	    {"find", "{\"flag\":null}", "'c': 'flag' is null; want true or"},
	    {"find", "{\"flag\":[true]}", "'flag' is a list; want true or"},
	    {"find", "{\"name\":null}", "'name' is null; want a text, or a"},
	    {"find", "{\"name\":[\"a\",null]}", "'name' is null; want a text"},
	    {"find", "{\"name\":[[\"a\"]]}", "'name' is a list; want a text"},
	    {"find", "{\"name\":[false]}", "'name' has an item that is false"},
	    {"find", "{\"hits\":99}", "'c': --hits: '99' is not in 1 to 9"},
	    {"find", "{\"no-hits\":true,\"no-name\":false}", NULL},
	    {"find", "{\"no-hits\":3}", "'no-hits' is neither true nor false"},
	    {"find", "{\"hits\":\"3\",\"lose\":{\"what\":1}}", NULL},
	    {"lose", "{\"hits\":3,\"find\":{\"hits\":99}}", NULL},
	    {"lose", "{\"lose\":{\"hits\":3}}", "'c': no option 'hits'"},
	    {"lose", "{\"lose\":3}", "'c': no option 'lose'"},
	    {"find", "[]", "not a JSON object"},
	    {"find", "{\"hits\":3,\"hits\":3}", "'c':1: "},
	};

	(void)state;
	for (size_t i = 0; i < KB_OPT_N(rows); i++) {
		struct kb_err err;
		int rc = read_line(rows[i].line, rows[i].config, &err);

		if (rows[i].refused && strstr(err.msg, rows[i].refused) &&
		    rc < 0)
			continue;
		if (rows[i].refused || rc < 0)
			fail_msg("%s %s: %d %s", rows[i].line,
				 rows[i].config ? rows[i].config : "", rc,
				 err.msg);
	}
}

static void the_last_one_counts_and_the_line_more_than_the_file(void **state)
{
	struct kb_err err;

	(void)state;
	assert_int_equal(
	    read_line("find --hits 3 -k4 a -fk5 b -- -c", NULL, &err), 3);
	assert_string_equal(argv[2], "-c");
	assert_int_equal(o.hits, 5);
	assert_true(o.flag);

	assert_int_equal(
	    read_line("find --no-net --flag --net --no-flag --no-turn", NULL,
		      &err),
	    0);
	assert_false(o.no_net);
	assert_false(o.flag);
	assert_int_equal(o.turn, 0);

	assert_int_equal(
	    read_line("find --net --no-fl --fla", "{\"no-net\":true}", &err),
	    0);
	assert_false(o.no_net);
	assert_int_equal(o.turn, KB_OPT_UNSET);

	/* One name, two things: the flag's opposite is another word. */
	assert_int_equal(read_line("find --no-file --file x", NULL, &err), 0);
	assert_true(o.no_file);
	assert_string_equal(o.file, "x");
	assert_int_equal(read_line("find --no-file --no-no-file", NULL, &err),
			 0);
	assert_false(o.no_file);
	assert_null(o.file);
}

/* What a line must say to be as if a file had not spoken. */
static void the_opposite_puts_back_what_a_file_said(void **state)
{
	static const char config[] =
	    "{\"name\":[\"a\",\"b\"],\"file\":\"f\",\"hits\":2,\"share\":0.5,"
	    "\"wait\":\"2m\",\"size\":2048,\"way\":\"right\",\"turn\":true}";
	struct kb_err err;

	(void)state;
	assert_int_equal(
	    read_line("find --no-name --no-hits --no-share --no-wait --no-size "
		      "--no-way --no-no-file --no-turn",
		      config, &err),
	    0);
	assert_int_equal(o.names.n + o.hits + o.size, 0);
	assert_true(o.share == 0 && o.wait == 0);
	assert_int_equal(o.way, 0);
	assert_int_equal(o.turn, 0);

	/* on one line, the last one counts */
	assert_int_equal(read_line("find --no-hits --hits 4 -n c --no-name -n d"
				   " --way right --no-way",
				   config, &err),
			 0);
	assert_int_equal(o.hits, 4);
	assert_int_equal(o.names.n, 1);
	assert_string_equal(o.names.items[0], "d");
	assert_int_equal(o.way, 0);

	/* a command's part of a file against the part for all */
	assert_int_equal(
	    read_line("find",
		      "{\"find\":{\"hits\":false,\"no-file\":true},"
		      "\"hits\":3,\"name\":\"x\"}",
		      &err),
	    0);
	assert_int_equal(o.hits, 0);
	assert_int_equal(o.names.n, 1);

	/* "no-file" is a flag and speaks of the file's "file", but on a line
	 * each of the two is itself */
	assert_int_equal(read_line("find --no-file", config, &err), 0);
	assert_true(o.no_file);
	assert_null(o.file);
	assert_int_equal(read_line("find --file g --no-file", config, &err), 0);
	assert_true(o.no_file);
	assert_string_equal(o.file, "g");
}

static void a_file_speaks_to_all_commands_and_to_one(void **state)
{
	static const char config[] =
	    "{\"find\":{\"name\":[\"b\",\"c\"],\"hits\":2,\"net\":false},"
	    "\"name\":\"a\",\"hits\":1,\"wait\":\"2m\",\"size\":2048,"
	    "\"flag\":true,\"way\":\"right\",\"file\":false}";
	struct kb_err err;

	(void)state;
	assert_int_equal(read_line("find -n d", config, &err), 0);
	assert_int_equal(o.hits, 2);
	assert_true(o.no_net && o.flag);
	assert_true(o.wait == 120);
	assert_int_equal(o.size, 2048);
	assert_int_equal(o.way, 1);
	assert_null(o.file);
	assert_int_equal(o.names.n, 4);
	assert_string_equal(o.names.items[0], "a");
	assert_string_equal(o.names.items[2], "c");
	assert_string_equal(o.names.items[3], "d");

	assert_int_equal(read_line("lose", config, &err), 0);
	assert_int_equal(o.names.n, 1);
	assert_int_equal(o.hits, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_understood_or_refused_in_a_line),
	    cmocka_unit_test(
		the_last_one_counts_and_the_line_more_than_the_file),
	    cmocka_unit_test(the_opposite_puts_back_what_a_file_said),
	    cmocka_unit_test(a_file_speaks_to_all_commands_and_to_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
