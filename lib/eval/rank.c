#include "eval/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

const char *const kb_measure_names[KB_MEASURES] = {
    [KB_HIT_1] = "hit@1",	    [KB_RECALL_1] = "recall@1",
    [KB_RECALL_5] = "recall@5",	    [KB_RECALL_10] = "recall@10",
    [KB_RECALL_100] = "recall@100", [KB_MRR_10] = "mrr@10",
    [KB_NDCG_10] = "ndcg@10",	    [KB_ALL_10] = "all@10",
};

static int grade_of(const struct kb_eval_query *q, uint64_t doc)
{
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (q->items[i].doc == doc)
			return q->items[i].grade;
	}
	return 0;
}

static int descending(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* The best sum of discounted gains ten places can have. */
static double ideal(const struct kb_eval_query *q)
{
	int *grades = kb_malloc(q->n * sizeof(*grades));
	double sum = 0;
	size_t i;

	for (i = 0; i < q->n; i++)
		grades[i] = q->items[i].grade;
	qsort(grades, q->n, sizeof(*grades), descending);
	for (i = 0; i < q->n && i < 10; i++)
		sum += grades[i] / log2((double)i + 2);
	free(grades);
	return sum;
}

void kb_rank_measure(const struct kb_eval_query *q, const struct kb_ranking *r,
		     double out[KB_MEASURES])
{
	double found = 0, gain = 0, total = (double)q->n;
	uint32_t i;

	memset(out, 0, KB_MEASURES * sizeof(*out));
	for (i = 0; i < r->n && i < 100; i++) {
		int grade = grade_of(q, r->docs[i]);

		if (grade) {
			found++;
			if (i < 10) {
				gain += grade / log2(i + 2.0);
				if (out[KB_MRR_10] == 0)
					out[KB_MRR_10] = 1 / (i + 1.0);
			}
		}
		if (i == 0) {
			out[KB_HIT_1] = found;
			out[KB_RECALL_1] = found / total;
		}
		if (i < 5)
			out[KB_RECALL_5] = found / total;
		if (i < 10) {
			out[KB_RECALL_10] = found / total;
			out[KB_ALL_10] = found == total;
		}
		out[KB_RECALL_100] = found / total;
	}
	out[KB_NDCG_10] = gain / ideal(q);
}

static uint64_t draw(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return kb_mix64(*state);
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double bootstrap_mean(const double *d, size_t n, uint64_t *state)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += d[(draw(state) >> 32) * n >> 32];
	return sum / (double)n;
}

static double flipped_sum(const double *d, size_t n, uint64_t *state)
{
	uint64_t bits = 0;
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (i % 64 == 0)
			bits = draw(state);
		sum += bits >> i % 64 & 1 ? d[i] : -d[i];
	}
	return sum;
}

struct kb_paired kb_paired_test(const double *a, const double *b, size_t n,
				unsigned rounds, uint64_t seed)
{
	struct kb_paired out = {.p = 1};
	uint64_t state = seed;
	double *d, *means, sum = 0;
	unsigned i, extreme = 0;
	size_t k;

	if (n == 0 || n > UINT32_MAX)
		return out;
	d = kb_malloc(n * sizeof(*d));
	means = kb_malloc(rounds * sizeof(*means));
	for (k = 0; k < n; k++) {
		d[k] = b[k] - a[k];
		sum += d[k];
	}
	out.difference = sum / (double)n;
	for (i = 0; i < rounds; i++) {
		/* the tolerance keeps equal sums in another order equal */
		extreme += fabs(flipped_sum(d, n, &state)) >= fabs(sum) - 1e-9;
		means[i] = bootstrap_mean(d, n, &state);
	}
	qsort(means, rounds, sizeof(*means), ascending);
	out.p = (extreme + 1.0) / (rounds + 1.0);
	out.low = means[rounds * 25 / 1000];
	out.high = means[rounds - 1 - rounds * 25 / 1000];
	free(means);
	free(d);
	return out;
}
