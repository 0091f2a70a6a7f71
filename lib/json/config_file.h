/*
 * A configuration: one JSON object in a file of the user's, read by jansson.
 *
 * People write it by hand, so a breach is told by its line and a name that
 * stands twice is one. Limits: KB_CONFIG_MAX_BYTES, and what jansson takes:
 * 2048 levels, integers of 64 bits, sound UTF-8 without NUL.
 */
#ifndef KB_JSON_CONFIG_FILE_H
#define KB_JSON_CONFIG_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define KB_CONFIG_MAX_BYTES ((size_t)4 << 20)

/* The path of 'name' among the user's files, $XDG_CONFIG_HOME/kb/NAME or
 * ~/.config/kb/NAME, whether there is one or not. False without either
 * variable, or when it is longer than size bytes with its NUL. */
bool kb_config_path(const char *name, char *path, size_t size);

/*
 * Parse a text into an object, which the caller gives back by json_decref().
 * KB_EINVAL when it is none: "'PLACE':LINE: why".
 */
int kb_config_parse(json_t **out, struct kb_str text, const char *place,
		    struct kb_err *err);

/* The same from an open file, whose path is the place; KB_ELIMIT past
 * KB_CONFIG_MAX_BYTES, KB_EIO when it cannot be read. */
int kb_config_read_fd(json_t **out, int fd, const char *path,
		      struct kb_err *err);

/*
 * A value as compact JSON in the arena, members in their order, reals with
 * the fewest digits from 15 on with which all of them come back. Not NULL.
 */
struct kb_str kb_config_text(const json_t *value, struct kb_arena *arena);

#endif
