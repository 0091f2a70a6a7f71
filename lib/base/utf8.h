/*
 * UTF-8 (RFC 3629): checking, decoding, encoding, counting, cutting.
 *
 * All functions work on (pointer, length), accept any bytes, and never read
 * past the length. A byte that starts no well-formed character (overlong
 * forms, surrogates, above U+10FFFF, cut short) counts as one character of
 * one byte with the value KB_UTF8_BAD.
 */
#ifndef KB_BASE_UTF8_H
#define KB_BASE_UTF8_H

#include <stdint.h>

#include "base/buf.h"

#define KB_UTF8_BAD  0xffffffffu
#define KB_UTF8_MARK "\xef\xbf\xbd" /* U+FFFD, written for what is broken */

/* A byte that goes on a character, and so begins none. */
static inline bool kb_utf8_is_inner(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the well-formed character at ptr (n > 0 bytes), 0: none. */
static inline size_t kb_utf8_len(const void *ptr, size_t n)
{
	const unsigned char *p = ptr;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || n < 2 || (p[1] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if (n < 3 || (p[2] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xf0) {
		/* no overlong forms, no surrogates */
		if ((p[0] == 0xe0 && p[1] < 0xa0) ||
		    (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (n < 4 || (p[3] & 0xc0) != 0x80 || p[0] > 0xf4 ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return 4;
}

/* The value of the well-formed character of n bytes at ptr. */
static inline uint32_t kb_utf8_value(const void *ptr, size_t n)
{
	const unsigned char *p = ptr;

	if (n == 1)
		return p[0];
	if (n == 2)
		return (uint32_t)(p[0] & 31) << 6 | (p[1] & 63);
	if (n == 3)
		return (uint32_t)(p[0] & 15) << 12 |
		       (uint32_t)(p[1] & 63) << 6 | (p[2] & 63);
	return (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 |
	       (uint32_t)(p[2] & 63) << 6 | (p[3] & 63);
}

/* What kb_utf8_next() does for a byte of 0x80 and above. */
size_t kb_utf8_decode(const char *ptr, size_t len, uint32_t *cp);

/* The character at ptr; returns its bytes (1 to 4), len must not be 0. */
static inline size_t kb_utf8_next(const char *ptr, size_t len, uint32_t *cp)
{
	unsigned char c = (unsigned char)*ptr;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	/* Nearly all that is no ASCII: three bytes, the second of which may be
	 * any that goes on. */
	if (c > 0xe0 && c < 0xf0 && c != 0xed && len > 2 &&
	    kb_utf8_is_inner(ptr[1]) && kb_utf8_is_inner(ptr[2])) {
		*cp = kb_utf8_value(ptr, 3);
		return 3;
	}
	return kb_utf8_decode(ptr, len, cp);
}

/* The character that ends at ptr + pos (pos > 0); returns its bytes. */
size_t kb_utf8_prev(const char *ptr, size_t pos, uint32_t *cp);

/* Write cp (at most U+10FFFF, no surrogate) to dst[4]; returns its bytes. */
static inline size_t kb_utf8_encode(char *dst, uint32_t cp)
{
	if (cp < 0x80) {
		dst[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		dst[0] = (char)(0xc0 | cp >> 6);
		dst[1] = (char)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		dst[0] = (char)(0xe0 | cp >> 12);
		dst[1] = (char)(0x80 | (cp >> 6 & 63));
		dst[2] = (char)(0x80 | (cp & 63));
		return 3;
	}
	dst[0] = (char)(0xf0 | cp >> 18);
	dst[1] = (char)(0x80 | (cp >> 12 & 63));
	dst[2] = (char)(0x80 | (cp >> 6 & 63));
	dst[3] = (char)(0x80 | (cp & 63));
	return 4;
}

/* Append cp, under the same condition. */
void kb_utf8_add(struct kb_buf *out, uint32_t cp);

bool kb_utf8_valid(const char *ptr, size_t len);

/* Number of characters; a bad byte is one. */
size_t kb_utf8_count(const char *ptr, size_t len);

/* Bytes of the first n characters. */
size_t kb_utf8_seek(const char *ptr, size_t len, size_t n);

/* The longest prefix of at most max bytes that cuts no character. */
size_t kb_utf8_cut(const char *ptr, size_t len, size_t max);

/* ---- two at a time ---- */

#define KB_UTF8_PAIR_SIZE 6 /* bytes of both */

/*
 * Two characters of three bytes at once: nearly all of Chinese text. Whoever
 * walks over text may take them together and leave everything else to the
 * careful way. The 8 bytes from p on begin with two well-formed characters of
 * U+1000 to U+CFFF or U+E000 to U+FFFF; their first bytes are word & 255 and
 * word >> 24 & 255. False does not mean that they are not well-formed.
 */
static inline bool kb_utf8_pair(const void *p, uint64_t *word)
{
	unsigned a, b;

	memcpy(word, p, 8);
	if ((*word & 0xc0c0f0c0c0f0u) != 0x8080e08080e0u)
		return false;
	a = *word & 15;
	b = *word >> 24 & 15;
	/* not E0, which has overlong forms, nor ED, which has surrogates */
	return (0xdffeu >> a & 0xdffeu >> b & 1) != 0;
}

/* Are both of U+4000 to U+9FFF: Han? */
static inline bool kb_utf8_pair_is_han(uint64_t word)
{
	return (word & 255) - 0xe4 < 6 && (word >> 24 & 255) - 0xe4 < 6;
}

#endif
