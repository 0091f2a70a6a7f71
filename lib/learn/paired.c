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
