#include "base/hash.h"

/* In line, for this source alone: the library is not linked. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/err.h"

uint64_t kb_xxh64(const void *ptr, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(ptr, len, seed);
}

struct kb_hash128 kb_xxh128(const void *ptr, size_t len, uint64_t seed)
{
	XXH128_hash_t hash = XXH3_128bits_withSeed(ptr, len, seed);

	return (struct kb_hash128){hash.low64, hash.high64};
}

struct kb_xxh128_stream {
	XXH3_state_t state;
};

struct kb_xxh128_stream *kb_xxh128_begin(uint64_t seed)
{
	/* aligned as the state wants it */
	struct kb_xxh128_stream *s = aligned_alloc(64, sizeof(*s));

	if (!s)
		kb_oom();
	XXH3_INITSTATE(&s->state);
	XXH3_128bits_reset_withSeed(&s->state, seed);
	return s;
}

void kb_xxh128_add(struct kb_xxh128_stream *s, const void *ptr, size_t len)
{
	XXH3_128bits_update(&s->state, ptr, len);
}

struct kb_hash128 kb_xxh128_end(struct kb_xxh128_stream *s)
{
	XXH128_hash_t hash = XXH3_128bits_digest(&s->state);

	free(s);
	return (struct kb_hash128){hash.low64, hash.high64};
}
