#include "query/scope.h"

#include "base/sort.h"

static int by_place(const void *a, const void *b, void *arg)
{
	const struct kb_candidate *items = arg;
	const struct kb_candidate *x = items + (uint32_t) * (const uint64_t *)a;
	const struct kb_candidate *y = items + (uint32_t) * (const uint64_t *)b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

void kb_candidates_sort(struct kb_candidate *items, size_t n,
			struct kb_arena *arena)
{
	struct kb_candidate *from = kb_arena_alloc(arena, n * sizeof(*from));
	uint64_t *keys = kb_arena_alloc(arena, 2 * n * sizeof(*keys));

	for (size_t i = 0; i < n; i++) {
		from[i] = items[i];
		keys[i] = kb_sort_key(items[i].raw, (uint32_t)i);
	}
	kb_sort_keys(keys, keys + n, n);
	for (size_t i = 0, end; i < n; i = end) {
		end = kb_sort_equals(keys, n, i);
		if (end - i > 1)
			kb_sort(keys + i, end - i, sizeof(*keys), by_place,
				from);
	}
	for (size_t i = 0; i < n; i++)
		items[i] = from[(uint32_t)keys[i]];
}
