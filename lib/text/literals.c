#include "text/literals.h"

#include <assert.h>
#include <stdlib.h>

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

	for (size_t at = 0; at < len; at++)
		if (index->first[(unsigned char)text[at]] &&
		    kb_may_begin(text, at) &&
		    kb_literals_word(index, text, len, at))
			return true;
	return false;
}

int kb_literals_lowest(struct kb_literals *set, const char *text, size_t len)
{
	const struct kb_literal_index *index = kb_literals_index(set);
	uint32_t best = UINT32_MAX;

	for (size_t at = 0; at < len; at++) {
		struct kb_literal_it it;
		const struct kb_literal *l;

		if (!index->first[(unsigned char)text[at]] ||
		    !kb_may_begin(text, at))
			continue;
		it = kb_literals_at(index, text + at, len - at);
		while ((l = kb_literal_next(&it)))
			if (l->row < best &&
			    kb_is_bounded(text, len, at, l->len))
				best = l->row;
	}
	return best == UINT32_MAX ? -1 : (int)best;
}
