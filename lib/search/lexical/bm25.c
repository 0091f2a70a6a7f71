#include "search/lexical/bm25.h"

#include <stdatomic.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* f / (f + c0 + c1 * length) of the best pair; unused ones have f = 0. */
#if defined(__SSE2__)
static float best_of(struct kb_bm25 p,
		     const struct kb_pair pairs[KB_POSTINGS_PAIRS])
{
	const __m128i low = _mm_set1_epi32(0xffff);
	__m128i both = _mm_loadu_si128((const void *)pairs);
	__m128 f = _mm_cvtepi32_ps(_mm_and_si128(both, low));
	__m128 length = _mm_cvtepi32_ps(_mm_srli_epi32(both, 16));
	__m128 norm = _mm_add_ps(_mm_set1_ps(p.c0),
				 _mm_mul_ps(_mm_set1_ps(p.c1), length));
	__m128 s = _mm_div_ps(f, _mm_add_ps(f, norm));

	/* where f and the norm are both 0: not a number, not greater */
	s = _mm_max_ps(s, _mm_setzero_ps());
	s = _mm_max_ps(s, _mm_movehl_ps(s, s));
	s = _mm_max_ss(s, _mm_shuffle_ps(s, s, 1));
	return _mm_cvtss_f32(s);
}
#else
static float best_of(struct kb_bm25 p,
		     const struct kb_pair pairs[KB_POSTINGS_PAIRS])
{
	float best = 0;

	for (size_t i = 0; i < KB_POSTINGS_PAIRS; i++) {
		float f = (float)pairs[i].freq;
		float s = f / (f + (p.c0 + p.c1 * (float)pairs[i].length));

		best = f > 0 && s > best ? s : best;
	}
	return best;
}
#endif

int32_t kb_bm25_bound(struct kb_bm25 p, float weight,
		      const struct kb_pair pairs[KB_POSTINGS_PAIRS])
{
	return (int32_t)(weight * best_of(p, pairs) + 0.5f) + 1;
}

typedef void block_fn(struct kb_bm25 p, float weight, const uint32_t *freqs,
		      const uint32_t *own, size_t n, int32_t *points);

static void block_scalar(struct kb_bm25 p, float weight, const uint32_t *freqs,
			 const uint32_t *own, size_t n, int32_t *points)
{
	for (size_t i = 0; i < n; i++)
		points[i] = kb_bm25_points(p, weight, freqs[i], own[i]);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void block_avx2(
    struct kb_bm25 p, float weight, const uint32_t *freqs, const uint32_t *own,
    size_t n, int32_t *points)
{
	const __m256 w = _mm256_set1_ps(weight);
	const __m256 c0 = _mm256_set1_ps(p.c0), c1 = _mm256_set1_ps(p.c1);
	const __m256 half = _mm256_set1_ps(0.5f), one = _mm256_set1_ps(1);

	for (size_t i = 0; i < n; i += 8) {
		const void *at = freqs + i, *own_at = own + i;
		__m256 f = _mm256_cvtepi32_ps(_mm256_loadu_si256(at));
		__m256 len = _mm256_cvtepi32_ps(_mm256_loadu_si256(own_at));
		__m256 norm = _mm256_add_ps(c0, _mm256_mul_ps(c1, len));
		__m256 s =
		    _mm256_div_ps(_mm256_mul_ps(w, f), _mm256_add_ps(f, norm));
		void *to = points + i;

		/* first the number that may be none, which counts as 1 */
		s = _mm256_max_ps(s, one);
		_mm256_storeu_si256(
		    to, _mm256_cvttps_epi32(_mm256_add_ps(s, half)));
	}
}
#endif

static block_fn *fastest_block(void)
{
	static _Atomic(block_fn *) best;
	block_fn *fn = atomic_load_explicit(&best, memory_order_relaxed);

	if (fn)
		return fn;
	fn = block_scalar;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		fn = block_avx2;
#endif
	atomic_store_explicit(&best, fn, memory_order_relaxed);
	return fn;
}

void kb_bm25_block(struct kb_bm25 p, float weight, const uint32_t *chunks,
		   const uint32_t *freqs, size_t n, const uint16_t *lengths,
		   int32_t *points)
{
	uint32_t own[KB_POSTINGS_BLOCK];

	for (size_t i = 0; i < n; i++)
		own[i] = lengths[chunks[i]];
	for (size_t i = n; i % 8; i++)
		own[i] = 0;
	fastest_block()(p, weight, freqs, own, n, points);
}
