/* Streaming decompression of gzip and zstd, for lib/cli/input.c. */
#ifndef KB_CLI_UNPACK_H
#define KB_CLI_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct kb_unpack;

/* A decompressor when the first n bytes of a file are a known magic number,
 * else NULL. */
struct kb_unpack *kb_unpack_new(const void *magic, size_t n);
void kb_unpack_free(struct kb_unpack *unpack);

/* Bytes of room for compressed input, and the place to put them. */
char *kb_unpack_room(struct kb_unpack *unpack, size_t *room);
void kb_unpack_fed(struct kb_unpack *unpack, size_t n);

/*
 * Decompress into out; *n gets the bytes written. 0 with *n == 0 means that
 * more input is wanted. KB_EFORMAT when the data are damaged.
 */
int kb_unpack_get(struct kb_unpack *unpack, char *out, size_t room, size_t *n,
		  struct kb_err *err);

/* May kb_unpack_get() give more without being fed? */
bool kb_unpack_ready(const struct kb_unpack *unpack);

/* May the input end here? */
bool kb_unpack_whole(const struct kb_unpack *unpack);

#endif
