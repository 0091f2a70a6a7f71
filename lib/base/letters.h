/*
 * Runs of ASCII letters, eight bytes at a time (the arithmetic of bytes in a
 * word: Warren, Hacker's Delight, chapter 6). Little-endian, as all of the
 * tree.
 */
#ifndef KB_BASE_LETTERS_H
#define KB_BASE_LETTERS_H

#include <stddef.h>

#include "base/ascii.h"
#include "base/load.h"

#define KB_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes, letters among them in lower case; others change, too. */
static inline uint64_t kb_lower_bytes(const char *ptr)
{
	return kb_load64((const unsigned char *)ptr) | KB_EACH_BYTE(0x20);
}

/* The high bit of each of them that was no letter. */
static inline uint64_t kb_no_letters(uint64_t lower)
{
	uint64_t low = lower & KB_EACH_BYTE(0x7f);
	uint64_t from_a = low + KB_EACH_BYTE(0x80 - 'a');
	uint64_t behind_z = low + KB_EACH_BYTE(0x80 - 'z' - 1);

	return ~(from_a & ~behind_z & ~lower) & KB_EACH_BYTE(0x80);
}

/* The letters that ptr begins with. */
static inline size_t kb_count_letters(const char *ptr, size_t len)
{
	size_t n = 0;

	for (; len - n >= 8; n += 8) {
		uint64_t others = kb_no_letters(kb_lower_bytes(ptr + n));

		if (others)
			return n + (size_t)__builtin_ctzll(others) / 8;
	}
	while (n < len && kb_is_letter(ptr[n]))
		n++;
	return n;
}

#endif
