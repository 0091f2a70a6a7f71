/* Word vectors' part in building an index: see legs.h. */
#include <stdlib.h>

#include "index/write/writer_legs.h"
#include "vector/vector.h"
#include "vector/word_vectors.h"

/*
 * The first segment of an index without a model is the one that trains: as
 * soon as its sample is full, or when it ends. Segments begun before that
 * keep their terms until they are finished, which comes after the first
 * one's finish, as segments are written one by one in order.
 */
struct state {
	struct kb_wordvec_leg *leg;
	const struct kb_wordvec *model; /* NULL: terms are kept */
	bool trains;
	struct kb_vec_builder builder;
	uint32_t *terms; /* of the texts kept */
	size_t n_terms, terms_cap;
	size_t *ends;
	size_t n, ends_cap;
	uint32_t *chunks; /* of each text */
	size_t chunks_cap;
};

static int load_model(struct kb_wordvec_leg *leg, const struct kb_index *index,
		      struct kb_err *err)
{
	const struct kb_container_view *view;

	if (leg->model || leg->claimed || !index)
		return 0;
	view = kb_index_global(index, KB_WORDVEC_SLOT);
	if (!view)
		return 0;
	struct kb_wordvec *model;
	int rc = kb_wordvec_open(&model, view, err);

	if (!rc)
		leg->model = model;
	return rc;
}

static int begin(void *arg, struct kb_writer *writer,
		 const struct kb_index *index, void **out, struct kb_err *err)
{
	struct kb_wordvec_leg *leg = arg;
	struct state *s;
	int rc = load_model(leg, index, err);

	(void)writer;
	*out = NULL;
	if (rc)
		return rc;
	s = kb_calloc(1, sizeof(*s));
	s->leg = leg;
	s->model = leg->model;
	s->trains = !s->model && !leg->claimed;
	leg->claimed = true;
	kb_vec_builder_init(&s->builder, 0);
	*out = s;
	return 0;
}

static int encode(struct state *s, uint32_t chunk, const uint32_t *terms,
		  size_t n, struct kb_err *err)
{
	float x[KB_WORDVEC_DIM];

	s->builder.model = kb_wordvec_id(s->model);
	if (!kb_wordvec_encode(s->model, terms, n, x))
		return 0;
	return kb_vec_add(&s->builder, chunk, x, KB_WORDVEC_DIM, err);
}

/* Encode the texts kept, now that there is a model. */
static int encode_kept(struct state *s, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0, start = 0; i < s->n && !rc; start = s->ends[i++])
		rc = encode(s, s->chunks[i], s->terms + start,
			    s->ends[i] - start, err);
	s->n = s->n_terms = 0;
	return rc;
}

static void train(struct state *s)
{
	struct kb_wordvec *model = kb_wordvec_train(s->terms, s->ends, s->n);

	s->trains = false;
	s->model = model;
	s->leg->model = model;
	s->leg->trained = model != NULL;
}

static void keep(struct state *s, const struct kb_terms *terms)
{
	kb_grow(&s->terms, &s->terms_cap, s->n_terms + terms->n + 1,
		sizeof(*s->terms));
	for (size_t i = 0; i < terms->n; i++) {
		if (kb_wordvec_term(terms->items[i].key, &s->terms[s->n_terms]))
			s->n_terms++;
	}
}

static int add(void *arg, const struct kb_leg_chunk *chunk, struct kb_err *err)
{
	struct state *s = arg;
	size_t start = s->n_terms;
	int rc = 0;

	keep(s, chunk->title_terms);
	keep(s, chunk->terms);
	if (s->model) {
		rc = encode(s, chunk->chunk, s->terms + start,
			    s->n_terms - start, err);
		s->n_terms = start;
		return rc;
	}
	kb_grow(&s->ends, &s->ends_cap, s->n + 1, sizeof(*s->ends));
	kb_grow(&s->chunks, &s->chunks_cap, s->n + 1, sizeof(*s->chunks));
	s->chunks[s->n] = chunk->chunk;
	s->ends[s->n++] = s->n_terms;
	if (s->trains && s->n_terms >= KB_WORDVEC_SAMPLE) {
		train(s);
		rc = s->model ? encode_kept(s, err) : 0;
	}
	return rc;
}

static void abandon(void *arg)
{
	struct state *s = arg;

	kb_vec_builder_release(&s->builder);
	free(s->terms);
	free(s->ends);
	free(s->chunks);
	free(s);
}

static void put_section(const struct kb_vec_builder *b,
			struct kb_container *out)
{
	struct kb_buf section = {0};

	if (!b->n)
		return;
	kb_vec_write_joint(b, &section);
	kb_container_put(out, KB_SEC_WORDVEC, false, section.ptr, section.len);
	kb_buf_release(&section);
}

static int finish(void *arg, struct kb_container *out, uint32_t n_chunks,
		  struct kb_err *err)
{
	struct state *s = arg;
	int rc = 0;

	(void)n_chunks;
	if (s->trains)
		train(s);
	if (!s->model)
		s->model = s->leg->model;
	if (s->model)
		rc = encode_kept(s, err);
	if (!rc)
		put_section(&s->builder, out);
	abandon(s);
	return rc;
}

static int merge(void *arg, struct kb_writer *writer,
		 const struct kb_leg_input *inputs, size_t n, uint32_t n_chunks,
		 struct kb_container *out, struct kb_err *err)
{
	struct kb_vec_view *views = kb_calloc(n + 1, sizeof(*views));
	struct kb_vec_builder b;
	size_t most = 0;
	int rc = 0;

	(void)arg;
	(void)writer;
	(void)n_chunks;
	kb_vec_builder_init(&b, 0);
	for (size_t i = 0; i < n && !rc; i++) {
		const struct kb_section *sec =
		    &inputs[i].segment->sec[KB_SEC_WORDVEC];

		if (!sec->ptr)
			continue;
		rc = kb_vec_open_joint(&views[i], sec->ptr, sec->len, err);
		if (views[i].n > most) {
			most = views[i].n;
			b.model = views[i].model;
		}
	}
	/* Vectors of another model, trained in between, are left out. */
	for (size_t i = 0; i < n && !rc; i++) {
		for (size_t j = 0; j < views[i].n && !rc; j++) {
			uint32_t chunk = views[i].rows[j];

			if (views[i].model == b.model &&
			    chunk < inputs[i].segment->n_chunks &&
			    inputs[i].new_chunk[chunk] != KB_CHUNK_GONE)
				rc = kb_vec_add_row(&b,
						    inputs[i].new_chunk[chunk],
						    &views[i], j, err);
		}
	}
	if (!rc)
		put_section(&b, out);
	kb_vec_builder_release(&b);
	free(views);
	return rc;
}

static int commit(void *arg, struct kb_writer *writer,
		  struct kb_segment *const *segments, size_t n,
		  struct kb_err *err)
{
	struct kb_wordvec_leg *leg = arg;
	struct kb_container out;
	int rc;

	(void)segments;
	(void)n;
	if (!leg->trained)
		return 0;
	rc = kb_writer_global_create(writer, KB_WORDVEC_SLOT, &out, err);
	if (rc)
		return rc;
	kb_wordvec_write(leg->model, &out);
	leg->trained = false;
	return kb_writer_global_finish(writer, KB_WORDVEC_SLOT, &out, err);
}

static void renew(void *arg)
{
	struct kb_wordvec_leg *leg = arg;

	kb_wordvec_free(leg->model);
	leg->model = NULL;
	leg->claimed = false;
	leg->trained = false;
}

void kb_wordvec_leg_release(struct kb_wordvec_leg *leg)
{
	kb_wordvec_free(leg->model);
	memset(leg, 0, sizeof(*leg));
}

const struct kb_leg_ops kb_wordvec_leg = {
    .name = "wordvec",
    .begin = begin,
    .add = add,
    .finish = finish,
    .abandon = abandon,
    .renew = renew,
    .merge = merge,
    .commit = commit,
};
