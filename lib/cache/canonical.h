/*
 * A hash of what a JSON value says, however it is spelled.
 *
 * The order of members, duplicates before the last, white space, escapes, the
 * normal form of strings (NFC counts) and the spelling of numbers make no
 * difference (1.0, 1 and 1e0 are one; integers beyond 64 bits are as they are
 * spelled). Of an array or object it is the hash of those of its elements, so
 * that the time is linear in the text, however deep it nests. The seed is to be
 * a secret: the hash alone decides that two values are the same.
 */
#ifndef KB_CACHE_CANONICAL_H
#define KB_CACHE_CANONICAL_H

#include "base/hash.h"
#include "json/rec.h"

/* Scratch memory comes from the arena. skip, which may be NULL, names members
 * of the outermost object that do not count; a NULL ends it. */
struct kb_hash128 kb_canonical_hash(struct kb_json val, const char *const *skip,
				    uint64_t seed, struct kb_arena *arena);

/* That of a JSON string with this text. */
struct kb_hash128 kb_canonical_hash_text(struct kb_str text, uint64_t seed,
					 struct kb_arena *arena);

/* That of an array of two, to make one of several. */
struct kb_hash128 kb_canonical_join(struct kb_hash128 a, struct kb_hash128 b,
				    uint64_t seed);

#endif
