#include "learn/paired.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

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

	assert((a && b) || !n);
	assert(rounds > 0);
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

/* ---- groups ---- */

struct group {
	double sum, n; /* of differences */
};

struct named_case {
	uint64_t group;
	double difference;
};

static int by_group(const void *a, const void *b)
{
	const struct named_case *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return ascending(&x->difference, &y->difference);
}

/* The groups of the cases, which are sorted; returns how many. */
static size_t gather(struct named_case *cases, size_t n, struct group *groups)
{
	size_t g = 0;

	qsort(cases, n, sizeof(*cases), by_group);
	for (size_t i = 0; i < n; i++) {
		g += i && cases[i].group != cases[i - 1].group;
		groups[g].sum += cases[i].difference;
		groups[g].n++;
	}
	return g + 1;
}

static double drawn_groups_mean(const struct group *g, size_t n,
				uint64_t *state)
{
	double sum = 0, cases = 0;

	for (size_t i = 0; i < n; i++) {
		const struct group *at = &g[(draw(state) >> 32) * n >> 32];

		sum += at->sum;
		cases += at->n;
	}
	return sum / cases;
}

struct kb_paired kb_paired_grouped(const double *a, const double *b,
				   const uint64_t *group, size_t n,
				   unsigned rounds, uint64_t seed)
{
	struct kb_paired out = {.p = 1};
	struct named_case *cases;
	struct group *groups;
	uint64_t state = seed;
	double *sums, *means, sum = 0;
	unsigned extreme = 0;
	size_t n_groups;

	assert((a && b && group) || !n);
	assert(rounds > 0);
	if (n == 0 || n > UINT32_MAX)
		return out;
	cases = kb_malloc(n * sizeof(*cases));
	groups = kb_calloc(n, sizeof(*groups));
	sums = kb_malloc(n * sizeof(*sums));
	means = kb_malloc(rounds * sizeof(*means));
	for (size_t i = 0; i < n; i++)
		cases[i] = (struct named_case){group[i], b[i] - a[i]};
	n_groups = gather(cases, n, groups);
	for (size_t i = 0; i < n_groups; i++) {
		sums[i] = groups[i].sum;
		sum += sums[i];
	}
	out.difference = sum / (double)n;
	for (unsigned i = 0; i < rounds; i++) {
		extreme += fabs(flipped_sum(sums, n_groups, &state)) >=
			   fabs(sum) - 1e-9;
		means[i] = drawn_groups_mean(groups, n_groups, &state);
	}
	qsort(means, rounds, sizeof(*means), ascending);
	out.p = (extreme + 1.0) / (rounds + 1.0);
	out.low = means[rounds * 25 / 1000];
	out.high = means[rounds - 1 - rounds * 25 / 1000];
	free(means);
	free(sums);
	free(groups);
	free(cases);
	return out;
}

void kb_paired_holm(double *p, size_t n)
{
	double *sorted = kb_malloc((n + 1) * sizeof(*sorted));
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			sorted[m++] = p[i];
	qsort(sorted, m, sizeof(*sorted), ascending);
	for (size_t i = 0; i < n; i++) {
		double least = 0;

		for (size_t k = 0; k < m && sorted[k] <= p[i]; k++)
			least = fmax(least, (double)(m - k) * sorted[k]);
		if (!isnan(p[i]))
			p[i] = fmin(least, 1);
	}
	free(sorted);
}

double kb_paired_mcnemar(size_t first, size_t second)
{
	double n = (double)(first + second), sum = 0;
	size_t few = first < second ? first : second;

	if (first == second)
		return 1;
	for (size_t i = 0; i <= few; i++)
		sum += exp(lgamma(n + 1) - lgamma((double)i + 1) -
			   lgamma(n - (double)i + 1) - n * log(2));
	return fmin(2 * sum, 1);
}

struct kb_interval kb_bootstrap(
    size_t n, unsigned rounds, uint64_t seed,
    double (*measure)(void *arg, const size_t *places, size_t n), void *arg)
{
	struct kb_interval out = {.low = NAN, .high = NAN};
	size_t *places = kb_malloc((n + 1) * sizeof(*places));
	double *values = kb_malloc((rounds + 1) * sizeof(*values));
	uint64_t state = seed;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		places[i] = i;
	out.value = measure(arg, places, n);
	for (unsigned round = 0; n && round < rounds; round++) {
		for (size_t i = 0; i < n; i++)
			places[i] = (draw(&state) >> 32) * n >> 32;
		values[kept] = measure(arg, places, n);
		kept += isfinite(values[kept]) ? 1 : 0;
	}
	if (kept) {
		qsort(values, kept, sizeof(*values), ascending);
		out.low = values[kept * 25 / 1000];
		out.high = values[kept - 1 - kept * 25 / 1000];
	}
	free(values);
	free(places);
	return out;
}
