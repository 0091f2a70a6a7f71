#include "classify/class_scale.h"

#include <stdlib.h>

static int by_z(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The quantiles of those that have one of the labels. */
static void fit_kept(struct kb_class_scale *out,
		     const struct kb_class_outcome *outcomes, size_t n,
		     struct kb_arena *arena)
{
	double *z = kb_calloc(n, sizeof(*z)), *kept;
	size_t n_known = 0;

	for (size_t i = 0; i < n; i++)
		if (outcomes[i].known)
			z[n_known++] = outcomes[i].z;
	if (n_known) {
		qsort(z, n_known, sizeof(*z), by_z);
		kept =
		    kb_arena_alloc(arena, (KB_CLASS_KEPT + 1) * sizeof(*kept));
		for (size_t i = 0; i <= KB_CLASS_KEPT; i++)
			kept[i] = z[(n_known - 1) * i / KB_CLASS_KEPT];
		out->kept = kept;
		out->n_kept = KB_CLASS_KEPT + 1;
	}
	free(z);
}

int kb_class_scale_fit(struct kb_class_scale *out,
		       const struct kb_class_outcome *outcomes, size_t n,
		       struct kb_arena *arena, struct kb_err *err)
{
	double *z = kb_calloc(n + 1, sizeof(*z));
	bool *right = kb_calloc(n + 1, sizeof(*right));
	size_t n_right = 0, m = n;
	int rc;

	*out = (struct kb_class_scale){.n_kept = 0};
	for (size_t i = 0; i < n; i++) {
		z[i] = outcomes[i].z;
		right[i] = outcomes[i].right;
		n_right += right[i];
	}
	if (n && (!n_right || n_right == n)) {
		z[m] = -1; /* where a text of none of the columns stands */
		right[m++] = !n_right;
	}
	rc = kb_calibration_fit(&out->calibration, z, right, m, arena, err);
	if (!rc)
		fit_kept(out, outcomes, n, arena);
	free(z);
	free(right);
	return rc;
}
