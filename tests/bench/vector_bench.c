/*
 * The vector leg at size: N vectors of D dimensions, Gaussian with
 * eigenvalues i^-0.7, randomly rotated, seeded. Prints recall@10 of the
 * search against exact float arithmetic, and the time of a query.
 *
 *	vector_bench [N [D [QUERIES]]]     default 1000000 1024 100
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "vector/code_scan.h"
#include "vector/vector.h"

#define K 10

struct random {
	uint64_t state;
};

static double uniform(struct random *r)
{
	return (double)(kb_mix64(r->state += 0x9e3779b97f4a7c15u) >> 11) *
	       0x1p-53;
}

/* Marsaglia's polar method, both values used. */
static void gaussian2(struct random *r, float out[2])
{
	double x, y, s;

	do {
		x = 2 * uniform(r) - 1;
		y = 2 * uniform(r) - 1;
		s = x * x + y * y;
	} while (s >= 1 || s == 0);
	s = sqrt(-2 * log(s) / s);
	out[0] = (float)(x * s);
	out[1] = (float)(y * s);
}

/* A reflection at a fixed random direction and a coordinate shuffle, twice:
 * a rotation that has nothing in common with the one under test. */
struct turn {
	float *axis[2];
	uint32_t *order;
	float *sizes;
	float *work;
};

static void turn_init(struct turn *t, size_t d)
{
	struct random r = {77};

	t->order = kb_reallocarray(NULL, d, sizeof(*t->order));
	t->sizes = kb_reallocarray(NULL, d, sizeof(*t->sizes));
	t->work = kb_reallocarray(NULL, d, sizeof(*t->work));
	for (int a = 0; a < 2; a++) {
		t->axis[a] = kb_reallocarray(NULL, d + 1, sizeof(float));
		for (size_t i = 0; i < d; i += 2)
			gaussian2(&r, t->axis[a] + i);
		kb_vec_normalise(t->axis[a], d);
	}
	for (size_t i = 0; i < d; i++) {
		t->order[i] = (uint32_t)i;
		t->sizes[i] = (float)pow((double)i + 1, -0.35);
	}
	for (size_t i = d; i > 1; i--) {
		size_t j = (size_t)(uniform(&r) * (double)i);
		uint32_t o = t->order[j];

		t->order[j] = t->order[i - 1];
		t->order[i - 1] = o;
	}
}

static void make(struct turn *t, struct random *r, float *x, size_t d)
{
	float pair[2];

	for (size_t i = 0; i < d; i += 2) {
		gaussian2(r, pair);
		x[i] = pair[0] * t->sizes[i];
		if (i + 1 < d)
			x[i + 1] = pair[1] * t->sizes[i + 1];
	}
	for (int a = 0; a < 2; a++) {
		float dot = 0;

		for (size_t i = 0; i < d; i++)
			dot += x[i] * t->axis[a][i];
		for (size_t i = 0; i < d; i++)
			t->work[t->order[i]] = x[i] - 2 * dot * t->axis[a][i];
		memcpy(x, t->work, d * sizeof(*x));
	}
	kb_vec_normalise(x, d);
}

static double now_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Keep the K best exact neighbours of each query while vectors go by. */
struct truth {
	float score[K];
	uint32_t row[K];
};

static float dot_float(const float *a, const float *b, size_t d)
{
	float sums[16] = {0};
	float total = 0;
	size_t i = 0;

	for (; i + 16 <= d; i += 16)
		for (size_t j = 0; j < 16; j++)
			sums[j] += a[i + j] * b[i + j];
	for (; i < d; i++)
		total += a[i] * b[i];
	for (size_t j = 0; j < 16; j++)
		total += sums[j];
	return total;
}

static void see(struct truth *t, float score, uint32_t row)
{
	size_t i = K;

	if (score <= t->score[K - 1])
		return;
	for (; i > 1 && t->score[i - 2] < score; i--) {
		t->score[i - 1] = t->score[i - 2];
		t->row[i - 1] = t->row[i - 2];
	}
	t->score[i - 1] = score;
	t->row[i - 1] = row;
}

static void measure(const struct kb_vec_view *view, const float *queries,
		    size_t n_queries, size_t d, const struct truth *truth,
		    size_t pool)
{
	double *ms = kb_reallocarray(NULL, n_queries, sizeof(*ms));
	double cpu = 0;
	size_t found = 0, rescored = 0;

	for (size_t i = 0; i < n_queries; i++) {
		struct kb_vec_search how = {.k = K, .pool = pool};
		struct kb_vec_hit hits[K];
		struct kb_vec_query q;
		double start = now_ms(CLOCK_MONOTONIC);
		double cpu_start = now_ms(CLOCK_PROCESS_CPUTIME_ID);

		if (kb_vec_query_init(&q, queries + i * d, d, NULL))
			exit(1);
		size_t n = kb_vec_search(view, 1, &q, &how, hits);

		kb_vec_query_release(&q);
		ms[i] = now_ms(CLOCK_MONOTONIC) - start;
		cpu += now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
		rescored += how.rescored;
		for (size_t a = 0; a < n; a++)
			for (size_t b = 0; b < K; b++)
				found += hits[a].chunk == truth[i].row[b];
	}
	qsort(ms, n_queries, sizeof(*ms), by_value);
	printf("rescored %5zu  recall@10 %.4f  p50 %.2f ms  p99 %.2f ms  "
	       "cpu %.2f ms\n",
	       rescored / n_queries, (double)found / (double)(n_queries * K),
	       ms[n_queries / 2], ms[n_queries * 99 / 100],
	       cpu / (double)n_queries);
	free(ms);
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	size_t d = argc > 2 ? strtoull(argv[2], NULL, 10) : 1024;
	size_t nq = argc > 3 ? strtoull(argv[3], NULL, 10) : 100;
	static const size_t pools[] = {300, 1000, 1500, 2000, 0};
	static const char *const names[] = {"plain C", "AVX2", "AVX-512"};
	struct random r = {1};
	struct turn t;
	struct kb_vec_builder b;
	struct kb_vec_view view;
	struct kb_buf vectors = {0}, codes = {0};
	float *queries = kb_reallocarray(NULL, nq * d + 1, sizeof(float));
	float *x = kb_reallocarray(NULL, d + 1, sizeof(float));
	struct truth *truth = kb_calloc(nq, sizeof(*truth));

	turn_init(&t, d);
	for (size_t i = 0; i < nq; i++)
		make(&t, &r, queries + i * d, d);
	for (size_t i = 0; i < nq * K; i++)
		truth[i / K].score[i % K] = -2;
	kb_vec_builder_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		make(&t, &r, x, d);
		if (kb_vec_add(&b, (uint32_t)i, x, d, NULL))
			return 1;
		for (size_t j = 0; j < nq; j++)
			see(&truth[j], dot_float(x, queries + j * d, d),
			    (uint32_t)i);
	}
	kb_vec_write(&b, &vectors);
	kb_vec_builder_release(&b);
	if (kb_vec_open(&view, (unsigned char *)vectors.ptr, vectors.len, NULL,
			0, NULL))
		return 1;
	printf("%zu vectors of %zu dimensions, %s\nexact int8:    ", n, d,
	       names[kb_scan_isa()]);
	measure(&view, queries, nq, d, truth, 0);
	kb_vec_write_codes(&view, &codes);
	if (kb_vec_open(&view, (unsigned char *)vectors.ptr, vectors.len,
			(unsigned char *)codes.ptr, codes.len, NULL))
		return 1;
	for (size_t i = 0; i < sizeof(pools) / sizeof(*pools); i++)
		measure(&view, queries, nq, d, truth, pools[i]);
	return 0;
}
