#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void kb_map_init(struct kb_map *map)
{
	*map = (struct kb_map){0};
}

void kb_map_release(struct kb_map *map)
{
	free(map->slots);
	free(map->used);
	*map = (struct kb_map){0};
}

void kb_map_clear(struct kb_map *map)
{
	if (map->cap)
		memset(map->used, 0, map->cap);
	map->n = 0;
}

static size_t slot_of(const struct kb_map *map, uint64_t key)
{
	size_t mask = map->cap - 1;
	size_t i = (size_t)kb_mix64(key) & mask;

	/* the walk ends at a free slot */
	assert(map->cap && !(map->cap & mask));
	assert(map->n < map->cap);
	while (map->used[i] && map->slots[i].key != key)
		i = (i + 1) & mask;
	return i;
}

uint64_t *kb_map_get(const struct kb_map *map, uint64_t key)
{
	size_t i;

	if (!map->n)
		return NULL;
	i = slot_of(map, key);
	return map->used[i] ? &map->slots[i].value : NULL;
}

static void grow(struct kb_map *map)
{
	struct kb_map old = *map;

	map->cap = old.cap ? old.cap * 2 : 16;
	map->slots = kb_reallocarray(NULL, map->cap, sizeof(*map->slots));
	map->used = kb_calloc(map->cap, 1);
	for (size_t i = 0; i < old.cap; i++) {
		size_t j;

		if (!old.used[i])
			continue;
		j = slot_of(map, old.slots[i].key);
		map->used[j] = 1;
		map->slots[j] = old.slots[i];
	}
	free(old.slots);
	free(old.used);
}

uint64_t *kb_map_put(struct kb_map *map, uint64_t key, bool *added)
{
	size_t i;

	if (map->n * 3 >= map->cap * 2)
		grow(map);
	i = slot_of(map, key);
	if (added)
		*added = !map->used[i];
	if (!map->used[i]) {
		map->used[i] = 1;
		map->slots[i] = (struct kb_map_slot){key, 0};
		map->n++;
	}
	return &map->slots[i].value;
}

bool kb_map_next(const struct kb_map *map, size_t *pos,
		 struct kb_map_slot *slot)
{
	while (*pos < map->cap) {
		size_t i = (*pos)++;

		if (map->used[i]) {
			*slot = map->slots[i];
			return true;
		}
	}
	return false;
}
