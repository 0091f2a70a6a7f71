/*
 * Threads behind the record loop. The calling thread reads and writes;
 * workers take tasks from the ring a few at a time, so that the lock is
 * taken once for many light records. An eventfd wakes the caller when it
 * waits for input and for workers at once.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cli/loop.h"

/* Each record in the window keeps its arena: 64 a thread are enough that none
 * waits for another (256 were no faster), and cost a fourth of the memory. */
enum { GRAB_MAX = 32, WINDOW_A_THREAD = 64 };

struct pool {
	struct kb_loop *loop;
	pthread_mutex_t lock;
	pthread_cond_t work; /* a task is ready, or closing */
	uint64_t next;	     /* first task not yet taken by a worker */
	uint64_t ready;	     /* tasks below are in the ring */
	unsigned n;
	unsigned idle; /* workers that wait */
	bool closing;
	bool waiting; /* the caller sleeps on wake */
	int wake;     /* eventfd */
	pthread_t *threads;
	unsigned made;
};

struct worker {
	struct pool *pool;
	void *state;
};

static void wake_caller(struct pool *pool)
{
	uint64_t one = 1;

	if (!pool->waiting)
		return;
	pool->waiting = false;
	if (write(pool->wake, &one, sizeof(one)) < 0)
		abort();
}

static size_t grab(struct pool *pool, struct kb_task **tasks)
{
	uint64_t there = pool->ready - pool->next;
	size_t n = (size_t)(there / (2 * pool->n) + 1);

	if (n > GRAB_MAX)
		n = GRAB_MAX;
	if (n > there)
		n = (size_t)there;
	for (size_t i = 0; i < n; i++)
		tasks[i] = pool->loop->ring[pool->next++ % pool->loop->window];
	return n;
}

static void *work(void *arg)
{
	struct worker *self = arg;
	struct pool *pool = self->pool;
	struct kb_task *tasks[GRAB_MAX];
	bool wants[GRAB_MAX];
	size_t n;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (pool->next == pool->ready && !pool->closing) {
			pool->idle++;
			pthread_cond_wait(&pool->work, &pool->lock);
			pool->idle--;
		}
		if (pool->next == pool->ready)
			break;
		n = grab(pool, tasks);
		for (size_t i = 0; i < n; i++)
			wants[i] = !tasks[i]->finished;
		pthread_mutex_unlock(&pool->lock);
		for (size_t i = 0; i < n; i++) {
			if (!wants[i])
				continue;
			tasks[i]->thread = self->state;
			tasks[i]->state = kb_loop_outcome(pool->loop, tasks[i]);
		}
		pthread_mutex_lock(&pool->lock);
		for (size_t i = 0; i < n; i++)
			if (wants[i])
				kb_task_done(tasks[i], tasks[i]->state);
		wake_caller(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* The finished tasks that may be written now, in order, off the ring. */
static size_t collect(struct pool *pool, struct kb_task **out, size_t max)
{
	struct kb_loop *loop = pool->loop;
	size_t n = 0;

	for (uint64_t i = loop->head; i < pool->ready && n < max; i++) {
		struct kb_task **slot = &loop->ring[i % loop->window];
		struct kb_task *task = *slot;

		if (task && task->finished && i < pool->next) {
			out[n++] = task;
			*slot = task = NULL;
		}
		if (!task && i == loop->head)
			loop->head++;
		else if (task && !loop->unordered)
			break;
	}
	return n;
}

static int emit_all(struct pool *pool, size_t *n, struct kb_err *err)
{
	struct kb_task *tasks[256];
	int rc = 0;

	pthread_mutex_lock(&pool->lock);
	*n = collect(pool, tasks, 256);
	pool->waiting = false;
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < *n && !rc; i++) {
		pool->loop->flight_bytes -= tasks[i]->size_bytes;
		rc = kb_loop_emit(pool->loop, tasks[i], err);
	}
	return rc;
}

/* Sleep until a worker has finished something or input is there. */
static void sleep_for(struct pool *pool, int fd)
{
	struct pollfd fds[2] = {{.fd = pool->wake, .events = POLLIN},
				{.fd = fd, .events = POLLIN}};
	uint64_t count;
	bool there = false;

	pthread_mutex_lock(&pool->lock);
	for (uint64_t i = pool->loop->head; i < pool->next; i++) {
		struct kb_task *task = pool->loop->ring[i % pool->loop->window];

		if (task && task->finished)
			there = true;
		if (there || !pool->loop->unordered)
			break;
	}
	pool->waiting = !there;
	pthread_mutex_unlock(&pool->lock);
	if (there)
		return;
	if (poll(fds, fd >= 0 ? 2 : 1, -1) > 0 && fds[0].revents &&
	    read(pool->wake, &count, sizeof(count)) < 0)
		return;
}

/* Into a slot that workers do not look at before publish(). */
static void hand_over(struct kb_loop *loop, struct kb_task *task)
{
	loop->ring[loop->tail++ % loop->window] = task;
	loop->flight_bytes += task->size_bytes;
}

/* Show the workers what was handed over; one wake for many light records. */
static void publish(struct pool *pool)
{
	uint64_t added;

	pthread_mutex_lock(&pool->lock);
	added = pool->loop->tail - pool->ready;
	pool->ready = pool->loop->tail;
	if (added > 1 && pool->idle > 1)
		pthread_cond_broadcast(&pool->work);
	else if (added && pool->idle)
		pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

/* Interrupted: what no worker has taken yet is left alone. */
static void drop_rest(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->ready = pool->loop->tail = pool->next;
	pthread_mutex_unlock(&pool->lock);
}

static int drive(struct pool *pool, struct kb_err *err)
{
	struct kb_loop *loop = pool->loop;
	bool ended = false, full;
	size_t n;
	int rc;

	for (;;) {
		int fd = -1;

		for (int burst = 0; burst < 64 && !ended; burst++) {
			struct kb_task *task;
			enum kb_taken taken;

			if (loop->tail - loop->head >= loop->window ||
			    loop->flight_bytes >= KB_LOOP_BYTES)
				break;
			taken = kb_loop_take(loop, false, false, &task, err);
			if (taken == KB_TAKEN_FAIL)
				return err->code;
			if (taken == KB_TAKEN_WAIT)
				fd = loop->in.fd;
			if (taken == KB_TAKEN_END)
				ended = true;
			if (taken > KB_TAKEN_DONE)
				break;
			hand_over(loop, task);
		}
		publish(pool);
		if (kb_cli_interrupted)
			drop_rest(pool);
		rc = emit_all(pool, &n, err);
		if (rc)
			return rc;
		if (ended && loop->head == loop->tail)
			return 0;
		full = loop->tail - loop->head >= loop->window ||
		       loop->flight_bytes >= KB_LOOP_BYTES;
		if (n || !(fd >= 0 || ended || full))
			continue;
		if (fd >= 0) {
			if (loop->filter->idle)
				loop->filter->idle();
			rc = kb_loop_flush(loop, err);
			if (rc)
				return rc;
		}
		sleep_for(pool, fd);
	}
}

static void stop(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->next = pool->ready;
	pool->closing = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->made; i++)
		pthread_join(pool->threads[i], NULL);
}

/* Signals are for the calling thread, which may sleep in a system call that
 * they must wake: a worker is made with all of them held back. */
static int make_thread(pthread_t *thread, struct worker *worker,
		       struct kb_err *err)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	rc = pthread_create(thread, NULL, work, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc ? kb_err_set(err, KB_EIO, "cannot start a thread") : 0;
}

int kb_loop_threads(struct kb_loop *loop, unsigned n, struct kb_err *err)
{
	struct pool pool = {.loop = loop, .n = n};
	struct worker *workers = kb_calloc(n, sizeof(*workers));
	int rc = 0;

	loop->window = WINDOW_A_THREAD * (size_t)n;
	loop->ring = kb_calloc(loop->window, sizeof(struct kb_task *));
	pool.threads = kb_calloc(n, sizeof(*pool.threads));
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.work, NULL);
	pool.wake = eventfd(0, EFD_CLOEXEC);
	if (pool.wake < 0)
		rc = kb_err_sys(err, "cannot make an eventfd");
	for (; !rc && pool.made < n; pool.made++) {
		struct worker *w = &workers[pool.made];

		w->pool = &pool;
		if (loop->filter->thread_open)
			rc = loop->filter->thread_open(&w->state, err);
		if (!rc)
			rc = make_thread(&pool.threads[pool.made], w, err);
		if (rc)
			break;
	}
	if (!rc)
		rc = drive(&pool, err);
	stop(&pool);
	for (unsigned i = 0; i < n; i++)
		if (loop->filter->thread_close && workers[i].state)
			loop->filter->thread_close(workers[i].state);
	if (pool.wake >= 0)
		close(pool.wake);
	pthread_cond_destroy(&pool.work);
	pthread_mutex_destroy(&pool.lock);
	free(pool.threads);
	free(workers);
	return rc;
}
