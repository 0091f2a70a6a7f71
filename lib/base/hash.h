/*
 * Hashes and checksums.
 *
 * kb_xxh64() and kb_xxh128() are XXH3. Where a hash alone decides that two
 * things are the same, they take a secret seed, that of the index: whoever
 * does not know it cannot make things that agree. kb_hash64() is fixed for
 * ever, as the keys of terms on disk are made by it; there are contents that
 * make it forget what stood before them, so a name found by it is compared.
 * kb_crc32c() is the Castagnoli polynomial, as in iSCSI (RFC 3720, B.4).
 */
#ifndef KB_BASE_HASH_H
#define KB_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/load.h"

uint64_t kb_xxh64(const void *ptr, size_t len, uint64_t seed);

/* Go on from a hash with a part whose end matters: "ab", "c" is not "a", "bc".
 */
static inline uint64_t kb_xxh64_part(uint64_t hash, const void *ptr, size_t len)
{
	return kb_xxh64(ptr, len, hash + len);
}

struct kb_hash128 {
	uint64_t low, high;
};
struct kb_hash128 kb_xxh128(const void *ptr, size_t len, uint64_t seed);

/* The same of bytes that come in parts. */
struct kb_xxh128_stream;
struct kb_xxh128_stream *kb_xxh128_begin(uint64_t seed);
void kb_xxh128_add(struct kb_xxh128_stream *stream, const void *ptr,
		   size_t len);
/* The stream is freed. */
struct kb_hash128 kb_xxh128_end(struct kb_xxh128_stream *stream);

/* Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection. */
static inline uint64_t kb_mix64(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

#define KB_HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
#define KB_HASH_STEP UINT64_C(0xd6e8feb86659fd93)

static inline uint64_t kb_hash_fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 u128;
	u128 r = (u128)a * b;

	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

/* The last step: two words of what is left of len bytes in all. */
static inline uint64_t kb_hash64_pair(uint64_t a, uint64_t b, uint64_t h,
				      size_t len)
{
	return kb_mix64(kb_hash_fold(a ^ KB_HASH_STEP, b ^ h) ^ (uint64_t)len);
}

/* The hash h of what stands before them with the last n bytes, 16 at most, of
 * len in all. */
static inline uint64_t kb_hash64_end(const unsigned char *p, size_t n,
				     uint64_t h, size_t len)
{
	uint64_t a = 0, b = 0;

	if (n >= 8) {
		a = kb_load64(p);
		b = kb_load64(p + n - 8);
	} else if (n >= 4) {
		a = kb_load32(p);
		b = kb_load32(p + n - 4);
	} else if (n) {
		a = (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
	}
	return kb_hash64_pair(a, b, h, len);
}

uint64_t kb_hash64_long(const void *ptr, size_t len, uint64_t seed);

/* Words are short, and hashed in place. */
static inline uint64_t kb_hash64(const void *ptr, size_t len, uint64_t seed)
{
	return len > 16 ? kb_hash64_long(ptr, len, seed)
			: kb_hash64_end(ptr, len, seed ^ KB_HASH_SEED, len);
}

/* Continue crc (start with 0) over len bytes. */
uint32_t kb_crc32c(uint32_t crc, const void *ptr, size_t len);

#endif
