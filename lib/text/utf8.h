/*
 * UTF-8: decoding, borders, terminal width.
 *
 * All functions work on (pointer, length), accept any bytes, and never read
 * past the length. A byte that starts no well-formed character (overlong
 * forms, surrogates, above U+10FFFF, cut short) counts as one character of
 * one byte with the value KB_UTF8_BAD.
 */
#ifndef KB_TEXT_UTF8_H
#define KB_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define KB_UTF8_BAD 0xffffffffu

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
	return kb_utf8_decode(ptr, len, cp);
}

/* The character that ends at ptr + pos (pos > 0); returns its bytes. */
size_t kb_utf8_prev(const char *ptr, size_t pos, uint32_t *cp);

/* Write cp (at most U+10FFFF, no surrogate) to dst[4]; returns its bytes. */
size_t kb_utf8_encode(char *dst, uint32_t cp);

bool kb_utf8_valid(const char *ptr, size_t len);

/* Number of characters; a bad byte is one. */
size_t kb_utf8_count(const char *ptr, size_t len);

/* The longest prefix of at most max bytes that cuts no character. */
size_t kb_utf8_cut(const char *ptr, size_t len, size_t max);

/* Columns on a terminal: 0, 1 or 2 for each character. */
size_t kb_utf8_width(const char *ptr, size_t len);

/* Append text made fit for a terminal: bad bytes and control characters (C0,
 * DEL, C1, bidi overrides) but newline and tab become U+FFFD. */
void kb_utf8_printable(struct kb_buf *out, const char *ptr, size_t len);

/* Han, kana, bopomofo or hangul: scripts cut into single characters. */
static inline bool kb_utf8_is_cjk(uint32_t cp)
{
	if (cp < 0x1100)
		return false;
	if (cp >= 0x4e00 && cp <= 0x9fff)
		return true;
	return (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3005 || cp == 0x3007 ||
	       (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30a1 && cp <= 0x30fa) ||
	       (cp >= 0x30fc && cp <= 0x30fe) ||
	       (cp >= 0x3105 && cp <= 0x31ff) ||
	       (cp >= 0xac00 && cp <= 0xd7a3) || cp <= 0x11ff ||
	       (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x2e80 && cp <= 0x2fd5) ||
	       (cp >= 0xff66 && cp <= 0xff9f) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

/* Han only. */
static inline bool kb_utf8_is_han(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) ||
	       (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3005 || cp == 0x3007 ||
	       (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

#endif
