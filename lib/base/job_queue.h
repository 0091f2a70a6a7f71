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

#define KB_PIPE_JOBS 64

/* The first member of a job's structure; run takes the job over. */
struct kb_pipe_job {
	void (*run)(struct kb_pipe_job *job);
};

struct kb_pipe {
	bool threaded; /* false: jobs run inside kb_pipe_push() */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct kb_pipe_job *jobs[KB_PIPE_JOBS];
	size_t head, n; /* ring */
	bool busy, stopping;
};

void kb_pipe_start(struct kb_pipe *pipe, bool threaded);
void kb_pipe_push(struct kb_pipe *pipe, struct kb_pipe_job *job);
/* Wait until every job pushed so far is done. */
void kb_pipe_drain(struct kb_pipe *pipe);
/* Drain, end the thread. */
void kb_pipe_stop(struct kb_pipe *pipe);

#endif
