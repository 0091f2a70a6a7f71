/*
 * Sorting small arrays of small things: qsort_r() whose comparison and size
 * the compiler sees at the call, so that both become plain instructions. For
 * a few hundred candidates that is several times faster.
 *
 * Shell's sort with Tokuda's gaps (1992): in place, without recursion, far
 * from quadratic for any input. Equal items may change places.
 */
#ifndef KB_BASE_SORT_H
#define KB_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KB_SORT_SIZE_MAX 64 /* bytes of an item */

/* compare(a, b, arg) as for qsort_r(); size is a constant up to
 * KB_SORT_SIZE_MAX. */
__attribute__((always_inline)) static inline void kb_sort(
    void *items, size_t n, size_t size,
    int (*compare)(const void *a, const void *b, void *arg), void *arg)
{
	unsigned char item[KB_SORT_SIZE_MAX], *base = items;
	size_t gap = 1;

	while (gap < n / 2)
		gap = gap * 9 / 4 + 1;
	for (; n > 1; gap = gap * 4 / 9) {
		for (size_t i = gap; i < n; i++) {
			size_t at = i;

			memcpy(item, base + i * size, size);
			while (at >= gap &&
			       compare(item, base + (at - gap) * size, arg) <
				   0) {
				memcpy(base + at * size,
				       base + (at - gap) * size, size);
				at -= gap;
			}
			memcpy(base + at * size, item, size);
		}
		if (gap <= 1)
			break;
	}
}

/*
 * Scores with the numbers of what they belong to, as keys: ascending keys are
 * the best scores first, those of equal scores by number. No score is NaN.
 */
static inline uint64_t kb_sort_key(float score, uint32_t number)
{
	uint32_t bits;

	score += 0.0f; /* no negative zero */
	memcpy(&bits, &score, sizeof(bits));
	bits ^= bits >> 31 ? 0 : UINT32_MAX >> 1;
	return (uint64_t)bits << 32 | number;
}

/* Sort keys whose numbers ascend as they stand: by the bytes of the scores,
 * each with a count and a move. Room for n in scratch; n below 2^32. */
void kb_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n);

/* Keys of one score stand side by side: where do those of key i end? */
static inline size_t kb_sort_equals(const uint64_t *keys, size_t n, size_t i)
{
	size_t end = i + 1;

	while (end < n && keys[end] >> 32 == keys[i] >> 32)
		end++;
	return end;
}

#endif
