/*
 * Model files: linear or logistic models (linear.h) as one JSON object, as
 * kb-weights(5) documents it. A file holds one model, or several in "models".
 *
 * A file comes from outside: sizes meet limits, numbers must be finite,
 * names unique. Members that are not known are passed over, so that a later
 * program may add some; another version is refused.
 */
#ifndef KB_LEARN_MODEL_FILE_H
#define KB_LEARN_MODEL_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "learn/linear.h"

#define KB_MODEL_FILE_VERSION 1
#define KB_MODEL_FILE_BYTES   ((size_t)1 << 20)
#define KB_MODEL_FILE_NAME    64  /* bytes of any name */
#define KB_MODEL_FILE_LIST    256 /* sets, or figures */
#define KB_MODEL_FILE_MODELS  16

/* The models of a file, in its order; at least one. */
struct kb_model_file {
	const struct kb_linear_model *models;
	size_t n;
};

/*
 * Read a model, of several the first. Everything it points to lives in the
 * arena; text is not needed afterwards. KB_EFORMAT names the member that is
 * wrong, KB_ELIMIT the limit.
 */
int kb_model_file_parse(struct kb_str text, struct kb_arena *arena,
			struct kb_linear_model *out, struct kb_err *err);
/* All of them. */
int kb_model_file_parse_all(struct kb_str text, struct kb_arena *arena,
			    struct kb_model_file *out, struct kb_err *err);
/* The same of a file; its path stands before the message. */
int kb_model_file_read(const char *path, struct kb_arena *arena,
		       struct kb_model_file *out, struct kb_err *err);

/*
 * The first model of the kind for a caller that measures the n names (as of
 * kb_linear_bind()); NULL, and KB_EFORMAT in err, when there is none: one of
 * the other kind, or with a feature that is none of them, was made for
 * something else. path: for the message.
 */
const struct kb_linear_model *kb_model_file_find(
    const struct kb_model_file *file, const char *path,
    enum kb_linear_kind kind, const char *const *names, size_t n,
    struct kb_err *err);

/* Read a file and find that model. */
int kb_model_file_load(const char *path, enum kb_linear_kind kind,
		       const char *const *names, size_t n,
		       struct kb_arena *arena, struct kb_linear_model *out,
		       struct kb_err *err);

/* ---- writing, in model_file_write.c ---- */

/* Append the model as a line of JSON. Reading it gives
 * the same model, bit by bit. */
void kb_model_file_write(const struct kb_linear_model *model,
			 struct kb_buf *out);
/* Several, n > 0; one is written as above. */
void kb_model_file_write_all(const struct kb_linear_model *const *models,
			     size_t n, struct kb_buf *out);

#endif
