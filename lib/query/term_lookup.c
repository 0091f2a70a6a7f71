#include "query/term_lookup.h"

#include <stdlib.h>

#define SLOT_BITS 9

struct slot {
	uint64_t key; /* no term's is 0: free */
	uint32_t segment;
	bool found;
	struct kb_term_info info;
};

struct kb_lookup {
	struct slot slots[1 << SLOT_BITS];
};

struct kb_lookup *kb_lookup_new(void)
{
	return kb_calloc(1, sizeof(struct kb_lookup));
}

void kb_lookup_free(struct kb_lookup *lookup)
{
	free(lookup);
}

void kb_lookup_clear(struct kb_lookup *lookup)
{
	memset(lookup, 0, sizeof(*lookup));
}

bool kb_scope_find(const struct kb_scope *scope, size_t segment, uint64_t key,
		   struct kb_term_info *info)
{
	const struct kb_segment *seg = scope->segments[segment].segment;
	struct slot *slot;

	if (!scope->lookup)
		return kb_segment_find_term(seg, key, info);
	slot = &scope->lookup->slots[(key + segment) * 0x9e3779b97f4a7c15u >>
				     (64 - SLOT_BITS)];
	if (slot->key != key || slot->segment != segment) {
		slot->key = key;
		slot->segment = (uint32_t)segment;
		slot->found = kb_segment_find_term(seg, key, &slot->info);
	}
	if (slot->found)
		*info = slot->info;
	return slot->found;
}

uint64_t kb_scope_frequency(const struct kb_scope *scope, uint64_t key)
{
	struct kb_term_info info;
	uint64_t df = 0;

	for (size_t i = 0; i < scope->n; i++)
		if (kb_scope_find(scope, i, key, &info))
			df += info.df_live;
	return df;
}
