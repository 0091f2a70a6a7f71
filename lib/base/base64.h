/* Base64 (RFC 4648), padded when written, with or without padding when
 * read; the letters of the URL form are read too. */
#ifndef KB_BASE_BASE64_H
#define KB_BASE_BASE64_H

#include "base/arena.h"
#include "base/buf.h"

/* Append len bytes. */
void kb_base64_add(struct kb_buf *out, const void *ptr, size_t len);

/* Decode into the arena, aligned for any number. False at a byte that does
 * not belong, whose place is then in out->len. */
bool kb_base64_decode(struct kb_str text, struct kb_arena *arena,
		      struct kb_str *out);

#endif
