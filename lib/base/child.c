#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

enum {
	READ_SIZE = 64 << 10,
	SAID_MAX = 300,	 /* kept of the child's last line of stderr */
	GRACE_MS = 2000, /* between the end of its input and SIGKILL */
};

struct request {
	void *tag;
	int64_t deadline_ms;
	bool gone; /* its outcome was given: drop the answer */
};

struct kb_child {
	pid_t pid; /* 0 when reaped */
	int status;
	int in, out, err; /* our ends; -1 when closed */
	char *name;	  /* the command, for messages */
	struct kb_buf to; /* bytes to send, from sent on */
	size_t sent;
	struct kb_buf from; /* bytes received, from start on */
	size_t start, seen; /* no newline in [start, seen) */
	struct request *queue;
	size_t head, tail, cap; /* requests [head, tail) */
	size_t waiting;		/* of them without an outcome */
	char said[SAID_MAX + 1];
	size_t n_said;
	bool said_ended; /* the next byte begins a new line */
	bool too_long;
};

/*
 * The path of program 'name' beside the running binary, when it stands
 * there and may be run, else name itself. buf holds size bytes.
 */
static const char *find_beside(const char *name, char *buf, size_t size)
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

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* A group of its own, so that all of a shell's pipeline can be killed, and
 * the signals as a program expects them. */
static int spawn(struct kb_child *child, const char *path,
		 const char *const *argv, int fds[3])
{
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
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF |
					    POSIX_SPAWN_SETSIGMASK |
					    POSIX_SPAWN_SETPGROUP);
	rc = posix_spawnp(&child->pid, path, &actions, &attr, args, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static struct kb_child *start(const char *name, const char *path,
			      const char *const *argv, struct kb_err *err)
{
	struct kb_child *child = kb_calloc(1, sizeof(*child));
	int in[2] = {-1, -1}, out[2] = {-1, -1}, diag[2] = {-1, -1};
	int fds[3], rc;

	child->name = kb_strdup(name);
	kb_buf_init(&child->to, 0);
	kb_buf_init(&child->from, 0);
	if (make_pipe(in, 1) || make_pipe(out, 0) || make_pipe(diag, 0)) {
		rc = errno;
	} else {
		fds[0] = in[0];
		fds[1] = out[1];
		fds[2] = diag[1];
		rc = spawn(child, path, argv, fds);
	}
	close_fd(&in[0]);
	close_fd(&out[1]);
	close_fd(&diag[1]);
	child->in = in[1];
	child->out = out[0];
	child->err = diag[0];
	if (!rc)
		return child;
	child->pid = 0;
	kb_child_close(child);
	errno = rc;
	kb_err_sys(err, "cannot start '%s'", name);
	return NULL;
}

struct kb_child *kb_child_open_argv(const char *const *argv, struct kb_err *err)
{
	char buf[PATH_MAX];

	return start(argv[0], find_beside(argv[0], buf, sizeof(buf)), argv,
		     err);
}

/* 'path' rest, the path quoted for the shell. */
static char *shell_line(const char *path, const char *rest)
{
	struct kb_buf line;

	kb_buf_init(&line, 0);
	kb_buf_add_char(&line, '\'');
	for (; *path; path++) {
		if (*path == '\'')
			kb_buf_add_cstr(&line, "'\\'");
		kb_buf_add_char(&line, *path);
	}
	kb_buf_add_char(&line, '\'');
	kb_buf_add_cstr(&line, rest);
	return line.ptr;
}

struct kb_child *kb_child_open(const char *command, struct kb_err *err)
{
	const char *word = command + strspn(command, " \t");
	size_t len = strcspn(word, " \t\n;|&<>()$`\\\"'*?[#~=%");
	const char *argv[] = {"sh", "-c", command, NULL};
	struct kb_child *child;
	char buf[PATH_MAX], *name, *line = NULL;
	const char *found;

	if (!*word) {
		kb_err_set(err, KB_EINVAL, "the command is empty");
		return NULL;
	}
	name = kb_strndup(word, len);
	found = find_beside(name, buf, sizeof(buf));
	if (found == buf && (!word[len] || word[len] == ' '))
		argv[2] = line = shell_line(buf, word + len);
	child = start(command, "/bin/sh", argv, err);
	free(line);
	free(name);
	return child;
}

/* ---- ending ---- */

/* Wait for its end, kill it when it takes longer than grace_ms. */
static void reap(struct kb_child *child, int grace_ms)
{
	int64_t until = kb_clock_ms() + grace_ms;
	struct timespec nap = {.tv_nsec = 200000};
	pid_t got;

	if (!child->pid)
		return;
	while ((got = waitpid(child->pid, &child->status, WNOHANG)) == 0 &&
	       kb_clock_ms() < until) {
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 20000000)
			nap.tv_nsec *= 2;
	}
	/* What its shell has started may outlive it. */
	kill(-child->pid, SIGKILL);
	if (!got)
		waitpid(child->pid, &child->status, 0);
	child->pid = 0;
}

static void hang_up(struct kb_child *child)
{
	close_fd(&child->in);
	close_fd(&child->out);
	close_fd(&child->err);
}

void kb_child_close(struct kb_child *child)
{
	if (!child)
		return;
	hang_up(child);
	reap(child, GRACE_MS);
	kb_buf_release(&child->to);
	kb_buf_release(&child->from);
	free(child->queue);
	free(child->name);
	free(child);
}

/* ---- moving bytes ---- */

/*
 * write(2) to a child that is gone must not kill this program, which keeps
 * SIGPIPE for its own output: the signal is held back for this thread and,
 * when the write raised it, taken off.
 */
static ssize_t write_quietly(int fd, const void *ptr, size_t len)
{
	struct timespec now = {0};
	sigset_t pipe_only, old, there;
	bool was_pending;
	ssize_t n;
	int saved;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&there);
	was_pending = sigismember(&there, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
	n = write(fd, ptr, len);
	saved = errno;
	if (n < 0 && saved == EPIPE && !was_pending)
		while (sigtimedwait(&pipe_only, NULL, &now) < 0 &&
		       errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
	return n;
}

static void push(struct kb_child *child)
{
	while (child->in >= 0 && child->sent < child->to.len) {
		ssize_t n =
		    write_quietly(child->in, child->to.ptr + child->sent,
				  child->to.len - child->sent);

		if (n > 0) {
			child->sent += (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		/* It may still answer what it has read: only its input is
		 * closed, the end of its output tells the rest. */
		if (errno != EAGAIN)
			close_fd(&child->in);
		break;
	}
	if (child->sent == child->to.len) {
		kb_buf_reset(&child->to);
		child->sent = 0;
	}
}

/* Keep the last line that is not empty. */
static void hear(struct kb_child *child)
{
	char buf[4096];
	ssize_t n = read(child->err, buf, sizeof(buf));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&child->err);
	for (ssize_t i = 0; i < n; i++) {
		if (buf[i] == '\n') {
			child->said_ended = true;
			continue;
		}
		if (child->said_ended)
			child->n_said = 0;
		child->said_ended = false;
		if (child->n_said < SAID_MAX)
			child->said[child->n_said++] = buf[i];
	}
}

static void pull(struct kb_child *child)
{
	size_t rest = child->from.len - child->start;
	ssize_t n;

	if (child->start) {
		memmove(child->from.ptr, child->from.ptr + child->start, rest);
		child->seen -= child->start;
		child->from.len = rest;
		child->start = 0;
	}
	if (rest > KB_CHILD_LINE_MAX) {
		child->too_long = true;
		close_fd(&child->out);
		return;
	}
	kb_buf_reserve(&child->from, READ_SIZE);
	n = read(child->out, child->from.ptr + rest, READ_SIZE);
	if (n > 0)
		child->from.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&child->out);
}

/* Is there a whole line? Its end goes to *stop. */
static bool find_line(struct kb_child *child, size_t *stop)
{
	const char *nl = NULL;

	if (child->seen < child->from.len)
		nl = memchr(child->from.ptr + child->seen, '\n',
			    child->from.len - child->seen);
	child->seen = nl ? (size_t)(nl - child->from.ptr) : child->from.len;
	*stop = child->seen;
	return nl;
}

static int64_t first_deadline(const struct kb_child *child)
{
	int64_t first = INT64_MAX;

	for (size_t i = child->head; i < child->tail; i++)
		if (!child->queue[i].gone &&
		    child->queue[i].deadline_ms < first)
			first = child->queue[i].deadline_ms;
	return first;
}

int kb_child_poll(struct kb_child *child, int fd, int timeout_ms,
		  struct kb_err *err)
{
	int64_t now = kb_clock_ms(), deadline = first_deadline(child);
	struct pollfd fds[4];
	size_t stop;

	push(child);
	if (child->waiting &&
	    (child->out < 0 || find_line(child, &stop) || deadline <= now))
		return 0;
	if (deadline != INT64_MAX &&
	    (timeout_ms < 0 || deadline - now < timeout_ms))
		timeout_ms =
		    deadline - now < INT_MAX ? (int)(deadline - now) : INT_MAX;
	fds[0] = (struct pollfd){.fd = child->out, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = child->err, .events = POLLIN};
	fds[2] = (struct pollfd){.fd = fd, .events = POLLIN};
	fds[3] =
	    (struct pollfd){.fd = child->sent < child->to.len ? child->in : -1,
			    .events = POLLOUT};
	if (poll(fds, 4, timeout_ms) < 0) {
		if (errno == EINTR)
			return 0;
		return kb_err_sys(err, "cannot wait for '%s'", child->name);
	}
	if (fds[1].revents)
		hear(child);
	if (fds[3].revents)
		push(child);
	if (fds[0].revents)
		pull(child);
	return 0;
}

/* ---- requests and outcomes ---- */

static void tell_end(struct kb_child *child, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX], how[64] = "";

	while (child->err >= 0 && child->pid) {
		struct pollfd p = {.fd = child->err, .events = POLLIN};

		if (poll(&p, 1, 100) <= 0)
			break;
		hear(child);
	}
	hang_up(child);
	reap(child, GRACE_MS);
	if (child->too_long) {
		kb_err_set(err, KB_ELIMIT,
			   "'%s' answers with a line longer than %zu bytes",
			   child->name, KB_CHILD_LINE_MAX);
		return;
	}
	if (WIFSIGNALED(child->status))
		snprintf(how, sizeof(how), " by signal %d",
			 WTERMSIG(child->status));
	else if (WEXITSTATUS(child->status))
		snprintf(how, sizeof(how), " with status %d",
			 WEXITSTATUS(child->status));
	kb_err_set(err, KB_ECLOSED, "'%s' has ended%s%s%s", child->name, how,
		   child->n_said ? ": " : "",
		   kb_err_quote(quoted, child->said, child->n_said));
}

int kb_child_send(struct kb_child *child, struct kb_str line, int timeout_ms,
		  void *tag, struct kb_err *err)
{
	struct request *r;

	if (child->out < 0 || child->in < 0) {
		tell_end(child, err);
		return err ? err->code : KB_ECLOSED;
	}
	if (child->head == child->tail) {
		child->head = child->tail = 0;
	} else if (child->tail == child->cap && child->head > child->cap / 2) {
		child->tail -= child->head;
		memmove(child->queue, child->queue + child->head,
			child->tail * sizeof(*child->queue));
		child->head = 0;
	}
	kb_grow(&child->queue, &child->cap, child->tail + 1,
		sizeof(*child->queue));
	r = &child->queue[child->tail++];
	r->tag = tag;
	r->gone = false;
	r->deadline_ms =
	    timeout_ms < 0 ? INT64_MAX : kb_clock_ms() + timeout_ms;
	child->waiting++;
	kb_buf_add_str(&child->to, line);
	kb_buf_add_char(&child->to, '\n');
	return 0;
}

size_t kb_child_owes(const struct kb_child *child)
{
	return child->tail - child->head;
}

/* A request whose time is over, or NULL. */
static struct request *overdue(struct kb_child *child)
{
	int64_t now = kb_clock_ms();

	for (size_t i = child->head; i < child->tail; i++) {
		struct request *r = &child->queue[i];

		if (!r->gone && r->deadline_ms <= now)
			return r;
	}
	return NULL;
}

static bool give(struct kb_child *child, struct request *r,
		 struct kb_child_outcome *outcome)
{
	outcome->tag = r->tag;
	r->gone = true;
	child->waiting--;
	return true;
}

bool kb_child_take(struct kb_child *child, struct kb_child_outcome *outcome)
{
	struct request *r;
	size_t stop;

	outcome->err.code = 0;
	outcome->line = (struct kb_str){0};
	while (child->head < child->tail && find_line(child, &stop)) {
		struct kb_str line = {child->from.ptr + child->start,
				      stop - child->start};

		child->start = child->seen = stop + 1;
		r = &child->queue[child->head++];
		if (r->gone)
			continue;
		outcome->line = line;
		return give(child, r, outcome);
	}
	if (!child->waiting)
		return false;
	if (child->out < 0) {
		while (child->queue[child->head].gone)
			child->head++;
		tell_end(child, &outcome->err);
		return give(child, &child->queue[child->head++], outcome);
	}
	r = overdue(child);
	if (!r)
		return false;
	kb_err_set(&outcome->err, KB_ETIMEOUT, "'%s' did not answer in time",
		   child->name);
	return give(child, r, outcome);
}

int kb_child_call(struct kb_child *child, struct kb_str line, int timeout_ms,
		  struct kb_buf *answer, struct kb_err *err)
{
	struct kb_child_outcome outcome;
	int rc = kb_child_send(child, line, timeout_ms, NULL, err);

	while (!rc && !kb_child_take(child, &outcome))
		rc = kb_child_poll(child, -1, -1, err);
	if (rc)
		return rc;
	if (outcome.err.code) {
		if (err)
			*err = outcome.err;
		return outcome.err.code;
	}
	kb_buf_reset(answer);
	kb_buf_add_str(answer, outcome.line);
	return 0;
}
