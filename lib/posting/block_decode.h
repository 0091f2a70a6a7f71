/*
 * Unpacking of 128 integers, the inner loop of postings, and the search in
 * what was unpacked.
 *
 * Either all have one width: value i stands in bits i * bits ..
 * (i + 1) * bits - 1 of the bytes, least significant first; bits is 0 to 32.
 * 16 * bits bytes are used. Or only the lowest 'bits' of each stand there, and
 * what is above them, the quotient by 2^bits, stands elsewhere in unary: as
 * many 0 bits, then a 1, least significant first, zeros to a whole byte.
 *
 * Up to KB_BLOCK_PAD bytes behind are read, so they must be readable.
 *
 * There is one implementation per instruction set, with identical results;
 * kb_block_decoder_best() gives the fastest one this processor can run.
 */
#ifndef KB_POSTING_BLOCK_DECODE_H
#define KB_POSTING_BLOCK_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KB_BLOCK_N	   128
#define KB_BLOCK_PAD	   8
#define KB_BLOCK_QUOTIENTS 1024 /* most that 128 quotients may add up to */

struct kb_block_decoder {
	const char *name;
	bool (*supported)(void);
	/* out[i] = value i + 1 */
	void (*values)(const unsigned char *ptr, unsigned bits, uint32_t *out);
	/* out[i] = base + sum of (value + 1) up to i, modulo 2^32 */
	void (*deltas)(const unsigned char *ptr, unsigned bits, uint32_t base,
		       uint32_t *out);
	/* What the quotients at ptr add to the results of the two above for
	 * the lower bits. Behind them, or NULL when they are no 128 before
	 * end or add up to more than KB_BLOCK_QUOTIENTS; out is junk then. */
	const unsigned char *(*high_values)(const unsigned char *ptr,
					    const unsigned char *end,
					    unsigned bits, uint32_t *out);
	const unsigned char *(*high_deltas)(const unsigned char *ptr,
					    const unsigned char *end,
					    unsigned bits, uint32_t *out);
	/* How many of 128 values are less than x. */
	uint32_t (*rank)(const uint32_t *values, uint32_t x);
};

const struct kb_block_decoder *kb_block_decoder_best(void);

/* All implementations, scalar last, ended by a NULL name; for tests. */
extern const struct kb_block_decoder kb_block_decoder_all[];

#endif
