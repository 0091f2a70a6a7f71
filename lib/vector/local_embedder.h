/*
 * Vectors of texts by a model in the process (encoder/encoder.h): for an
 * embedder whose model is one of those that lie on this machine
 * (encoder/model_path.h).
 */
#ifndef KB_VECTOR_LOCAL_EMBEDDER_H
#define KB_VECTOR_LOCAL_EMBEDDER_H

#include "base/arena.h"
#include "base/err.h"

struct kb_local_embedder;

/* NULL: no model of that name is here. Nothing is opened before it is needed.
 */
struct kb_local_embedder *kb_local_embedder_new(struct kb_str model);
void kb_local_embedder_free(struct kb_local_embedder *l);

/*
 * May be called by several threads: x[i] of *dim floats for each of n texts, in
 * the arena. KB_EFORMAT, KB_EIO: the model's file, in every call.
 */
int kb_local_embedder_call(struct kb_local_embedder *l,
			   const struct kb_str *texts, size_t n,
			   struct kb_arena *arena, float **x, size_t *dim,
			   struct kb_err *err);

/* The language that the model's file says, as "zh"; empty: none. The model's.
 */
int kb_local_embedder_language(struct kb_local_embedder *l,
			       struct kb_str *language, struct kb_err *err);

/* What the model wants before questions and before passages; the model's. */
int kb_local_embedder_prefixes(struct kb_local_embedder *l,
			       struct kb_str *query, struct kb_str *passage,
			       struct kb_err *err);

#endif
