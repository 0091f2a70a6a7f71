#include "learn/calibrate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "learn/logistic.h"

static double between_knots(const struct kb_knot *k, size_t n, double z)
{
	size_t low = 0, high = n - 1;

	if (z <= k[0].z)
		return k[0].p;
	if (z >= k[high].z)
		return k[high].p;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (k[middle].z <= z)
			low = middle;
		else
			high = middle;
	}
	return k[low].p +
	       (k[high].p - k[low].p) * (z - k[low].z) / (k[high].z - k[low].z);
}

double kb_calibration_map(const struct kb_calibration *c, double z)
{
	switch (c->kind) {
	case KB_CALIBRATION_PLATT:
		return kb_sigmoid(c->slope * z + c->offset);
	case KB_CALIBRATION_ISOTONIC:
		assert(c->n_knots > 0);
		return between_knots(c->knots, c->n_knots, z);
	default:
		return kb_sigmoid(z);
	}
}

/* The number of right ones, or an error. */
static int check(const double *z, const bool *right, size_t n, size_t *n_right,
		 struct kb_err *err)
{
	*n_right = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(z[i]))
			return kb_err_set(err, KB_EINVAL,
					  "score %zu is not a finite number",
					  i + 1);
		*n_right += right[i];
	}
	if (*n_right == 0 || *n_right == n)
		return kb_err_set(err, KB_EINVAL,
				  "%zu labels, %zu of them right: a "
				  "calibration needs both outcomes",
				  n, *n_right);
	return KB_OK;
}

int kb_calibration_platt(struct kb_calibration *out, const double *z,
			 const bool *right, size_t n, struct kb_err *err)
{
	const struct kb_logistic_options options = {.l2 = 1e-9};
	struct kb_linear_feature slope = {.name = "score", .nonnegative = true};
	struct kb_examples examples = {.x = z, .n = n, .d = 1};
	size_t n_right;
	double *y;
	int rc = check(z, right, n, &n_right, err);

	if (rc < 0)
		return rc;
	/* not 1 and 0: a label is one of so many, and no certainty */
	y = kb_malloc(n * sizeof(*y));
	for (size_t i = 0; i < n; i++)
		y[i] = right[i] ? ((double)n_right + 1) / ((double)n_right + 2)
				: 1 / ((double)(n - n_right) + 2);
	examples.y = y;
	*out = (struct kb_calibration){.kind = KB_CALIBRATION_PLATT};
	rc = kb_logistic_train(&examples, &options, &slope, &out->offset, err);
	out->slope = slope.weight;
	free(y);
	return rc;
}

/* ---- isotonic ---- */

struct point {
	double z;
	bool right;
};

/* Neighbouring scores of one probability. */
struct block {
	double low, high, right, n;
};

static int by_score(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->z > y->z) - (x->z < y->z);
}

static bool violates(const struct block *a, const struct block *b)
{
	return a->right * b->n >= b->right * a->n;
}

static void pool(struct block *into, const struct block *next)
{
	into->high = next->high;
	into->right += next->right;
	into->n += next->n;
}

/* Blocks that rise; equal scores are one. Returns their number. */
static size_t pool_violators(const struct point *points, size_t n,
			     struct block *blocks)
{
	size_t n_blocks = 0, i = 0;

	while (i < n) {
		struct block *b = &blocks[n_blocks++];

		*b = (struct block){points[i].z, points[i].z, 0, 0};
		for (; i < n && points[i].z == b->low; i++) {
			b->right += points[i].right;
			b->n++;
		}
		while (n_blocks > 1 &&
		       violates(&blocks[n_blocks - 2], &blocks[n_blocks - 1])) {
			pool(&blocks[n_blocks - 2], &blocks[n_blocks - 1]);
			n_blocks--;
		}
	}
	return n_blocks;
}

/* Join neighbours till each may have two knots. */
static size_t thin(struct block *blocks, size_t n)
{
	while (2 * n > KB_CALIBRATION_KNOTS) {
		size_t kept = 0;

		for (size_t i = 0; i < n; i += 2) {
			blocks[kept] = blocks[i];
			if (i + 1 < n)
				pool(&blocks[kept], &blocks[i + 1]);
			kept++;
		}
		n = kept;
	}
	return n;
}

int kb_calibration_isotonic(struct kb_calibration *out, const double *z,
			    const bool *right, size_t n, struct kb_arena *arena,
			    struct kb_err *err)
{
	struct kb_knot *knots;
	struct block *blocks;
	struct point *points;
	size_t n_right, n_blocks, k = 0;
	int rc = check(z, right, n, &n_right, err);

	if (rc < 0)
		return rc;
	points = kb_malloc(n * sizeof(*points));
	blocks = kb_malloc(n * sizeof(*blocks));
	for (size_t i = 0; i < n; i++)
		points[i] = (struct point){z[i], right[i]};
	qsort(points, n, sizeof(*points), by_score);
	n_blocks = thin(blocks, pool_violators(points, n, blocks));
	knots = kb_arena_alloc(arena, 2 * n_blocks * sizeof(*knots));
	for (size_t i = 0; i < n_blocks; i++) {
		const struct block *b = &blocks[i];
		/* no more certain than the labels are many */
		double edge = 1 / ((double)n + 2);
		double p = fmin(fmax(b->right / b->n, edge), 1 - edge);

		knots[k++] = (struct kb_knot){b->low, p};
		if (b->high > b->low)
			knots[k++] = (struct kb_knot){b->high, p};
	}
	*out = (struct kb_calibration){
	    .kind = KB_CALIBRATION_ISOTONIC, .knots = knots, .n_knots = k};
	free(points);
	free(blocks);
	return KB_OK;
}

int kb_calibration_fit(struct kb_calibration *out, const double *z,
		       const bool *right, size_t n, struct kb_arena *arena,
		       struct kb_err *err)
{
	if (n < KB_CALIBRATION_ISOTONIC_N)
		return kb_calibration_platt(out, z, right, n, err);
	return kb_calibration_isotonic(out, z, right, n, arena, err);
}
