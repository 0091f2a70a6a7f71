#include "token/bpe_piece.h"

#include <assert.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/simd.h"
#include "base/str.h"

#define INLINE static inline __attribute__((always_inline))

/*
 * A pair is its rank and its place in one number, so that the smallest is the
 * one to merge, and the leftmost of equals. Tokens do not move when others are
 * merged. Before the first and behind the last stands KB_BPE_NO_ID, which has
 * no rank with anything: no step asks whether there is a neighbour.
 */
#define PLACE_BITS 7
#define PLACES	   (1 << PLACE_BITS)
#define NONE	   ((int32_t)(KB_BPE_NO_RANK << PLACE_BITS))

_Static_assert(KB_BPE_SHORT + 2 <= PLACES, "a place fits");
_Static_assert(KB_BPE_RANK_BITS + PLACE_BITS < 31, "a pair fits");

/* What is left of the n tokens at places 1 to n, to ids[]. */
INLINE size_t gather(const uint32_t *id, const uint8_t *next, size_t n,
		     uint32_t *ids)
{
	size_t left = 0;

	for (size_t i = 1; i <= n; i = next[i])
		ids[left++] = id[i];
	return left;
}

#define ROW(n) \
	(n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7
#define ROWS(n) ROW(n), ROW((n) + 8), ROW((n) + 16), ROW((n) + 24)

/* The place before each, and two further on the one behind it. */
static const uint8_t neighbours[PLACES + 2] = {255,	 ROWS(0),  ROWS(32),
					       ROWS(64), ROWS(96), PLACES};

/* 'places' is how many there are, a constant. */
INLINE void begin(uint32_t *id, uint8_t *next, uint8_t *before,
		  const uint32_t *ids, size_t n, size_t places)
{
	memcpy(id + 1, ids, n * sizeof(*ids));
	id[0] = id[n + 1] = KB_BPE_NO_ID;
	memcpy(next, neighbours + 2, places);
	memcpy(before, neighbours, places);
}

static int32_t pair_of(const struct kb_bpe *bpe, const uint32_t *id, size_t at,
		       size_t next)
{
	return (int32_t)(kb_bpe_rank(bpe, id[at], id[next]) << PLACE_BITS | at);
}

size_t kb_bpe_merge_plain(const struct kb_bpe *bpe, uint32_t *ids, size_t n)
{
	int32_t pair[PLACES];
	uint32_t id[PLACES] = {0};
	uint8_t next[PLACES], before[PLACES];

	begin(id, next, before, ids, n, PLACES);
	for (size_t i = 0; i <= n; i++)
		pair[i] = pair_of(bpe, id, i, i + 1);
	for (;;) {
		int32_t least = NONE;
		size_t at, gone;

		for (size_t i = 1; i < n; i++)
			least = pair[i] < least ? pair[i] : least;
		if (least == NONE)
			return gather(id, next, n, ids);
		at = (size_t)least & (PLACES - 1);
		gone = next[at];
		id[at] = kb_bpe_id(bpe, (uint32_t)least >> PLACE_BITS);
		next[at] = next[gone];
		before[next[gone]] = (uint8_t)at;
		pair[gone] = NONE;
		pair[at] = pair_of(bpe, id, at, next[at]);
		pair[before[at]] = pair_of(bpe, id, before[at], at);
	}
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

/* A group of the table at once. */
AVX2 INLINE uint32_t rank_avx2(const struct kb_bpe *bpe, uint32_t left,
			       uint32_t right)
{
	uint64_t key = kb_bpe_key(left, right), hash = kb_bpe_hash(key);
	const uint32_t *slots = bpe->slots + kb_bpe_home(hash, bpe->n_groups);
	__m256i wanted = _mm256_set1_epi32((int32_t)kb_bpe_tag(hash));

	for (;; slots += KB_BPE_GROUP) {
		const void *group = slots;
		__m256i tags = _mm256_srli_epi32(_mm256_load_si256(group),
						 KB_BPE_RANK_BITS);
		unsigned found = (unsigned)_mm256_movemask_ps(
		    _mm256_castsi256_ps(_mm256_cmpeq_epi32(tags, wanted)));

		for (; found; found &= found - 1) {
			uint32_t rank =
			    slots[_tzcnt_u32(found)] & KB_BPE_NO_RANK;

			if (rank == KB_BPE_NO_RANK || bpe->pairs[rank] == key)
				return rank;
		}
		if (slots[KB_BPE_GROUP - 1] == KB_BPE_FREE)
			return KB_BPE_NO_RANK;
	}
}

AVX2 INLINE int32_t pair_avx2(const struct kb_bpe *bpe, const uint32_t *id,
			      size_t at, size_t next)
{
	return (int32_t)(rank_avx2(bpe, id[at], id[next]) << PLACE_BITS | at);
}

AVX2 INLINE int32_t smallest(__m256i v)
{
	__m128i x = _mm_min_epi32(_mm256_castsi256_si128(v),
				  _mm256_extracti128_si256(v, 1));

	x = _mm_min_epi32(x, _mm_shuffle_epi32(x, 0x4e));
	x = _mm_min_epi32(x, _mm_shuffle_epi32(x, 0xb1));
	return _mm_cvtsi128_si32(x);
}

/* Lanes of v, whose places are in 'lanes', that are 'at' become 'pair'. */
AVX2 INLINE __m256i put(__m256i v, __m256i lanes, size_t at, int32_t pair)
{
	return _mm256_blendv_epi8(
	    v, _mm256_set1_epi32(pair),
	    _mm256_cmpeq_epi32(lanes, _mm256_set1_epi32((int32_t)at)));
}

#define LANES	   8
#define IN_VECTORS (2 * LANES - 2)

/*
 * Few tokens, most of what there is: their pairs stay in two registers, as a
 * vector that is read right behind a write to one of its numbers waits.
 */
AVX2 static size_t merge_few(const struct kb_bpe *bpe, uint32_t *ids, size_t n)
{
	const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	const __m256i more = _mm256_setr_epi32(8, 9, 10, 11, 12, 13, 14, 15);
	_Alignas(32) int32_t pair[2 * LANES];
	uint32_t id[2 * LANES] = {0};
	uint8_t next[2 * LANES], before[2 * LANES];
	const void *from = pair;
	__m256i v, w;

	begin(id, next, before, ids, n, 2 * LANES);
	for (size_t i = 0; i < 2 * LANES; i++)
		pair[i] = NONE;
	for (size_t i = 1; i < n; i++)
		pair[i] = pair_avx2(bpe, id, i, i + 1);
	v = _mm256_load_si256(from);
	from = pair + LANES;
	w = _mm256_load_si256(from);
	for (;;) {
		int32_t least = smallest(_mm256_min_epi32(v, w)), left, right;
		size_t at = (size_t)least & (PLACES - 1), gone, last;

		if (least >= NONE)
			return gather(id, next, n, ids);
		gone = next[at];
		last = before[at];
		id[at] = kb_bpe_id(bpe, (uint32_t)least >> PLACE_BITS);
		next[at] = next[gone];
		before[next[gone]] = (uint8_t)at;
		right = pair_avx2(bpe, id, at, next[at]);
		left = pair_avx2(bpe, id, last, at);
		v = put(v, lanes, gone, NONE);
		w = put(w, more, gone, NONE);
		v = put(put(v, lanes, at, right), lanes, last, left);
		w = put(put(w, more, at, right), more, last, left);
	}
}

AVX2 static size_t merge_some(const struct kb_bpe *bpe, uint32_t *ids, size_t n)
{
	_Alignas(32) int32_t pair[PLACES];
	uint32_t id[PLACES] = {0};
	uint8_t next[PLACES], before[PLACES];
	size_t padded = (n + 1 + LANES - 1) / LANES * LANES;

	begin(id, next, before, ids, n, PLACES);
	for (size_t i = 0; i < padded; i++)
		pair[i] = NONE;
	for (size_t i = 1; i < n; i++)
		pair[i] = pair_avx2(bpe, id, i, i + 1);
	for (;;) {
		__m256i v = _mm256_set1_epi32(NONE);
		int32_t least;
		size_t at, gone;

		for (size_t i = 0; i < padded; i += LANES) {
			const void *from = pair + i;

			v = _mm256_min_epi32(v, _mm256_load_si256(from));
		}
		least = smallest(v);
		if (least >= NONE)
			return gather(id, next, n, ids);
		at = (size_t)least & (PLACES - 1);
		gone = next[at];
		id[at] = kb_bpe_id(bpe, (uint32_t)least >> PLACE_BITS);
		next[at] = next[gone];
		before[next[gone]] = (uint8_t)at;
		pair[gone] = NONE;
		pair[at] = pair_avx2(bpe, id, at, next[at]);
		pair[before[at]] = pair_avx2(bpe, id, before[at], at);
	}
}
#endif

size_t kb_bpe_merge_short(const struct kb_bpe *bpe, uint32_t *ids, size_t n)
{
	assert(n > 0 && n <= KB_BPE_SHORT);
#if defined(__x86_64__)
	if (kb_cpu_has_avx2())
		return n <= IN_VECTORS ? merge_few(bpe, ids, n)
				       : merge_some(bpe, ids, n);
#endif
	return kb_bpe_merge_plain(bpe, ids, n);
}
