/* Searching vectors: the second half of vector.h. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/page_advice.h"
#include "vector/code_scan.h"
#include "vector/vector.h"

#define LEVELS 15    /* of a query coordinate; four make a table entry of 60 */
#define CLIP   0.85f /* of the largest coordinate: finer steps for the rest */

/* How many candidates are scored again for k hits: measured by
 * tests/bench/vector_bench.c. */
#define POOL_PER_HIT 150
#define POOL_MIN     500
#define SLACK	     2.0f
#define RESCORE_STEP 32
#define AHEAD	     8 /* rows fetched before they are scored */

/* Rows asked for together when they have to be read from disk: few at first,
 * as scoring may end soon. Reading up to GAP bytes between two rows costs less
 * than a wish of its own. */
#define WANT_FIRST 256
#define WANT_MAX   16384
#define GAP	   ((size_t)8 << 10)

static void quantise(struct kb_vec_query *q)
{
	const float *x = q->x;
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

static int init(struct kb_vec_query *q, const float *x, size_t dim,
		bool rotated, struct kb_err *err)
{
	*q = (struct kb_vec_query){0};
	if (dim == 0 || dim > KB_VEC_DIM_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "query vector of %zu dimensions, limit %d",
				  dim, KB_VEC_DIM_MAX);
	size_t n = kb_rotate_padded(dim), given = rotated ? n : dim;

	q->x = kb_calloc(n, sizeof(*q->x) + 2);
	memcpy(q->x, x, given * sizeof(*x));
	if (!kb_vec_normalise(q->x, given)) {
		kb_vec_query_release(q);
		return kb_err_set(err, KB_EINVAL,
				  "query vector is zero or not finite");
	}
	if (!rotated)
		kb_rotate(q->x, n);
	q->dim = dim;
	q->stride = n;
	q->hi = (int8_t *)(q->x + n);
	q->lo = q->hi + n;
	quantise(q);
	return 0;
}

int kb_vec_query_init(struct kb_vec_query *q, const float *x, size_t dim,
		      struct kb_err *err)
{
	return init(q, x, dim, false, err);
}

int kb_vec_query_init_rotated(struct kb_vec_query *q, const float *x,
			      size_t dim, struct kb_err *err)
{
	return init(q, x, dim, true, err);
}

void kb_vec_query_release(struct kb_vec_query *q)
{
	free(q->x);
	*q = (struct kb_vec_query){0};
}

float kb_vec_score(const struct kb_vec_view *v, size_t row,
		   const struct kb_vec_query *q)
{
	int32_t dot[2];

	assert(row < v->n);
	kb_scan_dot2(q->hi, q->lo, v->data + row * v->stride, v->stride, dot);
	return (float)((int64_t)dot[0] * 128 + dot[1]) * q->scale *
	       v->scales[row];
}

/* ---- the best m of a stream ---- */

/*
 * A scored row as one number: the score's bits, made to rise with the score,
 * above the row's complement, so that the greater number is the better row
 * and rows of equal scores stand in ascending order. Rows are counted
 * through all views.
 */
static uint64_t entry_of(float score, uint32_t row)
{
	uint32_t bits;

	score += 0.0f; /* no negative zero */
	memcpy(&bits, &score, sizeof(bits));
	bits ^= bits >> 31 ? UINT32_MAX : (uint32_t)1 << 31;
	return (uint64_t)bits << 32 | (uint32_t)~row;
}

static float entry_score(uint64_t entry)
{
	uint32_t bits = (uint32_t)(entry >> 32);
	float score;

	bits ^= bits >> 31 ? (uint32_t)1 << 31 : UINT32_MAX;
	memcpy(&score, &bits, sizeof(score));
	return score;
}

static uint32_t entry_row(uint64_t entry)
{
	return ~(uint32_t)entry;
}

struct pool {
	uint64_t *items;
	size_t n, m; /* room for 2 * m */
	float floor; /* nothing at or below it is among the best m */
};

static void pool_init(struct pool *p, size_t m)
{
	*p = (struct pool){.m = m, .floor = -INFINITY};
	p->items = kb_reallocarray(NULL, 2 * m, sizeof(*p->items));
}

/* Bring the m best to the front (Hoare's quickselect; entries differ, so
 * the outcome is fixed). Returns the m-th. */
static uint64_t select_best(uint64_t *items, size_t n, size_t m)
{
	size_t lo = 0, hi = n - 1, k = m - 1;

	while (lo < hi) {
		uint64_t pivot = items[lo + (hi - lo) / 2];
		size_t i = lo, j = hi;

		for (;;) {
			while (items[i] > pivot)
				i++;
			while (items[j] < pivot)
				j--;
			if (i >= j)
				break;
			uint64_t t = items[i];

			items[i++] = items[j];
			items[j--] = t;
		}
		/* items[lo..j] >= pivot >= items[j+1..hi] */
		if (i == j && items[j] < pivot)
			j--;
		if (k <= j)
			hi = j;
		else
			lo = j + 1;
	}
	return items[k];
}

/* Rows come in ascending order: an equal score later never wins against the
 * floor. */
static void pool_cut(struct pool *p)
{
	/* m with a floor: nothing came since the last cut */
	if (p->n < p->m || (p->n == p->m && p->floor > -INFINITY))
		return;
	p->floor = entry_score(select_best(p->items, p->n, p->m));
	p->n = p->m;
}

static void pool_add(struct pool *p, uint64_t entry)
{
	p->items[p->n++] = entry;
	if (p->n == 2 * p->m)
		pool_cut(p);
}

/* Best first: by the bytes from the last to the first, each with a count
 * and a move; the pool has room for a copy behind its m. */
static void pool_sort(struct pool *p)
{
	uint64_t *from = p->items, *to = p->items + p->m;

	for (unsigned shift = 0; shift < 64; shift += 8) {
		size_t at[256] = {0}, sum = 0;
		uint64_t *t = to;

		for (size_t i = 0; i < p->n; i++)
			at[from[i] >> shift & 255]++;
		for (size_t v = 256; v-- > 0;) {
			size_t count = at[v];

			at[v] = sum;
			sum += count;
		}
		for (size_t i = 0; i < p->n; i++)
			to[at[from[i] >> shift & 255]++] = from[i];
		to = from;
		from = t;
	}
}

/* ---- the two ways to scan ---- */

/* The state of one search. */
struct search {
	const struct kb_vec_view *views;
	const uint32_t *first; /* row of each view's first vector, counted
				  through all; n_views + 1 */
	size_t n_views;
	const struct kb_vec_query *q;
	struct kb_vec_search *how;
	struct pool best, pool;
	long waited;	      /* for pages, before it began */
	unsigned char *table; /* 16 bytes a group of 4 coordinates, or NULL */
	float table_scale;    /* of a table sum less table_base */
	float table_base;
};

/*
 * With u the coordinate in 0..15 standing for u - 7.5, the sign product of
 * a set bit is u and of a clear one 15 - u: sums of table entries count
 * both, and 7.5 a coordinate too much.
 */
static void make_table(struct search *s)
{
	const struct kb_vec_query *q = s->q;
	const float *x = q->x;
	float max = 0;

	for (size_t i = 0; i < q->stride; i++)
		max = fmaxf(max, fabsf(x[i]));
	s->table = kb_malloc(4 * q->stride);
	s->table_scale = 2 * CLIP * max / LEVELS;
	s->table_base = (float)q->stride * LEVELS / 2;
	for (size_t g = 0; g < q->stride / 4; g++) {
		for (unsigned v = 0; v < 16; v++) {
			long sum = 0;

			for (unsigned j = 0; j < 4; j++) {
				float y = x[4 * g + j] / s->table_scale;
				long u = lrintf(y + LEVELS / 2.0f);

				u = u < 0 ? 0 : u > LEVELS ? LEVELS : u;
				sum += v >> j & 1 ? u : LEVELS - u;
			}
			s->table[16 * g + v] = (unsigned char)sum;
		}
	}
}

static bool accepted(const struct kb_vec_search *how, uint32_t view,
		     uint32_t chunk)
{
	return !how->accept || how->accept(how->arg, view, chunk);
}

static void scan_exact(struct search *s, uint32_t number)
{
	const struct kb_vec_view *v = &s->views[number];

	kb_pages_normal(v->scales, v->n * sizeof(*v->scales));
	kb_pages_normal(v->data, v->n * v->stride);
	for (size_t i = 0; i < v->n; i++) {
		float score = kb_vec_score(v, i, s->q);

		if (score > s->best.floor &&
		    accepted(s->how, number, v->rows[i]))
			pool_add(&s->best, entry_of(score, s->first[number] +
							       (uint32_t)i));
	}
	s->how->scanned += v->n;
}

static void scan_codes(struct search *s, uint32_t number)
{
	const struct kb_vec_view *v = &s->views[number];
	size_t groups = v->stride / 4;
	size_t rows =
	    (v->n + KB_SCAN_BLOCK - 1) / KB_SCAN_BLOCK * KB_SCAN_BLOCK;
	uint32_t sums[KB_SCAN_BLOCK];
	float base;

	if (!s->table)
		make_table(s);
	base = s->table_base;
	/* unlike the rest of an index (kb_index_scatter()) read in order */
	kb_pages_normal(v->factors, rows * sizeof(*v->factors));
	kb_pages_normal(v->codes, rows * v->stride / 8);
	kb_pages_normal(v->rows, v->n * sizeof(*v->rows));
	for (size_t first = 0; first < v->n; first += KB_SCAN_BLOCK) {
		const float *factors = v->factors + first;
		uint32_t hits;

		kb_scan_block(v->codes + first / KB_SCAN_BLOCK * groups * 16,
			      s->table, groups, sums);
		hits = kb_scan_above(sums, base, factors, s->pool.floor);
		for (; hits; hits &= hits - 1) {
			uint32_t i = (uint32_t)__builtin_ctz(hits);
			size_t row = first + i;
			float est = ((float)sums[i] - base) * factors[i];

			if (row < v->n &&
			    accepted(s->how, number, v->rows[row]))
				pool_add(&s->pool,
					 entry_of(est, s->first[number] +
							   (uint32_t)row));
		}
	}
}

/* The view of a row, which becomes its row there. */
static uint32_t view_of(const struct search *s, uint32_t *row)
{
	size_t lo = 0, hi = s->n_views;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->first[mid] <= *row)
			lo = mid;
		else
			hi = mid;
	}
	*row -= s->first[lo];
	return (uint32_t)lo;
}

static void prefetch(const struct search *s, uint64_t entry)
{
	uint32_t row = entry_row(entry);
	const struct kb_vec_view *v = &s->views[view_of(s, &row)];

	kb_vec_prefetch(v, row);
}

/*
 * The highest cosine an estimate may stand for: SLACK standard deviations
 * above it. With p the cosine of the vector and its signs, the estimate's
 * deviation is sqrt((1 / p^2 - 1) / d) (RaBitQ, theorem 3.2).
 */
static float upper_bound(const struct search *s, const struct kb_vec_view *v,
			 uint32_t row, float estimate)
{
	float f = v->factors[row], d = (float)v->stride;
	float spread = f * f - 1 / d; /* 1 / (p^2 d) - 1 / d */

	return estimate * s->table_scale +
	       SLACK * sqrtf(spread > 0 ? spread : 0);
}

static int by_row(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Begin to read rows of one view, which ascend: size bytes each. */
static void prefetch_rows(const unsigned char *base, size_t size,
			  const uint32_t *rows, size_t n)
{
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && (rows[j] - rows[j - 1]) * size <= GAP;)
			j++;
		kb_pages_prefetch(base + rows[i] * size,
				  (rows[j - 1] - rows[i] + 1) * size);
	}
}

/* Begin to read the next n rows of the pool, in the order of their places. */
static void prefetch_next(const struct search *s, const uint64_t *items,
			  size_t n)
{
	uint32_t *rows = kb_reallocarray(NULL, n, sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		rows[i] = entry_row(items[i]);
	qsort(rows, n, sizeof(*rows), by_row);
	for (size_t i = 0, j; i < n; i = j) {
		uint32_t view = view_of(s, &(uint32_t){rows[i]});
		const struct kb_vec_view *v = &s->views[view];

		for (j = i; j < n && rows[j] < s->first[view + 1]; j++)
			rows[j] -= s->first[view];
		prefetch_rows((const unsigned char *)v->data, v->stride,
			      rows + i, j - i);
		prefetch_rows((const unsigned char *)v->scales,
			      sizeof(*v->scales), rows + i, j - i);
	}
	free(rows);
}

/* Score the pool from the int8 vectors, best estimate first, until no
 * estimate left is likely to reach the best k. */
static void rescore(struct search *s)
{
	struct pool *pool = &s->pool, *best = &s->best;
	size_t wanted = 0, want = WANT_FIRST;

	pool_cut(pool);
	pool_sort(pool);
	for (size_t i = 0; i < pool->n; i++) {
		uint32_t all = entry_row(pool->items[i]), row = all;
		const struct kb_vec_view *v = &s->views[view_of(s, &row)];
		float score;

		if (i % RESCORE_STEP == 0) {
			pool_cut(best);
			if (upper_bound(s, v, row,
					entry_score(pool->items[i])) <
			    best->floor)
				break;
		}
		if (i == wanted) {
			size_t left = pool->n - i;

			want = want < left ? want : left;
			if (kb_pages_waited() > s->waited)
				prefetch_next(s, pool->items + i, want);
			wanted += want;
			want = want < WANT_MAX ? want * 4 : want;
		}
		if (i + AHEAD < pool->n)
			prefetch(s, pool->items[i + AHEAD]);
		score = kb_vec_score(v, row, s->q);
		if (score >= best->floor)
			pool_add(best, entry_of(score, all));
		s->how->rescored++;
	}
}

size_t kb_vec_search(const struct kb_vec_view *views, size_t n_views,
		     const struct kb_vec_query *q, struct kb_vec_search *how,
		     struct kb_vec_hit *hits)
{
	struct search s = {
	    .views = views, .q = q, .how = how, .waited = kb_pages_waited()};
	uint32_t *first = kb_calloc(n_views + 1, sizeof(*first));
	size_t m = how->pool, n;

	assert(views || !n_views);
	assert(hits || !how->k);
	how->rescored = how->scanned = 0;
	if (!m)
		m = how->k * POOL_PER_HIT > POOL_MIN ? how->k * POOL_PER_HIT
						     : POOL_MIN;
	pool_init(&s.best, how->k ? how->k : 1);
	pool_init(&s.pool, m);
	s.first = first;
	for (uint32_t i = 0; i < n_views && how->k; i++) {
		bool fits = views[i].n < UINT32_MAX - first[i];

		first[i + 1] = first[i];
		s.n_views = i + 1;
		if (views[i].dim != q->dim || !fits)
			continue;
		first[i + 1] += (uint32_t)views[i].n;
		if (views[i].codes)
			scan_codes(&s, i);
		else
			scan_exact(&s, i);
	}
	rescore(&s);
	pool_cut(&s.best);
	pool_sort(&s.best);
	for (size_t i = 0; i < s.best.n; i++) {
		uint32_t row = entry_row(s.best.items[i]);
		uint32_t view = view_of(&s, &row);

		hits[i] = (struct kb_vec_hit){view, views[view].rows[row],
					      entry_score(s.best.items[i])};
	}
	n = s.best.n;
	free(s.best.items);
	free(s.pool.items);
	free(s.table);
	free(first);
	return n;
}
