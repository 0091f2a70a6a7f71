#include "vector/static_encoder_texts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "vector/static_encoder_weights.h"

#define TEXT_MAX 1024 /* units of a text that are looked at */

void kb_static_texts_init(struct kb_static_texts *t, size_t expected)
{
	*t = (struct kb_static_texts){.share = 1};
	if (expected > KB_STATIC_SAMPLE)
		t->share = (double)KB_STATIC_SAMPLE / (double)expected;
}

void kb_static_texts_release(struct kb_static_texts *t)
{
	free(t->units);
	free(t->items);
	*t = (struct kb_static_texts){0};
}

bool kb_static_texts_wants(const struct kb_static_texts *t, struct kb_str text)
{
	return t->share >= 1 ||
	       (double)(kb_xxh64(text.ptr, text.len, 0) >> 11) * 0x1p-53 <
		   t->share;
}

void kb_static_texts_add(struct kb_static_texts *t, struct kb_str text,
			 const struct kb_terms *terms,
			 const struct kb_vec_view *view, size_t row)
{
	size_t start = t->n_units;

	if (!t->n) {
		t->dim = view->dim;
		t->stride = view->stride;
		t->model = view->model;
	}
	if (view->dim != t->dim || view->model != t->model)
		return;
	for (size_t i = 0; i < terms->n && t->n_units - start < TEXT_MAX; i++) {
		uint64_t key = terms->items[i].key;

		if (!kb_static_is_unit(key))
			continue;
		kb_grow(&t->units, &t->units_cap, t->n_units + 1,
			sizeof(*t->units));
		t->units[t->n_units++] = key;
	}
	if (t->n_units == start)
		return;
	kb_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items));
	t->items[t->n++] = (struct kb_static_text){
	    .hash = kb_xxh64(text.ptr, text.len, 0),
	    .start = start,
	    .n = (uint32_t)(t->n_units - start),
	    .scale = view->scales[row],
	    .row = view->data + row * view->stride,
	};
}

/* ---- the units that have a vector ---- */

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int by_texts(const void *a, const void *b)
{
	const struct kb_static_unit *x = a, *y = b;

	if (x->texts != y->texts)
		return x->texts > y->texts ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

static int by_key(const void *a, const void *b)
{
	const struct kb_static_unit *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

struct kb_static_unit *kb_static_vocabulary(struct kb_static_texts *t,
					    size_t *n)
{
	struct kb_map counts;
	struct kb_map_slot slot;
	struct kb_static_unit *units;
	size_t pos = 0, kept = 0;

	kb_map_init(&counts);
	for (size_t i = 0; i < t->n; i++) {
		uint64_t *u = t->units + t->items[i].start;

		qsort(u, t->items[i].n, sizeof(*u), by_value);
		for (size_t j = 0; j < t->items[i].n; j++)
			if (!j || u[j] != u[j - 1])
				++*kb_map_put(&counts, u[j], NULL);
	}
	units = kb_reallocarray(NULL, counts.n + 1, sizeof(*units));
	while (kb_map_next(&counts, &pos, &slot))
		if (slot.value >= UNIT_TEXTS_MIN)
			units[kept++] = (struct kb_static_unit){
			    slot.key, (uint32_t)slot.value};
	kb_map_release(&counts);
	if (kept > KB_STATIC_UNITS_MAX) {
		qsort(units, kept, sizeof(*units), by_texts);
		kept = KB_STATIC_UNITS_MAX;
	}
	qsort(units, kept, sizeof(*units), by_key);
	*n = kept;
	return units;
}

void kb_static_shares_release(struct kb_static_shares *x)
{
	free(x->start);
	free(x->cols);
	free(x->vals);
}

/* ---- the shares of units in texts ---- */

static void add_text(struct kb_static_shares *x, const uint64_t *u, size_t n,
		     const struct kb_map *numbers)
{
	size_t first = x->start[x->n_texts], at = first, known = 0;

	for (size_t i = 0; i < n; i++) {
		const uint64_t *no = kb_map_get(numbers, u[i]);

		if (!no)
			continue;
		known++;
		if (at > first && x->cols[at - 1] == *no) {
			x->vals[at - 1]++;
			continue;
		}
		x->cols[at] = (uint32_t)*no;
		x->vals[at++] = 1;
	}
	for (size_t i = first; i < at; i++)
		x->vals[i] /= (float)known;
	x->start[++x->n_texts] = at;
}

void kb_static_shares_make(const struct kb_static_texts *t,
			   const struct kb_static_unit *units, size_t n,
			   struct kb_static_shares *x)
{
	struct kb_map numbers;

	kb_map_init(&numbers);
	for (size_t i = 0; i < n; i++)
		*kb_map_put(&numbers, units[i].key, NULL) = i;
	*x = (struct kb_static_shares){.n_units = n};
	x->start = kb_calloc(t->n + 1, sizeof(*x->start));
	x->cols = kb_reallocarray(NULL, t->n_units + 1, sizeof(*x->cols));
	x->vals = kb_reallocarray(NULL, t->n_units + 1, sizeof(*x->vals));
	for (size_t i = 0; i < t->n; i++)
		add_text(x, t->units + t->items[i].start, t->items[i].n,
			 &numbers);
	kb_map_release(&numbers);
}
