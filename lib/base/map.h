/*
 * Hash map from 64-bit keys to 64-bit values, open addressing.
 *
 * Strings are keyed by kb_xxh64() where a collision of 64 bits is harmless
 * or checked by the caller. Any key value is allowed. The map owns its
 * table; kb_map_release() frees it. The order of iteration means nothing;
 * sort what goes to output.
 */
#ifndef KB_BASE_MAP_H
#define KB_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct kb_map_slot {
	uint64_t key;
	uint64_t value;
};

struct kb_map {
	struct kb_map_slot *slots;
	unsigned char *used; /* one byte a slot */
	size_t n, cap;	     /* cap is 0 or a power of two */
};

void kb_map_init(struct kb_map *map);
void kb_map_release(struct kb_map *map);
void kb_map_clear(struct kb_map *map);

/* Have the key's slot fetched from memory, for whoever puts many keys and knows
 * the next ones. */
static inline void kb_map_prefetch(const struct kb_map *map, uint64_t key)
{
	size_t i = (size_t)kb_mix64(key) & (map->cap - 1);

	if (map->cap) {
		__builtin_prefetch(&map->slots[i]);
		__builtin_prefetch(&map->used[i]);
	}
}

/* The value's place, or NULL. Valid until the next kb_map_put(). */
uint64_t *kb_map_get(const struct kb_map *map, uint64_t key);

/* The value's place, made with value 0 when new (*added says so; may be
 * NULL). Valid until the next kb_map_put(). */
uint64_t *kb_map_put(struct kb_map *map, uint64_t key, bool *added);

/* Iterate: start with *pos = 0; false at the end. */
bool kb_map_next(const struct kb_map *map, size_t *pos,
		 struct kb_map_slot *slot);

#endif
