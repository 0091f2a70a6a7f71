#include "posting/dict.h"

#include <assert.h>
#include <stdlib.h>

#include "base/page_advice.h"
#include "base/varint.h"

#define HEADER_SIZE 16
#define PER_BUCKET  16	/* entries in a bucket at most, on average */
#define BUCKET_COPY 512 /* bytes of a bucket that is looked at in a copy */

/* The first byte of an entry. */
enum tag {
	TAG_WIDE = 0, /* a wide key, and the tag proper behind it */
	TAG_ONE = 1,  /* one posting, in the entry itself */
	TAG_MANY = 2, /* count and size are varints */
	TAG_FEW = 3,  /* + (count - 2) * FEW_SIZES + size */
};

#define FEW_SIZES  42
#define FEW_COUNTS 6 /* 2 to 7: the last tag is 254 */

struct dict_header {
	uint32_t n;
	uint8_t bits, offset_bytes;
	uint16_t zero;
	uint64_t end; /* length of the postings section */
};

_Static_assert(sizeof(struct dict_header) == HEADER_SIZE, "dict header");

/* n <= 8 bytes, little-endian. */
static uint64_t load_bytes(const unsigned char *p, unsigned n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/* ---- the inverse of mixing ---- */

/* Inverse of an odd number modulo 2^64, by Newton's iteration. */
static uint64_t inverse(uint64_t a)
{
	uint64_t x = a;

	for (int i = 0; i < 6; i++)
		x *= 2 - a * x;
	return x;
}

static uint64_t unmix_narrow(uint32_t x)
{
	x ^= x >> 16;
	x *= (uint32_t)inverse(0x846ca68bu);
	x ^= x >> 15 ^ x >> 30;
	x *= (uint32_t)inverse(0x7feb352du);
	x ^= x >> 16;
	return x >> 16 ? kb_term_han2(x >> 16, x & 0xffff) : kb_term_han1(x);
}

uint64_t kb_dict_unmix(uint64_t x)
{
	if (!(x & 1))
		return unmix_narrow((uint32_t)(x >> 32));
	x >>= 1;
	x ^= x >> 31 ^ x >> 62;
	x = x * inverse(0x94d049bb133111ebu) & KB_MIX_MASK;
	x ^= x >> 27 ^ x >> 54;
	x = x * inverse(0xbf58476d1ce4e5b9u) & KB_MIX_MASK;
	return x ^ x >> 30 ^ x >> 60;
}

/* ---- reading ---- */

/* Bytes of the rest of a key that the bucket does not say. */
static unsigned narrow_bytes(unsigned bits)
{
	return (32 - bits + 7) / 8;
}

static unsigned wide_bytes(unsigned bits)
{
	return (64 - bits + 7) / 8;
}

bool kb_dict_parse(struct kb_dict *d, struct kb_section sec)
{
	struct dict_header h;
	size_t table;

	assert(sec.ptr || !sec.len);
	*d = (struct kb_dict){0};
	if (!sec.ptr)
		return true;
	if (sec.len < HEADER_SIZE)
		return false;
	memcpy(&h, sec.ptr, sizeof(h));
	if (h.bits > 28 || h.offset_bytes < 1 || h.offset_bytes > 8)
		return false;
	table = (((size_t)1 << h.bits) + 1) * 2 * h.offset_bytes;
	if (sec.len - HEADER_SIZE < table)
		return false;
	d->buckets = sec.ptr + HEADER_SIZE;
	d->entries = d->buckets + table;
	d->entries_len = sec.len - HEADER_SIZE - table;
	d->n = h.n;
	d->bits = h.bits;
	d->offset_bytes = h.offset_bytes;
	return true;
}

/* False when damaged. */
static bool open_bucket(const struct kb_dict *d, struct kb_section postings,
			size_t bucket, struct kb_dict_bucket *b)
{
	unsigned o = d->offset_bytes;
	const unsigned char *p = d->buckets + bucket * 2 * o;
	uint64_t from = load_bytes(p, o), to = load_bytes(p + 2 * o, o);
	uint64_t list = load_bytes(p + o, o), end = load_bytes(p + 3 * o, o);

	if (from > to || to > d->entries_len || list > end ||
	    end > postings.len)
		return false;
	*b = (struct kb_dict_bucket){d->entries + from, d->entries + to,
				     postings.ptr + list, postings.ptr + end};
	return true;
}

static bool skip_varint(const unsigned char **p, const unsigned char *end)
{
	while (*p < end)
		if (*(*p)++ < 128)
			return true;
	return false;
}

/* The one posting of an entry: a varint, and a second if it is odd. */
static bool inline_list(struct kb_dict_bucket *b, struct kb_term_info *info)
{
	const unsigned char *from = b->p;

	if (b->p == b->end)
		return false;
	if (!skip_varint(&b->p, b->end) ||
	    ((*from & 1) && !skip_varint(&b->p, b->end)))
		return false;
	*info = (struct kb_term_info){from, (size_t)(b->p - from), 1, 1};
	return true;
}

/* Read the entry at b->p; *rest gets the bits below the bucket's, in their
 * place in the mixed key. False when damaged. */
static bool read_entry(const struct kb_dict *d, struct kb_dict_bucket *b,
		       uint64_t *rest, struct kb_term_info *info)
{
	unsigned n_rest = narrow_bytes(d->bits), shift = 32;
	uint64_t count, size;
	unsigned tag = *b->p++;

	if (tag == TAG_WIDE) {
		if (b->p == b->end)
			return false;
		tag = *b->p++;
		n_rest = wide_bytes(d->bits);
		shift = 0;
	}
	if ((size_t)(b->end - b->p) < n_rest)
		return false;
	*rest = load_bytes(b->p, n_rest) << shift;
	b->p += n_rest;
	if (tag == TAG_ONE)
		return inline_list(b, info);
	if (tag >= TAG_FEW) {
		count = (tag - TAG_FEW) / FEW_SIZES + 2;
		size = (tag - TAG_FEW) % FEW_SIZES;
	} else if (tag != TAG_MANY || !kb_varint_get(&b->p, b->end, &count) ||
		   !kb_varint_get(&b->p, b->end, &size)) {
		return false;
	}
	if (!count || count > UINT32_MAX ||
	    size > (size_t)(b->list_end - b->list))
		return false;
	*info = (struct kb_term_info){b->list, size, (uint32_t)count,
				      (uint32_t)count};
	b->list += size;
	return true;
}

static uint64_t below_bucket(const struct kb_dict *d, uint64_t mixed)
{
	return mixed & UINT64_MAX >> d->bits;
}

static size_t bucket_of(const struct kb_dict *d, uint64_t mixed)
{
	return d->bits ? (size_t)(mixed >> (64 - d->bits)) : 0;
}

bool kb_dict_lookup(const struct kb_dict *d, struct kb_section postings,
		    const struct kb_peek *peek, uint64_t key,
		    struct kb_term_info *info)
{
	uint64_t mixed = kb_dict_mix(key), want, rest;
	unsigned char copy[BUCKET_COPY];
	const unsigned char *mapped;
	struct kb_dict_bucket b;
	size_t len;

	assert(!d->n || d->buckets);
	if (!d->n)
		return false;
	if (!open_bucket(d, postings, bucket_of(d, mixed), &b))
		return false;
	mapped = b.p;
	len = (size_t)(b.end - b.p);
	if (len && len <= sizeof(copy)) {
		b.p = kb_peek(peek, mapped, len, copy);
		b.end = b.p + len;
	}
	want = below_bucket(d, mixed);
	while (b.p < b.end) {
		if (!read_entry(d, &b, &rest, info))
			return false;
		if (rest != want)
			continue;
		if (info->ptr >= copy && info->ptr < copy + sizeof(copy))
			info->ptr = mapped + (info->ptr - copy);
		return true;
	}
	return false;
}

void kb_dict_prefetch(const struct kb_dict *d, uint64_t key, int step)
{
	size_t o = d->offset_bytes;
	const unsigned char *p;
	uint64_t from, to;

	if (!d->n)
		return;
	p = d->buckets + bucket_of(d, kb_dict_mix(key)) * 2 * o;
	if (step == 0) {
		kb_pages_prefetch(p, 4 * o);
		return;
	}
	from = load_bytes(p, (unsigned)o);
	to = load_bytes(p + 2 * o, (unsigned)o);
	if (from <= to && to <= d->entries_len)
		kb_pages_prefetch(d->entries + from, (size_t)(to - from));
}

int kb_dict_next(struct kb_dict_cursor *c, struct kb_section postings)
{
	const struct kb_dict *d = c->dict;
	uint64_t rest;

	assert(d);
	assert(c->bucket.p <= c->bucket.end);
	if (c->next >= d->n)
		return 0;
	while (c->bucket.p == c->bucket.end) {
		if (c->n_buckets >> d->bits ||
		    !open_bucket(d, postings, c->n_buckets, &c->bucket))
			return KB_EFORMAT;
		c->n_buckets++;
	}
	if (!read_entry(d, &c->bucket, &rest, &c->info))
		return KB_EFORMAT;
	c->mixed = below_bucket(d, rest);
	if (d->bits)
		c->mixed |= (uint64_t)(c->n_buckets - 1) << (64 - d->bits);
	c->next++;
	return 1;
}

/* ---- writing ---- */

static unsigned bytes_for(uint64_t v)
{
	unsigned n = 1;

	while (n < 8 && v >> (8 * n))
		n++;
	return n;
}

static void add_entry(struct kb_buf *out, const struct kb_dict_item *it,
		      unsigned bits)
{
	bool wide = it->mixed & 1, one = it->count == 1;
	uint64_t rest = (it->mixed & UINT64_MAX >> bits) >> (wide ? 0 : 32);
	bool few = it->count < 2 + FEW_COUNTS && it->list < FEW_SIZES;
	unsigned tag = one ? TAG_ONE : TAG_MANY;

	if (!one && few)
		tag =
		    TAG_FEW + (it->count - 2) * FEW_SIZES + (unsigned)it->list;
	if (wide)
		kb_buf_add_char(out, TAG_WIDE);
	kb_buf_add_char(out, (char)tag);
	kb_buf_add(out, &rest, wide ? wide_bytes(bits) : narrow_bytes(bits));
	if (one) {
		kb_buf_add(out, &it->list, it->one_size);
	} else if (tag == TAG_MANY) {
		kb_varint_add(out, it->count);
		kb_varint_add(out, it->list);
	}
}

void kb_dict_write(struct kb_container *out, const struct kb_dict_item *items,
		   uint32_t n, uint64_t end)
{
	struct dict_header h = {.n = n, .end = end};
	uint64_t *starts, n_buckets, list = 0;
	struct kb_buf entries;
	uint32_t i = 0;

	assert(items || !n);
	while (h.bits < 28 && ((uint64_t)PER_BUCKET << h.bits) < n)
		h.bits++;
	n_buckets = (uint64_t)1 << h.bits;
	starts = kb_reallocarray(NULL, n_buckets + 1, 2 * sizeof(*starts));
	kb_buf_init(&entries, 0);
	for (uint64_t b = 0; b <= n_buckets; b++) {
		starts[b * 2] = entries.len;
		starts[b * 2 + 1] = list;
		while (i < n &&
		       (!h.bits || items[i].mixed >> (64 - h.bits) == b)) {
			add_entry(&entries, &items[i], h.bits);
			if (items[i].count > 1)
				list += items[i].list;
			i++;
		}
	}
	h.offset_bytes =
	    (uint8_t)bytes_for(entries.len > end ? entries.len : end);
	kb_container_begin(out, KB_SEC_DICT, true);
	kb_container_add(out, &h, sizeof(h));
	for (uint64_t k = 0; k < (n_buckets + 1) * 2; k++)
		kb_container_add(out, &starts[k], h.offset_bytes);
	kb_container_add(out, entries.ptr, entries.len);
	kb_container_end(out);
	kb_buf_release(&entries);
	free(starts);
}
