#include "vector/local_embedder.h"

#include <pthread.h>
#include <stdlib.h>

#include "encoder/encoder.h"
#include "encoder/model_path.h"

/* A workspace that no thread has now. */
struct idle {
	struct kb_encoder_work *work;
	struct idle *next;
};

struct kb_local_embedder {
	struct kb_arena arena;
	const char *path;
	pthread_mutex_t lock; /* of what follows */
	struct kb_encoder *encoder;
	struct idle *idle;
};

struct kb_local_embedder *kb_local_embedder_new(struct kb_str model)
{
	struct kb_local_embedder *l = kb_calloc(1, sizeof(*l));

	kb_arena_init(&l->arena);
	pthread_mutex_init(&l->lock, NULL);
	l->path = kb_model_find(model, &l->arena);
	if (l->path)
		return l;
	kb_local_embedder_free(l);
	return NULL;
}

void kb_local_embedder_free(struct kb_local_embedder *l)
{
	if (!l)
		return;
	while (l->idle) {
		struct idle *one = l->idle;

		l->idle = one->next;
		kb_encoder_work_free(one->work);
		free(one);
	}
	kb_encoder_close(l->encoder);
	pthread_mutex_destroy(&l->lock);
	kb_arena_release(&l->arena);
	free(l);
}

/* The encoder, opened by who comes first, and a workspace. */
static int borrow(struct kb_local_embedder *l, struct idle **out,
		  struct kb_err *err)
{
	int rc = 0;

	pthread_mutex_lock(&l->lock);
	if (!l->encoder) {
		rc = kb_encoder_open(&l->encoder, l->path, err);
		if (!rc)
			kb_encoder_prefetch(l->encoder);
	}
	*out = l->idle;
	if (l->idle)
		l->idle = l->idle->next;
	pthread_mutex_unlock(&l->lock);
	if (!rc && !*out) {
		*out = kb_calloc(1, sizeof(**out));
		(*out)->work = kb_encoder_work_new();
	}
	return rc;
}

static void give_back(struct kb_local_embedder *l, struct idle *one)
{
	pthread_mutex_lock(&l->lock);
	one->next = l->idle;
	l->idle = one;
	pthread_mutex_unlock(&l->lock);
}

int kb_local_embedder_call(struct kb_local_embedder *l,
			   const struct kb_str *texts, size_t n,
			   struct kb_arena *arena, float **x, size_t *dim,
			   struct kb_err *err)
{
	struct idle *one;
	int rc = borrow(l, &one, err);

	if (rc)
		return rc;
	*dim = l->encoder->is.hidden;
	*x = kb_arena_alloc(arena, n * *dim * sizeof(**x));
	rc = kb_encoder_encode(l->encoder, one->work, texts, n, *x, NULL, err);
	give_back(l, one);
	return rc;
}

int kb_local_embedder_prefixes(struct kb_local_embedder *l,
			       struct kb_str *query, struct kb_str *passage,
			       struct kb_err *err)
{
	struct idle *one;
	int rc = borrow(l, &one, err);

	if (rc)
		return rc;
	*query = l->encoder->is.query_prefix;
	*passage = l->encoder->is.passage_prefix;
	give_back(l, one);
	return 0;
}

int kb_local_embedder_language(struct kb_local_embedder *l,
			       struct kb_str *language, struct kb_err *err)
{
	struct idle *one;
	int rc = borrow(l, &one, err);

	if (rc)
		return rc;
	*language = l->encoder->is.language;
	give_back(l, one);
	return 0;
}
