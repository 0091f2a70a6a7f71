#include "posting/postings.h"

#include <assert.h>
#include <string.h>

#include "posting/block_decode.h"
#include "posting/bm25_weights.h"
#include "posting/cursor.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "an index is read and written on little-endian hosts only"
#endif

/* ---- competitive pairs ---- */

/* Frequencies from FRONT - 1 on share the last place, as the highest of
 * them with the smallest length. */
#define FRONT 64

struct front {
	uint16_t least[FRONT]; /* smallest length by frequency */
	uint16_t top_freq;     /* highest frequency of the last place */
	uint16_t highest;      /* highest place in use */
};

static void front_add(struct front *front, uint16_t freq, uint16_t length)
{
	uint16_t at = freq < FRONT - 1 ? freq : FRONT - 1;

	if (length == UINT16_MAX)
		length--; /* tell it from an empty slot */
	if (length < front->least[at])
		front->least[at] = length;
	if (at == FRONT - 1 && freq > front->top_freq)
		front->top_freq = freq;
	if (at > front->highest)
		front->highest = at;
}

static float proxy(uint16_t freq, uint16_t length, float mean)
{
	return (float)freq / ((float)freq + BM25_K1 * (1 - BM25_B) +
			      BM25_K1 * BM25_B * (float)length / mean);
}

/*
 * Reduce the n pairs, falling in frequency and length, to at most 4: of
 * neighbours (f1, l1), (f2, l2) stays (f1, l2), where BM25 with its usual
 * parameters loses least. The bound may only grow.
 */
static size_t reduce(struct kb_pair *pairs, size_t n, float mean)
{
	while (n > KB_POSTINGS_PAIRS) {
		float least = 0;
		size_t best = n;

		for (size_t i = 0; i + 1 < n; i++) {
			const struct kb_pair *a = pairs + i, *b = a + 1;
			float sa = proxy(a->freq, a->length, mean);
			float sb = proxy(b->freq, b->length, mean);
			float loss = proxy(a->freq, b->length, mean) -
				     (sa > sb ? sa : sb);

			if (best == n || loss < least) {
				least = loss;
				best = i;
			}
		}
		pairs[best].length = pairs[best + 1].length;
		memmove(pairs + best + 1, pairs + best + 2,
			(n - best - 2) * sizeof(*pairs));
		n--;
	}
	return n;
}

static void competitive_pairs(const struct front *front,
			      struct kb_pair out[KB_POSTINGS_PAIRS])
{
	struct kb_pair pairs[FRONT];
	uint32_t least = UINT32_MAX;
	uint32_t sum = 0;
	size_t n = 0;

	for (uint16_t at = front->highest; at > 0; at--) {
		uint16_t freq = at < FRONT - 1 ? at : front->top_freq;

		if (front->least[at] >= least)
			continue;
		least = front->least[at];
		pairs[n++] = (struct kb_pair){freq, (uint16_t)least};
		sum += least;
	}
	n = reduce(pairs, n, n && sum ? (float)sum / (float)n : 1.0f);
	memset(out, 0, KB_POSTINGS_PAIRS * sizeof(*out));
	memcpy(out, pairs, n * sizeof(*out));
}

static void front_init(struct front *front)
{
	memset(front->least, 0xff, sizeof(front->least));
	front->top_freq = 0;
	front->highest = 0;
}

/* ---- encoding ---- */

static unsigned width(uint32_t x)
{
	return x ? 32 - (unsigned)__builtin_clz(x) : 0;
}

struct bits_out {
	unsigned char *ptr;
	uint64_t word;
	unsigned used; /* < 8 between calls */
};

static void put_bits(struct bits_out *out, uint64_t value, unsigned n)
{
	out->word |= value << out->used;
	for (out->used += n; out->used >= 8; out->used -= 8) {
		*out->ptr++ = (unsigned char)out->word;
		out->word >>= 8;
	}
}

/* The width of a Golomb-Rice code's rest: 2^k is about 0.7 of the mean. */
static unsigned rice_width(uint64_t sum, uint64_t n)
{
	unsigned k = 0;

	while (k < 31 && (n << (k + 1)) * 10 <= sum * 7)
		k++;
	return k;
}

/* The lowest 'bits' of each. */
static unsigned char *pack(unsigned char *out, const uint32_t *values,
			   unsigned bits)
{
	uint64_t mask = ((uint64_t)1 << bits) - 1, word = 0;
	unsigned used = 0;

	for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++) {
		word |= (values[i] & mask) << used;
		used += bits;
		if (used >= 32) {
			memcpy(out, &word, 4);
			out += 4;
			word >>= 32;
			used -= 32;
		}
	}
	return out; /* 128 * bits is a multiple of 32 */
}

/* What is above them, in unary. */
static unsigned char *pack_high(unsigned char *out, const uint32_t *values,
				unsigned bits)
{
	struct bits_out unary = {.ptr = out};

	for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++) {
		uint32_t zeros = values[i] >> bits;

		for (; zeros > 31; zeros -= 31)
			put_bits(&unary, 0, 31);
		put_bits(&unary, (uint64_t)1 << zeros, zeros + 1);
	}
	if (unary.used)
		*unary.ptr++ = (unsigned char)unary.word;
	return unary.ptr;
}

/* Deltas of fewer bits stay whole: they are of the frequent terms, which
 * searches read most, and reading quotients takes its time. */
#define WHOLE_DELTAS 8

/*
 * The width byte of a block's values: of all their bits where that is shorter
 * or less than 'whole', or of the lower ones of Golomb-Rice codes. The mean
 * tells nearly the best width; outliers pull it up, so that smaller ones are
 * tried, too. Quotients add up to less than 366 at the mean's, to 750 three
 * below.
 */
static unsigned best_width(const uint32_t *values, unsigned whole)
{
	uint64_t sum = 0, best;
	uint32_t all = 0;
	unsigned bits, k, least;

	for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++) {
		sum += values[i];
		all |= values[i];
	}
	best = KB_POSTINGS_BLOCK * (uint64_t)width(all);
	bits = width(all) | KB_WIDTH_WHOLE;
	if (width(all) < whole)
		return bits;
	k = rice_width(sum, KB_POSTINGS_BLOCK);
	least = k > 3 ? k - 3 : 0;
	for (; k + 1 > least; k--) {
		uint64_t cost = KB_POSTINGS_BLOCK * (uint64_t)(k + 1);

		for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++)
			cost += values[i] >> k;
		if (cost < best) {
			best = cost;
			bits = k;
		}
	}
	return bits;
}

static unsigned char *pack_block(unsigned char *out, const uint32_t *chunks,
				 const uint16_t *freqs, uint32_t before)
{
	uint32_t deltas[KB_POSTINGS_BLOCK], values[KB_POSTINGS_BLOCK];
	unsigned bits, freq_bits;

	for (size_t i = 0; i < KB_POSTINGS_BLOCK; i++) {
		deltas[i] = chunks[i] - before - 1;
		before = chunks[i];
		values[i] = (uint32_t)freqs[i] - 1;
	}
	bits = best_width(deltas, WHOLE_DELTAS);
	freq_bits = best_width(values, 0);
	*out++ = (unsigned char)bits;
	*out++ = (unsigned char)freq_bits;
	out = pack(out, deltas, bits & KB_WIDTH_BITS);
	out = pack(out, values, freq_bits & KB_WIDTH_BITS);
	if (!(bits & KB_WIDTH_WHOLE))
		out = pack_high(out, deltas, bits);
	if (!(freq_bits & KB_WIDTH_WHOLE))
		out = pack_high(out, values, freq_bits);
	return out;
}

static unsigned char *put_number(unsigned char *out, uint64_t x)
{
	for (; x >= 0x80; x >>= 7)
		*out++ = (unsigned char)(x | 0x80);
	*out++ = (unsigned char)x;
	return out;
}

/* Bytes: the quotients take less than 3 bits a posting together, the rest
 * of a delta 31, a frequency 31; one posting alone 33 and 16 as LEB128. */
#define TAIL_POSTING_MAX 10

static unsigned char *pack_one(unsigned char *out, uint64_t delta,
			       uint16_t freq)
{
	out = put_number(out, delta * 2 + (freq > 1));
	return freq > 1 ? put_number(out, freq - 2u) : out;
}

static unsigned char *pack_tail(unsigned char *ptr, const uint32_t *chunks,
				const uint16_t *freqs, size_t n,
				uint32_t before)
{
	struct bits_out out = {.ptr = ptr};
	uint32_t span = chunks[n - 1] - before - (uint32_t)n;
	unsigned k = rice_width(span, n);

	if (n == 1)
		return pack_one(ptr, span, *freqs);
	put_bits(&out, k, KB_TAIL_WIDTH);
	for (size_t i = 0; i < n; i++) {
		uint32_t delta = chunks[i] - before - 1, zeros = delta >> k;
		unsigned high = width(freqs[i]) - 1;

		for (; zeros > 31; zeros -= 31)
			put_bits(&out, 0, 31);
		put_bits(&out, (uint64_t)1 << zeros, zeros + 1);
		put_bits(&out, delta & (((uint32_t)1 << k) - 1), k);
		put_bits(&out, (uint64_t)1 << high, high + 1);
		put_bits(&out, freqs[i] & ((1u << high) - 1), high);
		before = chunks[i];
	}
	if (out.used)
		*out.ptr++ = (unsigned char)out.word;
	return out.ptr;
}

static void encode_blocks(struct kb_buf *out, const uint32_t *chunks,
			  const uint16_t *freqs, size_t n,
			  const uint16_t *lengths)
{
	size_t n_blocks = (n - 1) / KB_POSTINGS_BLOCK + 1;
	size_t head = out->len, pairs_size, data;
	struct kb_pair pairs[KB_POSTINGS_PAIRS];
	struct front block, list;
	uint32_t before = UINT32_MAX;
	unsigned char *ptr;

	pairs_size = sizeof(pairs);
	data = head + pairs_size + n_blocks * KB_SKIP_SIZE;
	out->len = data; /* reserved by the caller */
	front_init(&list);
	for (size_t b = 0, at = 0; b < n_blocks; b++) {
		size_t in_block =
		    n - at < KB_POSTINGS_BLOCK ? n - at : KB_POSTINGS_BLOCK;
		uint32_t entry[2];

		front_init(&block);
		for (size_t i = at; i < at + in_block; i++)
			front_add(&block, freqs[i], lengths[chunks[i]]);
		competitive_pairs(&block, pairs);
		for (size_t i = 0; i < KB_POSTINGS_PAIRS && pairs[i].freq; i++)
			front_add(&list, pairs[i].freq, pairs[i].length);
		entry[0] = chunks[at + in_block - 1];
		entry[1] = (uint32_t)(out->len - data);
		ptr = (unsigned char *)out->ptr + head + pairs_size +
		      b * KB_SKIP_SIZE;
		memcpy(ptr, entry, sizeof(entry));
		memcpy(ptr + sizeof(entry), pairs, sizeof(pairs));
		ptr = (unsigned char *)out->ptr + out->len;
		ptr = in_block == KB_POSTINGS_BLOCK
			  ? pack_block(ptr, chunks + at, freqs + at, before)
			  : pack_tail(ptr, chunks + at, freqs + at, in_block,
				      before);
		out->len = (size_t)((char *)ptr - out->ptr);
		before = entry[0];
		at += in_block;
	}
	competitive_pairs(&list, pairs);
	memcpy(out->ptr + head, pairs, sizeof(pairs));
	memset(out->ptr + out->len, 0, KB_BLOCK_PAD);
	out->len += KB_BLOCK_PAD;
}

void kb_postings_encode(struct kb_buf *out, const uint32_t *chunks,
			const uint16_t *freqs, size_t n,
			const uint16_t *lengths)
{
	size_t n_blocks = n / KB_POSTINGS_BLOCK + 1;
	/* a block takes at most 2 + 16 * (32 + 16) bytes and two strings of
	 * quotients of 110 bytes, the tail less than 128 * TAIL_POSTING_MAX */
	size_t most = n_blocks * (KB_SKIP_SIZE + 2 +
				  KB_POSTINGS_BLOCK * TAIL_POSTING_MAX) +
		      sizeof(struct kb_pair[KB_POSTINGS_PAIRS]) + KB_BLOCK_PAD;

	assert(!n || (chunks && freqs));
	assert(n < 2 || chunks[0] < chunks[n - 1]); /* ascending */
	if (!n || !kb_buf_reserve(out, most))
		return;
	if (n >= KB_POSTINGS_BLOCK) {
		encode_blocks(out, chunks, freqs, n, lengths);
	} else {
		unsigned char *end =
		    pack_tail((unsigned char *)out->ptr + out->len, chunks,
			      freqs, n, UINT32_MAX);

		out->len = (size_t)((char *)end - out->ptr);
	}
	out->ptr[out->len] = '\0';
}

/* ---- decoding ---- */

bool kb_postings_decode(const unsigned char *ptr, size_t len, uint32_t count,
			uint32_t n_chunks, uint32_t *chunks, uint16_t *freqs)
{
	struct kb_cursor cur;
	size_t at = 0;

	assert(!count || (chunks && freqs));
	if (!kb_cursor_init(&cur, ptr, len, count, n_chunks))
		return false;
	for (; cur.block < cur.n_blocks; cur.block++) {
		cur.decoded = cur.freqs_decoded = false;
		kb_cursor_decode_freqs(&cur);
		if (cur.damaged)
			return false;
		memcpy(chunks + at, cur.chunks, cur.n * sizeof(*chunks));
		for (uint32_t i = 0; i < cur.n; i++)
			freqs[at + i] = (uint16_t)cur.freqs[i];
		at += cur.n;
	}
	return at == count;
}
