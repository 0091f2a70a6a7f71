#include "base/shared_child.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/child.h"

#define ARGS_MAX 8

struct kb_shared_child {
	char *command;
	char *argv[ARGS_MAX + 1];
	struct kb_child *child; /* NULL: not yet started, or ended */
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wake;	     /* an eventfd */
	atomic_uint wanting; /* threads that want to send */
	unsigned leaving;    /* that have their answer, and wait for the lock */
	unsigned unanswered; /* requests in a row */
	struct kb_err why;   /* it cannot be asked any more */
};

/* A request in flight. */
struct request {
	bool done;
	bool delivered; /* by the child; its thread is counted as leaving */
	struct kb_buf *answer;
	struct kb_err *err;
};

struct kb_shared_child *kb_shared_child_new(const char *command,
					    const char *const *argv)
{
	struct kb_shared_child *s = kb_calloc(1, sizeof(*s));

	if (command)
		s->command = kb_strdup(command);
	for (size_t i = 0; !command && argv[i] && i < ARGS_MAX; i++)
		s->argv[i] = kb_strdup(argv[i]);
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->wake < 0)
		kb_err_sys(&s->why, "cannot make an event");
	atomic_init(&s->wanting, 0);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	return s;
}

void kb_shared_child_free(struct kb_shared_child *s)
{
	if (!s)
		return;
	kb_child_close(s->child);
	if (s->wake >= 0)
		close(s->wake);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	for (size_t i = 0; i < ARGS_MAX; i++)
		free(s->argv[i]);
	free(s->command);
	free(s);
}

/* With the lock. What went wrong stays in s->why. */
static int start(struct kb_shared_child *s)
{
	const char *argv[ARGS_MAX + 1];

	if (s->started)
		return s->child ? 0 : s->why.code;
	s->started = true;
	for (size_t i = 0; i <= ARGS_MAX; i++)
		argv[i] = s->argv[i];
	if (s->wake < 0)
		return s->why.code;
	s->child = s->command ? kb_child_open(s->command, &s->why)
			      : kb_child_open_argv(argv, &s->why);
	return s->child ? 0 : s->why.code;
}

int kb_shared_child_start(struct kb_shared_child *s, struct kb_err *err)
{
	int rc;

	pthread_mutex_lock(&s->lock);
	rc = start(s);
	if (rc < 0 && err)
		*err = s->why;
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static void give_up(struct kb_shared_child *s)
{
	kb_child_close(s->child);
	s->child = NULL;
	pthread_cond_broadcast(&s->changed);
}

/* Hand out what the child answered, to whichever thread asked. */
static void deliver(struct kb_shared_child *s)
{
	struct kb_child_outcome got;

	while (kb_child_take(s->child, &got)) {
		struct request *to = got.tag;

		to->done = to->delivered = true;
		s->leaving++;
		*to->err = got.err;
		kb_buf_add_str(to->answer, got.line);
		s->unanswered =
		    got.err.code == KB_ETIMEOUT ? s->unanswered + 1 : 0;
	}
	pthread_cond_broadcast(&s->changed);
}

/* Wait for the child's bytes, or let another thread send or leave. */
static void wait_turn(struct kb_shared_child *s)
{
	uint64_t n;

	if (atomic_load(&s->wanting) || s->leaving) {
		pthread_cond_wait(&s->changed, &s->lock);
		return;
	}
	if (kb_child_poll(s->child, s->wake, -1, &s->why)) {
		give_up(s);
		return;
	}
	while (read(s->wake, &n, sizeof(n)) > 0)
		;
	deliver(s);
}

/* Take the lock, from the thread that waits for the child if need be. */
static void enter(struct kb_shared_child *s)
{
	const uint64_t one = 1;
	ssize_t n;

	atomic_fetch_add(&s->wanting, 1);
	/* When it is full the waiting thread wakes all the same. */
	n = write(s->wake, &one, sizeof(one));
	(void)n;
	pthread_mutex_lock(&s->lock);
	atomic_fetch_sub(&s->wanting, 1);
	pthread_cond_broadcast(&s->changed);
}

/* Is it left alone until it has answered what it owes? */
static bool is_passed_over(struct kb_shared_child *s, struct kb_err *err)
{
	if (s->unanswered < KB_SHARED_CHILD_PATIENCE)
		return false;
	if (kb_child_owes(s->child) && !kb_child_poll(s->child, -1, 0, &s->why))
		deliver(s);
	if (!kb_child_owes(s->child)) {
		s->unanswered = 0;
		return false;
	}
	kb_err_set(err, KB_ETIMEOUT,
		   "no answer in time to %d questions, and none since",
		   KB_SHARED_CHILD_PATIENCE);
	return true;
}

int kb_shared_child_ask(struct kb_shared_child *s, struct kb_str line,
			int timeout_ms, struct kb_buf *answer,
			struct kb_err *err)
{
	struct kb_err own = {0};
	struct request request = {.answer = answer, .err = &own};

	assert(answer);
	assert(line.ptr || !line.len);
	enter(s);
	if (start(s) == 0 &&
	    (is_passed_over(s, &own) ||
	     kb_child_send(s->child, line, timeout_ms, &request, &own) < 0))
		request.done = true;
	while (!request.done && s->child)
		wait_turn(s);
	if (request.delivered && !--s->leaving)
		pthread_cond_broadcast(&s->changed);
	if (!request.done)
		own = s->why;
	pthread_mutex_unlock(&s->lock);
	if (err)
		*err = own;
	return own.code;
}
