#include "terminal/line_editor.h"

#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What both libraries have under the same names. */
static struct {
	void (*install)(const char *prompt, void (*on_line)(char *line));
	void (*read_char)(void);
	void (*remove)(void);
	void (*remember)(const char *line);
	bool there;
} lib;

static char *typed; /* by the library; owned */
static bool ended, entered;
static volatile sig_atomic_t resumed; /* from a stop: the terminal is another */

static void *symbol(void *library, const char *name, void *to)
{
	void *at = dlsym(library, name);

	/* POSIX keeps functions and objects in pointers of one size; ISO C
	 * knows no cast between them. */
	if (at && to)
		memcpy(to, &at, sizeof(at));
	return at;
}

static void set_number(void *library, const char *name, int value)
{
	int *number = symbol(library, name, NULL);

	if (number)
		*number = value;
}

/* readline keeps the eighth bit of a character only where the environment
 * names a locale; libedit asks the thread's. */
static void keep_bytes(void *library)
{
	static const char *const settings[][2] = {{"convert-meta", "off"},
						  {"input-meta", "on"},
						  {"output-meta", "on"}};
	int (*initialize)(void) = NULL;
	int (*bind)(const char *name, const char *value) = NULL;
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (utf8)
		uselocale(utf8);
	if (!symbol(library, "rl_gnu_readline_p", NULL) ||
	    !symbol(library, "rl_initialize", &initialize) ||
	    !symbol(library, "rl_variable_bind", &bind) || initialize())
		return;
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		bind(settings[i][0], settings[i][1]);
}

static bool bind_library(void *library)
{
	void (*begin)(void) = NULL;

	if (!symbol(library, "rl_callback_handler_install", &lib.install) ||
	    !symbol(library, "rl_callback_read_char", &lib.read_char) ||
	    !symbol(library, "rl_callback_handler_remove", &lib.remove) ||
	    !symbol(library, "add_history", &lib.remember))
		return false;
	set_number(library, "rl_catch_signals", 0);
	set_number(library, "rl_inhibit_completion", 1);
	keep_bytes(library);
	if (symbol(library, "using_history", &begin))
		begin();
	return true;
}

static void on_resume(int sig)
{
	(void)sig;
	resumed = 1;
}

void kb_line_editor_open(void)
{
	static const char *const names[] = {"libedit.so.2", "libedit.so.0",
					    "libreadline.so.8",
					    "libreadline.so.7"};
	const char *terminal = getenv("TERM");
	struct sigaction resume = {.sa_handler = on_resume};

	if (lib.there || !terminal || !strcmp(terminal, "dumb"))
		return;
	for (size_t i = 0; !lib.there && i < sizeof(names) / sizeof(*names);
	     i++) {
		void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

		lib.there = library && bind_library(library);
	}
	if (lib.there)
		sigaction(SIGCONT, &resume, NULL);
}

/* ---- a line ---- */

static void on_line(char *line)
{
	lib.remove();
	typed = line;
	ended = !line;
	entered = true;
}

/*
 * Wait for input: 1 there is some, 0 look again, -1 there will be none. A
 * signal that comes between the look at *stop and the wait ends the wait, too:
 * Ctrl-C also throws away what was typed, and nothing else would.
 */
static int wait_input(const volatile sig_atomic_t *stop)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	sigset_t held, before;
	int n = 0;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	if (!*stop)
		n = ppoll(&in, 1, NULL, &before);
	if (n < 0 && errno == EINTR)
		n = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return n;
}

static enum kb_typed read_edited(const char *prompt, struct kb_buf *line,
				 const volatile sig_atomic_t *stop)
{
	int n = 0;

	entered = ended = false;
	lib.install(prompt, on_line);
	while (!entered && !*stop && n >= 0) {
		n = wait_input(stop);
		if (n > 0)
			lib.read_char();
		if (resumed) {
			resumed = 0;
			lib.remove();
			lib.install(prompt, on_line);
		}
	}
	if (!entered) {
		lib.remove();
		return *stop ? KB_TYPED_DROPPED : KB_TYPED_END;
	}
	if (ended)
		return KB_TYPED_END;
	kb_buf_add_cstr(line, typed);
	if (*typed)
		lib.remember(typed);
	free(typed);
	typed = NULL;
	return KB_TYPED_LINE;
}

static enum kb_typed read_plain(const char *prompt, struct kb_buf *line,
				const volatile sig_atomic_t *stop)
{
	char bytes[4096];
	ssize_t n;
	int there = 0;

	fputs(prompt, stdout);
	fflush(stdout);
	while (!*stop) {
		there = wait_input(stop);
		if (!there)
			continue;
		n = there < 0 ? 0 : read(STDIN_FILENO, bytes, sizeof(bytes));
		if (n <= 0)
			return line->len ? KB_TYPED_LINE : KB_TYPED_END;
		kb_buf_add(line, bytes, (size_t)n);
		if (bytes[n - 1] != '\n')
			continue;
		line->len--;
		return KB_TYPED_LINE;
	}
	return KB_TYPED_DROPPED;
}

enum kb_typed kb_line_editor_read(const char *prompt, struct kb_buf *line,
				  const volatile sig_atomic_t *stop)
{
	kb_buf_reset(line);
	return lib.there ? read_edited(prompt, line, stop)
			 : read_plain(prompt, line, stop);
}
