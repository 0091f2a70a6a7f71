/*
 * UTF-16 to UTF-8, in pieces of any size.
 *
 * A mark of byte order is a character like others (U+FEFF); a surrogate
 * without its other half becomes U+FFFD.
 */
#ifndef KB_BASE_UTF16_H
#define KB_BASE_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kb_utf16 {
	bool big;	 /* the high byte comes first */
	unsigned n_held; /* 1: the first byte of a unit is in 'held' */
	unsigned char held;
	uint32_t high; /* a surrogate that waits for its other half, or 0 */
};

/* Bytes that n bytes become at most, with what is held. */
#define KB_UTF16_ROOM(n) (((n) + 1) / 2 * 3 + 3)

/* Convert n bytes to 'to', which has KB_UTF16_ROOM(n) bytes; returns how
 * many were written. */
size_t kb_utf16_convert(struct kb_utf16 *state, const void *bytes, size_t n,
			char *to);

/* At the end: is a character cut? */
static inline bool kb_utf16_is_cut(const struct kb_utf16 *state)
{
	return state->n_held || state->high;
}

#endif
