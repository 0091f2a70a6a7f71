#include "token/bpe_whole.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"

/* Tokens by their hash, those of one hash in a chain. */
struct entry {
	struct kb_str token;
	uint32_t id, next;
};

struct kb_bpe_whole {
	struct kb_map map; /* hash -> 1 + the first of its chain */
	struct kb_arena arena;
	struct entry *entries;
	size_t n, cap;
};

struct kb_bpe_whole *kb_bpe_whole_new(size_t n)
{
	struct kb_bpe_whole *whole = kb_calloc(1, sizeof(*whole));

	kb_map_init(&whole->map);
	kb_arena_init(&whole->arena);
	kb_grow(&whole->entries, &whole->cap, n + 1, sizeof(*whole->entries));
	return whole;
}

void kb_bpe_whole_free(struct kb_bpe_whole *whole)
{
	if (!whole)
		return;
	kb_map_release(&whole->map);
	kb_arena_release(&whole->arena);
	free(whole->entries);
	free(whole);
}

static struct entry *find(const struct kb_bpe_whole *whole, const char *piece,
			  size_t len)
{
	const uint64_t *first =
	    kb_map_get(&whole->map, kb_xxh64(piece, len, 0));

	for (uint64_t i = first ? *first : 0; i; i = whole->entries[i - 1].next)
		if (whole->entries[i - 1].token.len == len &&
		    !memcmp(whole->entries[i - 1].token.ptr, piece, len))
			return &whole->entries[i - 1];
	return NULL;
}

bool kb_bpe_whole_find(const struct kb_bpe_whole *whole, const char *piece,
		       size_t len, uint32_t *id)
{
	const struct entry *entry = find(whole, piece, len);

	if (entry)
		*id = entry->id;
	return entry != NULL;
}

void kb_bpe_whole_add(struct kb_bpe_whole *whole, struct kb_str token,
		      uint32_t id)
{
	struct entry *entry = find(whole, token.ptr, token.len);
	uint64_t *first;

	if (entry) {
		entry->id = id;
		return;
	}
	kb_grow(&whole->entries, &whole->cap, whole->n + 1,
		sizeof(*whole->entries));
	first =
	    kb_map_put(&whole->map, kb_xxh64(token.ptr, token.len, 0), NULL);
	whole->entries[whole->n++] = (struct entry){
	    kb_arena_copy(&whole->arena, token), id, (uint32_t)*first};
	*first = whole->n;
}
