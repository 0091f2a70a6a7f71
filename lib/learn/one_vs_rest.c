#include "learn/one_vs_rest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/simd.h"
#include "learn/one_vs_rest_weights.h"

#define LANES KB_OVR_LANES

enum {
	REST_MAX = 3, /* passes that an example rests */
	AHEAD = 12,   /* features whose weights are fetched early */
	ALIGN = 64,   /* bytes of a cache line: the weights of a feature */
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t signs __attribute__((vector_size(LANES * sizeof(int32_t))));

struct run {
	const struct kb_ovr_problem *problem;
	const float *length;   /* of each row, squared, with the bias */
	const uint32_t *place; /* of each row in an order drawn by chance */
	atomic_size_t next;    /* block */
};

/* What the classes of a block have learned. */
struct state {
	lanes *weights;	 /* d, and the bias */
	lanes *alpha;	 /* of each row: its dual variables */
	uint8_t *rest;	 /* of each row: passes that it is to rest, ... */
	uint8_t *rested; /* ... and how many of them are over */
};

struct block {
	const struct run *run;
	size_t first;		       /* class */
	struct state learned, without; /* a fold */
	uint32_t *order;
	uint64_t seed;
};

static void *lanes_new(size_t n)
{
	void *ptr = aligned_alloc(ALIGN, (n + 1) * sizeof(lanes));

	if (!ptr)
		kb_oom();
	return ptr;
}

static void shuffle(uint32_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(kb_mix64(++*seed) % i);
		uint32_t was = order[i - 1];

		order[i - 1] = order[j];
		order[j] = was;
	}
}

/* ---- one example ---- */

/* The sums of a row's features for all lanes. */
__attribute__((always_inline)) static inline void sum_row(
    const struct kb_sparse_rows *x, size_t row, const lanes *weights,
    lanes *out)
{
	size_t end = x->start[row + 1], last = x->start[x->n] - 1;
	lanes sum = weights[x->d];

	for (size_t k = x->start[row]; k < end; k++) {
		size_t soon = k + AHEAD < last ? k + AHEAD : last;

		__builtin_prefetch(&weights[x->column[soon]], 1);
		sum += weights[x->column[k]] * x->value[k];
	}
	*out = sum;
}

__attribute__((always_inline)) static inline void add_row(
    const struct kb_sparse_rows *x, size_t row, lanes *weights, const lanes *by)
{
	const lanes change = *by;

	weights[x->d] += change;
	for (size_t k = x->start[row]; k < x->start[row + 1]; k++)
		weights[x->column[k]] += change * x->value[k];
}

__attribute__((always_inline)) static inline bool any(const signs *truth)
{
	int32_t all = 0;

	for (size_t l = 0; l < LANES; l++)
		all |= (*truth)[l];
	return all != 0;
}

/* One step of all lanes for a row, whose sign is 1 in its own and -1 in the
 * others; false: none of them learns from it. */
KB_WIDE static bool step(const struct kb_sparse_rows *x, size_t row,
			 lanes *weights, lanes *alpha, const lanes *sign,
			 float length)
{
	const lanes zero = {0};
	const lanes loss_own = zero + .5f / COST_OWN, loss = zero + .5f / COST;
	const signs own = *sign > zero;
	lanes part = (lanes)(((signs)loss_own & own) | ((signs)loss & ~own));
	lanes old = *alpha, sum, new, change;
	signs moved, learned = old > zero;

	sum_row(x, row, weights, &sum);
	new = old - (*sign * sum - 1.0f + old * part) / (length + part);
	new = (lanes)((signs) new &(new > zero));
	change = (new - old) * *sign;
	moved = (change > LEAST) | (change < -LEAST);
	if (!any(&moved))
		return any(&learned);
	*alpha = new;
	add_row(x, row, weights, &change);
	return true;
}

/* Take a row out of what was learned. */
KB_WIDE static void forget(const struct kb_sparse_rows *x, size_t row,
			   lanes *weights, lanes *alpha, const lanes *sign)
{
	const lanes zero = {0}, change = -*alpha * *sign;
	const signs learned = *alpha > zero;

	if (any(&learned))
		add_row(x, row, weights, &change);
	*alpha = zero;
}

KB_WIDE static void score(const struct kb_sparse_rows *x, size_t row,
			  const lanes *weights, lanes *out)
{
	sum_row(x, row, weights, out);
}

static void sign_row(const struct block *b, size_t row, lanes *sign)
{
	const struct kb_ovr_problem *p = b->run->problem;

	*sign = (lanes){0} - 1.0f;
	if (p->label[row] - b->first < LANES)
		(*sign)[p->label[row] - b->first] = 1;
	if (p->parent && p->parent[row] != KB_OVR_NONE &&
	    p->parent[row] - b->first < LANES)
		(*sign)[p->parent[row] - b->first] = 1;
}

/* ---- all examples ---- */

static bool in_fold(const struct run *run, size_t row, unsigned fold)
{
	return run->place[row] < run->problem->n_held &&
	       run->place[row] % run->problem->folds == fold;
}

/* One pass over all rows but those of a fold; -1: over all. */
static void pass(struct block *b, struct state *s, int fold)
{
	const struct kb_ovr_problem *p = b->run->problem;

	shuffle(b->order, p->x.n, &b->seed);
	for (size_t i = 0; i < p->x.n; i++) {
		size_t row = b->order[i];
		lanes sign;

		if (s->rested[row] < s->rest[row]) {
			s->rested[row]++;
			continue;
		}
		if (fold >= 0 && in_fold(b->run, row, (unsigned)fold))
			continue;
		sign_row(b, row, &sign);
		s->rested[row] = 0;
		if (step(&p->x, row, s->weights, &s->alpha[row], &sign,
			 b->run->length[row]))
			s->rest[row] = 0;
		else if (s->rest[row] < REST_MAX)
			s->rest[row]++;
	}
}

static void score_fold(struct block *b, size_t n_classes, unsigned fold)
{
	const struct kb_ovr_problem *p = b->run->problem;
	struct state *s = &b->without;
	lanes sign;

	memcpy(s->weights, b->learned.weights,
	       (p->x.d + 1) * sizeof(*s->weights));
	memcpy(s->alpha, b->learned.alpha, p->x.n * sizeof(*s->alpha));
	memcpy(s->rest, b->learned.rest, p->x.n);
	memset(s->rested, 0, p->x.n);
	for (size_t row = 0; row < p->x.n; row++) {
		if (!in_fold(b->run, row, fold))
			continue;
		sign_row(b, row, &sign);
		forget(&p->x, row, s->weights, &s->alpha[row], &sign);
	}
	for (int i = 0; i < PASSES_FOLD; i++)
		pass(b, s, (int)fold);
	for (size_t row = 0; row < p->x.n; row++) {
		lanes z;

		if (!in_fold(b->run, row, fold))
			continue;
		score(&p->x, row, s->weights, &z);
		p->held(p->arg, b->first, n_classes, row, (const float *)&z);
	}
}

static void learn_block(struct block *b)
{
	const struct kb_ovr_problem *p = b->run->problem;
	struct state *s = &b->learned;
	size_t n = p->n_classes - b->first;

	n = n < LANES ? n : LANES;
	memset(s->weights, 0, (p->x.d + 1) * sizeof(*s->weights));
	memset(s->alpha, 0, p->x.n * sizeof(*s->alpha));
	memset(s->rest, 0, p->x.n);
	memset(s->rested, 0, p->x.n);
	for (size_t i = 0; i < p->x.n; i++)
		b->order[i] = (uint32_t)i;
	b->seed = 0;
	for (int i = 0; i < PASSES; i++)
		pass(b, s, -1);
	p->put(p->arg, b->first, n, (const float *)s->weights,
	       (const float *)&s->weights[p->x.d]);
	for (unsigned fold = 0; p->n_held && fold < p->folds; fold++)
		score_fold(b, n, fold);
}

/* ---- blocks and threads ---- */

static void state_init(struct state *s, const struct kb_sparse_rows *x)
{
	s->weights = lanes_new(x->d + 1);
	s->alpha = lanes_new(x->n);
	s->rest = kb_malloc(x->n + 1);
	s->rested = kb_malloc(x->n + 1);
}

static void state_release(struct state *s)
{
	free(s->weights);
	free(s->alpha);
	free(s->rest);
	free(s->rested);
}

static void *work(void *arg)
{
	struct run *run = arg;
	const struct kb_ovr_problem *p = run->problem;
	size_t n_blocks = (p->n_classes + LANES - 1) / LANES, at;
	struct block b = {.run = run};

	b.order = kb_calloc(p->x.n + 1, sizeof(*b.order));
	state_init(&b.learned, &p->x);
	if (p->n_held)
		state_init(&b.without, &p->x);
	while ((at = atomic_fetch_add(&run->next, 1)) < n_blocks) {
		b.first = at * LANES;
		learn_block(&b);
	}
	state_release(&b.learned);
	state_release(&b.without);
	free(b.order);
	return NULL;
}

static float *lengths(const struct kb_sparse_rows *x)
{
	float *out = kb_calloc(x->n + 1, sizeof(*out));

	for (size_t row = 0; row < x->n; row++) {
		float sum = 1;

		for (size_t k = x->start[row]; k < x->start[row + 1]; k++)
			sum += x->value[k] * x->value[k];
		out[row] = sum;
	}
	return out;
}

uint32_t *kb_ovr_order(size_t n)
{
	uint32_t *out = kb_calloc(n + 1, sizeof(*out));
	uint64_t seed = 0;

	for (size_t i = 0; i < n; i++)
		out[i] = (uint32_t)i;
	shuffle(out, n, &seed);
	return out;
}

int kb_ovr_train(const struct kb_ovr_problem *problem, struct kb_err *err)
{
	float *length = lengths(&problem->x);
	uint32_t *place = kb_ovr_order(problem->x.n);
	struct run run = {.problem = problem, .length = length, .place = place};
	unsigned more = problem->threads - 1, made = 0;
	pthread_t *threads = kb_calloc(more + 1, sizeof(*threads));
	int rc = 0;

	while (made < more && !pthread_create(&threads[made], NULL, work, &run))
		made++;
	if (made < more) {
		rc = kb_err_set(err, KB_EIO, "cannot start a thread");
		run.next = SIZE_MAX / 2; /* no more blocks */
	}
	work(&run);
	for (unsigned i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	free(place);
	free(length);
	return rc;
}
