/*
 * A queue of jobs and the one thread that does them in order, so that
 * compressing and writing overlap with analysis. The queue is bounded: the
 * sender waits when the worker falls behind.
 */
#ifndef KB_BASE_JOB_QUEUE_H
#define KB_BASE_JOB_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define KB_JOB_QUEUE_MAX 64

/* The first member of a job's structure; run takes the job over. */
struct kb_job {
	void (*run)(struct kb_job *job);
};

struct kb_job_queue {
	bool threaded; /* false: jobs run inside kb_job_queue_push() */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct kb_job *jobs[KB_JOB_QUEUE_MAX];
	size_t head, n; /* ring */
	bool busy, stopping;
};

void kb_job_queue_start(struct kb_job_queue *queue, bool threaded);
void kb_job_queue_push(struct kb_job_queue *queue, struct kb_job *job);
/* Wait until every job pushed so far is done. */
void kb_job_queue_drain(struct kb_job_queue *queue);
/* Drain, end the thread. */
void kb_job_queue_stop(struct kb_job_queue *queue);

#endif
