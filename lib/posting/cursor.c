#include "posting/cursor.h"

#include <assert.h>
#include <string.h>

#include "base/load.h"
#include "posting/block_decode.h"

bool kb_cursor_init(struct kb_cursor *cur, const unsigned char *ptr, size_t len,
		    uint32_t count, uint32_t n_chunks)
{
	uint64_t head;

	assert(ptr || !len);
	cur->unpack = kb_block_decoder_best();
	cur->count = count;
	cur->n_chunks = n_chunks;
	cur->block = 0;
	cur->n = 0;
	cur->decoded = cur->freqs_decoded = cur->damaged = false;
	cur->skips = NULL;
	cur->data = ptr;
	cur->end = len ? ptr + len : ptr;
	cur->n_blocks = count > 0;
	if (count > n_chunks)
		return false;
	if (count < KB_POSTINGS_BLOCK)
		return true;
	cur->n_blocks = (count - 1) / KB_POSTINGS_BLOCK + 1;
	head = KB_POSTINGS_PAIRS * sizeof(struct kb_pair) +
	       (uint64_t)cur->n_blocks * KB_SKIP_SIZE;
	if (len < head + KB_BLOCK_PAD)
		return false;
	cur->skips = ptr + KB_POSTINGS_PAIRS * sizeof(struct kb_pair);
	cur->data = ptr + head;
	cur->end -= KB_BLOCK_PAD;
	return true;
}

uint32_t kb_cursor_last(const struct kb_cursor *cur, uint32_t block)
{
	assert(block < cur->n_blocks);
	if (!cur->skips)
		return KB_NO_CHUNK - 1;
	return kb_load32(cur->skips + (size_t)block * KB_SKIP_SIZE);
}

void kb_cursor_move(struct kb_cursor *cur, uint32_t block)
{
	assert(block <= cur->n_blocks);
	if (block == cur->block)
		return;
	cur->block = block;
	cur->n = 0;
	cur->decoded = cur->freqs_decoded = false;
}

void kb_cursor_prefetch(const struct kb_cursor *cur, uint32_t block)
{
	uint32_t offset;

	if (!cur->skips || block >= cur->n_blocks)
		return;
	offset = kb_load32(cur->skips + (size_t)block * KB_SKIP_SIZE + 4);
	if (offset >= (size_t)(cur->end - cur->data))
		return;
	/* a block is one to three lines as a rule */
	__builtin_prefetch(cur->data + offset);
	__builtin_prefetch(cur->data + offset + 64);
	__builtin_prefetch(cur->data + offset + 128);
}

bool kb_cursor_seek(struct kb_cursor *cur, uint32_t chunk)
{
	uint32_t low = cur->block;
	uint32_t step = 1, high;

	assert(low <= cur->n_blocks);
	if (low >= cur->n_blocks)
		return false;
	if (!cur->skips || kb_cursor_last(cur, low) >= chunk)
		return true;
	/* gallop: the target is most often near */
	while (low + step < cur->n_blocks &&
	       kb_cursor_last(cur, low + step) < chunk) {
		low += step;
		step *= 2;
	}
	high = low + step < cur->n_blocks ? low + step : cur->n_blocks;
	low++;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (kb_cursor_last(cur, middle) < chunk)
			low = middle + 1;
		else
			high = middle;
	}
	kb_cursor_move(cur, low);
	return low < cur->n_blocks;
}

bool kb_cursor_pairs(const struct kb_cursor *cur, uint32_t block,
		     struct kb_pair pairs[KB_POSTINGS_PAIRS])
{
	const unsigned char *ptr;

	if (!cur->skips)
		return false;
	assert(block <= cur->n_blocks);
	ptr = cur->skips + (size_t)block * KB_SKIP_SIZE + 8;
	if (block >= cur->n_blocks)
		ptr = cur->skips - KB_POSTINGS_PAIRS * sizeof(struct kb_pair);
	memcpy(pairs, ptr, KB_POSTINGS_PAIRS * sizeof(struct kb_pair));
	return true;
}

static bool read_number(const unsigned char **ptr, const unsigned char *end,
			uint64_t *out)
{
	uint64_t x = 0;

	for (unsigned shift = 0; shift < 42 && *ptr < end; shift += 7) {
		unsigned char c = *(*ptr)++;

		x |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*out = x;
			return true;
		}
	}
	return false;
}

static bool decode_one(struct kb_cursor *cur, const unsigned char *ptr,
		       uint64_t chunk)
{
	uint64_t delta, freq = 0;

	if (!read_number(&ptr, cur->end, &delta))
		return false;
	if (delta & 1 && !read_number(&ptr, cur->end, &freq))
		return false;
	freq += 1 + (delta & 1);
	chunk += delta >> 1;
	if (chunk >= cur->n_chunks || freq > UINT16_MAX)
		return false;
	cur->chunks[0] = (uint32_t)chunk;
	cur->freqs[0] = (uint32_t)freq;
	return true;
}

/* The bits of word from left on are 0. */
struct bits_in {
	const unsigned char *ptr, *end;
	uint64_t word;
	unsigned left;
};

/* At least 57 bits, or all there are. */
static void refill(struct bits_in *in)
{
	if (in->end - in->ptr >= 8) {
		unsigned bytes = (63 - in->left) / 8;

		in->word |= kb_load64(in->ptr) << in->left;
		in->ptr += bytes;
		in->left += bytes * 8;
		in->word &= UINT64_MAX >> (64 - in->left);
		return;
	}
	while (in->left <= 56 && in->ptr < in->end) {
		in->word |= (uint64_t)*in->ptr++ << in->left;
		in->left += 8;
	}
}

static bool take_bits(struct bits_in *in, unsigned n, uint32_t *out)
{
	if (in->left < n)
		refill(in);
	if (in->left < n)
		return false;
	*out = (uint32_t)(in->word & (((uint64_t)1 << n) - 1));
	in->word >>= n;
	in->left -= n;
	return true;
}

/* The zero bits before the next 1, and that one. */
static bool take_zeros(struct bits_in *in, uint32_t most, uint32_t *out)
{
	uint32_t zeros = 0;
	unsigned n;

	while (!in->word) {
		zeros += in->left;
		in->left = 0;
		refill(in);
		if (!in->left || zeros > most)
			return false;
	}
	n = (unsigned)__builtin_ctzll(in->word);
	in->word = in->word >> n >> 1;
	in->left -= n + 1;
	*out = zeros + n;
	return *out <= most;
}

static bool decode_tail(struct kb_cursor *cur, const unsigned char *ptr,
			uint32_t n, uint64_t chunk)
{
	struct bits_in in = {.ptr = ptr, .end = cur->end};
	uint32_t k = 0;

	cur->n = n;
	cur->freqs_decoded = true;
	if (n == 1)
		return decode_one(cur, ptr, chunk);
	if (!take_bits(&in, KB_TAIL_WIDTH, &k))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t quotient, rest, high, low;

		if (!take_zeros(&in, cur->n_chunks >> k, &quotient) ||
		    !take_bits(&in, k, &rest) || !take_zeros(&in, 15, &high) ||
		    !take_bits(&in, high, &low))
			return false;
		chunk += ((uint64_t)quotient << k) + rest;
		if (chunk >= cur->n_chunks)
			return false;
		cur->chunks[i] = (uint32_t)chunk++;
		cur->freqs[i] = 1u << high | low;
	}
	return true;
}

/* 'first' is the least chunk that may stand in the block. */
static bool decode_full(struct kb_cursor *cur, const unsigned char *ptr,
			uint32_t last, uint64_t first)
{
	unsigned bits, freq_bits;
	uint32_t top = 0;

	if (cur->end - ptr < 2)
		return false;
	bits = ptr[0] & KB_WIDTH_BITS;
	freq_bits = ptr[1] & KB_WIDTH_BITS;
	if (bits > 32 || freq_bits > 16 ||
	    (size_t)(cur->end - ptr - 2) < 16 * ((size_t)bits + freq_bits))
		return false;
	cur->freq_width = ptr[1];
	cur->freq_ptr = ptr + 2 + 16 * bits;
	cur->freq_high = cur->freq_ptr + 16 * freq_bits;
	cur->unpack->deltas(ptr + 2, bits, (uint32_t)first - 1, cur->chunks);
	if (!(ptr[0] & KB_WIDTH_WHOLE)) {
		if (bits == 32)
			return false;
		cur->freq_high = cur->unpack->high_deltas(
		    cur->freq_high, cur->end, bits, cur->chunks);
	}
	if (!cur->freq_high || cur->chunks[KB_POSTINGS_BLOCK - 1] != last)
		return false;
	/* Up to 20 bits the sum of 128 such numbers and of the quotients cannot
	 * pass 2^32, so that the right last chunk proves all of them; above,
	 * look at each. */
	for (size_t i = 0; bits > 20 && i < KB_POSTINGS_BLOCK; i++) {
		if (cur->chunks[i] > last || (i && cur->chunks[i] <= top))
			return false;
		top = cur->chunks[i];
	}
	cur->n = KB_POSTINGS_BLOCK;
	return true;
}

static bool decode_block(struct kb_cursor *cur)
{
	uint32_t tail = cur->count % KB_POSTINGS_BLOCK;
	bool in_tail = tail && cur->block == cur->n_blocks - 1;
	const unsigned char *skip;
	uint64_t first = 0;
	uint32_t last, offset;

	if (!cur->skips)
		return decode_tail(cur, cur->data, cur->count, 0);
	skip = cur->skips + (size_t)cur->block * KB_SKIP_SIZE;
	last = kb_load32(skip);
	offset = kb_load32(skip + 4);
	if (cur->block)
		first = (uint64_t)kb_load32(skip - KB_SKIP_SIZE) + 1;
	if (last >= cur->n_chunks || first > last ||
	    offset > (size_t)(cur->end - cur->data))
		return false;
	if (in_tail)
		return decode_tail(cur, cur->data + offset, tail, first);
	return decode_full(cur, cur->data + offset, last, first);
}

void kb_cursor_decode(struct kb_cursor *cur)
{
	if (cur->decoded || cur->block >= cur->n_blocks)
		return;
	cur->decoded = true;
	if (decode_block(cur))
		return;
	cur->damaged = true;
	cur->n = 0;
	cur->freqs_decoded = true;
}

static bool decode_freqs(struct kb_cursor *cur)
{
	unsigned bits = cur->freq_width & KB_WIDTH_BITS;
	uint32_t all = 0;

	cur->unpack->values(cur->freq_ptr, bits, cur->freqs);
	if (!(cur->freq_width & KB_WIDTH_WHOLE) &&
	    !cur->unpack->high_values(cur->freq_high, cur->end, bits,
				      cur->freqs))
		return false;
	for (size_t i = 0; bits > 5 && i < KB_POSTINGS_BLOCK; i++)
		all |= cur->freqs[i];
	return all <= UINT16_MAX;
}

void kb_cursor_decode_freqs(struct kb_cursor *cur)
{
	if (!cur->decoded)
		kb_cursor_decode(cur);
	if (cur->freqs_decoded || cur->block >= cur->n_blocks)
		return;
	cur->freqs_decoded = true;
	if (decode_freqs(cur))
		return;
	cur->damaged = true;
	cur->n = 0;
	for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++)
		cur->freqs[i] = 1; /* for who has seen the chunks */
}

bool kb_cursor_find(struct kb_cursor *cur, uint32_t chunk, uint32_t *at)
{
	uint32_t i = 0;

	if (!kb_cursor_seek(cur, chunk))
		return false;
	kb_cursor_decode(cur);
	assert(cur->n <= KB_POSTINGS_BLOCK);
	if (cur->n == KB_POSTINGS_BLOCK)
		i = cur->unpack->rank(cur->chunks, chunk);
	else
		while (i < cur->n && cur->chunks[i] < chunk)
			i++;
	*at = i;
	return i < cur->n && cur->chunks[i] == chunk;
}
