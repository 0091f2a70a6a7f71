/*
 * Vectors of texts from an embedder: a model in the process where one of that
 * name lies on this machine, else 'llm-call --embed', run as a child.
 *
 * The model's name comes from the user's command line or from the index
 * settings; it is checked, and looked for only where models lie, or handed over
 * as an argument, without a shell. A command of the user's own takes the place
 * of both when given.
 */
#ifndef KB_VECTOR_EMBEDDER_H
#define KB_VECTOR_EMBEDDER_H

#include "base/arena.h"
#include "base/err.h"

#define KB_EMBED_BATCH	    32
#define KB_EMBED_TIMEOUT_MS 60000
#define KB_EMBED_MODEL_MAX  200

struct kb_embedder;

/*
 * Nothing is started before the first call. KB_EINVAL for a model name that
 * is empty, too long, or holds anything but letters, digits and "._:/@+-",
 * or begins with '-'. command may be NULL; with one the
 * name may be empty.
 */
int kb_embedder_open(struct kb_embedder **out, struct kb_str model,
		     const char *command, struct kb_err *err);
void kb_embedder_close(struct kb_embedder *e);

/*
 * May be called by several threads: vectors of n texts (at most
 * KB_EMBED_BATCH): x[i] of *dim floats each, in the arena. input_type tells the
 * model what they are, in its own words; it may be empty. KB_EREMOTE with the
 * embedder's own message; KB_ECLOSED, KB_ETIMEOUT.
 */
int kb_embedder_call(struct kb_embedder *e, struct kb_str input_type,
		     const struct kb_str *texts, size_t n, int timeout_ms,
		     struct kb_arena *arena, float **x, size_t *dim,
		     struct kb_err *err);

/* How many calls at a time are of use: a thread for each processor where the
 * model is in the process; 0: as many as usual. */
size_t kb_embedder_jobs(const struct kb_embedder *e);

/* Is the model in the process? */
bool kb_embedder_is_local(const struct kb_embedder *e);

/* The language that the file of a model in the process says, as "zh", which
 * lives as long as the embedder; empty of any other. */
int kb_embedder_language(struct kb_embedder *e, struct kb_str *language,
			 struct kb_err *err);

/* What a model in the process wants before questions and passages, which live
 * as long as the embedder; of any other both stay as they are. */
int kb_embedder_prefixes(struct kb_embedder *e, struct kb_str *query,
			 struct kb_str *passage, struct kb_err *err);

#endif
