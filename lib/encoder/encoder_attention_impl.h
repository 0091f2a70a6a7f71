/* Attention, for encoder_functions_impl.h. */
#ifndef KB_ENCODER_ENCODER_ATTENTION_IMPL_H
#define KB_ENCODER_ENCODER_ATTENTION_IMPL_H

#include "encoder/encoder_vector_impl.h"

#define QUERIES 4 /* at a time: what registers hold with 4 vectors of keys */
#define COLUMNS 4

/* One head of a sequence. */
struct head {
	const float *q, *k, *v;	   /* rows ld apart */
	size_t ld, dim, n, padded; /* n keys */
	float *keys;		   /* dim rows of 'padded' keys */
	float *scores;		   /* QUERIES rows of them */
};

/* Keys as columns, so that 16 of them are a vector. */
INLINE void turn_keys(const struct head *h)
{
	for (size_t d = 0; d < h->dim; d++)
		memset(h->keys + d * h->padded + h->n, 0,
		       (h->padded - h->n) * sizeof(float));
	for (size_t i = 0; i < h->n; i++)
		for (size_t d = 0; d < h->dim; d++)
			h->keys[d * h->padded + i] = h->k[i * h->ld + d];
}

/* Scores of 'rows' queries and up to COLUMNS vectors of keys. */
INLINE void score(const struct head *h, const float *q, size_t rows,
		  size_t from, size_t columns, float scale)
{
	vec sums[QUERIES][COLUMNS] = {0};

	for (size_t d = 0; d < h->dim; d++) {
		const float *keys = h->keys + d * h->padded + from;

		UNROLL for (size_t r = 0; r < rows; r++)
		{
			const float one = q[r * h->ld + d];
			const vec x = SPLAT(one);

			UNROLL for (size_t c = 0; c < columns; c++)
			    sums[r][c] += x * LOAD(keys + c * LANES);
		}
	}
	UNROLL for (size_t r = 0; r < rows; r++)
	    UNROLL for (size_t c = 0; c < columns; c++)
		STORE(h->scores + r * h->padded + from + c * LANES,
		      sums[r][c] * scale);
}

/* Fewer queries than QUERIES go one by one. */
INLINE void score_columns(const struct head *h, const float *q, size_t rows,
			  size_t from, size_t columns, float scale)
{
	struct head one = *h;

	if (rows == QUERIES) {
		score(h, q, QUERIES, from, columns, scale);
		return;
	}
	for (size_t r = 0; r < rows; r++, one.scores += h->padded)
		score(&one, q + r * h->ld, 1, from, columns, scale);
}

INLINE void score_all(const struct head *h, const float *q, size_t rows)
{
	const float scale = 1 / sqrtf((float)h->dim);
	size_t from = 0;

	for (; from + COLUMNS * LANES <= h->padded; from += COLUMNS * LANES)
		score_columns(h, q, rows, from, COLUMNS, scale);
	for (; from < h->padded; from += LANES)
		score_columns(h, q, rows, from, 1, scale);
}

/* e^(score - max), and 0 behind the last key; returns their sum. */
INLINE float soften(float *scores, size_t n, size_t padded)
{
	vec max = SPLAT(-INFINITY), sum = {0};
	float most;

	for (size_t i = n; i < padded; i++)
		scores[i] = -INFINITY;
	for (size_t i = 0; i < padded; i += LANES)
		max = MAX(LOAD(scores + i), max);
	most = max_lanes(&max);
	max = SPLAT(most);
	for (size_t i = 0; i < padded; i += LANES) {
		vec v = LOAD(scores + i) - max;

		exp_negative(&v);
		STORE(scores + i, v);
	}
	for (size_t i = n; i < padded; i++)
		scores[i] = 0;
	for (size_t i = 0; i < padded; i += LANES)
		sum += LOAD(scores + i);
	return sum_lanes(&sum);
}

/* Sums of values by the scores of 'rows' queries, for 'columns' vectors of the
 * head's dimensions. */
INLINE void gather(const struct head *h, size_t rows, size_t from,
		   size_t columns, const float *totals, float *out,
		   size_t ld_out)
{
	vec sums[QUERIES][COLUMNS] = {0};

	for (size_t i = 0; i < h->n; i++) {
		const float *value = h->v + i * h->ld + from;

		UNROLL for (size_t r = 0; r < rows; r++)
		{
			const float one = h->scores[r * h->padded + i];
			const vec x = SPLAT(one);

			UNROLL for (size_t c = 0; c < columns; c++)
			    sums[r][c] += x * LOAD(value + c * LANES);
		}
	}
	UNROLL for (size_t r = 0; r < rows; r++) UNROLL for (size_t c = 0;
							     c < columns; c++)
	    STORE(out + r * ld_out + from + c * LANES, sums[r][c] / totals[r]);
}

INLINE void gather_all(const struct head *h, size_t rows, const float *totals,
		       float *out, size_t ld_out)
{
	struct head one = *h;
	size_t from = 0;

	for (; rows == QUERIES && from + COLUMNS * LANES <= h->dim;
	     from += COLUMNS * LANES)
		gather(h, QUERIES, from, COLUMNS, totals, out, ld_out);
	for (; rows == QUERIES && from + 2 * LANES <= h->dim; from += 2 * LANES)
		gather(h, QUERIES, from, 2, totals, out, ld_out);
	for (; from < h->dim; from += LANES)
		for (size_t r = 0; r < rows; r++) {
			one.scores = h->scores + r * h->padded;
			gather(&one, 1, from, 1, totals + r, out + r * ld_out,
			       0);
		}
}

TARGET static void attend(const struct kb_encoder_heads *all)
{
	size_t width = all->n_heads * all->dim;
	struct head h = {
	    .ld = 3 * width,
	    .dim = all->dim,
	    .n = all->n_tokens,
	    .padded = (all->n_tokens + LANES - 1) / LANES * LANES,
	    .keys = all->work,
	};
	float totals[QUERIES];

	h.scores = h.keys + h.dim * h.padded;
	for (size_t head = 0; head < all->n_heads; head++) {
		h.q = all->qkv + head * h.dim;
		h.k = h.q + width;
		h.v = h.k + width;
		turn_keys(&h);
		for (size_t i = 0; i < all->n_queries; i += QUERIES) {
			size_t rows = all->n_queries - i;

			if (rows > QUERIES)
				rows = QUERIES;
			score_all(&h, h.q + i * h.ld, rows);
			for (size_t r = 0; r < rows; r++)
				totals[r] = soften(h.scores + r * h.padded, h.n,
						   h.padded);
			gather_all(&h, rows, totals,
				   all->out + i * width + head * h.dim, width);
		}
	}
}

#endif
