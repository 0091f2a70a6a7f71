#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

volatile sig_atomic_t kb_process_interrupted;

enum { STEP = 4 << 10 };

const char *kb_process_find(const char *name, char *buf, size_t size)
{
	ssize_t n =
	    strchr(name, '/') ? 0 : readlink("/proc/self/exe", buf, size);
	char *slash;

	if (n <= 0 || (size_t)n >= size)
		return name;
	buf[n] = '\0';
	slash = strrchr(buf, '/');
	if (!slash || (size_t)(slash - buf) + strlen(name) + 2 > size)
		return name;
	strcpy(slash + 1, name);
	return access(buf, X_OK) ? name : buf;
}

/* ---- starting ---- */

/* fds[0] for reading, fds[1] for writing; ours non-blocking. */
static int make_pipe(int fds[2], int ours)
{
	if (pipe2(fds, O_CLOEXEC))
		return -1;
	return fcntl(fds[ours], F_SETFL, O_NONBLOCK);
}

void kb_process_close(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

/* fds: what its 0, 1 and 2 are; -1: /dev/null, or ours. */
static int spawn(struct kb_process *p, const char *path,
		 const char *const *argv, const int fds[3])
{
	short set = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t usual, none;
	char *const *args;
	int rc;

	memcpy(&args, &argv, sizeof(args)); /* spawn does not change them */
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGBUS);
	sigaddset(&usual, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	if (fds[0] < 0)
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
						 O_RDONLY, 0);
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setpgroup(&attr, 0);
	if (p->grouped)
		set |= POSIX_SPAWN_SETPGROUP;
	posix_spawnattr_setflags(&attr, set);
	rc = posix_spawnp(&p->pid, path, &actions, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Close all our ends. */
static void hang_up(struct kb_process *p)
{
	kb_process_close(&p->in);
	kb_process_close(&p->out);
	kb_process_close(&p->err);
}

int kb_process_start(struct kb_process *p, const char *name, const char *path,
		     const char *const *argv, unsigned flags,
		     struct kb_err *err)
{
	int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}}, fds[3], rc = 0;

	*p = (struct kb_process){.grouped = (flags & KB_PROCESS_GROUP) != 0};
	for (int i = 0; i < 3; i++) {
		if (!rc && (flags >> i & 1) && make_pipe(pipes[i], i == 0))
			rc = errno;
		fds[i] = pipes[i][i != 0];
	}
	if (!rc)
		rc = spawn(p, path, argv, fds);
	for (int i = 0; i < 3; i++)
		kb_process_close(&pipes[i][i != 0]);
	p->in = pipes[0][1];
	p->out = pipes[1][0];
	p->err = pipes[2][0];
	if (!rc)
		return 0;
	p->pid = 0;
	hang_up(p);
	errno = rc;
	return kb_err_sys(err, "cannot start '%s'", name);
}

/* ---- ending ---- */

void kb_process_end(struct kb_process *p, int grace_ms)
{
	int64_t until = kb_clock_ms() + grace_ms;
	struct timespec nap = {.tv_nsec = 200000};
	pid_t got;

	hang_up(p);
	if (!p->pid)
		return;
	while ((got = waitpid(p->pid, &p->status, WNOHANG)) == 0 &&
	       kb_clock_ms() < until) {
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 20000000)
			nap.tv_nsec *= 2;
	}
	/* What its shell has started may outlive it. */
	if (p->grouped)
		kill(-p->pid, SIGKILL);
	else if (!got)
		kill(p->pid, SIGKILL);
	if (!got)
		waitpid(p->pid, &p->status, 0);
	p->pid = 0;
}

const char *kb_process_how(const struct kb_process *p, char *dst)
{
	*dst = '\0';
	if (WIFSIGNALED(p->status))
		sprintf(dst, " by signal %d", WTERMSIG(p->status));
	else if (WEXITSTATUS(p->status))
		sprintf(dst, " with status %d", WEXITSTATUS(p->status));
	return dst;
}

/* ---- capturing ---- */

static int ms_until(int64_t deadline_ms)
{
	int64_t left = deadline_ms - kb_clock_ms();

	return left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

/* All it prints, until the end or the deadline. */
static int take_output(struct kb_process *p, const char *name,
		       int64_t deadline_ms, struct kb_buf *out,
		       struct kb_err *err)
{
	char part[STEP];
	ssize_t n = 1;

	while (n && !out->over) {
		struct pollfd fd = {.fd = p->out, .events = POLLIN};
		int got = poll(&fd, 1, ms_until(deadline_ms));

		if (kb_process_interrupted)
			return kb_err_set(err, KB_ECLOSED, "%s is interrupted",
					  name);
		if (!got && !ms_until(deadline_ms))
			return kb_err_set(err, KB_ETIMEOUT,
					  "%s does not end in time", name);
		if (got < 0 && errno != EINTR)
			return kb_err_sys(err, "cannot wait for %s", name);
		if (got <= 0)
			continue;
		n = read(p->out, part, sizeof(part));
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return kb_err_sys(err, "cannot read from %s", name);
		if (n > 0)
			kb_buf_add(out, part, (size_t)n);
	}
	explicit_bzero(part, sizeof(part)); /* it may be a key */
	return out->over
		   ? kb_err_set(err, KB_ELIMIT, "%s prints more than %zu bytes",
				name, out->max)
		   : 0;
}

/* Somebody may be asked for a password there: only the group in front of a
 * terminal may read from it. */
static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int kb_process_capture(const char *command, const char *name, int timeout_ms,
		       struct kb_buf *out, struct kb_err *err)
{
	const char *const argv[] = {"sh", "-c", command, NULL};
	int64_t deadline_ms =
	    timeout_ms < 0 ? INT64_MAX : kb_clock_ms() + timeout_ms;
	struct kb_process p;
	char how[32];
	int rc;

	rc = kb_process_start(
	    &p, name, "/bin/sh", argv,
	    has_terminal() ? KB_PROCESS_OUT : KB_PROCESS_OUT | KB_PROCESS_GROUP,
	    err);
	if (rc)
		return rc;
	rc = take_output(&p, name, deadline_ms, out, err);
	kb_process_end(&p, rc ? 0 : ms_until(deadline_ms));
	if (!rc && p.status)
		rc = kb_err_set(err, KB_EREMOTE, "%s ends%s", name,
				kb_process_how(&p, how));
	return rc;
}
