/*
 * Sets of literals: the words and phrases of a table, found in a text at a
 * cost that does not grow with their number.
 *
 * A set is declared over any table whose rows begin with their text:
 *
 *	static const struct { const char *text; int side; } rows[] = ...;
 *	static struct kb_literals set = KB_LITERALS(rows);
 *
 * Literals are UTF-8 in lower case, of at least two bytes, or of three when
 * they begin with a character beyond ASCII; ASCII letters of the text are
 * folded. An index by the first characters is built at the first use, by
 * whichever thread comes first, and kept to the end of the process.
 *
 * Two kinds of borders: kb_literals_at() knows none; the searches want a
 * literal that begins or ends in an ASCII letter or digit to begin or end a
 * word.
 */
#ifndef KB_TEXT_LITERALS_H
#define KB_TEXT_LITERALS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/str.h"

#define KB_LITERAL_BUCKETS 512
#define KB_LITERAL_STARTS  4096 /* hashes of first characters */

struct kb_literal {
	const char *text;
	uint32_t key; /* of its first characters */
	uint32_t len;
	uint32_t row; /* in the table */
};

/* Literals by bucket, in one bucket the longer first, then by row. */
struct kb_literal_index {
	uint16_t start[KB_LITERAL_BUCKETS + 1];
	size_t longest;	 /* bytes of the longest literal */
	bool first[256]; /* bytes that a literal may begin with */
	bool marks;	 /* one begins with a mark of ASCII */
	uint64_t may[KB_LITERAL_STARTS / 64]; /* hashes that one begins with */
	struct kb_literal items[];
};

struct kb_literals {
	const void *rows;
	size_t stride, n;
	_Atomic(const struct kb_literal_index *) index;
};

#define KB_LITERALS(table)                                                   \
	{                                                                    \
		(table), sizeof(*(table)), sizeof(table) / sizeof(*(table)), \
		    NULL                                                     \
	}

const struct kb_literal_index *kb_literals_build(struct kb_literals *set);

/* The index of the set, to be asked for once a text. */
static inline const struct kb_literal_index *kb_literals_index(
    struct kb_literals *set)
{
	const struct kb_literal_index *index =
	    atomic_load_explicit(&set->index, memory_order_acquire);

	return index ? index : kb_literals_build(set);
}

/* The first characters of what begins at p, in either case; two bytes must be
 * there, or three when the first is beyond ASCII. */
static inline uint32_t kb_literal_key(const char *ptr)
{
	const unsigned char *p = (const unsigned char *)ptr;

	return p[0] < 0x80 ? (p[0] | 32u) << 8 | (p[1] | 32u)
			   : (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline unsigned kb_literal_bucket(uint32_t key)
{
	return key * 0x9e3779b1u >> 23;
}

/*
 * The literals that stand at p, the longest first:
 *	struct kb_literal_it it = kb_literals_at(index, p, len);
 *	while ((found = kb_literal_next(&it))) ...
 */
struct kb_literal_it {
	const struct kb_literal *next, *end;
	const char *ptr;
	size_t len;
	uint32_t key;
	unsigned same; /* first bytes that are equal where the keys are */
};

static inline struct kb_literal_it kb_literals_at(
    const struct kb_literal_index *index, const char *ptr, size_t len)
{
	struct kb_literal_it it = {NULL, NULL, ptr, len, 0, 0};
	unsigned bucket;

	if (len < 2 || (len < 3 && (unsigned char)*ptr >= 0x80))
		return it;
	it.key = kb_literal_key(ptr);
	it.same = (unsigned char)*ptr < 0x80 ? 0 : 3;
	bucket = kb_literal_bucket(it.key);
	it.next = index->items + index->start[bucket];
	it.end = index->items + index->start[bucket + 1];
	return it;
}

static inline const struct kb_literal *kb_literal_next(struct kb_literal_it *it)
{
	while (it->next < it->end) {
		const struct kb_literal *l = it->next++;

		if (l->key == it->key && l->len <= it->len &&
		    kb_is_folded(it->ptr + it->same, l->text + it->same,
				 l->len - it->same))
			return l;
	}
	return NULL;
}

/* May one stand at p? A quick refusal. */
static inline bool kb_literals_may(const struct kb_literal_index *index,
				   const char *ptr, size_t len)
{
	struct kb_literal_it it;

	if (!index->first[(unsigned char)*ptr])
		return false;
	it = kb_literals_at(index, ptr, len);
	while (it.next < it.end && it.next->key != it.key)
		it.next++;
	return it.next < it.end;
}

/* The longest literal at text + at that keeps the borders of words, or
 * NULL. */
const struct kb_literal *kb_literals_word(const struct kb_literal_index *index,
					  const char *text, size_t len,
					  size_t at);

/* Is the text, all of it, a literal? Here a literal may be of one byte. */
bool kb_literals_has(struct kb_literals *set, const char *text, size_t len);

/* Does one stand anywhere in the text, at borders of words? */
bool kb_literals_any(struct kb_literals *set, const char *text, size_t len);

/* Where the first one stands in the text, at borders of words; len 0 for none.
 */
struct kb_str kb_literals_first(struct kb_literals *set, struct kb_str text);

/* The lowest row whose literal stands anywhere in the text, at borders of
 * words; -1 for none. */
int kb_literals_lowest(struct kb_literals *set, const char *text, size_t len);

/* May a literal begin at text + at? Not inside a character or a word. */
static inline bool kb_may_begin(const char *text, size_t at)
{
	return ((unsigned char)text[at] & 0xc0) != 0x80 &&
	       !(at && kb_is_alnum(text[at]) && kb_is_alnum(text[at - 1]));
}

/* May a literal of n bytes stand at text + at, as far as borders of words
 * go: no letter or digit runs on at either end of it? */
static inline bool kb_is_bounded(const char *text, size_t len, size_t at,
				 size_t n)
{
	if (at && kb_is_alnum(text[at]) && kb_is_alnum(text[at - 1]))
		return false;
	return !(at + n < len && kb_is_alnum(text[at + n - 1]) &&
		 kb_is_alnum(text[at + n]));
}

#endif
