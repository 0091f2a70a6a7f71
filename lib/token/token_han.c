#include <assert.h>
#include <string.h>

#include "token/token_estimate.h"

#define HAN_BYTES 3

/* The word of kb_token_single that the character at p has its bit in; those of
 * U+4E00 to U+9FFF have one. */
static bool is_han(const unsigned char *p, uint32_t *word)
{
	*word = ((uint32_t)p[0] << 6) + p[1] - ((0xe4u << 6) + 0xb8);
	return *word < KB_TOKEN_HAN / 64 && (p[1] & 0xc0) == 0x80 &&
	       (p[2] & 0xc0) == 0x80;
}

/* Do two characters begin a token? Of others one in 26 is taken for such. */
static bool is_pair(const unsigned char *p)
{
	uint64_t bytes = 0;
	uint32_t h;

	memcpy(&bytes, p, 2 * HAN_BYTES);
	h = (uint32_t)(bytes * UINT64_C(0x9e3779b97f4a7c15) >> 48);
	return kb_token_pairs[h / 64] >> (h % 64) & 1;
}

void kb_token_han(const char *text, size_t len, uint32_t found[2])
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t word, next;
	size_t at = 0;

	assert(text || !len);
	found[0] = found[1] = 0;
	while (at + HAN_BYTES <= len) {
		if (!is_han(p + at, &word)) {
			at++;
			continue;
		}
		if (at + 2 * HAN_BYTES <= len &&
		    is_han(p + at + HAN_BYTES, &next) && is_pair(p + at)) {
			found[0]++;
			at += 2 * HAN_BYTES;
			continue;
		}
		found[1] += !(kb_token_single[word] >> (p[at + 2] & 63) & 1);
		at += HAN_BYTES;
	}
}
