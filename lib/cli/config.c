/* Defaults of options from a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cmdline.h"
#include "json/config_file.h"

/* Options borrow their text for as long as the process lives. */
static const char *keep(const char *text)
{
	static struct kb_arena kept;

	return kb_arena_strndup(&kept, text, strlen(text));
}

/* What the value is, of those that an option never has. */
static const char *misfit(const json_t *value)
{
	if (json_is_null(value))
		return "null";
	return json_is_array(value) ? "a list" : "an object";
}

static int take_one(const struct kb_opt *opt, bool off, const json_t *value,
		    struct kb_err *err)
{
	char number[32];

	if (json_is_string(value))
		return kb_opt_take(opt, keep(json_string_value(value)), off,
				   err);
	if (json_is_number(value)) {
		snprintf(number, sizeof(number), "%.15g",
			 json_number_value(value));
		return kb_opt_take(opt, keep(number), off, err);
	}
	if (json_is_true(value) && opt->bare)
		return kb_opt_take(opt, opt->bare, off, err);
	if (json_is_true(value))
		return kb_err_set(err, KB_EINVAL, "'%s' wants a value",
				  opt->name);
	return kb_err_set(err, KB_EINVAL, "'%s' is %s; want %s", opt->name,
			  misfit(value),
			  kb_opt_is_flag(opt)	     ? "true or false"
			  : opt->type == KB_OPT_LIST ? "a text, or a list of "
						       "texts"
						     : "one text or number");
}

/*
 * One value, or each of several of what may be given again; true and false of
 * a flag. What has a value has false for the one of the program, and so has its
 * opposite true.
 */
static int take(const struct kb_cmdline *line, const struct kb_opt *opt,
		bool off, const json_t *value, struct kb_err *err)
{
	size_t i;
	json_t *item;
	int rc = 0;

	if (json_is_boolean(value) && kb_opt_is_flag(opt))
		return kb_opt_take(opt, NULL, off != json_is_false(value), err);
	if (off && !kb_opt_is_flag(opt) && !json_is_boolean(value))
		return kb_err_set(err, KB_EINVAL,
				  "'no-%s' is neither true nor false",
				  opt->name);
	if (off && json_is_false(value))
		return 0;
	if (off || json_is_false(value)) {
		kb_cmdline_put_back(line, opt);
		return 0;
	}
	if (!json_is_array(value) || opt->type != KB_OPT_LIST)
		return take_one(opt, off, value, err);
	json_array_foreach(value, i, item)
	{
		rc = json_is_false(item)
			 ? kb_err_set(err, KB_EINVAL,
				      "'%s' has an item that is false",
				      opt->name)
			 : take_one(opt, off, item, err);
		if (rc)
			break;
	}
	return rc;
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

/* Has another sub-command this option? */
static bool elsewhere(const struct kb_cmdline *line, const char *name)
{
	struct kb_cmdline other = *line;
	bool off;

	for (size_t i = 0; i < line->program->n_commands; i++) {
		const struct kb_opt *opt;

		other.command = &line->program->commands[i];
		opt = kb_cmdline_find(&other, name, strlen(name), true, &off,
				      NULL);
		if (opt && opt->to)
			return true;
	}
	return false;
}

static const struct kb_command *command_named(const struct kb_cmdline *line,
					      const char *name)
{
	for (size_t i = 0; i < line->program->n_commands; i++)
		if (!strcmp(line->program->commands[i].name, name))
			return &line->program->commands[i];
	return NULL;
}

static bool runs(const struct kb_opt *opt)
{
	size_t len = opt->arg ? strlen(opt->arg) : 0;

	return len >= 3 && !strcmp(opt->arg + len - 3, "CMD");
}

/* whole: of the part for all commands, where others' options may stand. */
static int take_member(const struct kb_cmdline *line, const char *name,
		       const json_t *value, bool whole, struct kb_err *err)
{
	const struct kb_opt *opt;
	bool off;

	if (is_listed(line->program->config_except, name))
		return 0;
	opt = kb_cmdline_find(line, name, strlen(name), true, &off, NULL);
	if (opt && opt->to && line->distrust && (opt->writes || runs(opt)))
		return kb_err_set(err, KB_EINVAL, "'%s' %s, and %s", name,
				  runs(opt) ? "names a command"
					    : "writes files",
				  line->distrust->msg);
	if (opt && opt->to)
		return take(line, opt, off, value, err);
	if (whole && elsewhere(line, name))
		return 0;
	return kb_err_set(err, KB_EINVAL, "no option '%s'", name);
}

/* The members of an object: of the whole file, or of its part for the
 * sub-command. */
static int take_members(const struct kb_cmdline *line, json_t *object,
			bool whole, struct kb_err *err)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		int rc;

		if (whole && json_is_object(value) && command_named(line, name))
			continue;
		rc = take_member(line, name, value, whole, err);
		if (rc)
			return rc;
	}
	return 0;
}

/* Takes the tree. */
static int take_tree(const struct kb_cmdline *line, json_t *tree,
		     const char *place, struct kb_err *err)
{
	int rc = take_members(line, tree, true, err);

	/* What is said of one sub-command counts more, wherever it stands. */
	if (!rc && line->command)
		rc = take_members(line,
				  json_object_get(tree, line->command->name),
				  false, err);
	if (rc)
		kb_err_place(err, "'%s'", place);
	json_decref(tree);
	return rc;
}

int kb_config_read(const struct kb_cmdline *line, struct kb_str text,
		   const char *place, struct kb_err *err)
{
	json_t *tree;
	int rc = kb_config_parse(&tree, text, place, err);

	return rc ? rc : take_tree(line, tree, place, err);
}

static int load_file(const struct kb_cmdline *line, int fd, const char *path,
		     struct kb_err *err)
{
	struct kb_cmdline judged = *line;
	struct kb_err why;
	json_t *tree;
	int rc;

	/* What was opened is what is judged, wherever a link led. */
	if (kb_file_check_owner(fd, path, &why))
		judged.distrust = &why;
	rc = kb_config_read_fd(&tree, fd, path, err);
	return rc ? rc : take_tree(&judged, tree, path, err);
}

int kb_config_load(const struct kb_cmdline *line, struct kb_err *err)
{
	char usual[4096], name[64];
	const char *path = line->config;
	int fd, rc;

	if (line->no_config)
		return 0;
	snprintf(name, sizeof(name), "%s.json", line->program->name);
	if (!path && !kb_config_path(name, usual, sizeof(usual)))
		return 0;
	if (!path)
		path = usual;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && !line->config && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return kb_err_sys(err, "cannot open the configuration '%s'",
				  path);
	rc = load_file(line, fd, path, err);
	close(fd);
	return rc;
}
