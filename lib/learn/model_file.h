/*
 * Model files: a linear or logistic model (linear.h) as one JSON object, as
 * kb-weights(5) documents it.
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

/*
 * Read a model. Everything it points to lives in the arena; text is not
 * needed afterwards. KB_EFORMAT names the member that is wrong, KB_ELIMIT
 * the limit. kb_model_file_read() also puts the path before the message.
 */
int kb_model_file_parse(struct kb_str text, struct kb_arena *arena,
			struct kb_linear_model *out, struct kb_err *err);
int kb_model_file_read(const char *path, struct kb_arena *arena,
		       struct kb_linear_model *out, struct kb_err *err);

/*
 * Read a logistic model for a caller that measures the n names (as of
 * kb_linear_bind()). KB_EFORMAT, too, when it is linear or has a feature that
 * is none of them: it was made for something else.
 */
int kb_model_file_load(const char *path, const char *const *names, size_t n,
		       struct kb_arena *arena, struct kb_linear_model *out,
		       struct kb_err *err);

/* Append the model as a line of JSON. Reading it gives
 * the same model, bit by bit. */
void kb_model_file_write(const struct kb_linear_model *model,
			 struct kb_buf *out);

#endif
