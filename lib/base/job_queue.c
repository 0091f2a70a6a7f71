#include "base/job_queue.h"

#include <assert.h>
#include <signal.h>

static void *work(void *arg)
{
	struct kb_job_queue *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct kb_job *job;

		while (!p->n && !p->stopping)
			pthread_cond_wait(&p->changed, &p->lock);
		if (!p->n)
			break;
		job = p->jobs[p->head];
		p->head = (p->head + 1) % KB_JOB_QUEUE_MAX;
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

void kb_job_queue_start(struct kb_job_queue *queue, bool threaded)
{
	sigset_t all, old;

	*queue = (struct kb_job_queue){0};
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->changed, NULL);
	/* Signals belong to the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	queue->threaded =
	    threaded && pthread_create(&queue->thread, NULL, work, queue) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void kb_job_queue_push(struct kb_job_queue *queue, struct kb_job *job)
{
	assert(job->run);
	assert(!queue->stopping);
	if (!queue->threaded) {
		job->run(job);
		return;
	}
	pthread_mutex_lock(&queue->lock);
	while (queue->n == KB_JOB_QUEUE_MAX)
		pthread_cond_wait(&queue->changed, &queue->lock);
	queue->jobs[(queue->head + queue->n++) % KB_JOB_QUEUE_MAX] = job;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

void kb_job_queue_drain(struct kb_job_queue *queue)
{
	if (!queue->threaded)
		return;
	pthread_mutex_lock(&queue->lock);
	while (queue->n || queue->busy)
		pthread_cond_wait(&queue->changed, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}

void kb_job_queue_stop(struct kb_job_queue *queue)
{
	if (queue->threaded) {
		pthread_mutex_lock(&queue->lock);
		queue->stopping = true;
		pthread_cond_broadcast(&queue->changed);
		pthread_mutex_unlock(&queue->lock);
		pthread_join(queue->thread, NULL);
	}
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->changed);
}
