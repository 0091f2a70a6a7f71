#include "base/hash.h"

#include <stdbool.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the index format is little-endian; big-endian hosts are not supported"
#endif

/* Multiply-fold over 16-byte steps, in the manner of wyhash. */
uint64_t kb_hash64_long(const void *ptr, size_t len, uint64_t seed)
{
	const unsigned char *p = ptr;
	uint64_t h = seed ^ KB_HASH_SEED;
	size_t n = len;

	for (; n > 16; n -= 16, p += 16)
		h = kb_hash_fold(kb_load64(p) ^ KB_HASH_STEP,
				 kb_load64(p + 8) ^ h);
	return kb_hash64_end(p, n, h, len);
}

static uint32_t crc_table[8][256];

static void build_crc_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = c & 1 ? (c >> 1) ^ 0x82f63b78u : c >> 1;
		crc_table[0][i] = c;
	}
	for (uint32_t i = 0; i < 256; i++)
		for (int t = 1; t < 8; t++)
			crc_table[t][i] =
			    crc_table[0][crc_table[t - 1][i] & 255] ^
			    (crc_table[t - 1][i] >> 8);
}

static uint32_t crc_soft(uint32_t crc, const unsigned char *p, size_t len)
{
	for (; len >= 8; len -= 8, p += 8) {
		uint64_t v = kb_load64(p) ^ crc;

		crc = crc_table[7][v & 255] ^ crc_table[6][(v >> 8) & 255] ^
		      crc_table[5][(v >> 16) & 255] ^
		      crc_table[4][(v >> 24) & 255] ^
		      crc_table[3][(v >> 32) & 255] ^
		      crc_table[2][(v >> 40) & 255] ^
		      crc_table[1][(v >> 48) & 255] ^ crc_table[0][v >> 56];
	}
	while (len--)
		crc = crc_table[0][(crc ^ *p++) & 255] ^ (crc >> 8);
	return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc_sse42(
    uint32_t crc, const unsigned char *p, size_t len)
{
	uint64_t c = crc;

	for (; len >= 8; len -= 8, p += 8)
		c = __builtin_ia32_crc32di(c, kb_load64(p));
	while (len--)
		c = __builtin_ia32_crc32qi((uint32_t)c, *p++);
	return (uint32_t)c;
}
#endif

static bool have_crc;

/* Before main, so that threads find the table built. */
__attribute__((constructor)) static void choose_crc(void)
{
#if defined(__x86_64__)
	__builtin_cpu_init();
	have_crc = __builtin_cpu_supports("sse4.2");
#endif
	if (!have_crc)
		build_crc_table();
}

uint32_t kb_crc32c(uint32_t crc, const void *ptr, size_t len)
{
	crc = ~crc;
#if defined(__x86_64__)
	if (have_crc)
		return ~crc_sse42(crc, ptr, len);
#endif
	return ~crc_soft(crc, ptr, len);
}
