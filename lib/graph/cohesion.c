#include "graph/cohesion.h"

#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "graph/cohesion_weights.h"

#define RUN_END	  0
#define CHUNK_END 1
#define HAN_FIRST 0x4e00
#define HAN_LAST  0x9fff

#define OFTEN 8 /* fewer neighbours cannot have that entropy */

void kb_cohesion_release(struct kb_cohesion *c)
{
	free(c->text);
	*c = (struct kb_cohesion){0};
}

static void put(struct kb_cohesion *c, uint16_t x)
{
	kb_grow(&c->text, &c->cap, c->n + 1, sizeof(*c->text));
	c->text[c->n++] = x;
}

/* Every second chunk of the sample goes. */
static void thin(struct kb_cohesion *c)
{
	size_t kept = 0, chunk = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (chunk % 2 == 0)
			c->text[kept++] = c->text[i];
		chunk += c->text[i] == CHUNK_END;
	}
	c->n = kept;
	c->stride *= 2;
}

void kb_cohesion_add(struct kb_cohesion *c, const struct kb_terms *terms)
{
	uint32_t end = 0;
	size_t start = c->n;

	if (!c->stride)
		c->stride = 1;
	if (c->n_chunks++ % c->stride)
		return;
	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];
		uint32_t cp = (uint32_t)(t->key & 0x1fffff);

		if (kb_term_class(t->key) != KB_TERM_HAN1 || cp < HAN_FIRST ||
		    cp > HAN_LAST)
			continue;
		if (t->start != end && c->n > start)
			put(c, RUN_END);
		put(c, (uint16_t)cp);
		end = t->end;
	}
	put(c, CHUNK_END);
	while (c->n > KB_COHESION_CHARS && c->n_chunks > c->stride)
		thin(c);
}

/* ---- counting ---- */

struct counts {
	uint32_t one[65536];
	struct kb_map runs; /* characters, 16 bits each -> count << 32 | number
			       of the name, from 1, or 0 */
	double all;	    /* characters */
};

static uint64_t run_key(const uint16_t *chars, size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++)
		key = key << 16 | chars[i];
	return key;
}

static uint32_t count_of(const struct counts *k, const uint16_t *chars,
			 size_t n)
{
	const uint64_t *slot;

	if (n == 1)
		return k->one[chars[0]];
	slot = kb_map_get(&k->runs, run_key(chars, n));
	return slot ? (uint32_t)(*slot >> 32) : 0;
}

/* Runs of n characters whose two parts of n - 1 are frequent: others cannot
 * be, and need no counter. */
static void count_runs(struct counts *k, const struct kb_cohesion *c, size_t n)
{
	size_t run = 0;
	uint32_t before = 0;

	for (size_t i = 0; i < c->n; i++) {
		uint32_t here;

		run = c->text[i] > CHUNK_END ? run + 1 : 0;
		if (run < n - 1)
			continue;
		here = count_of(k, c->text + i + 2 - n, n - 1);
		if (run >= n && here >= OFTEN && before >= OFTEN)
			*kb_map_put(&k->runs, run_key(c->text + i + 1 - n, n),
				    NULL) += (uint64_t)1 << 32;
		before = here;
	}
}

static bool coheres(const struct counts *k, const uint16_t *chars, size_t n,
		    uint32_t count)
{
	for (size_t i = 1; i < n; i++) {
		double chance = (double)count_of(k, chars, i) *
				count_of(k, chars + i, n - i) / k->all;

		if (log(count / chance) < COHESION)
			return false;
	}
	return true;
}

/* ---- what stands beside ---- */

struct name {
	uint64_t key;
	uint32_t n, count;
	double sum[2]; /* of c log c over the neighbours before and after */
};

struct names {
	struct name *items;
	size_t n, cap;
};

/* The slots of the frequent runs that start at text[i], shortest first. */
static size_t runs_at(const struct counts *k, const struct kb_cohesion *c,
		      size_t i, uint64_t *runs[KB_COHESION_LONG + 1])
{
	size_t n = 2;

	for (; n <= KB_COHESION_LONG && i + n <= c->n; n++) {
		if (c->text[i] <= CHUNK_END || c->text[i + n - 1] <= CHUNK_END)
			break;
		runs[n] = kb_map_get(&k->runs, run_key(c->text + i, n));
		if (!runs[n])
			break;
	}
	return n;
}

static void find_coherent(struct counts *k, const struct kb_cohesion *c,
			  struct names *names)
{
	uint64_t *runs[KB_COHESION_LONG + 1];

	for (size_t i = 0; i < c->n; i++) {
		size_t end = runs_at(k, c, i, runs);

		for (size_t n = 2; n < end; n++) {
			uint32_t count = (uint32_t)(*runs[n] >> 32);

			if ((uint32_t)*runs[n] || count < OFTEN ||
			    !coheres(k, c->text + i, n, count))
				continue;
			kb_grow(&names->items, &names->cap, names->n + 1,
				sizeof(*names->items));
			names->items[names->n++] =
			    (struct name){.key = run_key(c->text + i, n),
					  .n = (uint32_t)n,
					  .count = count};
			*runs[n] |= names->n;
		}
	}
}

static void count_neighbour(struct kb_map *beside, uint64_t *run, uint64_t side,
			    uint16_t neighbour)
{
	uint64_t name = *run & UINT32_MAX;

	if (neighbour > CHUNK_END)
		++*kb_map_put(beside, name << 17 | side << 16 | neighbour,
			      NULL);
}

/* The end of a run of text is a neighbour like no other: it adds nothing to
 * the sums. The last character of the sample always is one. */
static void count_neighbours(struct counts *k, const struct kb_cohesion *c,
			     struct names *names)
{
	uint64_t *runs[KB_COHESION_LONG + 1];
	struct kb_map beside; /* name, side, neighbour -> times */
	struct kb_map_slot slot;
	size_t pos = 0;

	kb_map_init(&beside);
	for (size_t i = 0; i < c->n; i++) {
		size_t end = runs_at(k, c, i, runs);

		for (size_t n = 2; n < end; n++) {
			if (!(uint32_t)*runs[n])
				continue;
			if (i)
				count_neighbour(&beside, runs[n], 0,
						c->text[i - 1]);
			count_neighbour(&beside, runs[n], 1, c->text[i + n]);
		}
	}
	while (kb_map_next(&beside, &pos, &slot))
		names->items[(slot.key >> 17) - 1].sum[slot.key >> 16 & 1] +=
		    (double)slot.value * log((double)slot.value);
	kb_map_release(&beside);
}

static bool varies(const struct name *w)
{
	double most = log(w->count);

	return most - w->sum[0] / w->count >= ENTROPY &&
	       most - w->sum[1] / w->count >= ENTROPY;
}

void kb_cohesion_find(const struct kb_cohesion *c,
		      void (*name)(void *arg, const uint16_t *chars, size_t n),
		      void *arg)
{
	struct counts *k = kb_calloc(1, sizeof(*k));
	struct names names = {0};

	kb_map_init(&k->runs);
	for (size_t i = 0; i < c->n; i++) {
		if (c->text[i] <= CHUNK_END)
			continue;
		k->one[c->text[i]]++;
		k->all++;
	}
	for (size_t n = 2; n <= KB_COHESION_LONG; n++)
		count_runs(k, c, n);
	find_coherent(k, c, &names);
	count_neighbours(k, c, &names);
	for (size_t i = 0; i < names.n; i++) {
		const struct name *w = &names.items[i];
		uint16_t chars[KB_COHESION_LONG];

		if (!varies(w))
			continue;
		for (uint32_t j = 0; j < w->n; j++)
			chars[j] = (uint16_t)(w->key >> 16 * (w->n - 1 - j));
		name(arg, chars, w->n);
	}
	free(names.items);
	kb_map_release(&k->runs);
	free(k);
}
