#include "classify/class_score.h"

#include <math.h>
#include <stdlib.h>

/* A value of 1 as a whole number. Of n features that have length 1 together
 * the sum is at most the root of n, which is 2^11 in the longest text, and a
 * weight 127: the sums stay below 2^31. */
enum {
	UNIT = 4096,
	SLOTS_AHEAD = 12, /* features whose slots are fetched early */
	LINES_AHEAD = 2,  /* of a row's cache lines, likewise */
};

struct kb_class_scratch *kb_class_scratch_new(void)
{
	struct kb_class_scratch *s = kb_calloc(1, sizeof(*s));

	kb_class_features_init(&s->features);
	for (uint32_t n = 1; n < KB_CLASS_COUNTS; n++)
		s->counts[n] = kb_class_count_value(n);
	return s;
}

void kb_class_scratch_free(void *scratch)
{
	struct kb_class_scratch *s = scratch;

	if (!s)
		return;
	kb_class_features_release(&s->features);
	free(s->weighed);
	free(s->dense);
	free(s->sums);
	free(s->z);
	free(s);
}

float kb_class_count_value(uint32_t count)
{
	return count == 1 ? 1 : 1 + logf((float)count);
}

/* ---- values ---- */

/* Find the rows, and what each value is before its group has length 1; the
 * squares of the groups' lengths. */
static void weigh(const struct kb_class_model *m, struct kb_class_scratch *s,
		  double *squares)
{
	const struct kb_class_features *f = &s->features;
	double words = 0, pieces = 0;

	s->unknown = (struct kb_class_row){m->unknown_idf, 0};

	if (s->cap_weighed < f->n) {
		kb_grow(&s->weighed, &s->cap_weighed, f->n,
			sizeof(*s->weighed));
		s->dense = kb_reallocarray(s->dense, s->cap_weighed,
					   sizeof(*s->dense));
	}
	for (size_t i = 0; i < f->n; i++) {
		struct kb_class_weighed *w = &s->weighed[i];
		const struct kb_class_row *row;

		if (i + SLOTS_AHEAD < f->n)
			__builtin_prefetch(
			    &m->slots[f->items[i + SLOTS_AHEAD].key &
				      (m->n_slots - 1)]);
		row = kb_class_model_row(m, f->items[i].key);
		w->row = row ? row : &s->unknown;
		for (int line = 0; line < LINES_AHEAD; line++)
			__builtin_prefetch((const char *)w->row + 64 * line);
	}
	for (size_t i = 0; i < f->n; i++) {
		struct kb_class_weighed *w = &s->weighed[i];
		double square;

		w->value = w->row->idf;
		w->value *= f->items[i].count < KB_CLASS_COUNTS
				? s->counts[f->items[i].count]
				: kb_class_count_value(f->items[i].count);
		square = (double)w->value * (double)w->value;
		words += f->items[i].group == KB_CLASS_WORDS ? square : 0;
		pieces += f->items[i].group == KB_CLASS_PIECES ? square : 0;
	}
	squares[KB_CLASS_WORDS] = words;
	squares[KB_CLASS_PIECES] = pieces;
}

/* Add the rows of few weights, and list the others. */
static size_t add_few(struct kb_class_scratch *s, const float *by)
{
	size_t n_dense = 0;

	for (size_t i = 0; i < s->features.n; i++) {
		const struct kb_class_row *row = s->weighed[i].row;
		const uint16_t *columns = (const void *)(row + 1);
		const int8_t *weights;
		int32_t value;

		value = (int32_t)(s->weighed[i].value *
				      by[s->features.items[i].group] +
				  .5f);
		if (row->n == KB_CLASS_DENSE) {
			s->dense[n_dense++] = (struct kb_class_term){
			    (const void *)columns, value};
			continue;
		}
		weights = (const void *)(columns + row->n);
		for (uint32_t k = 0; k < row->n; k++)
			s->sums[columns[k]] += value * weights[k];
	}
	return n_dense;
}

static void make_room(struct kb_class_scratch *s, size_t n)
{
	if (s->n_columns >= n)
		return;
	free(s->sums);
	free(s->z);
	s->sums = kb_calloc(n, sizeof(*s->sums));
	s->z = kb_calloc(n, sizeof(*s->z));
	s->n_columns = n;
}

const float *kb_class_score(const struct kb_class_model *model,
			    struct kb_class_scratch *scratch,
			    struct kb_str text)
{
	size_t n = model->n_columns + (KB_CLASS_PAD - 1);
	double squares[KB_CLASS_GROUPS] = {0};
	float by[KB_CLASS_GROUPS];

	n -= n % KB_CLASS_PAD;
	make_room(scratch, n);
	kb_class_features_make(&scratch->features, text);
	weigh(model, scratch, squares);
	for (int g = 0; g < KB_CLASS_GROUPS; g++)
		by[g] = (float)(UNIT / sqrt(fmax(squares[g], 1e-10)));
	by[KB_CLASS_PIECES] *= model->pieces;
	memset(scratch->sums, 0, n * sizeof(*scratch->sums));
	kb_class_add_terms(scratch->sums, n, scratch->dense,
			   add_few(scratch, by));
	for (uint32_t c = 0; c < model->n_columns; c++)
		scratch->z[c] = model->columns[c].bias +
				model->columns[c].scale *
				    ((float)scratch->sums[c] * (1.0f / UNIT));
	return scratch->z;
}

/* ---- the label ---- */

struct kb_class_best kb_class_best_of(const float *z, uint32_t first,
				      uint32_t n)
{
	struct kb_class_best b = {KB_CLASS_NONE, KB_CLASS_NONE, -INFINITY,
				  -INFINITY};
	float next = -INFINITY;

	for (uint32_t c = first; c < first + n; c++) {
		if (!(z[c] > next)) /* nearly always */
			continue;
		if ((double)z[c] > b.z) {
			b.next = b.best;
			b.next_z = b.z;
			b.best = c;
			b.z = (double)z[c];
		} else {
			b.next = c;
			b.next_z = (double)z[c];
		}
		next = (float)b.next_z;
	}
	return b;
}

/* The z from which the share 'keep' of a scale's texts is. */
static double kept_from(const struct kb_class_scale *scale, double keep)
{
	double at = (1 - keep) * KB_CLASS_KEPT;
	size_t i = (size_t)at;

	if (i >= KB_CLASS_KEPT)
		return scale->kept[KB_CLASS_KEPT];
	return scale->kept[i] +
	       (at - (double)i) * (scale->kept[i + 1] - scale->kept[i]);
}

static double chance(const struct kb_class_scale *scale, double z)
{
	return kb_calibration_map(&scale->calibration, z);
}

static struct kb_class_label as(const struct kb_class_scale *scale,
				const struct kb_class_best *b)
{
	return (struct kb_class_label){
	    .column = b->best,
	    .runner_up = b->next,
	    .score = chance(scale, b->z),
	    .margin = b->next == KB_CLASS_NONE ? 0 : b->z - b->next_z,
	};
}

struct kb_class_label kb_class_decide(const struct kb_class_model *model,
				      const float *z,
				      const struct kb_class_rule *rule)
{
	const struct kb_class_scale *scales = model->about.scale;
	struct kb_class_best leaf = kb_class_best_of(z, 0, model->n_labels);
	struct kb_class_label out = as(&scales[0], &leaf), parent;
	bool is_child = model->about.parent[leaf.best] != KB_CLASS_NO_PARENT;
	bool belongs = rule->keep <= 0 || !scales[0].n_kept ||
		       leaf.z >= kept_from(&scales[0], rule->keep);

	if (belongs && out.score >= rule->threshold &&
	    (!is_child || out.score >= rule->leaf))
		return out;
	if (belongs && is_child) {
		leaf = kb_class_best_of(z, model->n_labels,
					model->n_columns - model->n_labels);
		parent = as(&scales[1], &leaf);
		if (parent.score >= rule->threshold)
			return parent;
	}
	out.runner_up = out.column;
	out.column = KB_CLASS_NONE;
	return out;
}

int kb_class_rule_check(const struct kb_class_rule *rule,
			const struct kb_class_model *model, const char *path,
			struct kb_err *err)
{
	if (rule->keep > 0 && !model->about.scale[0].n_kept)
		return kb_err_set(err, KB_EINVAL,
				  "--keep: '%s' is not calibrated; "
				  "'text-classify calibrate' does it",
				  path);
	return 0;
}
