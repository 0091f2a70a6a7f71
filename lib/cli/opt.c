#include "cli/opt.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "cli/suggest.h"

static const struct kb_opt answered[] = {
    {'h', "help", NULL, "show this help", KB_OPT_FLAG, NULL, 0, 0, NULL},
    {0, "version", NULL, "show versions", KB_OPT_FLAG, NULL, 0, 0, NULL},
    {0, "dump-options", NULL, NULL, KB_OPT_FLAG, NULL, 0, 0, NULL},
};

static const struct kb_opt *find_in(const struct kb_opt *table, size_t n,
				    const char *name, size_t len, char letter)
{
	for (size_t i = 0; i < n; i++) {
		if (letter ? table[i].letter == letter
			   : !strncmp(table[i].name, name, len) &&
				 !table[i].name[len])
			return &table[i];
	}
	return NULL;
}

static const struct kb_opt *find(const struct kb_opt_program *program,
				 const char *name, size_t len, char letter)
{
	const struct kb_opt *opt;

	opt = find_in(program->options, program->n_options, name, len, letter);
	if (!opt)
		opt = find_in(program->common, program->n_common, name, len,
			      letter);
	if (!opt)
		opt = find_in(answered, KB_OPT_N(answered), name, len, letter);
	return opt;
}

/* A refusal that helps: what was meant, or where it is written. */
static int unknown(const struct kb_opt_program *program, const char *name,
		   size_t len, struct kb_err *err)
{
	const char *meant =
	    kb_opt_nearest(program->options, program->n_options, name, len);

	if (!meant)
		meant = kb_opt_nearest(program->common, program->n_common, name,
				       len);
	if (!meant)
		meant = kb_opt_nearest(answered, KB_OPT_N(answered), name, len);
	if (meant)
		return kb_err_set(err, KB_EINVAL,
				  "unknown option '--%.*s'; is '--%s' meant?",
				  (int)len, name, meant);
	return kb_err_set(err, KB_EINVAL,
			  "unknown option '--%.*s'; '%s --help' lists them",
			  (int)len, name, program->name);
}

static int set_choice(const struct kb_opt *opt, const char *value,
		      struct kb_err *err)
{
	size_t len = strlen(value);
	const char *p = opt->choices;

	for (int i = 0; p; i++) {
		const char *bar = strchr(p, '|');
		size_t n = bar ? (size_t)(bar - p) : strlen(p);

		if (n == len && !memcmp(p, value, n)) {
			*(int *)opt->to = i;
			return 0;
		}
		p = bar ? bar + 1 : NULL;
	}
	return kb_err_set(err, KB_EINVAL, "--%s: '%s' is none of %s", opt->name,
			  value, opt->choices);
}

static int out_of_range(const struct kb_opt *opt, const char *value,
			struct kb_err *err)
{
	if (opt->max > 0)
		return kb_err_set(err, KB_EINVAL,
				  "--%s: '%s' is not in %.10g to %.10g",
				  opt->name, value, opt->min, opt->max);
	return kb_err_set(err, KB_EINVAL, "--%s: '%s' is below %.10g",
			  opt->name, value, opt->min);
}

/* Multiplier of a size or duration suffix; 0 when there is no such one. */
static double suffix(enum kb_opt_type type, const char *text)
{
	static const struct {
		const char *text;
		double size, seconds;
	} table[] = {
	    {"", 1, 1},		  {"K", 1024, 0},	  {"M", 1048576, 0},
	    {"G", 1073741824, 0}, {"k", 1024, 0},	  {"KiB", 1024, 0},
	    {"MiB", 1048576, 0},  {"GiB", 1073741824, 0}, {"ms", 0, 0.001},
	    {"s", 0, 1},	  {"m", 0, 60},		  {"min", 0, 60},
	    {"h", 0, 3600},	  {"d", 0, 86400},
	};

	for (size_t i = 0; i < KB_OPT_N(table); i++)
		if (!strcmp(table[i].text, text))
			return type == KB_OPT_DURATION ? table[i].seconds
						       : table[i].size;
	return 0;
}

static int set_number(const struct kb_opt *opt, const char *value,
		      struct kb_err *err)
{
	char *end;
	double x, unit = 1;

	errno = 0;
	x = strtod(value, &end);
	if (opt->type == KB_OPT_SIZE || opt->type == KB_OPT_DURATION)
		unit = suffix(opt->type, end);
	else if (*end)
		unit = 0;
	if (end == value || errno || unit == 0 || !isfinite(x))
		return kb_err_set(err, KB_EINVAL, "--%s: '%s' is not a %s",
				  opt->name, value,
				  opt->type == KB_OPT_SIZE	 ? "size"
				  : opt->type == KB_OPT_DURATION ? "duration"
								 : "number");
	x *= unit;
	if (x < opt->min || (opt->max > 0 && x > opt->max))
		return out_of_range(opt, value, err);
	if (opt->type == KB_OPT_NUMBER || opt->type == KB_OPT_DURATION) {
		*(double *)opt->to = x;
		return 0;
	}
	if (x < 0 || x > 9007199254740992.0 || x != floor(x))
		return kb_err_set(err, KB_EINVAL,
				  "--%s: '%s' is not a whole number", opt->name,
				  value);
	*(uint64_t *)opt->to = (uint64_t)x;
	return 0;
}

static int set(const struct kb_opt *opt, const char *value, struct kb_err *err)
{
	struct kb_opt_list *list;

	switch (opt->type) {
	case KB_OPT_FLAG:
		*(bool *)opt->to = true;
		return 0;
	case KB_OPT_STRING:
		*(const char **)opt->to = value;
		return 0;
	case KB_OPT_LIST:
		list = opt->to;
		if (list->n == KB_OPT_LIST_MAX)
			return kb_err_set(err, KB_ELIMIT,
					  "--%s: given more than %d times",
					  opt->name, KB_OPT_LIST_MAX);
		list->items[list->n++] = value;
		return 0;
	case KB_OPT_CHOICE:
		return set_choice(opt, value, err);
	default:
		return set_number(opt, value, err);
	}
}

static void library_versions(char *out, size_t size)
{
	snprintf(out, size, "jansson %s, zlib %s, zstd %s",
		 jansson_version_str(), zlibVersion(), ZSTD_versionString());
}

static void show_option(const struct kb_opt *opt)
{
	char left[64];

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s",
		 opt->letter ? '-' : ' ', opt->letter ? opt->letter : ' ',
		 opt->letter ? "," : " ", opt->name, opt->arg ? "=" : "",
		 opt->arg ? opt->arg : "");
	printf("%-28s %s\n", left, opt->help);
}

static void show_common(const struct kb_opt_program *program)
{
	int column = 2;

	if (!program->n_common)
		return;
	printf("\nCommon options (kb(7) and %s(1) describe them):\n ",
	       program->name);
	for (size_t i = 0; i < program->n_common; i++) {
		const struct kb_opt *opt = &program->common[i];
		char text[64];
		int n = snprintf(text, sizeof(text), "%c%c%s--%s",
				 opt->letter ? '-' : ' ',
				 opt->letter ? opt->letter : ' ',
				 opt->letter ? "/" : "", opt->name);
		const char *from = opt->letter ? text : text + 2;

		if (column + n > 76) {
			printf("\n ");
			column = 2;
		}
		column += printf(" %s", from);
	}
	printf("\n");
}

static void show_help(const struct kb_opt_program *program)
{
	printf("usage: %s %s\n%s\n\n", program->name, program->synopsis,
	       program->about);
	for (size_t i = 0; i < program->n_options; i++)
		if (program->options[i].help)
			show_option(&program->options[i]);
	show_option(&answered[0]);
	show_option(&answered[1]);
	show_common(program);
}

static void dump(const struct kb_opt *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!table[i].help)
			continue;
		printf("%.1s\t%s\t%s\t%s\t%s\n",
		       table[i].letter ? &table[i].letter : "", table[i].name,
		       table[i].arg ? table[i].arg : "", table[i].help,
		       table[i].choices ? table[i].choices : "");
	}
}

/* 1 when opt is one of those that end the program at once. */
static int answer(const struct kb_opt_program *program,
		  const struct kb_opt *opt)
{
	char libraries[128];

	if (opt == &answered[0]) {
		show_help(program);
	} else if (opt == &answered[1]) {
		library_versions(libraries, sizeof(libraries));
		printf("%s %s (%s%s%s)\n", program->name, KB_VERSION,
		       program->version ? program->version : "",
		       program->version ? "; " : "", libraries);
	} else if (opt == &answered[2]) {
		dump(program->options, program->n_options);
		dump(answered, KB_OPT_N(answered));
		dump(program->common, program->n_common);
	} else {
		return 0;
	}
	return 1;
}

/* -abc, -oFILE, -o FILE. *i moves over a value that stands alone. */
static int parse_letters(const struct kb_opt_program *program, int argc,
			 char **argv, int *i, struct kb_err *err)
{
	const char *p = argv[*i] + 1;
	int rc;

	for (; *p; p++) {
		const struct kb_opt *opt = find(program, NULL, 0, *p);
		const char *value = NULL;

		if (!opt)
			return kb_err_set(err, KB_EINVAL,
					  "unknown option '-%c'; '%s --help' "
					  "lists them",
					  *p, program->name);
		if (answer(program, opt))
			return 1;
		if (opt->type != KB_OPT_FLAG) {
			if (p[1])
				value = p + 1;
			else if (*i + 1 < argc)
				value = argv[++*i];
			else
				return kb_err_set(err, KB_EINVAL,
						  "-%c wants a value", *p);
		}
		rc = set(opt, value, err);
		if (rc || value)
			return rc;
	}
	return 0;
}

static int parse_long(const struct kb_opt_program *program, int argc,
		      char **argv, int *i, struct kb_err *err)
{
	const char *name = argv[*i] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct kb_opt *opt = find(program, name, len, 0);
	const char *value = equals ? equals + 1 : NULL;

	if (!opt)
		return unknown(program, name, len, err);
	if (answer(program, opt))
		return 1;
	if (opt->type == KB_OPT_FLAG) {
		if (value)
			return kb_err_set(err, KB_EINVAL, "--%s takes no value",
					  opt->name);
	} else if (!value) {
		if (*i + 1 == argc)
			return kb_err_set(err, KB_EINVAL, "--%s wants a value",
					  opt->name);
		value = argv[++*i];
	}
	return set(opt, value, err);
}

int kb_opt_parse(const struct kb_opt_program *program, int argc, char **argv,
		 int *n_operands, struct kb_err *err)
{
	int n = 0, rc;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			while (++i < argc)
				argv[n++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || !argv[i][1]) {
			argv[n++] = argv[i];
			continue;
		}
		if (argv[i][1] == '-')
			rc = parse_long(program, argc, argv, &i, err);
		else
			rc = parse_letters(program, argc, argv, &i, err);
		if (rc == 1 && fflush(stdout))
			return kb_err_sys(err, "cannot write 'stdout'");
		if (rc)
			return rc;
	}
	*n_operands = n;
	return 0;
}

int kb_opt_set(const struct kb_opt_program *program, const char *name,
	       const char *value, struct kb_err *err)
{
	const struct kb_opt *opt = find(program, name, strlen(name), 0);

	if (!opt || !opt->to)
		return kb_err_set(err, KB_ENOENT, "no option '%s'", name);
	return set(opt, value, err);
}

/* Options borrow their text for as long as the process lives. */
static const char *keep(const char *text)
{
	static struct kb_arena kept;

	return kb_arena_strndup(&kept, text, strlen(text));
}

/* One member of the configuration; the text of its value is kept. */
static int set_from_json(const struct kb_opt_program *program, const char *name,
			 const json_t *value, struct kb_err *err)
{
	char number[32];
	size_t i;
	json_t *item;
	int rc = 0;

	if (json_is_array(value)) {
		json_array_foreach(value, i, item)
		{
			rc = set_from_json(program, name, item, err);
			if (rc)
				return rc;
		}
		return 0;
	}
	if (json_is_false(value) || json_is_null(value))
		return 0;
	if (json_is_true(value))
		return kb_opt_set(program, name, "true", err);
	if (json_is_string(value))
		return kb_opt_set(program, name, keep(json_string_value(value)),
				  err);
	if (!json_is_number(value))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither text, number nor boolean",
				  name);
	snprintf(number, sizeof(number), "%.15g", json_number_value(value));
	return kb_opt_set(program, name, keep(number), err);
}

static bool is_listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = list; p && *p; p += strcspn(p, " ")) {
		p += strspn(p, " ");
		if (!strncmp(p, name, len) && (p[len] == ' ' || !p[len]))
			return true;
	}
	return false;
}

int kb_opt_config(const struct kb_opt_program *program, const char *except,
		  struct kb_err *err)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char path[4096];
	const char *name;
	json_error_t why;
	json_t *tree, *value;
	int rc = 0;

	if (base && *base)
		snprintf(path, sizeof(path), "%s/kb/%s.json", base,
			 program->name);
	else if (home && *home)
		snprintf(path, sizeof(path), "%s/.config/kb/%s.json", home,
			 program->name);
	else
		return 0;
	if (access(path, F_OK))
		return 0;
	tree = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(tree)) {
		json_decref(tree);
		return kb_err_set(err, KB_EINVAL, "'%s':%d: %s", path, why.line,
				  tree ? "not a JSON object" : why.text);
	}
	json_object_foreach(tree, name, value)
	{
		if (is_listed(except, name))
			continue;
		rc = set_from_json(program, name, value, err);
		if (rc) {
			rc = kb_err_place(err, "'%s'", path);
			break;
		}
	}
	json_decref(tree);
	return rc;
}

int kb_opt_usage(const struct kb_opt_program *program)
{
	fprintf(stderr, "usage: %s %s\ntry '%s --help'\n", program->name,
		program->synopsis, program->name);
	return 2;
}

int kb_opt_fail(const struct kb_opt_program *program, const struct kb_err *err)
{
	fprintf(stderr, "%s: %s\n", program->name, err->msg);
	return err->code == KB_EBUSY ? 75 : 2;
}
