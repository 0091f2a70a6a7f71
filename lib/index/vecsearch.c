/* Searching vectors: the second half of vector.h. */
#include <math.h>
#include <stdlib.h>

#include "index/scan.h"
#include "index/vector.h"

#define LEVELS 15    /* of a query coordinate; four make a table entry of 60 */
#define CLIP   0.85f /* of the largest coordinate: finer steps for the rest */

/* How many candidates are scored again for k hits: measured by
 * tests/bench/vector_bench.c. */
#define POOL_PER_HIT 150
#define POOL_MIN     500
#define SLACK	     2.0f
#define RESCORE_STEP 32

static void quantise(struct kb_vec_query *q, const float *x)
{
	float max = 0;

	for (size_t i = 0; i < q->stride; i++)
		max = fmaxf(max, fabsf(x[i]));
	q->scale = max / (64 * 128 - 64);
	for (size_t i = 0; i < q->stride; i++) {
		long v = lrintf(x[i] / q->scale);
		long hi = (v + 64) >> 7;

		q->hi[i] = (int8_t)hi;
		q->lo[i] = (int8_t)(v - hi * 128);
	}
}

/*
 * With u the coordinate in 0..15 standing for u - 7.5, the sign product of
 * a set bit is u and of a clear one 15 - u: sums of table entries count
 * both, and 7.5 a coordinate too much.
 */
static void make_table(struct kb_vec_query *q, const float *x)
{
	float max = 0;

	for (size_t i = 0; i < q->stride; i++)
		max = fmaxf(max, fabsf(x[i]));
	q->table_scale = 2 * CLIP * max / LEVELS;
	q->table_base = (float)q->stride * LEVELS / 2;
	for (size_t g = 0; g < q->stride / 4; g++) {
		for (unsigned v = 0; v < 16; v++) {
			long sum = 0;

			for (unsigned j = 0; j < 4; j++) {
				float y = x[4 * g + j] / q->table_scale;
				long u = lrintf(y + LEVELS / 2.0f);

				u = u < 0 ? 0 : u > LEVELS ? LEVELS : u;
				sum += v >> j & 1 ? u : LEVELS - u;
			}
			q->table[16 * g + v] = (unsigned char)sum;
		}
	}
}

int kb_vec_query_init(struct kb_vec_query *q, const float *x, size_t dim,
		      struct kb_err *err)
{
	*q = (struct kb_vec_query){0};
	if (dim == 0 || dim > KB_VEC_DIM_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "query vector of %zu dimensions, limit %d",
				  dim, KB_VEC_DIM_MAX);
	size_t n = kb_rotate_padded(dim);
	float *work = kb_calloc(n, sizeof(float));

	memcpy(work, x, dim * sizeof(float));
	if (!kb_vec_normalise(work, dim)) {
		free(work);
		return kb_err_set(err, KB_EINVAL,
				  "query vector is zero or not finite");
	}
	kb_rotate(work, n);
	q->dim = dim;
	q->stride = n;
	q->hi = kb_malloc(2 * n + 4 * n);
	q->lo = q->hi + n;
	q->table = (unsigned char *)q->lo + n;
	quantise(q, work);
	make_table(q, work);
	free(work);
	return 0;
}

void kb_vec_query_release(struct kb_vec_query *q)
{
	free(q->hi);
	*q = (struct kb_vec_query){0};
}

float kb_vec_score(const struct kb_vec_view *v, size_t row,
		   const struct kb_vec_query *q)
{
	int32_t dot[2];

	kb_scan_dot2(q->hi, q->lo, v->data + row * v->stride, v->stride, dot);
	return (float)((int64_t)dot[0] * 128 + dot[1]) * q->scale *
	       v->scales[row];
}

/* ---- the best m of a stream ---- */

struct entry {
	float score;
	uint32_t view, row;
};

struct pool {
	struct entry *items;
	size_t n, m; /* room for 2 * m */
	float floor; /* nothing at or below it is among the best m */
};

static int by_score(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->view != y->view)
		return x->view < y->view ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static void pool_init(struct pool *p, size_t m)
{
	*p = (struct pool){.m = m, .floor = -INFINITY};
	p->items = kb_reallocarray(NULL, 2 * m, sizeof(*p->items));
}

static void swap(struct entry *a, struct entry *b)
{
	struct entry t = *a;

	*a = *b;
	*b = t;
}

/* Bring the m best to the front, the m-th at items[m - 1] (Hoare's
 * quickselect; by_score is total, so the outcome is fixed). */
static void select_best(struct entry *items, size_t n, size_t m)
{
	size_t lo = 0, hi = n - 1, k = m - 1;

	while (lo < hi) {
		struct entry pivot = items[lo + (hi - lo) / 2];
		size_t i = lo, j = hi;

		for (;;) {
			while (by_score(&items[i], &pivot) < 0)
				i++;
			while (by_score(&items[j], &pivot) > 0)
				j--;
			if (i >= j)
				break;
			swap(&items[i++], &items[j--]);
		}
		/* items[lo..j] <= pivot <= items[j+1..hi] */
		if (i == j && by_score(&items[j], &pivot) > 0)
			j--;
		if (k <= j)
			hi = j;
		else
			lo = j + 1;
	}
}

/* Views and rows come in ascending order: an equal score later never wins
 * against the floor. */
static void pool_cut(struct pool *p)
{
	if (p->n < p->m)
		return;
	if (p->n > p->m)
		select_best(p->items, p->n, p->m);
	p->n = p->m;
	p->floor = INFINITY;
	for (size_t i = 0; i < p->n; i++)
		p->floor = fminf(p->floor, p->items[i].score);
}

static void pool_add(struct pool *p, struct entry e)
{
	p->items[p->n++] = e;
	if (p->n == 2 * p->m)
		pool_cut(p);
}

static bool accepted(const struct kb_vec_search *how, uint32_t view,
		     uint32_t chunk)
{
	return !how->accept || how->accept(how->arg, view, chunk);
}

static void scan_exact(const struct kb_vec_view *v, uint32_t number,
		       const struct kb_vec_query *q, struct kb_vec_search *how,
		       struct pool *best)
{
	for (size_t i = 0; i < v->n; i++) {
		float score = kb_vec_score(v, i, q);

		if (score > best->floor && accepted(how, number, v->rows[i]))
			pool_add(best,
				 (struct entry){score, number, (uint32_t)i});
	}
	how->scanned += v->n;
}

static void scan_codes(const struct kb_vec_view *v, uint32_t number,
		       const struct kb_vec_query *q,
		       const struct kb_vec_search *how, struct pool *pool)
{
	size_t groups = v->stride / 4;
	uint32_t sums[KB_SCAN_BLOCK];

	for (size_t first = 0; first < v->n; first += KB_SCAN_BLOCK) {
		const float *factors = v->factors + first;
		uint32_t hits = 0;

		kb_scan_block(v->codes + first / KB_SCAN_BLOCK * groups * 16,
			      q->table, groups, sums);
		for (uint32_t i = 0; i < KB_SCAN_BLOCK; i++) {
			float est =
			    ((float)sums[i] - q->table_base) * factors[i];

			hits |= (uint32_t)(est > pool->floor) << i;
		}
		while (hits) {
			uint32_t i = (uint32_t)__builtin_ctz(hits);
			size_t row = first + i;

			hits &= hits - 1;
			if (row >= v->n || !accepted(how, number, v->rows[row]))
				continue;
			pool_add(pool, (struct entry){
					   ((float)sums[i] - q->table_base) *
					       factors[i],
					   number, (uint32_t)row});
		}
	}
}

static void prefetch(const struct kb_vec_view *v, size_t row)
{
	for (size_t i = 0; i < v->stride; i += 64)
		__builtin_prefetch(v->data + row * v->stride + i);
}

/*
 * The highest cosine an estimate may stand for: SLACK standard deviations
 * above it. With p the cosine of the vector and its signs, the estimate's
 * deviation is sqrt((1 / p^2 - 1) / d) (RaBitQ, theorem 3.2).
 */
static float upper_bound(const struct kb_vec_view *v,
			 const struct kb_vec_query *q, const struct entry *e)
{
	float f = v->factors[e->row], d = (float)v->stride;
	float spread = f * f - 1 / d; /* 1 / (p^2 d) - 1 / d */

	return e->score * q->table_scale +
	       SLACK * sqrtf(spread > 0 ? spread : 0);
}

/* Score the pool from the int8 vectors, best estimate first, until no
 * estimate left is likely to reach the best k. */
static void rescore(const struct kb_vec_view *views,
		    const struct kb_vec_query *q, struct kb_vec_search *how,
		    struct pool *pool, struct pool *best)
{
	pool_cut(pool);
	qsort(pool->items, pool->n, sizeof(*pool->items), by_score);
	for (size_t i = 0; i < pool->n; i++) {
		struct entry e = pool->items[i];

		if (i % RESCORE_STEP == 0) {
			pool_cut(best);
			if (upper_bound(&views[e.view], q, &e) < best->floor)
				break;
		}
		if (i + 4 < pool->n)
			prefetch(&views[pool->items[i + 4].view],
				 pool->items[i + 4].row);
		e.score = kb_vec_score(&views[e.view], e.row, q);
		if (e.score >= best->floor)
			pool_add(best, e);
		how->rescored++;
	}
}

size_t kb_vec_search(const struct kb_vec_view *views, size_t n_views,
		     const struct kb_vec_query *q, struct kb_vec_search *how,
		     struct kb_vec_hit *hits)
{
	struct pool best, pool;
	size_t m = how->pool;

	how->rescored = how->scanned = 0;
	if (!how->k)
		return 0;
	if (!m)
		m = how->k * POOL_PER_HIT > POOL_MIN ? how->k * POOL_PER_HIT
						     : POOL_MIN;
	pool_init(&best, how->k);
	pool_init(&pool, m);
	for (size_t i = 0; i < n_views; i++) {
		if (views[i].dim != q->dim)
			continue;
		if (views[i].codes)
			scan_codes(&views[i], (uint32_t)i, q, how, &pool);
		else
			scan_exact(&views[i], (uint32_t)i, q, how, &best);
	}
	rescore(views, q, how, &pool, &best);
	pool_cut(&best);
	qsort(best.items, best.n, sizeof(*best.items), by_score);
	for (size_t i = 0; i < best.n; i++) {
		const struct entry *e = &best.items[i];

		hits[i] = (struct kb_vec_hit){
		    e->view, views[e->view].rows[e->row], e->score};
	}
	size_t n = best.n;

	free(best.items);
	free(pool.items);
	return n;
}
