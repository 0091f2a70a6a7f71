#include "text/literal_places.h"

#include <assert.h>
#include <stdlib.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/load.h"
#include "base/mem.h"

static const char *text_of(const struct kb_literals *set, size_t row)
{
	const char *at = (const char *)set->rows + row * set->stride;

	return *(const char *const *)(const void *)at;
}

/* The key of a literal; one of a single byte is found as a whole only. */
static uint32_t key_of(const char *text, size_t len)
{
	char one[2] = {text[0], '\0'};

	return kb_literal_key(len == 1 ? one : text);
}

static int by_bucket(const void *a, const void *b)
{
	const struct kb_literal *x = a, *y = b;
	unsigned bx = kb_literal_bucket(x->key);
	unsigned by = kb_literal_bucket(y->key);

	if (bx != by)
		return bx < by ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* ---- where one may begin ---- */

/* Of the three bytes at the low end of 'head': two in either case and, where
 * it is a letter, the third; or a character that is not of ASCII. */
static unsigned start_of(uint32_t head)
{
	uint32_t third = (head >> 16 & 255) | 32;
	uint32_t key = (head & 0xffff) | 0x2020;

	key |= third - 'a' < 26 ? third << 16 : 0;
	key = head & 0x80 ? head & 0xffffff : key;
	return key * 0x9e3779b1u >> 20;
}

static void set_start(struct kb_literal_index *index, uint32_t head)
{
	unsigned h = start_of(head);

	index->may[h / 64] |= UINT64_C(1) << (h % 64);
}

/* A literal whose end is not told from what comes behind it may have each
 * letter there, or none. */
static void add_start(struct kb_literal_index *index, const char *text,
		      size_t len)
{
	uint32_t head = (unsigned char)text[0];

	index->marks |= (unsigned char)*text < 0x80 && !kb_is_alnum(*text);
	head |= len > 1 ? (uint32_t)(unsigned char)text[1] << 8 : 0;
	if (len > 2) {
		set_start(index, head | (uint32_t)(unsigned char)text[2] << 16);
		return;
	}
	set_start(index, head);
	if (len == 1 || !kb_is_alnum(text[1]))
		for (uint32_t c = 'a'; c <= 'z'; c++)
			set_start(index, head | c << 16);
}

/* What 64 bytes are, as bits. */
struct block {
	uint64_t alnum, high, inner; /* inside a character */
};

#if defined(__SSE2__)
static uint64_t bits_of(__m128i bytes)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(bytes);
}

/* The bytes from 'first' on, 'n' of them: a comparison of signed bytes, moved
 * to their low end. */
static __m128i among(__m128i bytes, unsigned char first, int n)
{
	__m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8((char)(128 - first)));

	return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(n - 128)));
}

static struct block read_block(const char *p)
{
	struct block b = {0, 0, 0};

	for (unsigned i = 0; i < 64; i += 16) {
		__m128i x =
		    _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i lower = _mm_or_si128(x, _mm_set1_epi8(32));

		b.alnum |= bits_of(_mm_or_si128(among(lower, 'a', 26),
						among(x, '0', 10)))
			   << i;
		b.high |= bits_of(x) << i;
		b.inner |= bits_of(among(x, 0x80, 64)) << i;
	}
	return b;
}
#else
static struct block read_block(const char *p)
{
	struct block b = {0, 0, 0};

	for (unsigned i = 0; i < 64; i++) {
		unsigned char c = (unsigned char)p[i];

		b.alnum |= (uint64_t)kb_is_alnum(p[i]) << i;
		b.high |= (uint64_t)(c >> 7) << i;
		b.inner |= (uint64_t)((c & 0xc0) == 0x80) << i;
	}
	return b;
}
#endif

#define HEAD 8 /* bytes that may be read at each place */

uint64_t kb_literal_block(const struct kb_literal_index *index,
			  const char *text, size_t len, size_t block)
{
	const char *p = text + block;
	char end[64 + HEAD] = {0};
	uint64_t starts, found = 0;
	struct block b;

	assert(block < len && block % 64 == 0);
	if (len - block < sizeof(end)) {
		memcpy(end, p, len - block);
		p = end;
	}
	b = read_block(p);
	starts = ~(b.alnum << 1 | (block && kb_is_alnum(text[block - 1])));
	starts = (b.alnum & starts) | (b.high & ~b.inner);
	if (index->marks)
		starts |= ~(b.alnum | b.high);
	for (; starts; starts &= starts - 1) {
		unsigned i = (unsigned)__builtin_ctzll(starts);
		unsigned h = start_of(kb_load32((const unsigned char *)p + i));

		found |= (index->may[h / 64] >> (h % 64) & 1) << i;
	}
	/* the zeros behind a text are no marks of it */
	return len - block < 64 ? found & ((UINT64_C(1) << (len - block)) - 1)
				: found;
}

const struct kb_literal_index *kb_literals_build(struct kb_literals *set)
{
	struct kb_literal_index *index =
	    kb_calloc(1, sizeof(*index) + set->n * sizeof(*index->items));
	const struct kb_literal_index *other = NULL;

	assert(set->n < UINT16_MAX);
	for (size_t i = 0; i < set->n; i++) {
		const char *text = text_of(set, i);
		size_t len = strlen(text);
		uint32_t key;

		assert(len && ((unsigned char)*text < 0x80 || len > 2));
		key = key_of(text, len);
		index->items[i] =
		    (struct kb_literal){text, key, (uint32_t)len, (uint32_t)i};
		index->start[kb_literal_bucket(key) + 1]++;
		index->first[(unsigned char)*text] = true;
		if (kb_is_lower(*text))
			index->first[*text & ~32] = true;
		add_start(index, text, len);
		if (len > index->longest)
			index->longest = len;
	}
	for (size_t b = 0; b < KB_LITERAL_BUCKETS; b++)
		index->start[b + 1] += index->start[b];
	qsort(index->items, set->n, sizeof(*index->items), by_bucket);
	if (atomic_compare_exchange_strong(&set->index, &other, index))
		return index;
	free(index); /* another thread was first */
	return other;
}

const struct kb_literal *kb_literals_word(const struct kb_literal_index *index,
					  const char *text, size_t len,
					  size_t at)
{
	struct kb_literal_it it = kb_literals_at(index, text + at, len - at);
	const struct kb_literal *l;

	while ((l = kb_literal_next(&it)))
		if (kb_is_bounded(text, len, at, l->len))
			return l;
	return NULL;
}

bool kb_literals_has(struct kb_literals *set, const char *text, size_t len)
{
	const struct kb_literal_index *index = kb_literals_index(set);
	unsigned bucket;
	uint32_t key;

	if (!len || len > index->longest ||
	    !index->first[(unsigned char)*text] ||
	    (len < 3 && (unsigned char)*text >= 0x80))
		return false;
	key = key_of(text, len);
	bucket = kb_literal_bucket(key);
	for (size_t i = index->start[bucket]; i < index->start[bucket + 1]; i++)
		if (index->items[i].key == key && index->items[i].len == len &&
		    kb_is_folded(text, index->items[i].text, len))
			return true;
	return false;
}

bool kb_literals_any(struct kb_literals *set, const char *text, size_t len)
{
	const struct kb_literal_index *index = kb_literals_index(set);
	struct kb_literal_places places = kb_literal_places(index, text, len);

	for (size_t at = kb_literal_place(&places, 0); at < len;
	     at = kb_literal_place(&places, at + 1))
		if (kb_literals_word(index, text, len, at))
			return true;
	return false;
}

int kb_literals_lowest(struct kb_literals *set, const char *text, size_t len)
{
	const struct kb_literal_index *index = kb_literals_index(set);
	struct kb_literal_places places = kb_literal_places(index, text, len);
	uint32_t best = UINT32_MAX;

	for (size_t at = kb_literal_place(&places, 0); at < len;
	     at = kb_literal_place(&places, at + 1)) {
		struct kb_literal_it it =
		    kb_literals_at(index, text + at, len - at);
		const struct kb_literal *l;

		while ((l = kb_literal_next(&it)))
			if (l->row < best &&
			    kb_is_bounded(text, len, at, l->len))
				best = l->row;
	}
	return best == UINT32_MAX ? -1 : (int)best;
}

struct kb_str kb_literals_first(struct kb_literals *set, struct kb_str text)
{
	const struct kb_literal_index *index = kb_literals_index(set);
	struct kb_literal_places places =
	    kb_literal_places(index, text.ptr, text.len);

	for (size_t at = kb_literal_place(&places, 0); at < text.len;
	     at = kb_literal_place(&places, at + 1)) {
		const struct kb_literal *l =
		    kb_literals_word(index, text.ptr, text.len, at);

		if (l)
			return (struct kb_str){text.ptr + at, l->len};
	}
	return (struct kb_str){"", 0};
}
