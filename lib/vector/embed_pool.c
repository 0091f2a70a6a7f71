#include "vector/embed_pool.h"

#include <pthread.h>
#include <stdlib.h>

struct kb_embed_pool {
	struct kb_embedder *embedder;
	int (*answered)(void *arg, const struct kb_embed_batch *batch,
			struct kb_err *err);
	void *arg;
	size_t jobs, n_threads;
	pthread_t threads[KB_EMBED_JOBS_MAX];
	pthread_mutex_t lock; /* of what follows, and of batches' done */
	pthread_mutex_t answering;
	pthread_cond_t sent, finished;
	struct kb_embed_batch *first, **last;
	size_t n_sent; /* from first on */
	size_t n_idle; /* threads that wait, or were woken and not yet up */
	bool stopping;
};

struct kb_embed_pool *kb_embed_pool_new(
    struct kb_embedder *embedder, size_t jobs,
    int (*answered)(void *arg, const struct kb_embed_batch *batch,
		    struct kb_err *err),
    void *arg)
{
	struct kb_embed_pool *pool = kb_calloc(1, sizeof(*pool));

	pool->embedder = embedder;
	pool->answered = answered;
	pool->arg = arg;
	pool->jobs = jobs ? jobs : KB_EMBED_JOBS;
	if (pool->jobs > KB_EMBED_JOBS_MAX)
		pool->jobs = KB_EMBED_JOBS_MAX;
	pool->last = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_mutex_init(&pool->answering, NULL);
	pthread_cond_init(&pool->sent, NULL);
	pthread_cond_init(&pool->finished, NULL);
	return pool;
}

void kb_embed_pool_free(struct kb_embed_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->sent);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->finished);
	pthread_cond_destroy(&pool->sent);
	pthread_mutex_destroy(&pool->answering);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

size_t kb_embed_pool_jobs(const struct kb_embed_pool *pool)
{
	return pool->jobs;
}

/* An embedder that does one batch after the other answers the last of those in
 * flight when it has done the others. */
static void ask(struct kb_embed_pool *pool, struct kb_embed_batch *b)
{
	b->rc = kb_embedder_call(pool->embedder, b->input_type, b->texts, b->n,
				 KB_EMBED_TIMEOUT_MS * (int)pool->jobs,
				 &b->arena, &b->x, &b->dim, &b->err);
	if (b->rc)
		return;
	pthread_mutex_lock(&pool->answering);
	b->rc = pool->answered(pool->arg, b, &b->err);
	pthread_mutex_unlock(&pool->answering);
}

static void *run(void *arg)
{
	struct kb_embed_pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct kb_embed_batch *b = pool->first;

		if (!b && pool->stopping)
			break;
		if (!b) {
			pool->n_idle++;
			pthread_cond_wait(&pool->sent, &pool->lock);
			pool->n_idle--;
			continue;
		}
		pool->first = b->next;
		if (!b->next)
			pool->last = &pool->first;
		pool->n_sent--;
		pthread_mutex_unlock(&pool->lock);
		ask(pool, b);
		pthread_mutex_lock(&pool->lock);
		b->done = true;
		pthread_cond_broadcast(&pool->finished);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

void kb_embed_pool_send(struct kb_embed_pool *pool, struct kb_embed_batch *b)
{
	pthread_mutex_lock(&pool->lock);
	b->next = NULL;
	b->done = false;
	*pool->last = b;
	pool->last = &b->next;
	pool->n_sent++;
	/* one that cannot be started leaves the work to the others */
	if (pool->n_sent > pool->n_idle && pool->n_threads < pool->jobs &&
	    !pthread_create(&pool->threads[pool->n_threads], NULL, run, pool))
		pool->n_threads++;
	pthread_cond_signal(&pool->sent);
	pthread_mutex_unlock(&pool->lock);
}

int kb_embed_pool_wait(struct kb_embed_pool *pool, struct kb_embed_batch *b)
{
	bool alone;

	pthread_mutex_lock(&pool->lock);
	alone = !pool->n_threads;
	while (!alone && !b->done)
		pthread_cond_wait(&pool->finished, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	if (alone && !b->done) {
		pool->stopping = true;
		run(pool); /* no thread could be started: here and now */
		pool->stopping = false;
	}
	return b->rc;
}
