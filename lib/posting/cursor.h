/*
 * A cursor over one list of postings: move to a block, bound its score,
 * decode its chunks, and its frequencies only when they are needed.
 *
 * The list (all numbers little-endian):
 *
 *	count < 128: the tail alone
 *	otherwise    pairs of the whole list                  16 bytes
 *	             skip entry of every block                24 bytes each
 *	               last chunk, offset of its data (u32 each), pairs
 *	             blocks of 128, then the tail as a last, short block
 *	             8 zero bytes
 *	block        width of deltas, width of frequencies (u8 each),
 *	             128 deltas - 1, 128 frequencies - 1: of those whose width
 *	             has its top bit set (128) whole numbers, of others the
 *	             lower bits; then the quotients of the deltas, those of the
 *	             frequencies, if these are not whole (see unpack.h)
 *	tail         of one posting: a LEB128 number, (delta - 1) * 2, plus 1
 *	             when a LEB128 number, frequency - 2, follows;
 *	             of more: a string of bits, the lowest of a byte first:
 *	             a width k (5 bits); for each posting delta - 1 as a
 *	             Golomb-Rice code (quotient by 2^k in zeros and a 1, rest
 *	             in k bits) and the frequency as an Elias gamma code (zeros,
 *	             a 1, as many bits below the highest); zeros to a whole byte
 *	pairs        4 of (frequency, length), u16 each; unused ones are 0
 *
 * A delta is counted from the chunk before, the first one from -1. No
 * posting of the block has both a higher frequency and a smaller length
 * than every pair, so the best score of the pairs bounds the block.
 *
 * A cursor borrows the list. Damage shows as an empty block and 'damaged';
 * chunks of a block that was decoded are ascending and < n_chunks.
 */
#ifndef KB_POSTING_CURSOR_H
#define KB_POSTING_CURSOR_H

#include "posting/postings.h"

#define KB_POSTINGS_PAIRS 4
#define KB_SKIP_SIZE	  24
#define KB_TAIL_WIDTH	  5
#define KB_WIDTH_WHOLE	  128u /* no quotients */
#define KB_WIDTH_BITS	  127u
#define KB_NO_CHUNK	  UINT32_MAX

struct kb_pair {
	uint16_t freq, length;
};

struct kb_cursor {
	const unsigned char *skips; /* NULL: the tail alone */
	const unsigned char *data;
	const unsigned char *end; /* of data, the final zeros excluded */
	const struct kb_block_decoder *unpack;
	uint32_t count, n_chunks;
	uint32_t n_blocks;
	uint32_t block;	     /* current one; n_blocks: behind the end */
	uint32_t n;	     /* postings in it, once decoded */
	uint32_t freq_width; /* of the current block: its width byte */
	bool decoded, freqs_decoded, damaged;
	const unsigned char *freq_ptr, *freq_high; /* and where they stand */
	uint32_t chunks[KB_POSTINGS_BLOCK];
	uint32_t freqs[KB_POSTINGS_BLOCK];
};

/* At block 0. False when the bytes cannot be a list of count postings. */
bool kb_cursor_init(struct kb_cursor *cur, const unsigned char *ptr, size_t len,
		    uint32_t count, uint32_t n_chunks);

/* Last chunk of a block; of the tail alone KB_NO_CHUNK - 1 (unknown). */
uint32_t kb_cursor_last(const struct kb_cursor *cur, uint32_t block);

/*
 * Go on to the first block, from the current one, whose last chunk is not
 * before 'chunk'. False when there is none; then block is n_blocks.
 */
bool kb_cursor_seek(struct kb_cursor *cur, uint32_t chunk);

/* Go to a block, before or behind the current one. */
void kb_cursor_move(struct kb_cursor *cur, uint32_t block);

/* Begin to load a block's data; it is not looked at. */
void kb_cursor_prefetch(const struct kb_cursor *cur, uint32_t block);

/* Competitive pairs of a block, or of the whole list (block n_blocks).
 * False for a list that is the tail alone: it has none. */
bool kb_cursor_pairs(const struct kb_cursor *cur, uint32_t block,
		     struct kb_pair pairs[KB_POSTINGS_PAIRS]);

/* Decode the current block's chunks (and count n), or frequencies; nothing
 * when that is done already. */
void kb_cursor_decode(struct kb_cursor *cur);
void kb_cursor_decode_freqs(struct kb_cursor *cur);

/*
 * Decode the block that would hold 'chunk', which is not before the current
 * one, and find its posting there: *at. False when the list has none.
 */
bool kb_cursor_find(struct kb_cursor *cur, uint32_t chunk, uint32_t *at);

#endif
