#include "learn/rank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const kb_measure_names[KB_MEASURES] = {
    [KB_HIT_1] = "hit@1",	    [KB_RECALL_1] = "recall@1",
    [KB_RECALL_5] = "recall@5",	    [KB_RECALL_10] = "recall@10",
    [KB_RECALL_100] = "recall@100", [KB_MRR_10] = "mrr@10",
    [KB_NDCG_10] = "ndcg@10",	    [KB_ALL_10] = "all@10",
};

void kb_ranking_add(struct kb_ranking *r, uint64_t doc)
{
	size_t cap = r->cap;
	uint32_t i;

	if (r->n >= KB_RANK_DEPTH)
		return;
	for (i = 0; i < r->n; i++) {
		if (r->docs[i] == doc)
			return;
	}
	kb_grow(&r->docs, &cap, r->n + 1, sizeof(*r->docs));
	r->cap = (uint32_t)cap;
	r->docs[r->n++] = doc;
}

static int grade_of(const struct kb_judged_query *q, uint64_t doc)
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

double kb_rank_ideal(const struct kb_judged_query *q)
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

void kb_rank_measure(const struct kb_judged_query *q,
		     const struct kb_ranking *r, double out[KB_MEASURES])
{
	double found = 0, gain = 0, total = (double)q->n;
	uint32_t i;

	assert(q && r);
	assert(r->docs || !r->n);
	memset(out, 0, KB_MEASURES * sizeof(*out));
	if (!q->n)
		return;
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
	out[KB_NDCG_10] = gain / kb_rank_ideal(q);
}

double kb_rank_precision(const struct kb_judged_query *q,
			 const struct kb_ranking *r)
{
	double found = 0, sum = 0;

	for (uint32_t i = 0; i < r->n; i++)
		if (grade_of(q, r->docs[i]))
			sum += ++found / (i + 1.0);
	return q->n ? sum / (double)q->n : 0;
}
