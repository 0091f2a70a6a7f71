#include "text/lang.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"
#include "text/script.h"

/* Han from i on, as far as two by two are seen to be; returns their end. */
static size_t skip_han(const char *text, size_t len, size_t i)
{
	uint64_t pair;

	while (len - i >= 8 && kb_utf8_pair(text + i, &pair) &&
	       (pair & 255) - 0xe5 < 5 && (pair >> 24 & 255) - 0xe5 < 5)
		i += KB_UTF8_PAIR_SIZE;
	return i;
}

#define LANE 16

/* A bit for each letter and each apostrophe of the LANE bytes at p; returns
 * how many of them are ASCII before the first that is not. */
static unsigned read_lane(const char *p, unsigned *letters,
			  unsigned *apostrophes)
{
#ifdef __SSE2__
	const void *from = p;
	__m128i v = _mm_loadu_si128(from);
	__m128i i = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(32)),
				 _mm_set1_epi8('a'));
	unsigned wide = (unsigned)_mm_movemask_epi8(v);

	i = _mm_cmpeq_epi8(_mm_min_epu8(i, _mm_set1_epi8(25)), i);
	*letters = (unsigned)_mm_movemask_epi8(i);
	*apostrophes =
	    (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\'')));
#else
	unsigned wide = 0;

	*letters = *apostrophes = 0;
	for (unsigned i = 0; i < LANE; i++) {
		wide |= ((unsigned char)p[i] >= 0x80) << i;
		*letters |= (((unsigned char)p[i] | 32u) - 'a' < 26) << i;
		*apostrophes |= (p[i] == '\'') << i;
	}
#endif
	return (unsigned)__builtin_ctz(wide | 1u << LANE);
}

/*
 * Passes the ASCII that LANE bytes begin with: the words that begin in it are
 * counted, and *in_word says whether one goes on. An apostrophe goes on with
 * the word before it: adding the first of a row of them to the row gives the
 * place behind it.
 */
static size_t skip_ascii(const char *p, unsigned *in_word, size_t *words)
{
	unsigned letters, marks, behind, joined;
	unsigned n = read_lane(p, &letters, &marks), all = (1u << n) - 1;

	letters &= all;
	marks &= all;
	behind = letters << 1 | *in_word;
	joined = (marks + (behind & marks)) & ~marks;
	*words += (size_t)__builtin_popcount(letters & ~behind & ~joined);
	if (n)
		*in_word = (((behind & ~marks) | joined) >> n) & 1;
	return n;
}

enum kb_lang kb_lang_main(const char *text, size_t len)
{
	size_t han = 0, latin = 0;
	unsigned in_word = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t end;

		if ((unsigned char)text[i] < 0x80 && len - i >= LANE) {
			i += skip_ascii(text + i, &in_word, &latin);
			continue;
		}
		if ((unsigned char)text[i] < 0x80) {
			/* no branch: where words end cannot be foreseen */
			unsigned letter =
			    ((unsigned char)text[i] | 32u) - 'a' < 26;

			latin += letter & !in_word;
			in_word = letter | (in_word & (text[i] == '\''));
			i++;
			continue;
		}
		end = skip_han(text, len, i);
		if (end > i) {
			han += (end - i) / 3;
			in_word = 0;
			i = end;
			continue;
		}
		i += kb_utf8_next(text + i, len - i, &cp);
		if (cp >= 0xc0 && cp <= 0x24f) {
			latin += !in_word;
			in_word = 1;
		} else {
			in_word = 0;
			han += kb_is_han(cp);
		}
	}
	return han && han * 10 >= (han + latin) * 4 ? KB_LANG_ZH : KB_LANG_EN;
}
