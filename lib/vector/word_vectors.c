#include "vector/word_vectors.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/simd.h"
#include "vector/rotate.h"
#include "vector/word_vectors_impl.h"

#define SECTION_HEAD	1
#define SECTION_TERMS	2
#define SECTION_SCALES	3
#define SECTION_VECTORS 4
#define SECTION_MEAN	5
#define VERSION		1

/* Terms in an open-addressing table: slots[] hold number + 1. */
void kb_wordvec_index(struct kb_wordvec *m)
{
	size_t cap = 64;

	while (cap < (size_t)m->n * 2)
		cap *= 2;
	m->mask = cap - 1;
	m->slots = kb_calloc(cap, sizeof(*m->slots));
	for (uint32_t i = 0; i < m->n; i++) {
		size_t at = m->terms[i] & m->mask;

		while (m->slots[at])
			at = (at + 1) & m->mask;
		m->slots[at] = i + 1;
	}
}

int64_t kb_wordvec_find(const struct kb_wordvec *m, uint32_t term)
{
	for (size_t at = term & m->mask; m->slots[at];
	     at = (at + 1) & m->mask) {
		if (m->terms[m->slots[at] - 1] == term)
			return m->slots[at] - 1;
	}
	return -1;
}

struct head {
	uint32_t version, n, dim, zero;
	uint64_t id, texts;
};

static const void *section(const struct kb_container_view *view, uint32_t type,
			   size_t size)
{
	return view->sec[type].ptr && view->sec[type].len == size
		   ? view->sec[type].ptr
		   : NULL;
}

int kb_wordvec_open(struct kb_wordvec **out,
		    const struct kb_container_view *view, struct kb_err *err)
{
	const struct head *h = section(view, SECTION_HEAD, sizeof(*h));
	struct kb_wordvec *m;

	*out = NULL;
	if (!h || h->version != VERSION || h->dim != KB_WORDVEC_DIM ||
	    h->n > KB_WORDVEC_TERMS)
		return kb_err_set(err, KB_EFORMAT,
				  "word vectors are damaged: head");
	size_t n = h->n;

	m = kb_calloc(1, sizeof(*m));
	m->n = h->n;
	m->id = h->id;
	m->texts = h->texts;
	m->terms = section(view, SECTION_TERMS, n * sizeof(*m->terms));
	m->scales = section(view, SECTION_SCALES, n * sizeof(*m->scales));
	m->vectors = section(view, SECTION_VECTORS, n * KB_WORDVEC_DIM);
	m->mean =
	    section(view, SECTION_MEAN, KB_WORDVEC_DIM * sizeof(*m->mean));
	if (!m->terms || !m->scales || !m->vectors || !m->mean) {
		free(m);
		return kb_err_set(err, KB_EFORMAT,
				  "word vectors are damaged: cut short");
	}
	kb_wordvec_index(m);
	*out = m;
	return 0;
}

void kb_wordvec_free(struct kb_wordvec *m)
{
	if (!m)
		return;
	free(m->slots);
	free(m->owned);
	free(m);
}

void kb_wordvec_write(const struct kb_wordvec *m, struct kb_container *out)
{
	struct head h = {.version = VERSION,
			 .n = m->n,
			 .dim = KB_WORDVEC_DIM,
			 .id = m->id,
			 .texts = m->texts};

	kb_container_put(out, SECTION_HEAD, true, &h, sizeof(h));
	kb_container_put(out, SECTION_TERMS, true, m->terms,
			 m->n * sizeof(*m->terms));
	kb_container_put(out, SECTION_SCALES, true, m->scales,
			 m->n * sizeof(*m->scales));
	kb_container_put(out, SECTION_VECTORS, true, m->vectors,
			 (size_t)m->n * KB_WORDVEC_DIM);
	kb_container_put(out, SECTION_MEAN, true, m->mean,
			 KB_WORDVEC_DIM * sizeof(*m->mean));
}

uint64_t kb_wordvec_id(const struct kb_wordvec *m)
{
	return m->id;
}

static inline void add_word(float *restrict x, const int8_t *restrict v,
			    float scale)
{
	for (size_t i = 0; i < KB_WORDVEC_DIM; i++)
		x[i] += scale * (float)v[i];
}

KB_WIDE
bool kb_wordvec_mean(const struct kb_wordvec *m, const uint32_t *terms,
		     size_t n, float *x)
{
	bool any = false;

	memset(x, 0, KB_WORDVEC_DIM * sizeof(*x));
	for (size_t i = 0; i < n; i++) {
		int64_t w = kb_wordvec_find(m, terms[i]);

		if (w < 0)
			continue;
		any = true;
		add_word(x, m->vectors + (size_t)w * KB_WORDVEC_DIM,
			 m->scales[w]);
	}
	return any && kb_vec_normalise(x, KB_WORDVEC_DIM);
}

bool kb_wordvec_encode(const struct kb_wordvec *m, const uint32_t *terms,
		       size_t n, float *x)
{
	if (!kb_wordvec_mean(m, terms, n, x))
		return false;
	for (size_t i = 0; i < KB_WORDVEC_DIM; i++)
		x[i] -= m->mean[i];
	return kb_vec_normalise(x, KB_WORDVEC_DIM);
}
