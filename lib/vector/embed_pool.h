/*
 * Batches of texts on their way to an embedder, several at once: as many
 * threads as batches may be in flight, each asking for one. Who puts batches
 * in waits for them in the order of his choice; the answers come in any.
 */
#ifndef KB_VECTOR_EMBED_POOL_H
#define KB_VECTOR_EMBED_POOL_H

#include "vector/embedder.h"

#define KB_EMBED_JOBS	  4 /* unless the user says otherwise */
#define KB_EMBED_JOBS_MAX 64

struct kb_embed_pool;

/* Texts, and once it is done their vectors. */
struct kb_embed_batch {
	struct kb_str input_type;	     /* these two are borrowed */
	struct kb_str texts[KB_EMBED_BATCH]; /* until it is done */
	size_t n;

	float *x; /* dim floats for each text; in the arena, owned */
	size_t dim;
	int rc; /* of kb_embedder_call() or of 'answered' */
	struct kb_err err;

	struct kb_arena arena;
	bool done;
	struct kb_embed_batch *next; /* in the queue */
};

/*
 * The embedder is borrowed. answered is called for every batch that has its
 * vectors, as soon as it has, for one batch at a time, in some thread; what it
 * returns is the batch's rc. No thread starts before the first batch.
 */
struct kb_embed_pool *kb_embed_pool_new(
    struct kb_embedder *embedder, size_t jobs,
    int (*answered)(void *arg, const struct kb_embed_batch *batch,
		    struct kb_err *err),
    void *arg);
/* No batch may be on its way. NULL is allowed. */
void kb_embed_pool_free(struct kb_embed_pool *pool);

/* Batches in flight at most. */
size_t kb_embed_pool_jobs(const struct kb_embed_pool *pool);

/* Send a batch of at least one text; it stays where it is until it is done. */
void kb_embed_pool_send(struct kb_embed_pool *pool,
			struct kb_embed_batch *batch);
/* Wait for a batch that was sent; its rc. */
int kb_embed_pool_wait(struct kb_embed_pool *pool,
		       struct kb_embed_batch *batch);

#endif
