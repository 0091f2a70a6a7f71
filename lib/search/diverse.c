#include "search/diverse.h"

#include <stdlib.h>

#include "base/sort.h"
#include "search/diverse_weights.h"

#define MARK_BITS 11		      /* of a filter before keys are compared */
#define ODD	  0x9e3779b97f4a7c15u /* 2^64 over the golden ratio */

/* The terms of a passage: sorted keys, each once. */
struct bag {
	uint64_t *keys;
	size_t n;	/* of them, repeated ones too until they are sorted */
	size_t length;	/* terms as they stand, counted */
	bool sorted;	/* only where two bags must be compared */
	uint64_t order; /* hash of the terms as they stand */
	uint64_t marks[(1 << MARK_BITS) / 64]; /* of the keys' hashes */
	struct bag *next;
};

struct kb_diverse {
	struct kb_analyzer *analyzer;
	struct kb_terms *terms;
	struct kb_arena *arena;
	struct bag *kept;
};

struct kb_diverse *kb_diverse_start(struct kb_analyzer *analyzer,
				    struct kb_terms *terms,
				    struct kb_arena *arena)
{
	struct kb_diverse *d = kb_arena_alloc(arena, sizeof(*d));

	*d = (struct kb_diverse){analyzer, terms, arena, NULL};
	return d;
}

static int by_key(const void *a, const void *b, void *arg)
{
	const uint64_t *x = a, *y = b;

	(void)arg;
	return *x < *y ? -1 : *x > *y;
}

/* Bit 63 is free in a key (classes are 1 to 6); here it marks a term with a
 * digit, so that sorting keeps the mark. */
#define HAS_DIGIT ((uint64_t)1 << 63)

/* Is one of eight bytes a digit? With those exclusive-ored with '0' one is
 * below 10 then. */
static bool has_digit(uint64_t bytes)
{
	uint64_t ones = UINT64_MAX / 255, x = bytes ^ ones * '0';

	return (x - ones * 10) & ~x & ones * 0x80;
}

static uint64_t marked_key(const struct kb_terms *terms,
			   const struct kb_term *t)
{
	const char *text = terms->text + t->text_off;
	size_t n = t->text_len;

	if (!n)
		return t->key;
	/* most words at once, with what stands behind them masked */
	if (n < 8 && t->text_off + 8 <= terms->text_cap) {
		uint64_t bytes;

		memcpy(&bytes, text, sizeof(bytes));
		bytes &= ((uint64_t)1 << 8 * n) - 1;
		return has_digit(bytes) ? t->key | HAS_DIGIT : t->key;
	}
	for (size_t i = 0; i < n; i++)
		if (text[i] >= '0' && text[i] <= '9')
			return t->key | HAS_DIGIT;
	return t->key;
}

static void sort_bag(struct bag *bag)
{
	size_t n = 0;

	if (bag->sorted)
		return;
	kb_sort(bag->keys, bag->n, sizeof(*bag->keys), by_key, NULL);
	for (size_t i = 0; i < bag->n; i++)
		if (!n || bag->keys[n - 1] != bag->keys[i])
			bag->keys[n++] = bag->keys[i];
	bag->n = n;
	bag->sorted = true;
}

static void mark(struct bag *bag, uint64_t key)
{
	uint64_t at = key * ODD >> (64 - MARK_BITS);

	bag->marks[at / 64] |= (uint64_t)1 << at % 64;
}

/*
 * False when the bags cannot be ALIKE. A mark of one only stands for a key
 * of one only, so no fewer than d keys differ. Of u keys in all those in
 * both are u - d; with 2u <= lengths + d the coefficient is below .95 as
 * soon as 39 d > lengths.
 */
static bool may_be_alike(const struct bag *a, const struct bag *b)
{
	size_t differ = 0;

	for (size_t i = 0; i < sizeof(a->marks) / sizeof(*a->marks); i++)
		differ +=
		    (size_t)__builtin_popcountll(a->marks[i] ^ b->marks[i]);
	return 39 * differ <= a->length + b->length;
}

static struct bag *make_bag(struct kb_diverse *d, const struct kb_hit *hit)
{
	struct bag *bag = kb_arena_alloc(d->arena, sizeof(*bag));
	struct kb_terms *terms = d->terms;

	kb_terms_reset(terms);
	kb_analyze(d->analyzer, hit->passage.title.ptr, hit->passage.title.len,
		   terms);
	kb_analyze(d->analyzer, hit->passage.text.ptr, hit->passage.text.len,
		   terms);
	bag->keys =
	    kb_arena_alloc(d->arena, (terms->n + 1) * sizeof(*bag->keys));
	bag->order = terms->n;
	memset(bag->marks, 0, sizeof(bag->marks));
	for (size_t i = 0; i < terms->n; i++) {
		bag->keys[i] = marked_key(terms, &terms->items[i]);
		bag->order = (bag->order + bag->keys[i]) * ODD;
		mark(bag, bag->keys[i]);
	}
	bag->n = bag->length = terms->n;
	bag->sorted = false;
	return bag;
}

/* Jaccard's coefficient; *number: a term with a digit is in one only. */
static double likeness(struct bag *a, struct bag *b, bool *number)
{
	size_t i = 0, j = 0, both = 0;

	sort_bag(a);
	sort_bag(b);

	*number = false;
	while (i < a->n || j < b->n) {
		if (i < a->n && j < b->n && a->keys[i] == b->keys[j]) {
			both++;
			i++;
			j++;
		} else if (j == b->n || (i < a->n && a->keys[i] < b->keys[j])) {
			*number |= (a->keys[i++] & HAS_DIGIT) != 0;
		} else {
			*number |= (b->keys[j++] & HAS_DIGIT) != 0;
		}
	}
	return a->n + b->n > both ? (double)both / (double)(a->n + b->n - both)
				  : 1;
}

bool kb_diverse_new(struct kb_diverse *d, const struct kb_hit *hit)
{
	struct bag *bag = make_bag(d, hit);

	for (struct bag *old = d->kept; old; old = old->next) {
		bool number;

		if (bag->order == old->order)
			return false;
		/* short ones may say something else in the same words */
		if (bag->length < NEAR_DUPLICATE_TERMS ||
		    bag->length * 10 < old->length * 9 ||
		    old->length * 10 < bag->length * 9)
			continue;
		if (may_be_alike(bag, old) &&
		    likeness(bag, old, &number) >= ALIKE && !number)
			return false;
	}
	bag->next = d->kept;
	d->kept = bag;
	return true;
}

void kb_diverse_mmr(struct kb_analyzer *analyzer, struct kb_terms *terms,
		    struct kb_arena *arena, double lambda,
		    struct kb_result *result, size_t k)
{
	struct kb_diverse d = {analyzer, terms, arena, NULL};
	struct bag **bags =
	    kb_arena_alloc(arena, (result->n + 1) * sizeof(struct bag *));

	for (size_t i = 0; i < result->n; i++)
		bags[i] = make_bag(&d, &result->hits[i]);
	for (size_t at = 0; at < result->n && at < k; at++) {
		double best = 0;
		size_t take = at;

		for (size_t i = at; i < result->n; i++) {
			double like = 0, value;
			bool number;

			for (size_t j = 0; j < at; j++) {
				double l = likeness(bags[i], bags[j], &number);

				like = l > like ? l : like;
			}
			value = lambda * (double)result->hits[i].at.score -
				(1 - lambda) * like;
			if (i == at || value > best) {
				best = value;
				take = i;
			}
		}
		struct kb_hit hit = result->hits[take];
		struct bag *bag = bags[take];

		/* the others keep their order */
		memmove(&result->hits[at + 1], &result->hits[at],
			(take - at) * sizeof(hit));
		memmove(&bags[at + 1], &bags[at], (take - at) * sizeof(bag));
		result->hits[at] = hit;
		bags[at] = bag;
	}
	if (result->n > k)
		result->n = k;
}
