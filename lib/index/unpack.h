/*
 * Unpacking of 128 integers of equal width, the inner loop of postings.
 *
 * Value i stands in bits i * bits .. (i + 1) * bits - 1 of the bytes, least
 * significant first; bits is 0 to 32. 16 * bits bytes are used and up to
 * KB_UNPACK_PAD bytes behind them are read, so they must be readable.
 *
 * There is one implementation per instruction set, with identical results;
 * kb_unpack_best() gives the fastest one this processor can run.
 */
#ifndef KB_INDEX_UNPACK_H
#define KB_INDEX_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KB_UNPACK_N   128
#define KB_UNPACK_PAD 8

struct kb_unpack {
	const char *name;
	bool (*supported)(void);
	/* out[i] = value i + 1 */
	void (*values)(const unsigned char *ptr, unsigned bits, uint32_t *out);
	/* out[i] = base + sum of (value + 1) up to i, modulo 2^32 */
	void (*deltas)(const unsigned char *ptr, unsigned bits, uint32_t base,
		       uint32_t *out);
};

const struct kb_unpack *kb_unpack_best(void);

/* All implementations, scalar last, ended by a NULL name; for tests. */
extern const struct kb_unpack kb_unpack_all[];

#endif
