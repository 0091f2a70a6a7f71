#include "cli/cmdline.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/suggest.h"

/* What every program has. Their values are not the program's: no 'to'. */
static const struct kb_opt everywhere[] = {
    {.name = "config",
     .arg = "FILE",
     .type = KB_OPT_STRING,
     .help = "defaults of options from FILE (the user's)"},
    {.letter = 'h', .name = "help", .help = "show this help"},
    {.name = "version", .help = "show versions"},
    {.name = "dump-options"},
};

enum { CONFIG, HELP, VERSION, DUMP, N_EVERYWHERE };

bool kb_cmdline_rows(const struct kb_cmdline *line, size_t i,
		     struct kb_opt_rows *out)
{
	bool picked = line->command || !line->program->n_commands;
	const struct kb_command *own = i == 0		  ? line->command
				       : i == 1 && picked ? line->program
							  : NULL;
	size_t last = 2 + line->n_common;

	*out = (struct kb_opt_rows){0};
	if (own)
		*out = (struct kb_opt_rows){own->options, own->n_options};
	else if (i >= 2 && i < last)
		*out = line->common[i - 2];
	else if (i == last && picked)
		*out = (struct kb_opt_rows){everywhere, N_EVERYWHERE};
	else if (i == last) /* what is asked of the program itself */
		*out = (struct kb_opt_rows){everywhere + HELP,
					    N_EVERYWHERE - HELP};
	return i <= last;
}

/* ---- values before anything is read ---- */

static void save_defaults(struct kb_cmdline *line)
{
	struct kb_opt_rows rows;
	size_t n = 0;

	for (size_t i = 0; kb_cmdline_rows(line, i, &rows); i++)
		for (size_t j = 0; j < rows.n; j++, n++) {
			assert(n < KB_CMDLINE_ROWS);
			if (rows.rows[j].to)
				kb_opt_save(&rows.rows[j], &line->defaults[n]);
		}
}

void kb_cmdline_put_back(const struct kb_cmdline *line,
			 const struct kb_opt *opt)
{
	struct kb_opt_rows rows;
	struct kb_err err;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; kb_cmdline_rows(line, i, &rows); i++)
		for (size_t j = 0; j < rows.n; j++, n++)
			if (&rows.rows[j] == opt)
				kb_opt_restore(opt, &line->defaults[n]);
	if (opt->off)
		rc = kb_opt_take(opt, opt->off, false, &err);
	assert(!rc); /* the opposite is one of the choices */
	(void)rc;
}

/* ---- names ---- */

static const struct kb_opt *named(const struct kb_cmdline *line,
				  const char *name, size_t len)
{
	struct kb_opt_rows rows;

	for (size_t i = 0; kb_cmdline_rows(line, i, &rows); i++)
		for (size_t j = 0; j < rows.n; j++)
			if (!strncmp(rows.rows[j].name, name, len) &&
			    !rows.rows[j].name[len])
				return &rows.rows[j];
	return NULL;
}

/* All spellings of long options, one after another: each row's name and, where
 * it sets anything, the opposite. */
struct spelling {
	const struct kb_cmdline *line;
	struct kb_opt_rows rows;
	size_t table, i;
	const struct kb_opt *opt;
	bool off;
	const char *no, *stem; /* spelled so, side by side */
};

static bool has_opposite(const struct kb_opt *opt)
{
	return opt->to || opt == &everywhere[CONFIG];
}

/* Is there a row called "no-stem"? */
static bool has_no_row(const struct kb_cmdline *line, const char *stem)
{
	char name[64];

	snprintf(name, sizeof(name), "no-%s", stem);
	return named(line, name, strlen(name)) != NULL;
}

bool kb_cmdline_opposite(const struct kb_cmdline *line,
			 const struct kb_opt *opt, const char **no,
			 const char **stem)
{
	if (!has_opposite(opt) || has_no_row(line, opt->name))
		return false;
	*no = "no-";
	*stem = opt->name;
	/* unless that is the name of another option */
	if (kb_opt_is_flag(opt) && !strncmp(opt->name, "no-", 3) &&
	    !named(line, opt->name + 3, strlen(opt->name) - 3)) {
		*no = "";
		*stem += 3;
	}
	return true;
}

static bool next_spelling(struct spelling *s)
{
	if (s->opt && !s->off &&
	    kb_cmdline_opposite(s->line, s->opt, &s->no, &s->stem)) {
		s->off = true;
		return true;
	}
	while (s->i == s->rows.n) {
		s->i = 0;
		if (!kb_cmdline_rows(s->line, s->table++, &s->rows))
			return false;
	}
	s->off = false;
	s->opt = &s->rows.rows[s->i++];
	s->no = "";
	s->stem = s->opt->name;
	return true;
}

enum fit { NO_FIT, BEGINS, WHOLE };

static enum fit fits(const struct spelling *s, const char *name, size_t len)
{
	size_t n = strlen(s->no);

	if (strncmp(s->no, name, len < n ? len : n))
		return NO_FIT;
	if (len <= n && n)
		return BEGINS;
	if (strncmp(s->stem, name + n, len - n))
		return NO_FIT;
	return s->stem[len - n] ? BEGINS : WHOLE;
}

static int ambiguous(const struct kb_cmdline *line, const char *name,
		     size_t len, struct kb_err *err)
{
	struct spelling s = {.line = line};
	char list[200];
	size_t n = 0;

	while (next_spelling(&s)) {
		if (!s.opt->help || !fits(&s, name, len))
			continue;
		if (n + strlen(s.stem) + 16 > sizeof(list)) {
			snprintf(list + n, sizeof(list) - n, ", ...");
			break;
		}
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s--%s%s",
				      n ? ", " : "", s.no, s.stem);
	}
	return kb_err_set(err, KB_EINVAL, "option '--%.*s' is ambiguous: %s",
			  (int)len, name, list);
}

/* The option that was meant, in the form that was typed. */
static const struct kb_opt *meant(const struct kb_cmdline *line,
				  const char *name, size_t len, bool off)
{
	const struct kb_opt *best = NULL;
	struct kb_opt_rows rows;

	for (size_t i = 0; !best && kb_cmdline_rows(line, i, &rows); i++)
		best = kb_opt_nearest(rows.rows, rows.n, name, len);
	return best && off && !has_opposite(best) ? NULL : best;
}

static int unlisted(const struct kb_cmdline *line, const char *dashes,
		    const char *name, size_t len, struct kb_err *err)
{
	return kb_err_set(err, KB_ENOENT,
			  "unknown option '%s%.*s'; '%s%s%s --help' lists them",
			  dashes, (int)len, name, line->program->name,
			  line->command ? " " : "",
			  line->command ? line->command->name : "");
}

/* A refusal that helps: what was meant, or where it is written. */
static int unknown(const struct kb_cmdline *line, const char *name, size_t len,
		   struct kb_err *err)
{
	const struct kb_opt *opt = meant(line, name, len, false);
	const char *no = "";

	if (line->program->n_commands && !line->command)
		return kb_err_set(err, KB_EINVAL,
				  "option '--%.*s' stands before the command; "
				  "'%s --help' lists them",
				  (int)len, name, line->program->name);
	if (!opt && len > 3 && !strncmp(name, "no-", 3)) {
		opt = meant(line, name + 3, len - 3, true);
		no = "no-";
	}
	if (opt)
		return kb_err_set(err, KB_ENOENT,
				  "unknown option '--%.*s'; is '--%s%s' meant?",
				  (int)len, name, no, opt->name);
	return unlisted(line, "--", name, len, err);
}

const struct kb_opt *kb_cmdline_find(const struct kb_cmdline *line,
				     const char *name, size_t len, bool whole,
				     bool *off, struct kb_err *err)
{
	struct spelling s = {.line = line};
	const struct kb_opt *found = named(line, name, len);
	size_t n = 0;

	*off = false;
	if (found)
		return found;
	while (len && next_spelling(&s)) {
		enum fit fit = fits(&s, name, len);

		/* What --help does not name is typed in full. */
		if (fit == NO_FIT || (fit == BEGINS && (whole || !s.opt->help)))
			continue;
		found = s.opt;
		*off = s.off;
		if (fit == WHOLE)
			return found;
		n++;
	}
	if (n > 1)
		ambiguous(line, name, len, err);
	else if (!n)
		unknown(line, name, len, err);
	return n == 1 ? found : NULL;
}

static const struct kb_opt *find_letter(const struct kb_cmdline *line,
					char letter)
{
	struct kb_opt_rows rows;

	for (size_t i = 0; kb_cmdline_rows(line, i, &rows); i++)
		for (size_t j = 0; j < rows.n; j++)
			if (rows.rows[j].letter == letter)
				return &rows.rows[j];
	return NULL;
}

/* ---- reading ---- */

struct reading {
	const struct kb_cmdline *line;
	int argc, i; /* i: the word read last */
	char **argv;
	const char *letters; /* what is left of a word such as -vk5 */
	bool operands;	     /* behind "--" */
};

struct word {
	const struct kb_opt *opt;
	const char *value;
	bool off;
};

enum { END, OPTION, OPERAND }; /* or an error */

static int letter_word(struct reading *r, struct word *w, struct kb_err *err)
{
	const char *letter = r->letters++;

	w->opt = find_letter(r->line, *letter);
	if (!w->opt) {
		unlisted(r->line, "-", letter, 1, err);
		return KB_EINVAL;
	}
	if (kb_opt_is_flag(w->opt))
		return OPTION;
	if (*r->letters)
		w->value = r->letters;
	else if (r->i + 1 < r->argc)
		w->value = r->argv[++r->i];
	else
		return kb_err_set(err, KB_EINVAL, "-%c wants a value", *letter);
	r->letters = NULL;
	return OPTION;
}

static int long_word(struct reading *r, struct word *w, struct kb_err *err)
{
	const char *name = r->argv[r->i] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);

	w->opt = kb_cmdline_find(r->line, name, len, false, &w->off, err);
	if (!w->opt)
		return KB_EINVAL;
	w->value = equals ? equals + 1 : NULL;
	if (w->off || kb_opt_is_flag(w->opt)) {
		if (equals)
			return kb_err_set(err, KB_EINVAL,
					  "--%.*s takes no value", (int)len,
					  name);
	} else if (!equals && w->opt->bare) {
		w->value = w->opt->bare;
	} else if (!equals) {
		if (r->i + 1 == r->argc)
			return kb_err_set(err, KB_EINVAL, "--%s wants a value",
					  w->opt->name);
		w->value = r->argv[++r->i];
	}
	return OPTION;
}

static int next_word(struct reading *r, struct word *w, struct kb_err *err)
{
	const char *text;

	*w = (struct word){0};
	if (r->letters && *r->letters)
		return letter_word(r, w, err);
	r->letters = NULL;
	if (++r->i >= r->argc)
		return END;
	text = r->argv[r->i];
	if (r->operands || text[0] != '-' || !text[1])
		return OPERAND;
	if (!strcmp(text, "--")) {
		r->operands = true;
		return next_word(r, w, err);
	}
	if (text[1] == '-')
		return long_word(r, w, err);
	r->letters = text + 1;
	return letter_word(r, w, err);
}

/* 1 when opt is one of those that end the program at once. */
static int answer(const struct kb_cmdline *line, const struct kb_opt *opt,
		  struct kb_err *err)
{
	if (opt == &everywhere[HELP])
		kb_cmdline_help(line);
	else if (opt == &everywhere[VERSION])
		kb_cmdline_version(line);
	else if (opt == &everywhere[DUMP])
		kb_cmdline_dump(line);
	else
		return 0;
	return fflush(stdout) ? kb_err_sys(err, "cannot write 'stdout'") : 1;
}

int kb_cmdline_check(struct kb_cmdline *line, int argc, char **argv,
		     struct kb_err *err)
{
	struct reading r = {.line = line, .argc = argc, .argv = argv};
	struct word w;
	int rc;

	save_defaults(line);
	while ((rc = next_word(&r, &w, err)) > END) {
		if (rc == OPERAND)
			continue;
		rc = answer(line, w.opt, err);
		if (rc)
			return rc;
		if (w.opt == &everywhere[CONFIG]) {
			line->config = w.off ? NULL : w.value;
			line->no_config = w.off;
		}
	}
	return rc;
}

/*
 * Where a flag is called "no-name" and another option "name", the flag speaks
 * of the file's "name", too: what the file says is put back. What the line says
 * is not: there both have their sense.
 */
static void overrule_file(const struct kb_cmdline *line, struct reading r)
{
	struct word w;

	while (next_word(&r, &w, NULL) > END) {
		const struct kb_opt *other = NULL;

		if (w.opt && !w.off && kb_opt_is_flag(w.opt) &&
		    !strncmp(w.opt->name, "no-", 3))
			other = named(line, w.opt->name + 3,
				      strlen(w.opt->name) - 3);
		if (other && other->to)
			kb_cmdline_put_back(line, other);
	}
}

static int take_word(const struct kb_cmdline *line, const struct word *w,
		     struct kb_err *err)
{
	if (!w->opt->to)
		return 0;
	if (!w->off || kb_opt_is_flag(w->opt))
		return kb_opt_take(w->opt, w->value, w->off, err);
	kb_cmdline_put_back(line, w->opt);
	return 0;
}

int kb_cmdline_set(const struct kb_cmdline *line, int argc, char **argv,
		   int *n_operands, struct kb_err *err)
{
	struct reading r = {.line = line, .argc = argc, .argv = argv};
	struct word w;
	int n = 0, rc;

	assert(argc > 0 && argv[0]);
	assert(line->program);
	overrule_file(line, r);
	while ((rc = next_word(&r, &w, err)) > END) {
		if (rc == OPERAND)
			argv[n++] = argv[r.i];
		else
			rc = take_word(line, &w, err);
		if (rc < 0)
			return rc;
	}
	*n_operands = n;
	return rc;
}

/* ---- sub-commands ---- */

static int no_command(const struct kb_command *program, const char *name,
		      struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	kb_err_quote(quoted, name, strlen(name));
	for (size_t i = 0; i < program->n_commands; i++) {
		struct kb_opt row = {.name = program->commands[i].name,
				     .help = program->commands[i].about};

		if (kb_opt_nearest(&row, 1, name, strlen(name)))
			return kb_err_set(err, KB_EINVAL,
					  "no command '%s'; is '%s' meant?",
					  quoted, row.name);
	}
	return kb_err_set(err, KB_EINVAL,
			  "no command '%s'; '%s --help' lists them", quoted,
			  program->name);
}

/* The commands that begin so. */
static int several(const struct kb_command *program, const char *name,
		   struct kb_err *err)
{
	char list[200], quoted[KB_QUOTE_MAX];
	size_t n = 0;

	for (size_t i = 0; i < program->n_commands && n < sizeof(list); i++)
		if (!strncmp(name, program->commands[i].name, strlen(name)))
			n += (size_t)snprintf(list + n, sizeof(list) - n,
					      "%s%s", n ? ", " : "",
					      program->commands[i].name);
	return kb_err_set(err, KB_EINVAL, "command '%s' is ambiguous: %s",
			  kb_err_quote(quoted, name, strlen(name)), list);
}

int kb_cmdline_choose(struct kb_cmdline *line, int argc, char **argv,
		      struct kb_err *err)
{
	const struct kb_command *program = line->program, *found = NULL;
	size_t len, n = 0;

	if (!program->n_commands || argc < 2 || argv[1][0] == '-')
		return 0;
	len = strlen(argv[1]);
	for (size_t i = 0; len && i < program->n_commands; i++) {
		const char *name = program->commands[i].name;

		if (strncmp(argv[1], name, len))
			continue;
		found = &program->commands[i];
		n++;
		if (!name[len]) {
			n = 1;
			break;
		}
	}
	if (n != 1)
		return n ? several(program, argv[1], err)
			 : no_command(program, argv[1], err);
	line->command = found;
	return 0;
}
