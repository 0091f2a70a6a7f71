/*
 * Hashes and checksums.
 *
 * kb_hash64 is fixed for ever (term keys and identities on disk depend on
 * it) and is not meant to resist an attacker. kb_crc32c is the Castagnoli
 * polynomial, as in iSCSI (RFC 3720, B.4).
 */
#ifndef KB_BASE_HASH_H
#define KB_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t kb_hash64(const void *ptr, size_t len, uint64_t seed);

/* Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection. */
static inline uint64_t kb_mix64(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* Continue crc (start with 0) over len bytes. */
uint32_t kb_crc32c(uint32_t crc, const void *ptr, size_t len);

#endif
