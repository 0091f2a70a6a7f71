#include "base/sort.h"

enum { FROM = 4, TO = 8, VALUES = 256 }; /* bytes of a key */

void kb_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n)
{
	uint32_t at[TO - FROM][VALUES] = {0};
	uint64_t *from = keys, *to = scratch;

	for (size_t i = 0; i < n; i++)
		for (unsigned b = FROM; b < TO; b++)
			at[b - FROM][keys[i] >> 8 * b & 255]++;
	for (unsigned b = FROM; b < TO && n; b++) {
		uint32_t *counts = at[b - FROM], sum = 0;
		uint64_t *t = from;

		/* nearly always the sign and most of the exponent */
		if (counts[keys[0] >> 8 * b & 255] == n)
			continue;
		for (size_t v = 0; v < VALUES; v++) {
			uint32_t count = counts[v];

			counts[v] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			to[counts[from[i] >> 8 * b & 255]++] = from[i];
		from = to;
		to = t;
	}
	if (from != keys)
		memcpy(keys, from, n * sizeof(*keys));
}
