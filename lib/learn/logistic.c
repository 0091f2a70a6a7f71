#include "learn/logistic.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

#define DIM	 (KB_LINEAR_FEATURES + 1) /* the bias is the last */
#define ROUNDS	 100
#define SWEEPS	 10000
#define HALVINGS 40
#define CLOSE	 1e-11 /* a step of so little is none */

struct problem {
	const struct kb_examples *examples;
	const struct kb_linear_feature *features;
	double *x;	/* rows of m values: standardised, and 1 */
	double *weight; /* of each row, its class's included */
	size_t n, m;
	double l2;
};

/* The gradient and the curvature of the loss at a point. */
struct quadratic {
	double gradient[DIM];
	double hessian[DIM][DIM];
};

static int check(const struct kb_examples *e,
		 const struct kb_logistic_options *o, struct kb_err *err)
{
	double all = 0;

	if (e->d > KB_LINEAR_FEATURES)
		return kb_err_set(err, KB_ELIMIT, "%zu features, more than %d",
				  e->d, KB_LINEAR_FEATURES);
	if (!(o->l2 > 0) || !isfinite(o->l2))
		return kb_err_set(err, KB_EINVAL, "the penalty is not above 0");
	for (size_t i = 0; i < e->n; i++) {
		if (!(e->y[i] >= 0 && e->y[i] <= 1))
			return kb_err_set(err, KB_EINVAL,
					  "target %zu is not within 0 and 1",
					  i + 1);
		if (e->weight && !(e->weight[i] >= 0 && isfinite(e->weight[i])))
			return kb_err_set(err, KB_EINVAL,
					  "weight %zu is not 0 or above",
					  i + 1);
		all += e->weight ? e->weight[i] : 1;
	}
	if (!(all > 0))
		return kb_err_set(err, KB_EINVAL, "no example has weight");
	return KB_OK;
}

static void standardise(const struct kb_examples *e, size_t f,
			struct kb_linear_feature *out)
{
	double sum = 0, squares = 0, n = 0;

	for (size_t i = 0; i < e->n; i++) {
		double x = e->x[i * e->d + f];

		if (!isfinite(x))
			continue;
		sum += x;
		n++;
	}
	if (n == 0)
		return;
	out->mean = sum / n;
	for (size_t i = 0; i < e->n; i++) {
		double x = e->x[i * e->d + f] - out->mean;

		squares += isfinite(x) ? x * x : 0;
	}
	out->scale = sqrt(squares / n);
	if (out->scale < 1e-9) /* it is the same everywhere */
		out->scale = 1;
}

static void set_up(struct problem *p, const struct kb_examples *e,
		   const struct kb_logistic_options *o)
{
	*p = (struct problem){
	    .examples = e, .n = e->n, .m = e->d + 1, .l2 = o->l2};
	p->x = kb_malloc(p->n * p->m * sizeof(*p->x));
	p->weight = kb_malloc(p->n * sizeof(*p->weight));
	for (size_t i = 0; i < p->n; i++) {
		double class = o->class_weight[e->y[i] >= .5];

		p->weight[i] =
		    (e->weight ? e->weight[i] : 1) * (class == 0 ? 1 : class);
	}
}

static void fill_rows(struct problem *p,
		      const struct kb_linear_feature *features)
{
	size_t d = p->m - 1;

	p->features = features;
	for (size_t i = 0; i < p->n; i++) {
		for (size_t f = 0; f < d; f++) {
			double x =
			    (p->examples->x[i * d + f] - features[f].mean) /
			    features[f].scale;

			p->x[i * p->m + f] = isfinite(x) ? x : 0;
		}
		p->x[i * p->m + d] = 1;
	}
}

static double row_sum(const struct problem *p, size_t i, const double *w)
{
	double z = 0;

	for (size_t f = 0; f < p->m; f++)
		z += p->x[i * p->m + f] * w[f];
	return z;
}

static double loss_at(const struct problem *p, const double *w)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < p->n; i++) {
		double z = row_sum(p, i, w);

		/* ln(1 + e^z) - y z, without overflow */
		sum += p->weight[i] * (fmax(z, 0) + log1p(exp(-fabs(z))) -
				       p->examples->y[i] * z);
	}
	for (size_t f = 0; f + 1 < p->m; f++)
		squares += w[f] * w[f];
	return sum + p->l2 * squares / 2;
}

static void approximate(const struct problem *p, const double *w,
			struct quadratic *q)
{
	size_t m = p->m;

	memset(q, 0, sizeof(*q));
	for (size_t i = 0; i < p->n; i++) {
		const double *x = p->x + i * m;
		double s = kb_sigmoid(row_sum(p, i, w));
		double slope = p->weight[i] * (s - p->examples->y[i]);
		double bend = p->weight[i] * s * (1 - s);

		for (size_t f = 0; f < m; f++) {
			q->gradient[f] += slope * x[f];
			for (size_t g = 0; g <= f; g++)
				q->hessian[f][g] += bend * x[f] * x[g];
		}
	}
	for (size_t f = 0; f < m; f++) {
		if (f + 1 < m) {
			q->gradient[f] += p->l2 * w[f];
			q->hessian[f][f] += p->l2;
		}
		/* keeps a step finite where no row is in doubt any more */
		q->hessian[f][f] += 1e-12;
		for (size_t g = 0; g < f; g++)
			q->hessian[g][f] = q->hessian[f][g];
	}
}

/* The step that minimises the quadratic, by coordinate descent; no weight
 * that may not be negative goes below 0. */
static void find_step(const struct problem *p, const double *w,
		      struct quadratic *q, double *step)
{
	size_t m = p->m;

	memset(step, 0, m * sizeof(*step));
	for (int sweep = 0; sweep < SWEEPS; sweep++) {
		double moved = 0, far = 0;

		for (size_t f = 0; f < m; f++) {
			double by = -q->gradient[f] / q->hessian[f][f];

			if (f + 1 < m && p->features[f].nonnegative)
				by = fmax(by, -(w[f] + step[f]));
			for (size_t g = 0; g < m; g++)
				q->gradient[g] += by * q->hessian[g][f];
			step[f] += by;
			moved = fmax(moved, fabs(by));
			far = fmax(far, fabs(step[f]));
		}
		if (moved <= CLOSE * (1 + far))
			break;
	}
}

/* Go as far along the step as the loss falls; how far any weight moved. */
static double move(const struct problem *p, double *w, const double *step)
{
	double before = loss_at(p, w), share = 1, moved = 0;
	double there[DIM];

	for (int i = 0; i < HALVINGS; i++, share /= 2) {
		for (size_t f = 0; f < p->m; f++)
			there[f] = w[f] + share * step[f];
		if (loss_at(p, there) <= before)
			break;
		if (i + 1 == HALVINGS)
			return 0;
	}
	for (size_t f = 0; f < p->m; f++) {
		moved = fmax(moved, fabs(there[f] - w[f]));
		w[f] = there[f];
	}
	return moved;
}

int kb_logistic_train(const struct kb_examples *examples,
		      const struct kb_logistic_options *options,
		      struct kb_linear_feature *features, double *bias,
		      struct kb_err *err)
{
	double w[DIM] = {0}, step[DIM];
	struct quadratic *q;
	struct problem p;
	int rc = check(examples, options, err);

	assert(features || !examples->d);
	assert(bias);
	if (rc < 0)
		return rc;
	for (size_t f = 0; f < examples->d; f++) {
		features[f].mean = 0;
		features[f].scale = 1;
		if (options->standardise)
			standardise(examples, f, &features[f]);
	}
	set_up(&p, examples, options);
	fill_rows(&p, features);
	q = kb_malloc(sizeof(*q));
	for (int round = 0; round < ROUNDS; round++) {
		approximate(&p, w, q);
		find_step(&p, w, q, step);
		if (move(&p, w, step) <= CLOSE)
			break;
	}
	for (size_t f = 0; f < examples->d; f++)
		features[f].weight = w[f];
	*bias = w[examples->d];
	free(q);
	free(p.x);
	free(p.weight);
	return KB_OK;
}
