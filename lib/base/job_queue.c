#include "base/job_queue.h"

#include <signal.h>

static void *work(void *arg)
{
	struct kb_pipe *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct kb_pipe_job *job;

		while (!p->n && !p->stopping)
			pthread_cond_wait(&p->changed, &p->lock);
		if (!p->n)
			break;
		job = p->jobs[p->head];
		p->head = (p->head + 1) % KB_PIPE_JOBS;
		p->n--;
		p->busy = true;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
		job->run(job);
		pthread_mutex_lock(&p->lock);
		p->busy = false;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void kb_pipe_start(struct kb_pipe *pipe, bool threaded)
{
	sigset_t all, old;

	*pipe = (struct kb_pipe){0};
	pthread_mutex_init(&pipe->lock, NULL);
	pthread_cond_init(&pipe->changed, NULL);
	/* Signals belong to the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	pipe->threaded =
	    threaded && pthread_create(&pipe->thread, NULL, work, pipe) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void kb_pipe_push(struct kb_pipe *pipe, struct kb_pipe_job *job)
{
	if (!pipe->threaded) {
		job->run(job);
		return;
	}
	pthread_mutex_lock(&pipe->lock);
	while (pipe->n == KB_PIPE_JOBS)
		pthread_cond_wait(&pipe->changed, &pipe->lock);
	pipe->jobs[(pipe->head + pipe->n++) % KB_PIPE_JOBS] = job;
	pthread_cond_broadcast(&pipe->changed);
	pthread_mutex_unlock(&pipe->lock);
}

void kb_pipe_drain(struct kb_pipe *pipe)
{
	if (!pipe->threaded)
		return;
	pthread_mutex_lock(&pipe->lock);
	while (pipe->n || pipe->busy)
		pthread_cond_wait(&pipe->changed, &pipe->lock);
	pthread_mutex_unlock(&pipe->lock);
}

void kb_pipe_stop(struct kb_pipe *pipe)
{
	if (pipe->threaded) {
		pthread_mutex_lock(&pipe->lock);
		pipe->stopping = true;
		pthread_cond_broadcast(&pipe->changed);
		pthread_mutex_unlock(&pipe->lock);
		pthread_join(pipe->thread, NULL);
	}
	pthread_mutex_destroy(&pipe->lock);
	pthread_cond_destroy(&pipe->changed);
}
