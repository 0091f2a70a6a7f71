#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "posting/block_decode.h"
#include "posting/cursor.h"

static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed += 0x9e3779b97f4a7c15u;
	return (uint32_t)(kb_mix64(seed) >> 32) % below;
}

struct list {
	uint32_t n, n_chunks;
	uint32_t *chunks;
	uint16_t *freqs, *lengths;
	struct kb_buf buf;
};

/* n chunks with gaps up to 'gap', frequencies up to 'freq'. */
static struct list make_list(uint32_t n, uint32_t gap, uint32_t freq)
{
	struct list l = {.n = n};
	uint32_t at = draw(gap);

	l.chunks = kb_malloc((n + 128) * sizeof(*l.chunks));
	l.freqs = kb_malloc((n + 128) * sizeof(*l.freqs));
	for (uint32_t i = 0; i < n; i++, at += 1 + draw(gap)) {
		l.chunks[i] = at;
		l.freqs[i] = (uint16_t)(1 + draw(1 + draw(freq)));
	}
	l.n_chunks = at + 1;
	l.lengths = kb_malloc(l.n_chunks * sizeof(*l.lengths));
	for (uint32_t i = 0; i < l.n_chunks; i++)
		l.lengths[i] = (uint16_t)draw(500);
	kb_buf_init(&l.buf, 0);
	kb_postings_encode(&l.buf, l.chunks, l.freqs, n, l.lengths);
	return l;
}

static void free_list(struct list *l)
{
	free(l->chunks);
	free(l->freqs);
	free(l->lengths);
	kb_buf_release(&l->buf);
}

static const struct {
	uint32_t n, gap, freq;
} shapes[] = {
    {2, 9000, 65535},	 {3, 1, 65535},	  {100, 300000, 65535},
    {131, 90000, 65535}, {0, 1, 1},	  {1, 1, 1},
    {1, 70000, 65535},	 {127, 9, 3},	  {128, 1, 1},
    {129, 1, 1},	 {255, 40, 2},	  {256, 3, 70},
    {1000, 1, 300},	 {1000, 3000, 5}, {5000, 7, 65535},
    {640, 300000, 2},
};

static void every_list_comes_back(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof(shapes) / sizeof(*shapes); s++) {
		struct list l =
		    make_list(shapes[s].n, shapes[s].gap, shapes[s].freq);
		uint32_t *chunks = kb_malloc((l.n + 128) * sizeof(*chunks));
		uint16_t *freqs = kb_malloc((l.n + 128) * sizeof(*freqs));

		assert_true(kb_postings_decode((unsigned char *)l.buf.ptr,
					       l.buf.len, l.n, l.n_chunks,
					       chunks, freqs));
		if (l.n) {
			assert_memory_equal(chunks, l.chunks,
					    l.n * sizeof(*chunks));
			assert_memory_equal(freqs, l.freqs,
					    l.n * sizeof(*freqs));
			assert_false(kb_postings_decode(
			    (unsigned char *)l.buf.ptr, l.buf.len, l.n,
			    l.chunks[l.n - 1], chunks, freqs));
		}
		free(chunks);
		free(freqs);
		free_list(&l);
	}
}

static void all_processors_unpack_alike(void **state)
{
	unsigned char bytes[16 * 32 + KB_BLOCK_PAD];
	uint32_t want[KB_BLOCK_N], got[KB_BLOCK_N];
	const struct kb_block_decoder *scalar = kb_block_decoder_all;

	(void)state;
	while (scalar[1].name)
		scalar++;
	for (unsigned bits = 0; bits <= 32; bits++) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (unsigned char)draw(256);
		for (const struct kb_block_decoder *u = kb_block_decoder_all;
		     u->name; u++) {
			if (!u->supported())
				continue;
			scalar->values(bytes, bits, want);
			u->values(bytes, bits, got);
			assert_memory_equal(got, want, sizeof(want));
			scalar->deltas(bytes, bits, 77, want);
			u->deltas(bytes, bits, 77, got);
			assert_memory_equal(got, want, sizeof(want));
		}
	}
}

static void all_processors_find_the_same_place(void **state)
{
	uint32_t values[KB_BLOCK_N], x = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		/* up to the largest numbers, where signs would matter */
		x = round % 2 ? 0 : UINT32_MAX - 3 * KB_BLOCK_N;
		for (size_t i = 0; i < KB_BLOCK_N; i++)
			values[i] = x += draw(3);
		for (size_t i = 0; i < KB_BLOCK_N; i++) {
			uint32_t want = 0;

			while (want < KB_BLOCK_N && values[want] < values[i])
				want++;
			for (const struct kb_block_decoder *u =
				 kb_block_decoder_all;
			     u->name; u++) {
				if (!u->supported())
					continue;
				assert_int_equal(u->rank(values, values[i]),
						 want);
				assert_int_equal(u->rank(values, 0), 0);
			}
		}
	}
}

/* 128 quotients, all but one below 'below'; bytes behind are junk. */
static size_t put_quotients(unsigned char *bytes, size_t room, uint32_t below,
			    uint32_t one)
{
	size_t bit = 0;

	for (size_t i = 0; i < room; i++)
		bytes[i] = (unsigned char)draw(256);
	for (size_t i = 0; i < KB_BLOCK_N; i++) {
		uint32_t zeros = i == 77 ? one : draw(below);

		for (uint32_t k = 0; k <= zeros; k++, bit++) {
			bytes[bit / 8] &= (unsigned char)~(1u << bit % 8);
			if (k == zeros)
				bytes[bit / 8] |=
				    (unsigned char)(1u << bit % 8);
		}
	}
	return (bit + 7) / 8;
}

static void all_processors_read_quotients_alike(void **state)
{
	static const struct {
		uint32_t below, one;
		bool good;
	} rows[] = {
	    {1, 0, true}, {1, 1, true},	   {2, 3, true},     {3, 700, true},
	    {5, 0, true}, {1, 1024, true}, {1, 1025, false}, {3, 950, false},
	    {9, 9, true}, {30, 1, false},
	};
	unsigned char bytes[1024 + KB_BLOCK_PAD];
	uint32_t want[KB_BLOCK_N], got[KB_BLOCK_N];
	const struct kb_block_decoder *scalar = kb_block_decoder_all;

	(void)state;
	while (scalar[1].name)
		scalar++;
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
		size_t len = put_quotients(bytes, sizeof(bytes), rows[r].below,
					   rows[r].one);
		const unsigned char *end = bytes + len;

		for (const struct kb_block_decoder *u = kb_block_decoder_all;
		     u->name; u++) {
			unsigned bits = (unsigned)r;

			if (!u->supported())
				continue;
			memset(want, 1, sizeof(want));
			memset(got, 1, sizeof(got));
			assert_ptr_equal(
			    u->high_values(bytes, bytes + 1024, bits, got),
			    rows[r].good ? end : NULL);
			if (!rows[r].good)
				continue;
			scalar->high_values(bytes, end, bits, want);
			assert_memory_equal(got, want, sizeof(want));
			assert_ptr_equal(u->high_deltas(bytes, end, bits, got),
					 end);
			scalar->high_deltas(bytes, end, bits, want);
			assert_memory_equal(got, want, sizeof(want));
			assert_null(u->high_deltas(bytes, end - 1, bits, got));
		}
	}
}

static void every_width_of_delta_is_stored(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 25; bits++) {
		uint32_t chunks[128], back[128];
		uint16_t freqs[128], back_freqs[128];
		uint16_t *lengths;
		struct kb_buf buf;

		kb_buf_init(&buf, 0);
		for (uint32_t i = 0; i < 128; i++) {
			chunks[i] = i;
			freqs[i] = 1;
		}
		for (uint32_t i = 100; i < 128; i++) {
			chunks[i] += (uint32_t)1 << bits;
			freqs[i] = (uint16_t)(1u << (bits % 16));
		}
		lengths = kb_calloc(chunks[127] + 1u, sizeof(*lengths));
		kb_postings_encode(&buf, chunks, freqs, 128, lengths);
		assert_true(kb_postings_decode((unsigned char *)buf.ptr,
					       buf.len, 128, chunks[127] + 1,
					       back, back_freqs));
		assert_memory_equal(back, chunks, sizeof(chunks));
		assert_memory_equal(back_freqs, freqs, sizeof(freqs));
		free(lengths);
		kb_buf_release(&buf);
	}
}

static double score(uint32_t freq, uint32_t length)
{
	return freq / (freq + 0.3 + 0.9 * length / 250.0);
}

static void no_posting_beats_the_pairs_of_its_block(void **state)
{
	struct list l = make_list(3001, 5, 90);
	struct kb_pair pairs[KB_POSTINGS_PAIRS];
	struct kb_cursor cur;

	(void)state;
	assert_true(kb_cursor_init(&cur, (unsigned char *)l.buf.ptr, l.buf.len,
				   l.n, l.n_chunks));
	for (uint32_t i = 0; i < l.n; i++) {
		double own = score(l.freqs[i], l.lengths[l.chunks[i]]);

		for (int whole = 0; whole < 2; whole++) {
			double best = 0;

			assert_true(kb_cursor_pairs(
			    &cur, whole ? cur.n_blocks : i / 128, pairs));
			for (int p = 0; p < KB_POSTINGS_PAIRS; p++) {
				double s =
				    score(pairs[p].freq, pairs[p].length);

				if (pairs[p].freq && s > best)
					best = s;
			}
			assert_true(own <= best);
		}
	}
	free_list(&l);
}

static void a_seek_finds_the_block_of_a_chunk(void **state)
{
	struct list l = make_list(4000, 9, 4);
	struct kb_cursor cur;

	(void)state;
	for (uint32_t stride = 1; stride < 3000; stride = stride * 3 + 1) {
		assert_true(kb_cursor_init(&cur, (unsigned char *)l.buf.ptr,
					   l.buf.len, l.n, l.n_chunks));
		for (uint32_t i = 0; i < l.n; i += stride) {
			assert_true(kb_cursor_seek(&cur, l.chunks[i]));
			assert_int_equal(cur.block, i / 128);
			kb_cursor_decode_freqs(&cur);
			assert_int_equal(cur.chunks[i % 128], l.chunks[i]);
			assert_int_equal(cur.freqs[i % 128], l.freqs[i]);
		}
		assert_false(kb_cursor_seek(&cur, l.n_chunks));
	}
	free_list(&l);
}

/* In every bit of a list, and by a cut at every byte of it. */
static void damage(struct list l)
{
	uint32_t chunks[768];
	uint16_t freqs[768];
	unsigned char *bytes = kb_malloc(l.buf.len);

	for (size_t bit = 0; bit < l.buf.len * 8; bit++) {
		memcpy(bytes, l.buf.ptr, l.buf.len);
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (!kb_postings_decode(bytes, l.buf.len, l.n, l.n_chunks,
					chunks, freqs))
			continue;
		for (uint32_t i = 0; i < l.n; i++)
			assert_true(chunks[i] < l.n_chunks &&
				    (!i || chunks[i] > chunks[i - 1]));
	}
	for (size_t len = 0; len < l.buf.len; len++) {
		unsigned char *cut = kb_malloc(len);

		memcpy(cut, l.buf.ptr, len);
		assert_false(kb_postings_decode(cut, len, l.n, l.n_chunks,
						chunks, freqs));
		free(cut);
	}
	free(bytes);
	free_list(&l);
}

static void damage_never_gives_a_chunk_outside(void **state)
{
	(void)state;
	damage(make_list(700, 30, 20));
	damage(make_list(300, 3000, 300));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_list_comes_back),
	    cmocka_unit_test(all_processors_unpack_alike),
	    cmocka_unit_test(all_processors_find_the_same_place),
	    cmocka_unit_test(all_processors_read_quotients_alike),
	    cmocka_unit_test(every_width_of_delta_is_stored),
	    cmocka_unit_test(no_posting_beats_the_pairs_of_its_block),
	    cmocka_unit_test(a_seek_finds_the_block_of_a_chunk),
	    cmocka_unit_test(damage_never_gives_a_chunk_outside),
	};

	return cmocka_run_group_tests_name("postings", tests, NULL, NULL);
}
