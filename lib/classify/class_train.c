#include "classify/class_train.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "classify/class_columns.h"
#include "classify/class_scale.h"
#include "classify/class_score.h"
#include "classify/class_train_weights.h"
#include "learn/one_vs_rest.h"

enum {
	FOLDS = 5,
	HELD_MAX = 20000, /* texts that calibrate */
	HELD_SCORES = 1 << 26,
	FIRST_SLOTS = 1024, /* of the keys that are counted */
	LEAST_SLOTS = 16,   /* of a model */
};

struct example {
	uint64_t number;
	struct kb_str label;
	struct kb_class_feature *features;
	uint32_t n;
};

struct kb_class_trainer {
	pthread_mutex_t lock;
	struct example *examples;
	size_t n, cap, n_features;
};

struct kb_class_trainer *kb_class_trainer_new(void)
{
	struct kb_class_trainer *t = kb_calloc(1, sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void kb_class_trainer_free(struct kb_class_trainer *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		free((char *)(uintptr_t)t->examples[i].label.ptr);
		free(t->examples[i].features);
	}
	free(t->examples);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

int kb_class_trainer_add(struct kb_class_trainer *t, uint64_t number,
			 struct kb_str label,
			 const struct kb_class_features *features,
			 struct kb_err *err)
{
	size_t size = features->n * sizeof(*features->items);
	struct example e = {.number = number, .n = (uint32_t)features->n};
	int rc = kb_class_label_check(label, err);

	if (rc)
		return rc;
	pthread_mutex_lock(&t->lock);
	if (t->n_features + features->n > KB_CLASS_TRAIN_FEATURES ||
	    t->n >= UINT32_MAX / 2) {
		rc = kb_err_set(err, KB_ELIMIT,
				"all texts together have more than %zu "
				"features, the limit; learn from fewer",
				KB_CLASS_TRAIN_FEATURES);
	} else {
		t->n_features += features->n;
		kb_grow(&t->examples, &t->cap, t->n + 1, sizeof(e));
		e.label.ptr = kb_strndup(label.ptr, label.len);
		e.label.len = label.len;
		e.features = kb_malloc(size);
		memcpy(e.features, features->items, size);
		t->examples[t->n++] = e;
	}
	pthread_mutex_unlock(&t->lock);
	return rc;
}

/* ---- features become columns of the problem ---- */

struct key {
	uint32_t key, df;
	uint32_t place; /* among the features that are kept, + 1; 0: not kept */
};

/* All keys, in open addressing; df 0 is free. */
struct keys {
	struct key *slots;
	size_t n, n_slots;
};

static struct key *find(const struct keys *keys, uint32_t key)
{
	size_t at = key & (keys->n_slots - 1);

	while (keys->slots[at].df && keys->slots[at].key != key)
		at = (at + 1) & (keys->n_slots - 1);
	return &keys->slots[at];
}

static void enlarge(struct keys *keys)
{
	struct keys old = *keys;

	keys->n_slots = old.n_slots ? 2 * old.n_slots : FIRST_SLOTS;
	keys->slots = kb_calloc(keys->n_slots, sizeof(*keys->slots));
	for (size_t i = 0; i < old.n_slots; i++)
		if (old.slots[i].df)
			*find(keys, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

static void count(struct keys *keys, const struct kb_class_trainer *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct example *e = &t->examples[i];

		for (uint32_t k = 0; k < e->n; k++) {
			struct key *key;

			if (keys->n * 2 >= keys->n_slots)
				enlarge(keys);
			key = find(keys, e->features[k].key);
			if (!key->df++) {
				key->key = e->features[k].key;
				keys->n++;
			}
		}
	}
}

/* What is learned from, and what comes of it. */
struct learning {
	const struct kb_class_trainer *t;
	struct kb_class_columns columns;
	struct keys keys;
	struct kb_sparse_rows x;
	size_t *start;
	uint32_t *column;
	float *value;
	float *idf;	 /* of the features that are kept */
	uint32_t *key;	 /* likewise */
	float unknown;	 /* idf of the others */
	int8_t *weights; /* x.d rows of n_columns */
	struct kb_class_column *scales;
	float *held;	   /* n_held rows of n_columns */
	uint32_t *held_at; /* of each example its row there */
	size_t n_held;
};

static float idf_of(double n, double df)
{
	return (float)pow(log((n + 1) / (df + 1)) + 1, IDF_POWER);
}

/* Number the features that are kept, in the order they come in. */
static void keep(struct learning *l)
{
	const struct kb_class_trainer *t = l->t;
	uint32_t least = t->n >= MANY_TEXTS ? 2 : 1, n = 0;

	l->idf = kb_calloc(l->keys.n + 1, sizeof(*l->idf));
	l->key = kb_calloc(l->keys.n + 1, sizeof(*l->key));
	l->unknown = idf_of((double)t->n, 0);
	for (size_t i = 0; i < t->n; i++)
		for (uint32_t k = 0; k < t->examples[i].n; k++) {
			uint32_t key = t->examples[i].features[k].key;
			struct key *slot = find(&l->keys, key);

			if (slot->place || slot->df < least)
				continue;
			l->idf[n] = idf_of((double)t->n, (double)slot->df);
			l->key[n] = key;
			slot->place = ++n;
		}
	l->x.d = n;
}

static size_t weigh(struct learning *l, const struct example *e, size_t at)
{
	double squares[KB_CLASS_GROUPS] = {0}, by[KB_CLASS_GROUPS];
	size_t first = at;

	for (uint32_t k = 0; k < e->n; k++) {
		const struct kb_class_feature *f = &e->features[k];
		uint32_t place = find(&l->keys, f->key)->place;
		float value = kb_class_count_value(f->count) *
			      (place ? l->idf[place - 1] : l->unknown);

		squares[f->group] += (double)value * (double)value;
		if (!place)
			continue;
		l->column[at] = place - 1;
		l->value[at++] = value;
	}
	by[KB_CLASS_WORDS] = 1 / sqrt(fmax(squares[KB_CLASS_WORDS], 1e-10));
	by[KB_CLASS_PIECES] =
	    (double)PIECES / sqrt(fmax(squares[KB_CLASS_PIECES], 1e-10));
	for (uint32_t k = 0; k < e->n; k++) {
		const struct kb_class_feature *f = &e->features[k];

		if (find(&l->keys, f->key)->place)
			l->value[first] =
			    (float)((double)l->value[first] * by[f->group]),
			first++;
	}
	return at;
}

static void make_rows(struct learning *l)
{
	const struct kb_class_trainer *t = l->t;
	size_t at = 0;

	l->start = kb_calloc(t->n + 1, sizeof(*l->start));
	l->column = kb_calloc(t->n_features + 1, sizeof(*l->column));
	l->value = kb_calloc(t->n_features + 1, sizeof(*l->value));
	for (size_t i = 0; i < t->n; i++) {
		l->start[i] = at;
		at = weigh(l, &t->examples[i], at);
	}
	l->start[t->n] = at;
	l->x.start = l->start;
	l->x.column = l->column;
	l->x.value = l->value;
	l->x.n = t->n;
}

/* ---- learning ---- */

static void put(void *arg, size_t first, size_t n, const float *weights,
		const float *bias)
{
	struct learning *l = arg;
	size_t n_columns = l->columns.n;

	for (size_t k = 0; k < n; k++) {
		float most = 0, scale;

		for (size_t f = 0; f < l->x.d; f++)
			most =
			    fmaxf(most, fabsf(weights[f * KB_OVR_LANES + k]));
		scale = most > 0 ? most / INT8_MAX : 1;
		for (size_t f = 0; f < l->x.d; f++)
			l->weights[f * n_columns + first + k] = (int8_t)rintf(
			    weights[f * KB_OVR_LANES + k] / scale);
		l->scales[first + k] = (struct kb_class_column){scale, bias[k]};
	}
}

static void held(void *arg, size_t first, size_t n, size_t row, const float *z)
{
	struct learning *l = arg;

	memcpy(l->held + l->held_at[row] * l->columns.n + first, z,
	       n * sizeof(*z));
}

static int learn(struct learning *l, unsigned threads, struct kb_err *err)
{
	size_t n = l->t->n, n_columns = l->columns.n;
	struct kb_ovr_problem problem = {
	    .x = l->x,
	    .label = l->columns.of_text,
	    .parent = l->columns.parent_of_text,
	    .n_classes = n_columns,
	    .folds = FOLDS,
	    .threads = threads,
	    .put = put,
	    .held = held,
	    .arg = l,
	};

	if (l->x.d * n_columns > KB_CLASS_TRAIN_WEIGHTS)
		return kb_err_set(err, KB_ELIMIT,
				  "%zu features and %zu labels make more than "
				  "%zu weights, the limit",
				  l->x.d, n_columns, KB_CLASS_TRAIN_WEIGHTS);
	l->n_held = n < HELD_MAX ? n : HELD_MAX;
	if (l->n_held * n_columns > HELD_SCORES)
		l->n_held = HELD_SCORES / n_columns;
	problem.n_held = l->n_held;
	l->weights = kb_calloc(l->x.d * n_columns + 1, 1);
	l->scales = kb_calloc(n_columns, sizeof(*l->scales));
	l->held = kb_calloc(l->n_held * n_columns + 1, sizeof(*l->held));
	l->held_at = kb_ovr_order(n);
	return kb_ovr_train(&problem, err);
}

/* ---- what a score is worth ---- */

static int calibrate(struct learning *l, bool parents,
		     struct kb_class_scale *scale, double *accuracy,
		     struct kb_arena *arena, struct kb_err *err)
{
	const struct kb_class_columns *c = &l->columns;
	uint32_t first = parents ? c->n_labels : 0;
	uint32_t n = parents ? c->n - c->n_labels : c->n_labels;
	struct kb_class_outcome *outcomes =
	    kb_calloc(l->n_held + 1, sizeof(*outcomes));
	size_t n_right = 0, m = 0;
	int rc;

	for (size_t i = 0; i < l->t->n; i++) {
		uint32_t own = parents ? c->parent_of_text[i] : c->of_text[i];
		struct kb_class_best b;

		if (l->held_at[i] >= l->n_held || own == KB_OVR_NONE)
			continue;
		b = kb_class_best_of(l->held + l->held_at[i] * (size_t)c->n,
				     first, n);
		outcomes[m++] = (struct kb_class_outcome){
		    .z = b.z, .right = b.best == own, .known = true};
		n_right += b.best == own;
	}
	rc = kb_class_scale_fit(scale, outcomes, m, arena, err);
	*accuracy = m ? (double)n_right / (double)m : -1;
	free(outcomes);
	return rc;
}

/* ---- the file ---- */

static void put_row(const struct learning *l, size_t f, struct kb_buf *out)
{
	static const char zeros[KB_CLASS_PAD];
	const int8_t *weights = l->weights + f * l->columns.n;
	struct kb_class_row row = {.idf = l->idf[f]};
	uint32_t n = l->columns.n;

	for (uint32_t c = 0; c < n; c++)
		row.n += weights[c] != 0;
	if (row.n * 8 > n + 2 * KB_CLASS_PAD) {
		row.n = KB_CLASS_DENSE;
		kb_buf_add(out, &row, sizeof(row));
		kb_buf_add(out, weights, n);
		kb_buf_add(out, zeros, -n % KB_CLASS_PAD);
		return;
	}
	kb_buf_add(out, &row, sizeof(row));
	for (uint32_t c = 0; c < n; c++) {
		uint16_t column = (uint16_t)c;

		if (weights[c])
			kb_buf_add(out, &column, sizeof(column));
	}
	for (uint32_t c = 0; c < n; c++)
		if (weights[c])
			kb_buf_add(out, &weights[c], 1);
	kb_buf_add(out, zeros, -(row.n * 3) % 4);
}

static void write_model(const struct learning *l,
			const struct kb_class_about *about, struct kb_buf *out)
{
	struct kb_class_parts parts = {
	    .n_slots = LEAST_SLOTS,
	    .n_columns = l->columns.n,
	    .n_labels = l->columns.n_labels,
	    .unknown_idf = l->unknown,
	    .pieces = PIECES,
	    .about = about,
	};
	struct kb_class_slot *slots;
	struct kb_buf rows;

	while (parts.n_slots < l->x.d + l->x.d / 2)
		parts.n_slots *= 2;
	slots = kb_calloc(parts.n_slots, sizeof(*slots));
	kb_buf_init(&rows, 0);
	for (size_t f = 0; f < l->x.d; f++) {
		size_t at = l->key[f] & (parts.n_slots - 1);

		while (slots[at].row)
			at = (at + 1) & (parts.n_slots - 1);
		slots[at].key = l->key[f];
		slots[at].row = (uint32_t)(rows.len / 4) + 1;
		put_row(l, f, &rows);
	}
	parts.slots = (struct kb_str){(const char *)slots,
				      parts.n_slots * sizeof(*slots)};
	parts.rows = kb_buf_str(&rows);
	parts.columns = (struct kb_str){(const char *)l->scales,
					l->columns.n * sizeof(*l->scales)};
	kb_class_model_write(&parts, out);
	kb_buf_release(&rows);
	free(slots);
}

static int by_number(const void *a, const void *b)
{
	const struct example *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static void release(struct learning *l)
{
	kb_class_columns_release(&l->columns);
	free(l->keys.slots);
	free(l->start);
	free(l->column);
	free(l->value);
	free(l->idf);
	free(l->key);
	free(l->weights);
	free(l->scales);
	free(l->held);
	free(l->held_at);
}

/* The labels of the texts, in their order. */
static int take_columns(struct learning *l, bool flat, struct kb_err *err)
{
	const struct kb_class_trainer *t = l->t;
	struct kb_str *labels = kb_calloc(t->n + 1, sizeof(*labels));
	int rc;

	for (size_t i = 0; i < t->n; i++)
		labels[i] = t->examples[i].label;
	rc = kb_class_columns_make(&l->columns, labels, t->n, flat, err);
	free(labels);
	return rc;
}

int kb_class_trainer_finish(struct kb_class_trainer *t,
			    const struct kb_class_train_options *options,
			    struct kb_buf *out, struct kb_err *err)
{
	struct learning l = {.t = t};
	struct kb_class_about about = {.records = t->n};
	struct kb_arena arena;
	double unused;
	int rc;

	kb_arena_init(&arena);
	if (t->n)
		qsort(t->examples, t->n, sizeof(*t->examples), by_number);
	rc = take_columns(&l, options->flat, err);
	if (!rc) {
		count(&l.keys, t);
		keep(&l);
		make_rows(&l);
		rc = learn(&l, options->threads, err);
	}
	if (!rc)
		rc = calibrate(&l, false, &about.scale[0], &about.accuracy,
			       &arena, err);
	if (!rc && l.columns.n > l.columns.n_labels)
		rc = calibrate(&l, true, &about.scale[1], &unused, &arena, err);
	if (!rc) {
		about.labels = l.columns.names;
		about.parent = l.columns.parent;
		about.calibrated = l.n_held;
		about.date = kb_str_of(options->date);
		write_model(&l, &about, out);
	}
	release(&l);
	kb_arena_release(&arena);
	return rc;
}
