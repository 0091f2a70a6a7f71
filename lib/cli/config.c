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

/* One value, or each of several; true and false of a flag alone. */
static int take(const struct kb_opt *opt, bool off, const json_t *value,
		struct kb_err *err)
{
	char number[32];
	size_t i;
	json_t *item;
	int rc = 0;

	if (json_is_array(value)) {
		json_array_foreach(value, i, item)
		{
			rc = take(opt, off, item, err);
			if (rc)
				return rc;
		}
		return 0;
	}
	if (json_is_boolean(value) && kb_opt_is_flag(opt))
		return kb_opt_take(opt, NULL, off != json_is_false(value), err);
	if (json_is_false(value) || json_is_null(value))
		return 0; /* not given */
	if (json_is_string(value))
		return kb_opt_take(opt, keep(json_string_value(value)), off,
				   err);
	if (!json_is_number(value))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither text nor a number",
				  opt->name);
	snprintf(number, sizeof(number), "%.15g", json_number_value(value));
	return kb_opt_take(opt, keep(number), off, err);
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

/* whole: of the part for all commands, where others' options may stand. */
static int take_member(const struct kb_cmdline *line, const char *name,
		       const json_t *value, bool whole, struct kb_err *err)
{
	const struct kb_opt *opt;
	bool off;

	if (is_listed(line->program->config_except, name))
		return 0;
	opt = kb_cmdline_find(line, name, strlen(name), true, &off, NULL);
	if (opt && opt->to && line->distrust && opt->arg &&
	    !strcmp(opt->arg, "CMD"))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' names a command, and %s", name,
				  line->distrust->msg);
	if (opt && opt->to)
		return take(opt, off, value, err);
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
