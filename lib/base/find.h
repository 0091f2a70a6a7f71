/*
 * A short text in another: memmem(3) prepares a table for each search, which
 * costs more than the search where texts are of a sentence's length.
 */
#ifndef KB_BASE_FIND_H
#define KB_BASE_FIND_H

#include <stddef.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first place of n > 0 bytes in text, or NULL: by the first and the last
 * of them, sixteen places at a time. */
static inline const char *kb_find(const char *text, size_t len,
				  const char *part, size_t n)
{
	size_t i = 0;

	if (n > len)
		return NULL;
#ifdef __SSE2__
	for (const __m128i first = _mm_set1_epi8(part[0]),
			   last = _mm_set1_epi8(part[n - 1]);
	     len - i >= n + 15; i += 16) {
		const char *p = text + i;
		__m128i a = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i b =
		    _mm_loadu_si128((const __m128i *)(const void *)(p + n - 1));
		int mask = _mm_movemask_epi8(_mm_and_si128(
		    _mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));

		for (; mask; mask &= mask - 1) {
			int at = __builtin_ctz((unsigned)mask);

			if (!memcmp(p + at, part, n))
				return p + at;
		}
	}
#endif
	for (; i + n <= len; i++)
		if (text[i] == *part && !memcmp(text + i, part, n))
			return text + i;
	return NULL;
}

#endif
