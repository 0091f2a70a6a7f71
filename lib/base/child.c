#include "base/child.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"

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
	struct kb_process process;
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
	bool unasked; /* it wrote what no request was for */
};

static struct kb_child *start(const char *name, const char *path,
			      const char *const *argv, struct kb_err *err)
{
	struct kb_child *child = kb_calloc(1, sizeof(*child));

	child->name = kb_strdup(name);
	kb_buf_init(&child->to, 0);
	kb_buf_init(&child->from, 0);
	if (!kb_process_start(&child->process, name, path, argv,
			      KB_PROCESS_IN | KB_PROCESS_OUT | KB_PROCESS_ERR |
				  KB_PROCESS_GROUP,
			      err))
		return child;
	kb_child_close(child);
	return NULL;
}

struct kb_child *kb_child_open_argv(const char *const *argv, struct kb_err *err)
{
	char buf[PATH_MAX];

	return start(argv[0], kb_process_find(argv[0], buf, sizeof(buf)), argv,
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
	found = kb_process_find(name, buf, sizeof(buf));
	if (found == buf && (!word[len] || word[len] == ' '))
		argv[2] = line = shell_line(buf, word + len);
	child = start(command, "/bin/sh", argv, err);
	free(line);
	free(name);
	return child;
}

/* ---- ending ---- */

void kb_child_close(struct kb_child *child)
{
	if (!child)
		return;
	kb_process_end(&child->process, GRACE_MS);
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
	while (child->process.in >= 0 && child->sent < child->to.len) {
		ssize_t n = write_quietly(child->process.in,
					  child->to.ptr + child->sent,
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
			kb_process_close(&child->process.in);
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
	ssize_t n = read(child->process.err, buf, sizeof(buf));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		kb_process_close(&child->process.err);
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
		kb_process_close(&child->process.out);
		return;
	}
	kb_buf_reserve(&child->from, READ_SIZE);
	n = read(child->process.out, child->from.ptr + rest, READ_SIZE);
	if (n > 0)
		child->from.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		kb_process_close(&child->process.out);
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
	if (child->waiting && (child->process.out < 0 ||
			       find_line(child, &stop) || deadline <= now))
		return 0;
	if (deadline != INT64_MAX &&
	    (timeout_ms < 0 || deadline - now < timeout_ms))
		timeout_ms =
		    deadline - now < INT_MAX ? (int)(deadline - now) : INT_MAX;
	fds[0] = (struct pollfd){.fd = child->process.out, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = child->process.err, .events = POLLIN};
	fds[2] = (struct pollfd){.fd = fd, .events = POLLIN};
	fds[3] = (struct pollfd){
	    .fd = child->sent < child->to.len ? child->process.in : -1,
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
	char quoted[KB_QUOTE_MAX], how[32];

	while (child->process.err >= 0 && child->process.pid) {
		struct pollfd p = {.fd = child->process.err, .events = POLLIN};

		if (poll(&p, 1, 100) <= 0)
			break;
		hear(child);
	}
	kb_process_end(&child->process, GRACE_MS);
	if (child->too_long) {
		kb_err_set(err, KB_ELIMIT,
			   "'%s' answers with a line longer than %zu bytes",
			   child->name, KB_CHILD_LINE_MAX);
		return;
	}
	if (child->unasked) {
		kb_err_set(err, KB_ECLOSED,
			   "'%s' writes more than a line for a line",
			   child->name);
		return;
	}
	kb_err_set(err, KB_ECLOSED, "'%s' has ended%s%s%s", child->name,
		   kb_process_how(&child->process, how),
		   child->n_said ? ": " : "",
		   kb_err_quote(quoted, child->said, child->n_said));
}

/* With nothing owed, are there bytes all the same? Then every answer behind
 * them would be taken for another request's. */
static void look_for_unasked(struct kb_child *child)
{
	if (child->process.out >= 0)
		pull(child);
	if (child->from.len == child->start)
		return;
	child->unasked = true;
	kb_process_close(&child->process.out);
}

int kb_child_send(struct kb_child *child, struct kb_str line, int timeout_ms,
		  void *tag, struct kb_err *err)
{
	struct request *r;

	assert(child->head <= child->tail && child->tail <= child->cap);
	assert(!line.len || !memchr(line.ptr, '\n', line.len));
	if (child->head == child->tail)
		look_for_unasked(child);
	if (child->process.out < 0 || child->process.in < 0) {
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

	assert(child->head <= child->tail);
	assert(child->start <= child->from.len);
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
	if (child->process.out < 0) {
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
