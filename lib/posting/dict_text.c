#include "posting/dict.h"

#include <stdlib.h>

#include "base/load.h"
#include "base/varint.h"

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
	uint32_t from = kb_load32(t->offsets + (size_t)block * 4);
	uint32_t to = kb_load32(t->offsets + ((size_t)block + 1) * 4);

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

void kb_dict_text_words(const struct kb_dict_text *t, struct kb_str from,
			bool (*fn)(void *arg, struct kb_str text, uint64_t key),
			void *arg)
{
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
