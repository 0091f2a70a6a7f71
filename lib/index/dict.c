#include "index/dict.h"

#include <stdlib.h>

#include "base/hash.h"
#include "index/segment_file.h"
#include "index/varint.h"

#define HEADER_SIZE 16
#define PER_BUCKET  8 /* entries wanted in a bucket */

struct dict_header {
	uint32_t n;
	uint8_t bits, rest_bytes, offset_bytes, zero;
	uint64_t end; /* length of the postings section */
};

_Static_assert(sizeof(struct dict_header) == HEADER_SIZE, "dict header");

static uint32_t load32(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

/* n <= 8 bytes, little-endian. */
static uint64_t load_bytes(const unsigned char *p, unsigned n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/* Inverse of an odd number modulo 2^64, by Newton's iteration. */
static uint64_t inverse(uint64_t a)
{
	uint64_t x = a;

	for (int i = 0; i < 6; i++)
		x *= 2 - a * x;
	return x;
}

uint64_t kb_dict_unmix(uint64_t x)
{
	x ^= x >> 31 ^ x >> 62;
	x *= inverse(0x94d049bb133111ebu);
	x ^= x >> 27 ^ x >> 54;
	x *= inverse(0xbf58476d1ce4e5b9u);
	return x ^ x >> 30 ^ x >> 60;
}

/* ---- reading ---- */

bool kb_dict_parse(struct kb_dict *d, struct kb_section sec)
{
	struct dict_header h;
	size_t buckets, need;

	*d = (struct kb_dict){0};
	if (!sec.ptr)
		return true;
	if (sec.len < HEADER_SIZE)
		return false;
	memcpy(&h, sec.ptr, sizeof(h));
	if (h.bits > 28 || h.rest_bytes < 1 || h.rest_bytes > 8 ||
	    h.offset_bytes < 1 || h.offset_bytes > 8)
		return false;
	buckets = (((size_t)1 << h.bits) + 1) * 4;
	d->stride = h.rest_bytes + h.offset_bytes + 1u;
	need = HEADER_SIZE + buckets + ((size_t)h.n + 1) * d->stride;
	if (sec.len != need)
		return false;
	d->buckets = sec.ptr + HEADER_SIZE;
	d->entries = d->buckets + buckets;
	d->n = h.n;
	d->bits = h.bits;
	d->rest_bytes = h.rest_bytes;
	d->offset_bytes = h.offset_bytes;
	return true;
}

static uint64_t entry_offset(const struct kb_dict *d, uint32_t i)
{
	return load_bytes(d->entries + (size_t)i * d->stride + d->rest_bytes,
			  d->offset_bytes);
}

static bool entry_info(const struct kb_dict *d, struct kb_section postings,
		       uint32_t i, struct kb_term_info *info)
{
	uint64_t at = entry_offset(d, i), end = entry_offset(d, i + 1);
	uint32_t count = d->entries[(size_t)(i + 1) * d->stride - 1];

	if (at >= end || end > postings.len)
		return false;
	if (count == KB_DICT_COUNT_ESCAPE) {
		if (end - at < 4)
			return false;
		count = load32(postings.ptr + at);
		at += 4;
	}
	*info = (struct kb_term_info){at, end - at, count, count};
	return count > 0;
}

bool kb_dict_lookup(const struct kb_dict *d, struct kb_section postings,
		    uint64_t key, struct kb_term_info *info)
{
	uint64_t mixed = kb_mix64(key), rest;
	size_t bucket;
	uint32_t lo, hi;

	if (!d->n)
		return false;
	bucket = d->bits ? (size_t)(mixed >> (64 - d->bits)) : 0;
	rest = d->rest_bytes == 8
		   ? mixed
		   : mixed & (((uint64_t)1 << (8 * d->rest_bytes)) - 1);
	lo = load32(d->buckets + bucket * 4);
	hi = load32(d->buckets + (bucket + 1) * 4);
	if (hi > d->n)
		hi = d->n;
	for (uint32_t i = lo; i < hi; i++)
		if (load_bytes(d->entries + (size_t)i * d->stride,
			       d->rest_bytes) == rest)
			return entry_info(d, postings, i, info);
	return false;
}

int kb_dict_next(struct kb_dict_cursor *c, struct kb_section postings)
{
	const struct kb_dict *d = c->dict;
	size_t n_buckets = (size_t)1 << d->bits;
	unsigned low = 64 - d->bits;
	uint32_t i = c->next;
	uint64_t rest;

	if (i >= d->n)
		return 0;
	while (c->bucket + 1 < n_buckets &&
	       load32(d->buckets + (c->bucket + 1) * 4) <= i)
		c->bucket++;
	rest = load_bytes(d->entries + (size_t)i * d->stride, d->rest_bytes);
	if (low < 64)
		rest = (rest & (((uint64_t)1 << low) - 1)) | (uint64_t)c->bucket
								 << low;
	c->mixed = rest;
	c->next++;
	return entry_info(d, postings, i, &c->info) ? 1 : KB_EFORMAT;
}

/* ---- writing ---- */

static unsigned bytes_for(uint64_t v)
{
	unsigned n = 1;

	while (n < 8 && v >> (8 * n))
		n++;
	return n;
}

void kb_dict_write(struct kb_container *out, const struct kb_dict_item *items,
		   uint32_t n, uint64_t end)
{
	struct dict_header h = {.n = n, .end = end};
	unsigned char tmp[24];
	uint32_t i = 0;

	while (h.bits < 28 && ((uint64_t)PER_BUCKET << h.bits) < n)
		h.bits++;
	h.rest_bytes = (uint8_t)((64 - h.bits + 7) / 8);
	h.offset_bytes = (uint8_t)bytes_for(end);
	kb_container_begin(out, KB_SEC_DICT, true);
	kb_container_add(out, &h, sizeof(h));
	for (uint64_t b = 0; b < (uint64_t)1 << h.bits; b++) {
		while (i < n && h.bits && items[i].mixed >> (64 - h.bits) < b)
			i++;
		kb_container_add(out, &i, 4);
	}
	kb_container_add(out, &n, 4);
	for (i = 0; i <= n; i++) {
		static const struct kb_dict_item none;
		const struct kb_dict_item *it = i < n ? &items[i] : &none;
		uint64_t offset = i < n ? it->offset : end;

		memcpy(tmp, &it->mixed, h.rest_bytes);
		memcpy(tmp + h.rest_bytes, &offset, h.offset_bytes);
		tmp[h.rest_bytes + h.offset_bytes] =
		    (unsigned char)(it->count < KB_DICT_COUNT_ESCAPE
					? it->count
					: KB_DICT_COUNT_ESCAPE);
		kb_container_add(out, tmp, h.rest_bytes + h.offset_bytes + 1u);
	}
	kb_container_end(out);
}

/* ---- texts ---- */

struct text_header {
	uint32_t n, n_blocks;
};

static int by_text(const void *a, const void *b)
{
	const struct kb_dict_word *x = a, *y = b;
	int c = kb_str_cmp(x->text, y->text);

	if (c)
		return c;
	return (x->key > y->key) - (x->key < y->key);
}

static size_t drop_duplicates(struct kb_dict_word *words, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!kept || by_text(&words[kept - 1], &words[i]))
			words[kept++] = words[i];
	return kept;
}

static size_t shared_prefix(struct kb_str a, struct kb_str b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

void kb_dict_text_write(struct kb_container *out, struct kb_dict_word *words,
			size_t n)
{
	struct text_header h;
	uint32_t *offsets;
	struct kb_buf data;

	if (n)
		qsort(words, n, sizeof(*words), by_text);
	n = drop_duplicates(words, n);
	h.n = (uint32_t)n;
	h.n_blocks =
	    (uint32_t)((n + KB_DICT_TEXT_BLOCK - 1) / KB_DICT_TEXT_BLOCK);
	offsets = kb_reallocarray(NULL, h.n_blocks + 1u, sizeof(*offsets));
	kb_buf_init(&data, UINT32_MAX);
	for (size_t i = 0; i < n; i++) {
		bool first = i % KB_DICT_TEXT_BLOCK == 0;
		struct kb_str t = words[i].text;
		size_t shared = first ? 0 : shared_prefix(words[i - 1].text, t);

		if (first)
			offsets[i / KB_DICT_TEXT_BLOCK] = (uint32_t)data.len;
		kb_varint_add(&data, shared);
		kb_varint_add(&data, t.len - shared);
		kb_buf_add(&data, t.ptr + shared, t.len - shared);
		kb_buf_add(&data, &words[i].key, 8);
	}
	offsets[h.n_blocks] = (uint32_t)data.len;
	kb_container_begin(out, KB_SEC_DICT_TEXT, true);
	kb_container_add(out, &h, sizeof(h));
	kb_container_add(out, offsets, (h.n_blocks + (size_t)1) * 4);
	kb_container_add(out, data.ptr, data.len);
	kb_container_end(out);
	kb_buf_release(&data);
	free(offsets);
}

bool kb_dict_text_parse(struct kb_dict_text *t, struct kb_section sec)
{
	struct text_header h;
	size_t table;

	*t = (struct kb_dict_text){0};
	if (!sec.ptr)
		return true;
	if (sec.len < sizeof(h))
		return false;
	memcpy(&h, sec.ptr, sizeof(h));
	table = ((size_t)h.n_blocks + 1) * 4;
	if (sec.len - sizeof(h) < table)
		return false;
	t->offsets = sec.ptr + sizeof(h);
	t->data = t->offsets + table;
	t->data_len = sec.len - sizeof(h) - table;
	t->n = h.n;
	t->n_blocks = h.n_blocks;
	return true;
}

/* Walks the words of one block; text holds the word just read. */
struct text_cursor {
	const unsigned char *p, *end;
	unsigned char text[KB_DICT_TEXT_MAX];
	size_t len;
	uint64_t key;
};

static bool cursor_block(const struct kb_dict_text *t, uint32_t block,
			 struct text_cursor *c)
{
	uint32_t from = load32(t->offsets + (size_t)block * 4);
	uint32_t to = load32(t->offsets + ((size_t)block + 1) * 4);

	if (from > to || to > t->data_len)
		return false;
	c->p = t->data + from;
	c->end = t->data + to;
	c->len = 0;
	return true;
}

static bool cursor_next(struct text_cursor *c)
{
	uint32_t shared, more;

	if (!kb_varint_get32(&c->p, c->end, &shared) ||
	    !kb_varint_get32(&c->p, c->end, &more))
		return false;
	if (shared > c->len || more > KB_DICT_TEXT_MAX - shared ||
	    (size_t)(c->end - c->p) < (size_t)more + 8)
		return false;
	memcpy(c->text + shared, c->p, more);
	c->len = shared + more;
	memcpy(&c->key, c->p + more, 8);
	c->p += more + 8;
	return true;
}

static struct kb_str cursor_text(const struct text_cursor *c)
{
	return (struct kb_str){(const char *)c->text, c->len};
}

/* The last block whose first word is before 'from'. */
static uint32_t find_block(const struct kb_dict_text *t, struct kb_str from,
			   struct text_cursor *c)
{
	uint32_t lo = 0, hi = t->n_blocks;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (cursor_block(t, mid, c) && cursor_next(c) &&
		    kb_str_cmp(cursor_text(c), from) < 0)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

void kb_dict_words(const struct kb_segment *seg, struct kb_str from,
		   bool (*fn)(void *arg, struct kb_str text, uint64_t key),
		   void *arg)
{
	const struct kb_dict_text *t = &seg->file->words;
	struct text_cursor c;

	if (!t->n_blocks)
		return;
	for (uint32_t b = find_block(t, from, &c); b < t->n_blocks; b++) {
		if (!cursor_block(t, b, &c))
			return;
		while (cursor_next(&c)) {
			if (kb_str_cmp(cursor_text(&c), from) < 0)
				continue;
			if (!fn(arg, cursor_text(&c), c.key))
				return;
		}
	}
}
