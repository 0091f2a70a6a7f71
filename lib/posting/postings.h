/*
 * Postings: the chunks of one term with its weighted frequency in each,
 * bit-packed in blocks of 128 with SIMD (AVX-512, AVX2 or scalar, chosen at
 * run time; all give identical results).
 *
 * Every block has in the skip part of its list: the last chunk number, its
 * place, and its competitive (frequency, length) pairs, from which the
 * highest score that any chunk of the block can reach follows for every
 * choice of statistics and parameters.
 *
 * A list is self-contained bytes; no state is shared between lists.
 */
#ifndef KB_POSTING_POSTINGS_H
#define KB_POSTING_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define KB_POSTINGS_BLOCK 128

/*
 * Append the list for n chunks (ascending) with frequencies freqs[i] >= 1;
 * lengths[chunk] is the length of that chunk, for the competitive pairs.
 */
void kb_postings_encode(struct kb_buf *out, const uint32_t *chunks,
			const uint16_t *freqs, size_t n,
			const uint16_t *lengths);

/*
 * Decode a whole list of 'count' postings into chunks[] and freqs[] (each
 * with room for count rounded up to 128). False when the bytes are damaged:
 * never reads outside ptr..ptr+len, and every chunk is < n_chunks.
 */
bool kb_postings_decode(const unsigned char *ptr, size_t len, uint32_t count,
			uint32_t n_chunks, uint32_t *chunks, uint16_t *freqs);

#endif
