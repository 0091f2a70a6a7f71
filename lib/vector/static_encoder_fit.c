#include "vector/static_encoder_fit.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/simd.h"
#include "vector/static_encoder_weights.h"

#define SLICE	32 /* columns that are found at once */
#define FOLDS	5
#define NO_FOLD UINT32_MAX
#define THREADS 16

/* ---- conjugate gradients, SLICE columns at once ---- */

/* One of the slices: y, and the texts that are left out. */
struct job {
	const struct kb_static_texts *texts;
	const struct kb_static_shares *x;
	const float *mean;
	size_t column; /* the first one's */
	uint32_t fold; /* that is left out */
	/* Work, n_units * SLICE each, and the diagonal. */
	float *w, *r, *p, *q, *diagonal;
};

static uint32_t fold_of(const struct kb_static_text *text)
{
	return (uint32_t)(text->hash % FOLDS);
}

/* The columns of a text's vector, less the mean. */
static void target(const struct job *j, size_t i, float y[SLICE])
{
	const struct kb_static_text *text = &j->texts->items[i];

	for (size_t c = 0; c < SLICE; c++)
		y[c] = text->scale * (float)text->row[j->column + c] -
		       j->mean[j->column + c];
}

/* Columns side by side in a register, or in two: compilers turn the plain loops
 * over columns inside out. */
typedef float lane __attribute__((vector_size(32), aligned(4), may_alias));
_Static_assert(SLICE == 4 * 8, "gather() and scatter() have four of them");

KB_WIDE
static void gather(const struct kb_static_shares *x, size_t i,
		   const float *restrict w, float y[SLICE])
{
	lane a = {0}, b = a, c = a, d = a, *to = (lane *)y;

	for (size_t e = x->start[i]; e < x->start[i + 1]; e++) {
		const lane *row =
		    (const lane *)(w + (size_t)x->cols[e] * SLICE);

		a += x->vals[e] * row[0];
		b += x->vals[e] * row[1];
		c += x->vals[e] * row[2];
		d += x->vals[e] * row[3];
	}
	to[0] = a;
	to[1] = b;
	to[2] = c;
	to[3] = d;
}

KB_WIDE
static void scatter(const struct kb_static_shares *x, size_t i,
		    const float y[SLICE], float *restrict w)
{
	const lane *from = (const lane *)y;
	lane a = from[0], b = from[1], c = from[2], d = from[3];

	for (size_t e = x->start[i]; e < x->start[i + 1]; e++) {
		lane *row = (lane *)(w + (size_t)x->cols[e] * SLICE);

		row[0] += x->vals[e] * a;
		row[1] += x->vals[e] * b;
		row[2] += x->vals[e] * c;
		row[3] += x->vals[e] * d;
	}
}

/* q = X'X p + RIDGE p, of the texts that are not left out. */
static void apply(struct job *j)
{
	size_t n = j->x->n_units * SLICE;
	float y[SLICE];

	for (size_t i = 0; i < n; i++)
		j->q[i] = RIDGE * j->p[i];
	for (size_t i = 0; i < j->x->n_texts; i++) {
		if (fold_of(&j->texts->items[i]) == j->fold)
			continue;
		gather(j->x, i, j->p, y);
		scatter(j->x, i, y, j->q);
	}
}

/* Products of the columns of a and b, b's rows divided by the diagonal where it
 * is given. */
KB_WIDE
static void products(const float *a, const float *b, const float *diagonal,
		     size_t n, double out[SLICE])
{
	memset(out, 0, SLICE * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		float by = diagonal ? 1 / diagonal[i] : 1;

		for (size_t c = 0; c < SLICE; c++)
			out[c] += (double)(a[i * SLICE + c] *
					   (b[i * SLICE + c] * by));
	}
}

static void begin(struct job *j)
{
	size_t n = j->x->n_units;
	float y[SLICE];

	memset(j->w, 0, n * SLICE * sizeof(float));
	memset(j->r, 0, n * SLICE * sizeof(float));
	for (size_t i = 0; i < n; i++)
		j->diagonal[i] = RIDGE;
	for (size_t i = 0; i < j->x->n_texts; i++) {
		if (fold_of(&j->texts->items[i]) == j->fold)
			continue;
		target(j, i, y);
		scatter(j->x, i, y, j->r);
		for (size_t e = j->x->start[i]; e < j->x->start[i + 1]; e++)
			j->diagonal[j->x->cols[e]] +=
			    j->x->vals[e] * j->x->vals[e];
	}
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < SLICE; c++)
			j->p[i * SLICE + c] =
			    j->r[i * SLICE + c] / j->diagonal[i];
}

KB_WIDE
static void advance(struct job *j, const float by[SLICE])
{
	for (size_t i = 0; i < j->x->n_units; i++)
		for (size_t c = 0; c < SLICE; c++) {
			size_t at = i * SLICE + c;

			j->w[at] += by[c] * j->p[at];
			j->r[at] -= by[c] * j->q[at];
		}
}

KB_WIDE
static void turn(struct job *j, const float by[SLICE])
{
	for (size_t i = 0; i < j->x->n_units; i++)
		for (size_t c = 0; c < SLICE; c++) {
			size_t at = i * SLICE + c;

			j->p[at] = j->r[at] / j->diagonal[i] + by[c] * j->p[at];
		}
}

/* The columns' vectors of the units, in j->w. */
static void solve(struct job *j)
{
	double rho[SLICE] = {0}, next[SLICE] = {0}, curve[SLICE] = {0};
	size_t n = j->x->n_units;
	float by[SLICE];

	begin(j);
	products(j->r, j->r, j->diagonal, n, rho);
	for (int step = 0; step < STEPS; step++) {
		apply(j);
		products(j->p, j->q, NULL, n, curve);
		for (size_t c = 0; c < SLICE; c++)
			by[c] = curve[c] > 0 ? (float)(rho[c] / curve[c]) : 0;
		advance(j, by);
		products(j->r, j->r, j->diagonal, n, next);
		for (size_t c = 0; c < SLICE; c++) {
			by[c] = rho[c] > 0 ? (float)(next[c] / rho[c]) : 0;
			rho[c] = next[c];
		}
		turn(j, by);
	}
}

static void job_init(struct job *j, const struct kb_static_texts *texts,
		     const struct kb_static_shares *x, const float *mean)
{
	size_t size = x->n_units * SLICE;

	*j = (struct job){.texts = texts, .x = x, .mean = mean};
	j->w = kb_reallocarray(NULL, 4 * size + x->n_units, sizeof(float));
	j->r = j->w + size;
	j->p = j->r + size;
	j->q = j->p + size;
	j->diagonal = j->q + size;
}

static void job_release(struct job *j)
{
	free(j->w);
}

/* ---- slices in threads ---- */

struct team {
	const struct kb_static_texts *texts;
	const struct kb_static_shares *x;
	const float *mean;
	size_t n_jobs;
	bool testing; /* a job is a fold, else a slice */
	pthread_mutex_t lock;
	size_t next;
	/* Of the units, by slices, each with a scale of its own. */
	int8_t *rows;
	float *scales;
	double products[FOLDS][3];
};

static void test_fold(struct job *j, double out[3])
{
	float y[SLICE], got[SLICE];

	solve(j);
	for (size_t i = 0; i < j->x->n_texts; i++) {
		if (fold_of(&j->texts->items[i]) != j->fold)
			continue;
		target(j, i, y);
		gather(j->x, i, j->w, got);
		for (size_t c = 0; c < SLICE; c++) {
			out[0] += (double)y[c] * (double)got[c];
			out[1] += (double)y[c] * (double)y[c];
			out[2] += (double)got[c] * (double)got[c];
		}
	}
}

static float largest(const float *x, size_t n)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmaxf(most, fabsf(x[i]));
	return most;
}

static void fill_slice(const struct team *t, struct job *j)
{
	size_t slice = j->column / SLICE, n = t->x->n_units;

	solve(j);
	for (size_t i = 0; i < n; i++) {
		const float *x = j->w + i * SLICE;
		int8_t *row = t->rows + (slice * n + i) * SLICE;
		float most = largest(x, SLICE);

		t->scales[slice * n + i] = most / 127;
		for (size_t c = 0; c < SLICE; c++)
			row[c] =
			    most > 0 ? (int8_t)lrintf(x[c] / most * 127) : 0;
	}
}

static void *work(void *arg)
{
	struct team *t = arg;
	struct job j;

	job_init(&j, t->texts, t->x, t->mean);
	for (;;) {
		size_t no;

		pthread_mutex_lock(&t->lock);
		no = t->next++;
		pthread_mutex_unlock(&t->lock);
		if (no >= t->n_jobs)
			break;
		j.fold = t->testing ? (uint32_t)no : NO_FOLD;
		j.column = no * SLICE % t->texts->stride;
		if (t->testing)
			test_fold(&j, t->products[no]);
		else
			fill_slice(t, &j);
	}
	job_release(&j);
	return NULL;
}

static void run(struct team *t, size_t n_jobs, size_t threads)
{
	pthread_t others[THREADS];
	size_t n = 0;

	t->n_jobs = n_jobs;
	t->next = 0;
	pthread_mutex_init(&t->lock, NULL);
	while (n + 1 < threads && n < THREADS && n + 1 < n_jobs &&
	       !pthread_create(&others[n], NULL, work, t))
		n++;
	work(t);
	while (n)
		pthread_join(others[--n], NULL);
	pthread_mutex_destroy(&t->lock);
}

/* ---- the encoder ---- */

static int by_hash(const void *a, const void *b)
{
	const struct kb_static_text *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

static float *mean_of(const struct kb_static_texts *t)
{
	double *sum = kb_calloc(t->stride, sizeof(*sum));
	float *mean = kb_calloc(t->stride, sizeof(*mean));

	for (size_t i = 0; i < t->n; i++)
		for (size_t c = 0; c < t->stride; c++)
			sum[c] +=
			    (double)t->items[i].scale * t->items[i].row[c];
	for (size_t c = 0; c < t->stride; c++)
		mean[c] = (float)(sum[c] / (double)t->n);
	free(sum);
	return mean;
}

static float agreement_of(struct team *t, size_t threads)
{
	double sum[3] = {0};

	t->testing = true;
	run(t, FOLDS, threads);
	for (size_t i = 0; i < FOLDS; i++)
		for (size_t k = 0; k < 3; k++)
			sum[k] += t->products[i][k];
	return sum[1] > 0 && sum[2] > 0
		   ? (float)(sum[0] / sqrt(sum[1] * sum[2]))
		   : 0;
}

/* A unit's row, the slices side by side, with one scale. */
static float join_slices(const struct team *t, size_t unit, size_t stride,
			 int8_t *row)
{
	size_t n = t->x->n_units;
	float most = 0;

	for (size_t s = 0; s < stride / SLICE; s++)
		most = fmaxf(most, t->scales[s * n + unit]);
	for (size_t s = 0; s < stride / SLICE; s++) {
		const int8_t *from = t->rows + (s * n + unit) * SLICE;
		float by = most > 0 ? t->scales[s * n + unit] / most : 0;

		for (size_t c = 0; c < SLICE; c++)
			row[s * SLICE + c] =
			    (int8_t)lrintf((float)from[c] * by);
	}
	return most;
}

static void store(struct kb_static_encoder *e, const struct team *t,
		  const struct kb_static_unit *units)
{
	size_t n = e->n, stride = e->stride;
	uint64_t *keys = kb_malloc(n * (8 + 4 + stride) + stride * 4);
	float *scales = (float *)(keys + n), *mean = scales + n;
	int8_t *rows = (int8_t *)(mean + stride);

	for (size_t i = 0; i < n; i++) {
		keys[i] = units[i].key;
		scales[i] = join_slices(t, i, stride, rows + i * stride);
	}
	memcpy(mean, t->mean, stride * sizeof(*mean));
	e->units = e->owned = keys;
	e->scales = scales;
	e->mean = mean;
	e->rows = rows;
}

static void fit_all(struct team *t, size_t threads,
		    const struct kb_static_unit *units,
		    struct kb_static_encoder *out)
{
	size_t stride = t->texts->stride, n = t->x->n_units;

	t->testing = false;
	t->rows = kb_malloc(n * stride);
	t->scales =
	    kb_reallocarray(NULL, n * (stride / SLICE), sizeof(*t->scales));
	run(t, stride / SLICE, threads);
	out->n = n;
	store(out, t, units);
	free(t->rows);
	free(t->scales);
}

bool kb_static_fit(struct kb_static_texts *t, size_t threads,
		   struct kb_static_encoder *out)
{
	struct team team = {.texts = t};
	struct kb_static_shares x;
	struct kb_static_unit *units;
	size_t n;
	float *mean;

	*out = (struct kb_static_encoder){.dim = t->dim,
					  .stride = t->stride,
					  .model = t->model,
					  .texts = t->n};
	if (t->n < KB_STATIC_TEXTS_MIN)
		return false;
	qsort(t->items, t->n, sizeof(*t->items), by_hash);
	units = kb_static_vocabulary(t, &n);
	kb_static_shares_make(t, units, n, &x);
	mean = mean_of(t);
	team.x = &x;
	team.mean = mean;
	if (n)
		out->agreement = agreement_of(&team, threads);
	if (out->agreement >= AGREEMENT_MIN)
		fit_all(&team, threads, units, out);
	free(mean);
	free(units);
	kb_static_shares_release(&x);
	return out->n > 0;
}
