#include "cli/signals.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file_out.h"
#include "base/process.h"

volatile sig_atomic_t kb_cli_interrupted;

static const int enders[] = {SIGINT, SIGTERM, SIGHUP};

/* timeout(1) and a terminal may send one signal twice at once. */
enum { AGAIN_NS = 500 * 1000 * 1000 };

/* What is half written goes, and the program as the signal would end it. */
static void on_end(int sig)
{
	kb_file_out_remove_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A signal between the question "interrupted?" and a call that blocks would
 * be lost; the timer makes such a call return a moment later. */
static void on_interrupt(int sig)
{
	static const struct itimerval often = {{0, 20000}, {0, 20000}};
	static uint64_t first_ns;

	if (!kb_cli_interrupted)
		first_ns = kb_clock_ns();
	else if (kb_clock_ns() - first_ns > AGAIN_NS)
		on_end(sig);
	kb_cli_interrupted = sig;
	kb_process_interrupted = 1;
	setitimer(ITIMER_REAL, &often, NULL);
}

/* Whoever started the program with a signal ignored (nohup, a background job
 * of a shell without job control) wants it so. */
static void catch_enders(void (*handler)(int))
{
	struct sigaction act = {.sa_handler = handler}, old;

	for (size_t i = 0; i < sizeof(enders) / sizeof(*enders); i++)
		if (!sigaction(enders[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(enders[i], &act, NULL);
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
	catch_enders(on_end);
}

void kb_signals_catch(void)
{
	struct sigaction timer = {.sa_handler = on_timer};

	sigaction(SIGALRM, &timer, NULL);
	catch_enders(on_interrupt);
}
