/* Numbers at any address, in the order of the machine. */
#ifndef KB_BASE_LOAD_H
#define KB_BASE_LOAD_H

#include <stdint.h>
#include <string.h>

static inline uint32_t kb_load32(const unsigned char *ptr)
{
	uint32_t x;

	memcpy(&x, ptr, sizeof(x));
	return x;
}

static inline uint64_t kb_load64(const unsigned char *ptr)
{
	uint64_t x;

	memcpy(&x, ptr, sizeof(x));
	return x;
}

#endif
