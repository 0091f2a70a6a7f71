#include "cli/signals.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/process.h"

volatile sig_atomic_t kb_cli_interrupted;

/* A signal between the question "interrupted?" and a call that blocks would
 * be lost; the timer makes such a call return a moment later. */
static void on_interrupt(int sig)
{
	static const struct itimerval often = {{0, 20000}, {0, 20000}};

	kb_cli_interrupted = sig;
	kb_process_interrupted = 1;
	setitimer(ITIMER_REAL, &often, NULL);
}

static void on_timer(int sig)
{
	(void)sig;
}

static void on_bus(int sig)
{
	(void)sig;
	kb_die("a mapped file was cut or cannot be read any more");
}

/* A standard descriptor that is closed would be given to the next file that
 * is opened, and a message would end up in an index. The null device takes
 * its place, opened so that using it fails as it does on a closed one. */
static void hold_standard_files(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return;
}

void kb_signals_init(void)
{
	struct sigaction bus = {.sa_handler = on_bus};
	struct sigaction none = {.sa_handler = SIG_IGN};

	hold_standard_files();
	sigaction(SIGBUS, &bus, NULL);
	/* A limit on the size of files is said by write(2). */
	sigaction(SIGXFSZ, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
}

void kb_signals_catch(void)
{
	struct sigaction timer = {.sa_handler = on_timer};
	struct sigaction act = {.sa_handler = on_interrupt,
				.sa_flags = (int)SA_RESETHAND};

	sigaction(SIGALRM, &timer, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
}
