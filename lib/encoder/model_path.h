/*
 * Where models lie: NAME.kbm in $XDG_DATA_HOME/kb/models (or
 * ~/.local/share/kb/models), then in ../share/kb/models as seen from the
 * directory of the running program, which is where they are installed.
 */
#ifndef KB_ENCODER_MODEL_PATH_H
#define KB_ENCODER_MODEL_PATH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define KB_MODEL_SUFFIX ".kbm"

/* The file of a name, which is letters, digits and "._+-", a letter or digit
 * first, in the arena; NULL: there is none. */
const char *kb_model_find(struct kb_str name, struct kb_arena *arena);

/* The same of what a user says, who may name a file outright: with a slash, or
 * ending in .kbm. KB_ENOENT says where it was looked for. */
int kb_model_resolve(const char *name, struct kb_arena *arena,
		     const char **path, struct kb_err *err);

/* The name of the model in a file: the file's. */
struct kb_str kb_model_name(const char *path);

/* Names of the models in all directories, sorted, each once; how many. */
size_t kb_model_names(struct kb_arena *arena, struct kb_str **names);

#endif
