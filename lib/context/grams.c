#include "context/grams.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define GRAM 4 /* bytes */

/* The place of the four bytes at p in the filter. */
static unsigned place_of(const char *p)
{
	uint32_t v;

	memcpy(&v, p, GRAM);
	return v * 0x9e3779b1u >> 20;
}

void kb_grams_read(struct kb_grams *grams, struct kb_str text)
{
	_Static_assert(sizeof(grams->marks) == 1 << 12, "as place_of() says");
	bool full = text.len > KB_GRAMS_TEXT;

	grams->text = text;
	memset(grams->marks, full, sizeof(grams->marks));
	for (size_t i = 0; !full && i + GRAM <= text.len; i++)
		grams->marks[place_of(text.ptr + i)] = true;
}

static bool may_hold(const struct kb_grams *grams, const char *p)
{
	return grams->marks[place_of(p)];
}

bool kb_grams_hold(const struct kb_grams *grams, struct kb_str part)
{
	if (!part.len || part.len > grams->text.len)
		return false;
	if (part.len >= GRAM && (!may_hold(grams, part.ptr) ||
				 !may_hold(grams, part.ptr + part.len - GRAM)))
		return false;
	return kb_text_holds(grams->text, part);
}

#ifdef __SSE2__
#define LANE 16

/* Does the part begin within the LANE bytes from p on? All of it is there. Two
 * of its bytes are compared first: its last, and the third or second, which
 * tell characters of three bytes apart. */
static bool begins_at(const char *p, struct kb_str part)
{
	size_t a = part.len > 2 ? 2 : 1, b = part.len - 1;
	const void *from_a = p + a, *from_b = p + b;
	__m128i hit = _mm_and_si128(
	    _mm_cmpeq_epi8(_mm_loadu_si128(from_a), _mm_set1_epi8(part.ptr[a])),
	    _mm_cmpeq_epi8(_mm_loadu_si128(from_b),
			   _mm_set1_epi8(part.ptr[b])));
	unsigned mask = (unsigned)_mm_movemask_epi8(hit);

	for (; mask; mask &= mask - 1)
		if (!memcmp(p + __builtin_ctz(mask), part.ptr, part.len))
			return true;
	return false;
}

bool kb_text_holds(struct kb_str text, struct kb_str part)
{
	size_t last; /* the last place it may begin at */

	if (part.len < 2 || part.len + LANE > text.len)
		return kb_str_has(text, part);
	last = text.len - part.len;
	for (size_t i = 0; i + LANE <= last; i += LANE)
		if (begins_at(text.ptr + i, part))
			return true;
	/* the last ones, some of them again */
	return begins_at(text.ptr + last + 1 - LANE, part);
}
#else
bool kb_text_holds(struct kb_str text, struct kb_str part)
{
	return kb_str_has(text, part);
}
#endif
