#include "token/piece/charsmap.h"

/* Bytes of what stands for a character; Unicode's longest has 33. */
#define TEXT_MAX 256

int kb_charsmap_open(struct kb_charsmap *map, struct kb_str bytes,
		     struct kb_err *err)
{
	uint32_t size;

	*map = (struct kb_charsmap){.texts = {"", 0}};
	if (!bytes.len)
		return 0;
	if (bytes.len < sizeof(size))
		return kb_err_set(err, KB_EFORMAT,
				  "precompiled_charsmap is cut short");
	memcpy(&size, bytes.ptr, sizeof(size));
	if (size > bytes.len - sizeof(size) || size % sizeof(*map->units))
		return kb_err_set(err, KB_EFORMAT,
				  "precompiled_charsmap is cut short, or none");
	map->units = (const void *)(bytes.ptr + sizeof(size));
	map->n_units = size / sizeof(*map->units);
	map->texts = kb_str_skip(bytes, sizeof(size) + size);
	return 0;
}

/* ---- units, as Darts-clone lays them out ---- */

static size_t offset_of(uint32_t unit)
{
	return (size_t)(unit >> 10) << ((unit & 1u << 9) >> 6);
}

static bool has_leaf(uint32_t unit)
{
	return unit >> 8 & 1;
}

/* With the bit of a leaf, which is no label. */
static uint32_t label_of(uint32_t unit)
{
	return unit & (1u << 31 | 0xff);
}

static struct kb_str text_at(const struct kb_charsmap *map, size_t at)
{
	struct kb_str rest = kb_str_skip(map->texts, at);
	const char *nul;

	if (rest.len > TEXT_MAX)
		rest.len = TEXT_MAX;
	nul = memchr(rest.ptr, '\0', rest.len);
	if (nul)
		rest.len = (size_t)(nul - rest.ptr);
	return rest;
}

bool kb_charsmap_find(const struct kb_charsmap *map, struct kb_str key,
		      struct kb_str *out)
{
	size_t at = 0;

	if (!map->n_units)
		return false;
	at = offset_of(map->units[0]);
	for (size_t i = 0; i < key.len && key.ptr[i]; i++) {
		unsigned char c = (unsigned char)key.ptr[i];
		uint32_t unit;

		at ^= c;
		if (at >= map->n_units)
			return false;
		unit = map->units[at];
		if (label_of(unit) != c)
			return false;
		at ^= offset_of(unit);
		if (!has_leaf(unit))
			continue;
		if (at >= map->n_units)
			return false;
		at = map->units[at] & ~(1u << 31);
		if (at > map->texts.len)
			return false;
		*out = text_at(map, at);
		return true;
	}
	return false;
}
