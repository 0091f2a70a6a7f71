#include "context/grams.h"

#define GRAM 4 /* bytes */

/* The bit of the four bytes at p, of those of the filter. */
static unsigned bit_of(const char *p)
{
	uint32_t v;

	memcpy(&v, p, GRAM);
	return v * 0x9e3779b1u >> 20;
}

void kb_grams_read(struct kb_grams *grams, struct kb_str text)
{
	_Static_assert(sizeof(grams->bits) * 8 == 1 << 12, "bits of bit_of()");
	bool full = text.len > KB_GRAMS_TEXT;

	grams->text = text;
	memset(grams->bits, full ? 0xff : 0, sizeof(grams->bits));
	for (size_t i = 0; !full && i + GRAM <= text.len; i++) {
		unsigned bit = bit_of(text.ptr + i);

		grams->bits[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

static bool may_hold(const struct kb_grams *grams, const char *p)
{
	unsigned bit = bit_of(p);

	return grams->bits[bit / 64] >> bit % 64 & 1;
}

bool kb_grams_hold(const struct kb_grams *grams, struct kb_str part)
{
	if (!part.len || part.len > grams->text.len)
		return false;
	if (part.len >= GRAM && (!may_hold(grams, part.ptr) ||
				 !may_hold(grams, part.ptr + part.len - GRAM)))
		return false;
	return memmem(grams->text.ptr, grams->text.len, part.ptr, part.len) !=
	       NULL;
}
