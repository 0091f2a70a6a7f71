/*
 * Two UTF-8 characters of three bytes at once: nearly all of Chinese text.
 * Whoever walks over text may take them together and leave everything else
 * to the careful way.
 */
#ifndef KB_BASE_UTF8PAIR_H
#define KB_BASE_UTF8PAIR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define KB_UTF8_PAIR_SIZE 6 /* bytes of both */

/*
 * The 8 bytes from p on begin with two well-formed characters of U+1000 to
 * U+CFFF or U+E000 to U+FFFF; their first bytes are word & 255 and
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
