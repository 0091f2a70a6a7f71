#include "learn/linear.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define MISSING UINT8_MAX

const char *kb_linear_bind(struct kb_linear *linear,
			   const struct kb_linear_model *model,
			   const char *const *names, size_t n)
{
	const char *unknown = NULL;

	assert(model->n <= KB_LINEAR_FEATURES && n < MISSING);
	linear->model = model;
	for (size_t f = 0; f < model->n; f++) {
		const char *name = model->features[f].name;
		/* most models list what their caller does, in its order */
		size_t at = f < n && !strcmp(names[f], name) ? f : 0;

		while (at < n && strcmp(names[at], name))
			at++;
		linear->at[f] = at < n ? (uint8_t)at : MISSING;
		if (at == n && !unknown)
			unknown = name;
	}
	return unknown;
}

double kb_linear_sum(const struct kb_linear *linear, const double *values)
{
	const struct kb_linear_model *m = linear->model;
	double sum = m->bias;

	assert(values || !m->n);
	for (size_t f = 0; f < m->n; f++) {
		const struct kb_linear_feature *it = &m->features[f];
		double scale = it->scale == 0 ? 1 : it->scale;

		if (linear->at[f] != MISSING && isfinite(values[linear->at[f]]))
			sum += it->weight *
			       ((values[linear->at[f]] - it->mean) / scale);
	}
	return sum;
}

double kb_linear_value(const struct kb_linear *linear, size_t f,
		       const double *values)
{
	return linear->at[f] != MISSING ? values[linear->at[f]] : NAN;
}

double kb_linear_score(const struct kb_linear *linear, const double *values)
{
	double sum = kb_linear_sum(linear, values);

	if (linear->model->kind == KB_LINEAR)
		return sum;
	return kb_calibration_map(&linear->model->calibration, sum);
}

const struct kb_linear_feature *kb_linear_find(
    const struct kb_linear_model *model, const char *name)
{
	for (size_t f = 0; f < model->n; f++)
		if (!strcmp(model->features[f].name, name))
			return &model->features[f];
	return NULL;
}
