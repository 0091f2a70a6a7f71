#include "cache/canonical.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "json/write.h"

static struct kb_hash128 tagged(uint64_t seed, char tag, const void *ptr,
				size_t len)
{
	return kb_xxh128(ptr, len, seed + (unsigned char)tag);
}

/* ---- strings ---- */

/* Characters that NFC leaves alone whatever stands beside them: what is below
 * the combining marks, punctuation, kana, Han, full width. */
static bool is_settled(uint32_t cp)
{
	return cp < 0x300 || (cp >= 0x4e00 && cp <= 0x9fff) ||
	       (cp >= 0x3000 && cp <= 0x3029) ||
	       (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30a0 && cp <= 0x30fe) ||
	       (cp >= 0x2010 && cp <= 0x2027) || (cp >= 0xff01 && cp <= 0xff5e);
}

static bool is_nfc(struct kb_str text)
{
	size_t i = 0;

	while (i < text.len) {
		unsigned char c = (unsigned char)text.ptr[i];
		uint32_t cp;

		/* most texts, told by their first bytes: what is below the
		 * marks, whose characters need not be told apart, and Han */
		if (c < 0xcc || (c >= 0xe5 && c <= 0xe9)) {
			i += c < 0xcc ? 1 : 3;
			continue;
		}
		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (!is_settled(cp))
			return false;
	}
	return true;
}

/* The text in NFC; itself when it is that already, or broken. */
static struct kb_str compose(struct kb_str text, struct kb_arena *arena)
{
	utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
	size_t max = text.len * 4; /* a character becomes at most four */
	utf8proc_ssize_t n;
	int32_t *wide;

	if (is_nfc(text))
		return text;
	wide = kb_arena_alloc(arena, (max + 1) * sizeof(*wide));
	n = utf8proc_decompose((const utf8proc_uint8_t *)text.ptr,
			       (utf8proc_ssize_t)text.len, wide,
			       (utf8proc_ssize_t)max, options);
	if (n < 0 || (size_t)n > max)
		return text;
	n = utf8proc_reencode(wide, n, options);
	return n < 0 ? text : (struct kb_str){(const char *)wide, (size_t)n};
}

struct kb_hash128 kb_canonical_hash_text(struct kb_str text, uint64_t seed,
					 struct kb_arena *arena)
{
	text = compose(text, arena);
	return tagged(seed, '"', text.ptr, text.len);
}

static struct kb_hash128 hash_string(struct kb_json val, uint64_t seed,
				     struct kb_arena *arena)
{
	struct kb_str text = {"", 0};

	kb_json_str(val, arena, &text);
	return kb_canonical_hash_text(text, seed, arena);
}

/* ---- numbers ---- */

static bool is_whole(struct kb_json val)
{
	for (size_t i = 0; i < val.len; i++)
		if (memchr(".eE", val.ptr[i], 3))
			return false;
	return true;
}

static struct kb_hash128 hash_number(struct kb_json val, uint64_t seed)
{
	struct kb_hash128 hash;
	struct kb_buf text;
	struct kb_jw w;
	int64_t n;
	double x;

	if (kb_json_int(val, &n))
		return tagged(seed, '0', &n, sizeof(n));
	if (is_whole(val) || !kb_json_num(val, &x))
		return tagged(seed, '9', val.ptr, val.len);
	if (x >= -1e15 && x <= 1e15 && x == (double)(int64_t)x) {
		n = (int64_t)x;
		return tagged(seed, '0', &n, sizeof(n));
	}
	kb_buf_init(&text, 0);
	kb_jw_init(&w, &text);
	kb_jw_num(&w, x);
	hash = tagged(seed, '.', text.ptr, text.len);
	kb_buf_release(&text);
	return hash;
}

static struct kb_hash128 hash_scalar(struct kb_json val, uint64_t seed,
				     struct kb_arena *arena)
{
	if (val.type == KB_JSON_STRING)
		return hash_string(val, seed, arena);
	if (val.type == KB_JSON_NUMBER)
		return hash_number(val, seed);
	return tagged(seed, 'c', val.ptr, val.len);
}

/* ---- arrays and objects ---- */

/* An element; of an array the key is zero. */
struct element {
	struct kb_hash128 key, val;
	size_t at; /* its place */
};

struct elements {
	struct element *items;
	size_t n, cap;
};

static int compare_keys(const struct element *x, const struct element *y)
{
	if (x->key.high != y->key.high)
		return x->key.high < y->key.high ? -1 : 1;
	return (x->key.low > y->key.low) - (x->key.low < y->key.low);
}

static int compare(const void *a, const void *b)
{
	const struct element *x = a, *y = b;
	int c = compare_keys(x, y);

	return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* Sorted by their keys, of duplicates the last. */
static void settle(struct elements *e)
{
	struct element *list = e->items;
	size_t n = 0;

	if (e->n < 2)
		return;
	qsort(list, e->n, sizeof(*list), compare);
	for (size_t i = 0; i < e->n; i++)
		if (i + 1 == e->n || compare_keys(&list[i], &list[i + 1]))
			list[n++] = list[i];
	e->n = n;
}

static struct kb_hash128 hash_all(const struct elements *e, char tag,
				  uint64_t seed, struct kb_arena *arena)
{
	struct kb_hash128 *list =
	    kb_arena_alloc(arena, (e->n * 2 + 1) * sizeof(*list));

	for (size_t i = 0; i < e->n; i++) {
		list[2 * i] = e->items[i].key;
		list[2 * i + 1] = e->items[i].val;
	}
	return tagged(seed, tag, list, e->n * 2 * sizeof(*list));
}

static bool is_skipped(const struct kb_json_iter *it, const char *const *skip)
{
	for (; skip && *skip; skip++)
		if (kb_json_iter_is(it, *skip))
			return true;
	return false;
}

static struct kb_hash128 hash_key(const struct kb_json_iter *it, uint64_t seed,
				  struct kb_arena *arena)
{
	/* the quotes stand around it */
	struct kb_json val = {KB_JSON_STRING, it->key.ptr - 1, it->key.len + 2};

	return hash_string(val, seed, arena);
}

/* What the iterator has left. */
static struct kb_hash128 hash_elements(struct kb_json_iter *it,
				       const char *const *skip, uint64_t seed,
				       struct kb_arena *arena)
{
	struct elements e = {NULL, 0, 0};
	struct kb_json_iter inner;
	bool object = it->object;

	while (kb_json_enter(it, &inner)) {
		bool skipped = object && is_skipped(it, skip);
		struct element one = {.at = e.n};

		if (object)
			one.key = hash_key(it, seed, arena);
		if (it->val.type == KB_JSON_ARRAY ||
		    it->val.type == KB_JSON_OBJECT)
			one.val = hash_elements(&inner, NULL, seed, arena);
		else
			one.val = hash_scalar(it->val, seed, arena);
		kb_json_leave(it, &inner);
		if (skipped)
			continue;
		kb_arena_grow(arena, &e.items, &e.cap, e.n, e.n + 1,
			      sizeof(*e.items));
		e.items[e.n++] = one;
	}
	if (object)
		settle(&e);
	return hash_all(&e, object ? '{' : '[', seed, arena);
}

struct kb_hash128 kb_canonical_hash(struct kb_json val, const char *const *skip,
				    uint64_t seed, struct kb_arena *arena)
{
	struct kb_json_iter it = kb_json_iter(val);

	if (val.type != KB_JSON_ARRAY && val.type != KB_JSON_OBJECT)
		return hash_scalar(val, seed, arena);
	return hash_elements(&it, skip, seed, arena);
}

struct kb_hash128 kb_canonical_join(struct kb_hash128 a, struct kb_hash128 b,
				    uint64_t seed)
{
	struct kb_hash128 both[2] = {a, b};

	return tagged(seed, ',', both, sizeof(both));
}
