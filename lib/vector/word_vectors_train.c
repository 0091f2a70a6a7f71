/* Training of word vectors: see wordvec.h. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "vector/word_vectors.h"
#include "vector/word_vectors_impl.h"
#include "vector/word_vectors_weights.h"

#define TERMS_MIN  50 /* of a vocabulary worth a model */
#define PAIR_BITS  23 /* slots of the table of pairs: 64 MiB */
#define TERM_BITS  15
#define MEAN_TEXTS 20000 /* texts that the common mean is taken from */

_Static_assert(1 << TERM_BITS == KB_WORDVEC_TERMS, "pairs fit the key");

struct word {
	uint32_t term;
	uint32_t count;
};

static int by_count(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (x->term > y->term) - (x->term < y->term);
}

/* The most frequent terms. */
static struct word *vocabulary(const uint32_t *terms, size_t n_terms,
			       uint32_t *n)
{
	struct kb_map counts;
	struct kb_map_slot slot;
	struct word *words;
	size_t pos = 0, kept = 0;

	kb_map_init(&counts);
	for (size_t i = 0; i < n_terms; i++)
		++*kb_map_put(&counts, terms[i], NULL);
	words = kb_reallocarray(NULL, counts.n + 1, sizeof(*words));
	while (kb_map_next(&counts, &pos, &slot)) {
		if (slot.value >= COUNT_MIN)
			words[kept++] = (struct word){(uint32_t)slot.key,
						      (uint32_t)slot.value};
	}
	kb_map_release(&counts);
	qsort(words, kept, sizeof(*words), by_count);
	*n = kept < KB_WORDVEC_TERMS ? (uint32_t)kept : KB_WORDVEC_TERMS;
	return words;
}

/* ---- pairs ---- */

struct pairs {
	uint32_t *keys; /* first << 15 | second, plus 1; 0: free */
	float *counts;
	size_t n, limit;
};

/* A full table takes no new pairs, but goes on counting those it has. */
static void count_pair(struct pairs *p, uint32_t a, uint32_t b)
{
	const uint32_t mask = (1u << PAIR_BITS) - 1;
	uint32_t key = a < b ? a << TERM_BITS | b : b << TERM_BITS | a;
	uint32_t at = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32) & mask;

	key++;
	while (p->keys[at] && p->keys[at] != key)
		at = (at + 1) & mask;
	if (!p->keys[at]) {
		if (p->n >= p->limit)
			return;
		p->keys[at] = key;
		p->n++;
	}
	p->counts[at]++;
}

static void count_text(struct pairs *p, const struct kb_wordvec *m,
		       const uint32_t *terms, size_t n)
{
	uint32_t recent[WINDOW];
	size_t have = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t w = kb_wordvec_find(m, terms[i]);

		for (size_t d = 1; w >= 0 && d <= WINDOW && d <= have; d++) {
			uint32_t other = recent[(have - d) % WINDOW];

			if (other != UINT32_MAX && other != (uint32_t)w)
				count_pair(p, (uint32_t)w, other);
		}
		recent[have++ % WINDOW] = w < 0 ? UINT32_MAX : (uint32_t)w;
	}
}

struct matrix {
	struct kb_sparse sparse;
	size_t *row_start;
	uint32_t *cols;
	float *vals;
};

/*
 * Positive mutual information, log(p(a, b) / (q(a) q(b))) with q smoothed
 * on both sides, which keeps the matrix symmetric and rare words from
 * towering (Levy, Goldberg, Dagan 2015, section 3.2).
 */
static void make_matrix(const struct pairs *p, uint32_t n, struct matrix *out)
{
	float *sums = kb_calloc(n, sizeof(*sums));
	size_t slots = (size_t)1 << PAIR_BITS, kept = 0;
	double total = 0, smooth = 0;

	*out = (struct matrix){0};
	out->row_start = kb_calloc((size_t)n + 2, sizeof(size_t));
	for (size_t i = 0; i < slots; i++) {
		if (!p->keys[i])
			continue;
		sums[(p->keys[i] - 1) >> TERM_BITS] += p->counts[i];
		sums[(p->keys[i] - 1) & (KB_WORDVEC_TERMS - 1)] += p->counts[i];
	}
	for (uint32_t i = 0; i < n; i++) {
		total += (double)sums[i];
		sums[i] = powf(sums[i], SMOOTHING);
		smooth += (double)sums[i];
	}
	double base = 2 * log(smooth) - log(total);

	for (uint32_t i = 0; i < n; i++)
		sums[i] = sums[i] > 0 ? logf(sums[i]) : 0;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < slots; i++) {
			uint32_t a, b;
			float pmi;

			if (!p->keys[i])
				continue;
			a = (p->keys[i] - 1) >> TERM_BITS;
			b = (p->keys[i] - 1) & (KB_WORDVEC_TERMS - 1);
			pmi = logf(p->counts[i]) - sums[a] - sums[b] +
			      (float)base;
			if (!(pmi > 0))
				continue;
			if (pass == 0) {
				out->row_start[a + 2]++;
				kept++;
				continue;
			}
			size_t at = out->row_start[a + 1]++;

			out->cols[at] = b;
			out->vals[at] = pmi;
		}
		if (pass == 1)
			break;
		for (uint32_t i = 0; i < n; i++)
			out->row_start[i + 2] += out->row_start[i + 1];
		out->cols = kb_reallocarray(NULL, kept + 1, sizeof(uint32_t));
		out->vals = kb_reallocarray(NULL, kept + 1, sizeof(float));
	}
	free(sums);
	out->sparse =
	    (struct kb_sparse){n, out->row_start, out->cols, out->vals};
}

/* ---- the model ---- */

/* The arrays of a model, in one allocation. */
struct arrays {
	uint32_t terms[KB_WORDVEC_TERMS];
	float scales[KB_WORDVEC_TERMS];
	float mean[KB_WORDVEC_DIM];
	int8_t vectors[KB_WORDVEC_TERMS * KB_WORDVEC_DIM];
};

/* Its length says how much company a term keeps, not how much it tells: that
 * is the weight. */
static void store_vector(struct arrays *a, uint32_t i, const float *x,
			 double weight)
{
	int8_t *v = a->vectors + (size_t)i * KB_WORDVEC_DIM;
	float max = 0, squares = 0;

	for (size_t d = 0; d < KB_WORDVEC_DIM; d++) {
		max = fmaxf(max, fabsf(x[d]));
		squares += x[d] * x[d];
	}
	if (!(max > 0))
		max = squares = 1;
	for (size_t d = 0; d < KB_WORDVEC_DIM; d++)
		v[d] = (int8_t)lrintf(x[d] / max * 127);
	a->scales[i] = (float)(weight * (double)(max / sqrtf(squares)) / 127);
}

static void learn(struct kb_wordvec *m, struct arrays *a,
		  const struct word *words, double total, const uint32_t *terms,
		  const size_t *ends, size_t n_texts)
{
	struct pairs p = {.limit = ((size_t)3 << PAIR_BITS) / 4};
	struct matrix matrix;
	float *x;

	p.keys = kb_calloc((size_t)1 << PAIR_BITS, sizeof(*p.keys));
	p.counts = kb_calloc((size_t)1 << PAIR_BITS, sizeof(*p.counts));
	for (size_t i = 0, start = 0; i < n_texts; start = ends[i++])
		count_text(&p, m, terms + start, ends[i] - start);
	make_matrix(&p, m->n, &matrix);
	free(p.keys);
	free(p.counts);
	x = kb_reallocarray(NULL, (size_t)m->n * KB_WORDVEC_DIM, sizeof(*x));
	kb_eigen_embed(&matrix.sparse, x);
	free(matrix.row_start);
	free(matrix.cols);
	free(matrix.vals);
	for (uint32_t i = 0; i < m->n; i++)
		store_vector(a, i, x + (size_t)i * KB_WORDVEC_DIM,
			     SIF / (SIF + words[i].count / total));
	free(x);
}

static void find_mean(const struct kb_wordvec *m, float *mean,
		      const uint32_t *terms, const size_t *ends, size_t n_texts)
{
	double sum[KB_WORDVEC_DIM] = {0};
	size_t step = n_texts / MEAN_TEXTS + 1, count = 0;
	float x[KB_WORDVEC_DIM];

	for (size_t i = 0; i < n_texts; i += step) {
		size_t start = i ? ends[i - 1] : 0;

		if (!kb_wordvec_mean(m, terms + start, ends[i] - start, x))
			continue;
		for (size_t d = 0; d < KB_WORDVEC_DIM; d++)
			sum[d] += (double)x[d];
		count++;
	}
	for (size_t d = 0; d < KB_WORDVEC_DIM && count; d++)
		mean[d] = (float)(sum[d] / (double)count);
}

struct kb_wordvec *kb_wordvec_train(const uint32_t *terms, const size_t *ends,
				    size_t n_texts)
{
	size_t n_terms = n_texts ? ends[n_texts - 1] : 0;
	uint32_t n;
	struct word *words = vocabulary(terms, n_terms, &n);
	struct kb_wordvec *m;
	struct arrays *a;

	if (n < TERMS_MIN) {
		free(words);
		return NULL;
	}
	m = kb_calloc(1, sizeof(*m));
	a = kb_calloc(1, sizeof(*a));
	for (uint32_t i = 0; i < n; i++)
		a->terms[i] = words[i].term;
	*m = (struct kb_wordvec){.n = n,
				 .texts = n_texts,
				 .terms = a->terms,
				 .scales = a->scales,
				 .vectors = a->vectors,
				 .mean = a->mean,
				 .owned = a};
	kb_wordvec_index(m);
	learn(m, a, words, (double)n_terms, terms, ends, n_texts);
	find_mean(m, a->mean, terms, ends, n_texts);
	m->id = kb_hash64(a->vectors, (size_t)n * KB_WORDVEC_DIM,
			  kb_hash64(a->terms, n * sizeof(*a->terms), n_texts));
	free(words);
	return m;
}
