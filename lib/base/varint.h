/* Unsigned LEB128, as the index files use it. */
#ifndef KB_BASE_VARINT_H
#define KB_BASE_VARINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define KB_VARINT_MAX 10 /* bytes of the longest */

/* Write v at p (room for KB_VARINT_MAX); returns behind it. */
static inline unsigned char *kb_varint_put(unsigned char *p, uint64_t v)
{
	while (v >= 128) {
		*p++ = (unsigned char)(v | 128);
		v >>= 7;
	}
	*p++ = (unsigned char)v;
	return p;
}

static inline void kb_varint_add(struct kb_buf *buf, uint64_t v)
{
	unsigned char tmp[KB_VARINT_MAX];

	kb_buf_add(buf, tmp, (size_t)(kb_varint_put(tmp, v) - tmp));
}

/* Read from *p, never at or past end; false when cut or too long. */
static inline bool kb_varint_get(const unsigned char **p,
				 const unsigned char *end, uint64_t *v)
{
	uint64_t r = 0;

	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		unsigned char c = *(*p)++;

		r |= (uint64_t)(c & 127) << shift;
		if (!(c & 128)) {
			*v = r;
			return true;
		}
	}
	return false;
}

static inline bool kb_varint_get32(const unsigned char **p,
				   const unsigned char *end, uint32_t *v)
{
	uint64_t wide;

	if (!kb_varint_get(p, end, &wide) || wide > UINT32_MAX)
		return false;
	*v = (uint32_t)wide;
	return true;
}

#endif
