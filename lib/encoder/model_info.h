/* What is said of models: a line of JSON each. */
#ifndef KB_ENCODER_MODEL_INFO_H
#define KB_ENCODER_MODEL_INFO_H

#include "base/buf.h"
#include "base/err.h"

/* All that the file of a model says, once every checksum has been compared. */
int kb_model_info(const char *path, struct kb_buf *out, struct kb_err *err);

/* A line for each model where models lie (model_path.h); one that cannot be
 * opened has a member 'error'. */
void kb_model_list(struct kb_buf *out);

#endif
