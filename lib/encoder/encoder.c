#include "encoder/encoder.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "text/lang.h"

/* Tokens that go through the layers together: what a core's caches hold of
 * their activations, and enough that the weights are read seldom. */
#define TOKENS 256

/* Of them, how many are in the wide network at a time. */
#define TILE 64

/* Between the rows of bytes, so that they do not lie at one place of a cache
 * each. */
#define GAP 64

/* A text in the batch. */
struct sequence {
	size_t first, n; /* its tokens */
	size_t second;	 /* where its second segment begins, or n */
};

struct kb_encoder_work {
	uint32_t *ids;
	size_t ids_cap, n_ids;
	uint32_t *pair; /* tokens of a question, and of a passage */
	size_t pair_cap;
	struct sequence *seqs;
	size_t seqs_cap, n_seqs;
	float *x, *qkv, *mixed, *inner, *heads;
	size_t x_cap, qkv_cap, mixed_cap, inner_cap, heads_cap;
	uint8_t *q;
	size_t q_cap;
	struct kb_encoder_quant *quants;
	size_t quants_cap;
	float *asked; /* tokens of a question that is matched */
	size_t asked_cap;
};

struct kb_encoder_work *kb_encoder_work_new(void)
{
	return kb_calloc(1, sizeof(struct kb_encoder_work));
}

void kb_encoder_work_free(void *work)
{
	struct kb_encoder_work *w = work;

	if (!w)
		return;
	free(w->ids);
	free(w->pair);
	free(w->seqs);
	free(w->x);
	free(w->qkv);
	free(w->mixed);
	free(w->inner);
	free(w->heads);
	free(w->q);
	free(w->quants);
	free(w->asked);
	free(w);
}

/* ---- tokens ---- */

/* One text more in the batch; was it cut? */
static bool add_text(const struct kb_encoder *e, struct kb_encoder_work *w,
		     struct kb_str text)
{
	size_t most = e->is.max_tokens, n;
	struct sequence *s;
	uint32_t *ids;
	bool rest;

	kb_grow(&w->ids, &w->ids_cap, w->n_ids + most, sizeof(*w->ids));
	kb_grow(&w->seqs, &w->seqs_cap, w->n_seqs + 1, sizeof(*w->seqs));
	ids = w->ids + w->n_ids;
	ids[0] = e->vocabulary.cls;
	n = kb_vocabulary_encode(&e->vocabulary, text, ids + 1, most - 2,
				 &rest);
	ids[n + 1] = e->vocabulary.sep;
	s = &w->seqs[w->n_seqs++];
	*s = (struct sequence){w->n_ids, n + 2, n + 2};
	w->n_ids += s->n;
	return rest;
}

/* What of two texts of a and b tokens finds room in 'most': of the longer one
 * less, or of both as much. */
static void cut_pair(size_t most, size_t *a, size_t *b)
{
	size_t *less = *a <= *b ? a : b, *more = *a <= *b ? b : a;

	if (*a + *b <= most)
		return;
	if (*less > most / 2)
		*less = most / 2;
	*more = most - *less;
}

/* A question, n tokens of w->pair, and a passage; was something cut? */
static bool add_pair(const struct kb_encoder *e, struct kb_encoder_work *w,
		     size_t n, struct kb_str passage)
{
	const struct kb_vocabulary *v = &e->vocabulary;
	size_t most = e->is.max_tokens, between = v->between, m, all;
	uint32_t *other = w->pair + most, *ids;
	bool rest;

	m = kb_vocabulary_encode(v, passage, other, most, &rest);
	all = n + m;
	cut_pair(most - 2 - between, &n, &m);
	kb_grow(&w->ids, &w->ids_cap, w->n_ids + most, sizeof(*w->ids));
	kb_grow(&w->seqs, &w->seqs_cap, w->n_seqs + 1, sizeof(*w->seqs));
	ids = w->ids + w->n_ids;
	*ids++ = v->cls;
	memcpy(ids, w->pair, n * sizeof(*ids));
	ids += n;
	for (size_t i = 0; i < between; i++)
		*ids++ = v->sep;
	memcpy(ids, other, m * sizeof(*ids));
	ids[m] = v->sep;
	w->seqs[w->n_seqs++] =
	    (struct sequence){w->n_ids, 2 + between + n + m, 1 + n + between};
	w->n_ids += 2 + between + n + m;
	return rest || n + m < all;
}

static void make_room(const struct kb_encoder *e, struct kb_encoder_work *w)
{
	const struct kb_encoder_settings *is = &e->is;
	size_t wide = is->inner > is->hidden ? is->inner : is->hidden;
	size_t n = w->n_ids, longest = 0;

	for (size_t i = 0; i < w->n_seqs; i++)
		if (w->seqs[i].n > longest)
			longest = w->seqs[i].n;
	kb_grow(&w->x, &w->x_cap, n * is->hidden, sizeof(float));
	kb_grow(&w->qkv, &w->qkv_cap, n * 3 * is->hidden, sizeof(float));
	kb_grow(&w->mixed, &w->mixed_cap, n * is->hidden, sizeof(float));
	kb_grow(&w->inner, &w->inner_cap, (n < TILE ? n : TILE) * is->inner,
		sizeof(float));
	kb_grow(&w->heads, &w->heads_cap,
		kb_encoder_heads_work(longest, is->hidden / is->heads),
		sizeof(float));
	kb_grow(&w->q, &w->q_cap, n * (is->hidden + GAP), 1);
	kb_grow(&w->q, &w->q_cap, (n < TILE ? n : TILE) * (wide + GAP), 1);
	kb_grow(&w->quants, &w->quants_cap, n, sizeof(*w->quants));
}

/* ---- layers ---- */

struct pass {
	const struct kb_encoder *e;
	const struct kb_encoder_kernel *kernel;
	struct kb_encoder_work *w;
	size_t rows; /* of x */
	bool tokens; /* all of the last layer are wanted */
};

static void embed(struct pass *p)
{
	const struct kb_encoder *e = p->e;
	size_t hidden = e->is.hidden;

	for (size_t s = 0; s < p->w->n_seqs; s++) {
		const struct sequence *seq = &p->w->seqs[s];

		for (size_t i = 0; i < seq->n; i++) {
			uint32_t id = p->w->ids[seq->first + i];
			const int8_t *word = e->words + id * hidden;
			const float *at = e->positions + i * hidden;
			float *x = p->w->x + (seq->first + i) * hidden;
			const float *type =
			    e->types + (i < seq->second ? 0 : hidden);
			float scale = e->word_scales[id];

			for (size_t d = 0; d < hidden; d++)
				x[d] = (float)(word[d] - e->word_zero) * scale +
				       type[d] + at[d];
			p->kernel->normalise(x, NULL, e->first.weight,
					     e->first.bias, hidden,
					     (float)e->is.epsilon);
		}
	}
}

/* out = m * rows of x */
static void map(struct pass *p, const struct kb_encoder_matrix *m,
		const float *x, size_t rows, float *out, int gelu)
{
	size_t ld = m->inputs + GAP;

	for (size_t r = 0; r < rows; r++)
		p->kernel->quantise(x + r * m->inputs, m->inputs,
				    p->w->q + r * ld, &p->w->quants[r]);
	p->kernel->multiply(m, p->w->q, ld, p->w->quants, rows, out, gelu);
}

/*
 * Attention of each sequence. Where only [CLS] is wanted of the last layer,
 * nothing else asks, and what is left of x are its rows.
 */
static void attend(struct pass *p, bool last)
{
	const struct kb_encoder_settings *is = &p->e->is;
	struct kb_encoder_work *w = p->w;
	bool few = last && is->pooling == KB_ENCODER_CLS && !p->tokens;
	size_t rows = 0;

	for (size_t s = 0; s < w->n_seqs; s++) {
		const struct sequence *seq = &w->seqs[s];
		size_t n = few ? 1 : seq->n;
		const struct kb_encoder_heads heads = {
		    .qkv = w->qkv + seq->first * 3 * is->hidden,
		    .n_tokens = seq->n,
		    .n_queries = n,
		    .n_heads = is->heads,
		    .dim = is->hidden / is->heads,
		    .out = w->mixed + rows * is->hidden,
		    .work = w->heads,
		};

		p->kernel->attend(&heads);
		if (few)
			memmove(w->x + rows * is->hidden,
				w->x + seq->first * is->hidden,
				is->hidden * sizeof(*w->x));
		rows += n;
	}
	p->rows = rows;
}

static void add_and_norm(struct pass *p, size_t from, size_t rows,
			 const float *add, const struct kb_encoder_norm *norm)
{
	size_t hidden = p->e->is.hidden;

	for (size_t r = 0; r < rows; r++)
		p->kernel->normalise(p->w->x + (from + r) * hidden,
				     add + r * hidden, norm->weight, norm->bias,
				     hidden, (float)p->e->is.epsilon);
}

static void layer(struct pass *p, const struct kb_encoder_layer *l, bool last)
{
	struct kb_encoder_work *w = p->w;
	size_t hidden = p->e->is.hidden;

	map(p, &l->qkv, w->x, p->rows, w->qkv, 0);
	attend(p, last);
	map(p, &l->out, w->mixed, p->rows, w->qkv, 0);
	add_and_norm(p, 0, p->rows, w->qkv, &l->attention);
	for (size_t from = 0; from < p->rows; from += TILE) {
		size_t n = p->rows - from < TILE ? p->rows - from : TILE;

		map(p, &l->inner, w->x + from * hidden, n, w->inner, 1);
		map(p, &l->outer, w->inner, n, w->mixed, 0);
		add_and_norm(p, from, n, w->mixed, &l->network);
	}
}

/* ---- vectors ---- */

static bool to_length_1(float *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * (double)x[i];
	if (!(sum > 0) || !isfinite(sum))
		return false;
	for (size_t i = 0; i < n; i++)
		x[i] = (float)((double)x[i] / sqrt(sum));
	return true;
}

static bool pool(const struct pass *p, float *out)
{
	size_t hidden = p->e->is.hidden;
	bool good = true;

	for (size_t s = 0; s < p->w->n_seqs; s++, out += hidden) {
		const struct sequence *seq = &p->w->seqs[s];
		const float *x = p->w->x + s * hidden;
		size_t n = 1;

		if (p->e->is.pooling == KB_ENCODER_MEAN) {
			x = p->w->x + seq->first * hidden;
			n = seq->n;
		}
		memcpy(out, x, hidden * sizeof(*out));
		for (size_t i = 1; i < n; i++)
			for (size_t d = 0; d < hidden; d++)
				out[d] += x[i * hidden + d];
		good &= to_length_1(out, hidden);
	}
	return good;
}

/* Take the mean of the text's language and kind off its vector. */
static bool centre(const struct kb_encoder *e, struct kb_str text, float *x)
{
	struct kb_str prefix = e->is.query_prefix;
	bool question = prefix.len && text.len >= prefix.len &&
			!memcmp(text.ptr, prefix.ptr, prefix.len);
	const float *mean;
	enum kb_lang lang;

	if (!question)
		prefix = e->is.passage_prefix;
	if (prefix.len <= text.len)
		text = kb_str_skip(text, prefix.len);
	lang = kb_lang_main(text.ptr, text.len);
	mean = e->centres + (2 * (size_t)lang + !question) * e->is.hidden;
	for (size_t d = 0; d < e->is.hidden; d++)
		x[d] -= mean[d];
	return to_length_1(x, e->is.hidden);
}

/* The sequences that are there, through all layers. */
static struct pass run(const struct kb_encoder *e, struct kb_encoder_work *w,
		       bool tokens)
{
	struct pass p = {e, kb_encoder_kernel(), w, w->n_ids, tokens};

	make_room(e, w);
	embed(&p);
	for (size_t i = 0; i < e->is.layers; i++)
		layer(&p, &e->layers[i], i + 1 == e->is.layers);
	return p;
}

int kb_encoder_check(const struct kb_encoder *e, bool ranks, struct kb_err *err)
{
	if (e->is.ranks == ranks)
		return 0;
	return kb_err_set(err, KB_EINVAL,
			  ranks ? "the model gives vectors and is no reranker; "
				  "leave --rerank out"
				: "the model is a reranker and has no vectors; "
				  "use --rerank");
}

int kb_encoder_encode(const struct kb_encoder *e, struct kb_encoder_work *w,
		      const struct kb_str *texts, size_t n, float *out,
		      size_t *cut, struct kb_err *err)
{
	if (kb_encoder_check(e, false, err))
		return KB_EINVAL;
	for (size_t i = 0; i < n;) {
		size_t first = i;
		struct pass p;
		bool good;

		w->n_ids = w->n_seqs = 0;
		do {
			bool was_cut = add_text(e, w, texts[i]);

			if (cut)
				*cut += was_cut;
			i++;
		} while (i < n && w->n_ids < TOKENS);
		p = run(e, w, false);
		good = pool(&p, out + first * e->is.hidden);
		for (size_t k = first; e->centres && good && k < i; k++)
			good = centre(e, texts[k], out + k * e->is.hidden);
		if (!good)
			return kb_err_set(err, KB_EFORMAT,
					  "the model gives no vector of a "
					  "text: its file is damaged; import "
					  "it again");
	}
	return 0;
}

/* ---- scores ---- */

/* A map with tanh and one to a number, of each sequence's first token. */
static bool classify(struct pass *p, double *scores)
{
	const struct kb_encoder *e = p->e;
	size_t hidden = e->is.hidden;
	bool good = true;

	map(p, &e->pooler, p->w->x, p->rows, p->w->mixed, 0);
	for (size_t s = 0; s < p->rows; s++) {
		const float *x = p->w->mixed + s * hidden;
		double sum = (double)*e->classifier_bias;

		for (size_t d = 0; d < hidden; d++)
			sum += tanh((double)x[d]) * (double)e->classifier[d];
		scores[s] = kb_sigmoid(sum);
		good &= isfinite(sum) != 0;
	}
	return good;
}

int kb_encoder_rank(const struct kb_encoder *e, struct kb_encoder_work *w,
		    struct kb_str question, const struct kb_str *passages,
		    size_t n, double *scores, size_t *cut, struct kb_err *err)
{
	size_t most = e->is.max_tokens, n_question;
	bool rest;

	if (kb_encoder_check(e, true, err))
		return KB_EINVAL;
	kb_grow(&w->pair, &w->pair_cap, 2 * most, sizeof(*w->pair));
	n_question = kb_vocabulary_encode(&e->vocabulary, question, w->pair,
					  most, &rest);
	for (size_t i = 0; i < n;) {
		size_t first = i;
		struct pass p;

		w->n_ids = w->n_seqs = 0;
		do {
			bool was_cut =
			    add_pair(e, w, n_question, passages[i]) || rest;

			if (cut)
				*cut += was_cut;
			i++;
		} while (i < n && w->n_ids < TOKENS);
		p = run(e, w, false);
		if (!classify(&p, scores + first))
			return kb_err_set(err, KB_EFORMAT,
					  "the model gives no score of a pair: "
					  "its file is damaged; import it "
					  "again");
	}
	return 0;
}

/* ---- matching ---- */

#define LANES 16 /* sums side by side: the order of adding is fixed */

static float cosine(const float *a, const float *b, size_t n)
{
	float sums[LANES] = {0}, sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			sums[k] += a[i + k] * b[i + k];
	for (; i < n; i++)
		sum += a[i] * b[i];
	for (size_t k = 0; k < LANES; k++)
		sum += sums[k];
	return sum;
}

/* Bring the sequences that are there through the layers, each token to length
 * 1. */
static bool encode_tokens(const struct kb_encoder *e, struct kb_encoder_work *w)
{
	size_t hidden = e->is.hidden;
	bool good = true;

	run(e, w, true);
	for (size_t i = 0; i < w->n_ids; i++)
		good &= to_length_1(w->x + i * hidden, hidden);
	return good;
}

static void insert(float *sorted, size_t n, float x)
{
	for (; n && sorted[n - 1] > x; n--)
		sorted[n] = sorted[n - 1];
	sorted[n] = x;
}

/* Of n_asked tokens of w->asked, in the sequence without [CLS] and [SEP]. */
static double match(const struct kb_encoder *e, const struct kb_encoder_work *w,
		    size_t n_asked, const struct sequence *seq)
{
	float met[KB_ENCODER_MATCH_TOKENS];
	size_t hidden = e->is.hidden, low = (n_asked + 2) / 3;
	double sum = 0;

	if (!n_asked || seq->n <= 2)
		return -1;
	for (size_t a = 0; a < n_asked; a++) {
		float best = -1;

		for (size_t i = 1; i + 1 < seq->n; i++)
			best =
			    fmaxf(best, cosine(w->asked + a * hidden,
					       w->x + (seq->first + i) * hidden,
					       hidden));
		insert(met, a, best);
	}
	for (size_t i = 0; i < low; i++)
		sum += (double)met[i];
	return sum / (double)low;
}

/* The question's tokens into w->asked; how many, in *n. */
static bool read_question(const struct kb_encoder *e, struct kb_encoder_work *w,
			  struct kb_str question, size_t *n)
{
	size_t hidden = e->is.hidden;
	bool good;

	w->n_ids = w->n_seqs = 0;
	add_text(e, w, question);
	good = encode_tokens(e, w);
	*n = w->n_ids - 2;
	if (*n > KB_ENCODER_MATCH_TOKENS)
		*n = KB_ENCODER_MATCH_TOKENS;
	kb_grow(&w->asked, &w->asked_cap, (*n + 1) * hidden, sizeof(float));
	memcpy(w->asked, w->x + hidden, *n * hidden * sizeof(float));
	return good;
}

int kb_encoder_match(const struct kb_encoder *e, struct kb_encoder_work *w,
		     struct kb_str question, const struct kb_str *texts,
		     size_t n, double *scores, struct kb_err *err)
{
	size_t n_asked;
	bool good;

	if (kb_encoder_check(e, false, err))
		return KB_EINVAL;
	good = read_question(e, w, question, &n_asked);
	for (size_t i = 0; good && i < n;) {
		size_t first = i;

		w->n_ids = w->n_seqs = 0;
		do
			add_text(e, w, texts[i++]);
		while (i < n && w->n_ids < TOKENS);
		good = encode_tokens(e, w);
		for (size_t s = 0; s < w->n_seqs; s++)
			scores[first + s] = match(e, w, n_asked, &w->seqs[s]);
	}
	if (good)
		return 0;
	return kb_err_set(err, KB_EFORMAT,
			  "the model gives no vector of a text: its file is "
			  "damaged; import it again");
}
