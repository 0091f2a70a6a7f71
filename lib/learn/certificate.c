#include "learn/certificate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

#define STEPS 100

double kb_binomial_tail(size_t k, size_t n, double p)
{
	double sum = 0, of_n = lgamma((double)n + 1);

	assert(p >= 0 && p <= 1);
	if (k >= n || p <= 0)
		return 1;
	if (p >= 1)
		return 0;
	for (size_t i = 0; i <= k; i++) {
		double x = (double)i, rest = (double)(n - i);

		sum += exp(of_n - lgamma(x + 1) - lgamma(rest + 1) +
			   x * log(p) + rest * log1p(-p));
	}
	return fmin(sum, 1);
}

/* The fewest answers that pass with wrong ones of half the risk, at most n. */
static size_t begin_at(size_t n, double risk, double delta)
{
	for (size_t m = 1; m < n; m++) {
		size_t k = (size_t)floor((double)m * risk / 2);

		if (kb_binomial_tail(k, m, risk) <= delta)
			return m;
	}
	return n;
}

static int highest_first(const void *a, const void *b)
{
	const struct kb_outcome *x = a, *y = b;

	return (x->confidence < y->confidence) -
	       (x->confidence > y->confidence);
}

/* Of sorted outcomes. */
static bool certify(struct kb_certificate *out, const struct kb_outcome *o,
		    size_t n, size_t from, double risk, double delta)
{
	size_t step = n / STEPS ? n / STEPS : 1, wrong = 0, i = 0;
	bool certified = false;

	for (size_t want = from; n && i < n; want = i + step) {
		double p;

		for (; i < n &&
		       (i < want || o[i].confidence == o[i - 1].confidence);
		     i++)
			wrong += !o[i].right;
		p = kb_binomial_tail(wrong, i, risk);
		if (p > delta)
			break;
		*out = (struct kb_certificate){o[i - 1].confidence, n, i, wrong,
					       p};
		certified = true;
	}
	return certified;
}

bool kb_certify(struct kb_certificate *out, struct kb_outcome *o, size_t n,
		double risk, double delta)
{
	assert(out && (o || !n));
	assert(risk > 0 && risk < 1 && delta > 0 && delta < 1);
	*out = (struct kb_certificate){.threshold = NAN, .n = n, .p = 1};
	if (n == 0)
		return false;
	qsort(o, n, sizeof(*o), highest_first);
	return certify(out, o, n, begin_at(n, risk, delta), risk, delta);
}

/* ---- trials ---- */

struct trial {
	const struct kb_outcome *all; /* right ones first, each by score */
	size_t n, n_right;
	double base; /* share of wrong ones in a draw */
	uint64_t state;
};

static size_t draw_below(struct trial *t, size_t n)
{
	t->state += 0x9e3779b97f4a7c15u;
	return (kb_mix64(t->state) >> 32) * n >> 32;
}

static struct kb_outcome draw_one(struct trial *t)
{
	size_t n_wrong = t->n - t->n_right;
	bool right;

	t->state += 0x9e3779b97f4a7c15u;
	right = (double)(kb_mix64(t->state) >> 11) / 0x1p53 >= t->base;
	return t->all[right ? draw_below(t, t->n_right)
			    : t->n_right + draw_below(t, n_wrong)];
}

static int right_then_highest(const void *a, const void *b)
{
	const struct kb_outcome *x = a, *y = b;

	if (x->right != y->right)
		return x->right ? -1 : 1;
	return highest_first(a, b);
}

/* How many of n sorted ones are at or above the threshold. */
static size_t above(const struct kb_outcome *o, size_t n, double threshold)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (o[mid].confidence >= threshold)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Add what the threshold does among all. */
static void look(const struct trial *t, double threshold, double risk,
		 struct kb_certificate_trial *sum)
{
	size_t n_wrong = t->n - t->n_right;
	double right = 0, wrong = 0;

	if (t->n_right)
		right = (1 - t->base) *
			(double)above(t->all, t->n_right, threshold) /
			(double)t->n_right;
	if (n_wrong)
		wrong = t->base *
			(double)above(t->all + t->n_right, n_wrong, threshold) /
			(double)n_wrong;
	sum->certified++;
	sum->threshold += threshold;
	sum->answered += right + wrong;
	sum->violated += wrong > risk * (right + wrong) * (1 + 1e-12);
}

struct kb_certificate_trial kb_certificate_try(struct kb_outcome *o, size_t n,
					       double risk, double delta,
					       double base, size_t draws,
					       size_t labels, uint64_t seed)
{
	struct kb_certificate_trial sum = {.draws = draws, .threshold = NAN};
	struct trial t = {.all = o, .n = n, .base = base, .state = seed};
	struct kb_certificate c;
	struct kb_outcome *drawn;
	size_t from;

	assert(o || !n);
	assert(base >= 0 && base < 1);
	if (n == 0 || labels == 0)
		return sum;
	qsort(o, n, sizeof(*o), right_then_highest);
	while (t.n_right < n && o[t.n_right].right)
		t.n_right++;
	if (base <= 0 || t.n_right == 0 || t.n_right == n)
		t.base = (double)(n - t.n_right) / (double)n;
	drawn = kb_malloc(labels * sizeof(*drawn));
	from = begin_at(labels, risk, delta);
	sum.threshold = 0;
	for (size_t i = 0; i < draws; i++) {
		for (size_t k = 0; k < labels; k++)
			drawn[k] = draw_one(&t);
		qsort(drawn, labels, sizeof(*drawn), highest_first);
		if (certify(&c, drawn, labels, from, risk, delta))
			look(&t, c.threshold, risk, &sum);
	}
	sum.threshold =
	    sum.certified ? sum.threshold / (double)sum.certified : NAN;
	sum.answered = draws ? sum.answered / (double)draws : 0;
	free(drawn);
	return sum;
}
