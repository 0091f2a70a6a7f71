#include "posting/term_sketch.h"

#include <string.h>

_Static_assert(sizeof(struct kb_term_sketch) == 16, "sketch of a passage");

#define EMPTY UINT64_MAX
/* Odd, with no pattern: 2^64 over the golden ratio; a finalizer's. */
#define ORDER 0x9e3779b97f4a7c15u
#define MIX   0xff51afd7ed558ccdu

void kb_sketching_begin(struct kb_sketching *s)
{
	memset(s->least, 0xff, sizeof(s->least));
	s->order = 0;
	s->n = 0;
}

static inline uint64_t mix(uint64_t key)
{
	key *= ORDER;
	key ^= key >> 32;
	return key * MIX;
}

void kb_sketching_add(struct kb_sketching *s, const struct kb_terms *terms)
{
	for (size_t i = 0; i < terms->n; i++) {
		uint64_t key = terms->items[i].key, hash;
		enum kb_term_class class = kb_term_class(key);
		uint64_t *least;

		s->n += class != KB_TERM_USER;
		if (class != KB_TERM_HAN1 && class != KB_TERM_WORD)
			continue;
		s->order = (s->order + key) * ORDER;
		/* the bin by the top bits, its bit by the middle ones: the
		 * low bits of a product hang on few bits of the key */
		hash = mix(key);
		least = &s->least[hash >> 58];
		*least = hash < *least ? hash : *least;
	}
}

struct kb_term_sketch kb_sketching_end(const struct kb_sketching *s)
{
	struct kb_term_sketch sketch = {0, (uint32_t)(s->order >> 32), s->n};

	for (unsigned i = 0; i < 64; i++)
		if (s->least[i] != EMPTY)
			sketch.minima |= (s->least[i] >> 32 & 1) << i;
	return sketch;
}
