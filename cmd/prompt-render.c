/* prompt-render: a prompt for each record, from a template. See the page. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/run.h"
#include "prompt/render.h"

static struct kb_prompt_options options;
static struct kb_opt_list defines;
static const char *check, *roles;
static uint64_t budget;
static struct kb_prompt *prompt;

static const struct kb_opt table[] = {
    {'t', "template", "NAME", "template: a file, or a name in --template-dir",
     KB_OPT_STRING, &options.template, 0, 0, NULL},
    {0, "template-dir", "DIR", "where names are looked up", KB_OPT_STRING,
     &options.dir, 0, 0, NULL},
    {'b', "budget", "TOKENS", "drop hits, then old turns, beyond this",
     KB_OPT_COUNT, &budget, 1, 100000000, NULL},
    {0, "over", "WHAT", "too much must stay: error or flag (error)",
     KB_OPT_CHOICE, &options.over, 0, 0, "error|flag"},
    {0, "emit", "FORM", "write prompt.messages (default) or prompt.text",
     KB_OPT_CHOICE, &options.emit, 0, 0, "messages|text"},
    {'D', "define", "NAME=TEXT", "a variable for the template; NAME:=JSON too",
     KB_OPT_LIST, &defines, 0, 0, NULL},
    {0, "allow-roles", "ROLES", "roles a record may bring (all five)",
     KB_OPT_STRING, &roles, 0, 0, NULL},
    {0, "check", "FILE", "compile a template, say what looks wrong, and end",
     KB_OPT_STRING, &check, 0, 0, NULL},
};

/* $XDG_CONFIG_HOME/kb/templates, or under $HOME. */
static const char *template_dir(char *path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config)
		snprintf(path, size, "%s/kb/templates", config);
	else if (home && *home)
		snprintf(path, size, "%s/.config/kb/templates", home);
	else
		return NULL;
	return path;
}

static int run_check(struct kb_err *err)
{
	struct kb_buf report;
	int rc;

	kb_buf_init(&report, 0);
	rc = kb_prompt_check(check, &report, err);
	if (rc == 0 && report.len &&
	    (fwrite(report.ptr, 1, report.len, stdout) < report.len ||
	     fflush(stdout)))
		rc = kb_err_sys(err, "cannot write 'stdout'");
	kb_buf_release(&report);
	return rc;
}

static int open_prompt(void *arg, int n_operands, char **operands,
		       const char **line, struct kb_err *err)
{
	static char dir[4096];

	(void)arg;
	(void)line;
	if (n_operands)
		return kb_err_set(err, KB_EINVAL,
				  "no operand expected, found '%s'",
				  operands[0]);
	if (check) {
		if (run_check(err) < 0)
			return err->code;
		exit(0);
	}
	if (!options.dir)
		options.dir = template_dir(dir, sizeof(dir));
	options.defines = defines.items;
	options.n_defines = defines.n;
	options.roles = roles;
	options.budget_tokens = (size_t)budget;
	return kb_prompt_new(&options, &prompt, err);
}

static void close_prompt(void *arg)
{
	(void)arg;
	kb_prompt_free(prompt);
}

static int thread_open(void *arg, void **thread, struct kb_err *err)
{
	struct kb_buf *scratch = kb_malloc(sizeof(*scratch));

	(void)arg;
	(void)err;
	kb_buf_init(scratch, 0);
	*thread = scratch;
	return 0;
}

static void thread_close(void *arg, void *thread)
{
	(void)arg;
	kb_buf_release(thread);
	free(thread);
}

static enum kb_work work(void *arg, struct kb_task *task)
{
	(void)arg;
	if (kb_prompt_apply(prompt, &task->rec, &task->arena, task->thread,
			    &task->err) < 0)
		return KB_WORK_FAILED;
	return KB_WORK_DONE;
}

int main(int argc, char **argv)
{
	static const struct kb_filter filter = {
	    .name = "prompt-render",
	    .synopsis = "[-t TEMPLATE] [-b TOKENS] [-D NAME=TEXT]",
	    .about = "Make a prompt of each record's question, hits and "
		     "conversation.",
	    .options = table,
	    .n_options = KB_OPT_N(table),
	    .open = open_prompt,
	    .close = close_prompt,
	    .thread_open = thread_open,
	    .thread_close = thread_close,
	    .work = work,
	};

	return kb_cli_main(argc, argv, &filter, NULL);
}
