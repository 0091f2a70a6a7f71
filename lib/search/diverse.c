#include "search/diverse.h"

#include <stdlib.h>

#include "base/sort.h"
#include "search/diverse_weights.h"

#define ODD 0x9e3779b97f4a7c15u /* 2^64 over the golden ratio */

/* The terms of a passage: sorted keys, each once. */
struct bag {
	uint64_t *keys;
	size_t n;	/* of them, repeated ones too until they are sorted */
	bool sorted;	/* only where two bags must be compared */
	uint64_t order; /* hash of the terms as they stand */
	struct kb_term_sketch sketch;
};

/* A passage that was new. */
struct seen {
	struct kb_str title, text;
	struct kb_term_sketch sketch;
	struct bag *bag; /* NULL until it is needed */
	struct seen *next;
};

struct kb_diverse {
	struct kb_analyzer *analyzer;
	struct kb_terms *terms;
	struct kb_arena *arena;
	struct seen *kept;
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

static struct bag *make_bag(struct kb_diverse *d, struct kb_str title,
			    struct kb_str text)
{
	struct bag *bag = kb_arena_alloc(d->arena, sizeof(*bag));
	struct kb_terms *terms = d->terms;
	struct kb_sketching sketching;

	kb_terms_reset(terms);
	kb_analyze(d->analyzer, title.ptr, title.len, terms);
	kb_analyze(d->analyzer, text.ptr, text.len, terms);
	bag->keys =
	    kb_arena_alloc(d->arena, (terms->n + 1) * sizeof(*bag->keys));
	bag->n = bag->order = 0;
	for (size_t i = 0; i < terms->n; i++) {
		uint64_t key = marked_key(terms, &terms->items[i]);

		if (kb_term_class(terms->items[i].key) == KB_TERM_USER)
			continue;
		bag->keys[bag->n++] = key;
		bag->order = (bag->order + key) * ODD;
	}
	bag->sorted = false;
	kb_sketching_begin(&sketching);
	kb_sketching_add(&sketching, terms);
	bag->sketch = kb_sketching_end(&sketching);
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

/* May the passages of two sketches be near-duplicates? */
static bool may_be_alike(const struct kb_term_sketch *a,
			 const struct kb_term_sketch *b)
{
	uint64_t n = a->n, m = b->n;

	if (a->order == b->order && n == m)
		return true;
	/* short ones may say something else in the same words */
	return n >= NEAR_DUPLICATE_TERMS && n * 10 >= m * 9 &&
	       m * 10 >= n * 9 && kb_sketch_distance(a, b) <= ALIKE_BINS;
}

static bool are_alike(struct bag *a, struct bag *b)
{
	bool number;

	if (a->order == b->order)
		return true;
	return a->sketch.n >= NEAR_DUPLICATE_TERMS &&
	       likeness(a, b, &number) >= ALIKE && !number;
}

static struct bag *bag_of(struct kb_diverse *d, struct seen *seen)
{
	if (!seen->bag)
		seen->bag = make_bag(d, seen->title, seen->text);
	return seen->bag;
}

bool kb_diverse_new(struct kb_diverse *d, const struct kb_hit *hit,
		    const struct kb_term_sketch *sketch)
{
	struct seen *seen = kb_arena_calloc(d->arena, 1, sizeof(*seen));

	seen->title = hit->passage.title;
	seen->text = hit->passage.text;
	seen->sketch = sketch ? *sketch : bag_of(d, seen)->sketch;
	for (struct seen *old = d->kept; old; old = old->next)
		if (may_be_alike(&seen->sketch, &old->sketch) &&
		    are_alike(bag_of(d, seen), bag_of(d, old)))
			return false;
	seen->next = d->kept;
	d->kept = seen;
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
		bags[i] = make_bag(&d, result->hits[i].passage.title,
				   result->hits[i].passage.text);
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
