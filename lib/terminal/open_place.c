#include "terminal/open_place.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/str.h"

extern char **environ;

enum { ARGS = 7 }; /* sh -c COMMAND sh +LINE PATH, and the end */

/* Does the command's first word name an editor that takes +LINE? */
static bool takes_line(const char *command)
{
	static const char *const known[] = {
	    "vi", "vim", "nvim",  "nano", "emacs", "emacsclient",
	    "ed", "mg",	 "micro", "kak",  "joe",   "less"};
	size_t len = strcspn(command, " \t");
	const char *name = memrchr(command, '/', len);

	name = name ? name + 1 : command;
	len -= (size_t)(name - command);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (kb_str_is((struct kb_str){name, len}, known[i]))
			return true;
	return false;
}

static int run(const char *const *argv, struct kb_err *err)
{
	int status = 0, failed;
	char *args[ARGS];
	pid_t pid;

	memcpy(args, argv, sizeof(args)); /* which are not written to */
	failed = posix_spawn(&pid, "/bin/sh", NULL, NULL, args, environ);
	if (failed) {
		errno = failed;
		return kb_err_sys(err, "cannot start '/bin/sh'");
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	return kb_err_set(err, KB_EREMOTE, "$EDITOR ended with status %d",
			  WIFEXITED(status) ? WEXITSTATUS(status) : status);
}

int kb_open_place(const char *path, int64_t line, bool *opened,
		  struct kb_err *err)
{
	const char *editor = getenv("EDITOR");
	const char *argv[ARGS] = {"sh", "-c", "exec $EDITOR \"$@\"", "sh"};
	char at[32], quoted[KB_QUOTE_MAX];
	struct stat st;
	size_t n = 4;

	*opened = editor && *editor;
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return kb_err_set(err, KB_ENOENT, "there is no file '%s'",
				  kb_err_quote(quoted, path, strlen(path)));
	if (!*opened)
		return 0;
	snprintf(at, sizeof(at), "+%lld", (long long)line);
	if (line > 0 && takes_line(editor))
		argv[n++] = at;
	argv[n] = path;
	return run(argv, err);
}
