/* Vectors' part in building an index: see legs.h. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "index/legs.h"
#include "index/segment_file.h"
#include "index/vecjson.h"
#include "index/vector.h"
#include "json/write.h"

/* A chunk that waits for its vector. */
struct waiting {
	uint32_t chunk;
	struct kb_str text;		/* in texts */
	const struct kb_vec_view *view; /* the old vector, when there is one */
	int64_t row;
};

struct state {
	struct kb_vector_leg *leg;
	struct kb_writer *writer;
	const struct kb_index *index;
	struct kb_vec_view *views; /* of the old segments */
	struct kb_vec_builder builder;
	struct kb_arena arena;
	struct waiting waiting[KB_EMBED_BATCH];
	size_t n_waiting;
	struct kb_arena texts;
	/* The old version of the document at hand: its chunks' texts. */
	struct kb_map old; /* hash of text -> segment << 32 | chunk */
};

uint64_t kb_vector_model_id(struct kb_str name)
{
	return kb_hash64(name.ptr, name.len, 0);
}

/* What the index already says about its vectors. */
static int take_settings(struct kb_vector_leg *leg, struct kb_str settings,
			 struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json all, vectors;
	struct kb_str model;
	int64_t dim;
	char quoted[KB_QUOTE_MAX];

	if (!settings.len ||
	    kb_json_check(settings.ptr, settings.len, &all, NULL))
		return 0;
	vectors = kb_json_get(all, "vectors");
	if (!kb_json_str(kb_json_get(vectors, "model"), arena, &model) ||
	    !kb_json_int(kb_json_get(vectors, "dim"), &dim))
		return 0;
	if (leg->model.len && !kb_str_eq(leg->model, model))
		return kb_err_set(err, KB_EINVAL,
				  "the index has vectors of model '%s'; "
				  "use --rebuild for another",
				  kb_err_quote(quoted, model.ptr, model.len));
	leg->dim = (size_t)dim;
	return 0;
}

static int open_old(struct state *s, struct kb_err *err)
{
	const struct kb_index *index = s->index;
	int rc = 0;

	if (!index || !s->leg->embedder)
		return 0;
	s->views = kb_calloc(index->n_segments + 1, sizeof(*s->views));
	for (size_t i = 0; i < index->n_segments && !rc; i++) {
		const struct kb_section *sec =
		    &index->segments[i]->sec[KB_SEC_VECTORS];

		if (sec->ptr)
			rc = kb_vec_open(&s->views[i], sec->ptr, sec->len, NULL,
					 0, err);
	}
	return rc;
}

static int begin(void *arg, struct kb_writer *writer,
		 const struct kb_index *index, void **out, struct kb_err *err)
{
	struct kb_vector_leg *leg = arg;
	struct state *s = kb_calloc(1, sizeof(*s));
	int rc;

	kb_arena_init(&s->arena);
	kb_arena_init(&s->texts);
	kb_map_init(&s->old);
	s->leg = leg;
	s->writer = writer;
	s->index = index;
	kb_vec_builder_init(&s->builder, kb_vector_model_id(leg->model));
	rc = take_settings(leg, kb_writer_settings(writer), &s->arena, err);
	if (!rc)
		rc = open_old(s, err);
	*out = s;
	return rc;
}

static int keep_settings(struct state *s, size_t dim, struct kb_err *err)
{
	struct kb_buf json = {0};
	struct kb_jw w;
	int rc;

	s->leg->dim = dim;
	kb_jw_init(&w, &json);
	kb_jw_obj(&w);
	kb_jw_key(&w, "model");
	kb_jw_str(&w, s->leg->model.len ? s->leg->model : KB_STR(""));
	kb_jw_key(&w, "dim");
	kb_jw_int(&w, (int64_t)dim);
	kb_jw_key(&w, "embed");
	kb_jw_bool(&w, s->leg->embedder != NULL);
	kb_jw_end(&w);
	rc = kb_writer_set(s->writer, "vectors", kb_buf_str(&json), err);
	kb_buf_release(&json);
	return rc;
}

static int add_vector(struct state *s, uint32_t chunk, const float *x,
		      size_t dim, struct kb_err *err)
{
	int rc = 0;

	if (s->leg->dim && s->leg->dim != dim)
		return kb_err_set(err, KB_EINVAL,
				  "vector of %zu dimensions in an index of %zu",
				  dim, s->leg->dim);
	if (!s->leg->dim)
		rc = keep_settings(s, dim, err);
	return rc ? rc : kb_vec_add(&s->builder, chunk, x, dim, err);
}

/* ---- embedding ---- */

/* Ask for the vectors of what waits, and add all in the order of chunks. */
static int flush(struct state *s, struct kb_err *err)
{
	struct kb_str texts[KB_EMBED_BATCH];
	size_t n = 0, dim = 0, at = 0;
	float *x = NULL;
	int rc = 0;

	for (size_t i = 0; i < s->n_waiting; i++)
		if (!s->waiting[i].view)
			texts[n++] = s->waiting[i].text;
	kb_arena_reset(&s->arena);
	pthread_mutex_lock(&s->leg->lock);
	if (n)
		rc = kb_embedder_call(s->leg->embedder, texts, n,
				      KB_EMBED_TIMEOUT_MS, &s->arena, &x, &dim,
				      err);
	s->leg->embedded += n;
	s->leg->reused += s->n_waiting - n;
	pthread_mutex_unlock(&s->leg->lock);
	for (size_t i = 0; i < s->n_waiting && !rc; i++) {
		const struct waiting *w = &s->waiting[i];

		if (w->view)
			rc = kb_vec_add_row(&s->builder, w->chunk, w->view,
					    (size_t)w->row, err);
		else
			rc = add_vector(s, w->chunk, x + at++ * dim, dim, err);
	}
	s->n_waiting = 0;
	kb_arena_reset(&s->texts);
	return rc;
}

/* Note what the chunks of the document's old version said. */
static void remember_old(struct state *s, struct kb_str id)
{
	kb_map_clear(&s->old);
	for (size_t i = 0; s->views && i < s->index->n_segments; i++) {
		const struct kb_segment *seg = s->index->segments[i];
		uint32_t from = 0, doc = kb_segment_find_id(seg, id, &from);
		uint32_t first, n;

		if (doc == UINT32_MAX || !s->views[i].n ||
		    !kb_segment_doc_chunks(seg, doc, &first, &n))
			continue;
		for (uint32_t c = first; c < first + n; c++) {
			struct kb_passage p;

			kb_arena_reset(&s->arena);
			if (kb_segment_fetch(seg, c, &s->arena, &p, NULL))
				continue;
			*kb_map_put(&s->old,
				    kb_hash64(p.text.ptr, p.text.len, 1),
				    NULL) = (uint64_t)i << 32 | c;
		}
	}
}

static int wait_for(struct state *s, const struct kb_leg_chunk *chunk,
		    struct kb_err *err)
{
	struct waiting *w = &s->waiting[s->n_waiting];
	const uint64_t *old;

	if (chunk->chunk_no == 0)
		remember_old(s, chunk->document->id);
	*w = (struct waiting){.chunk = chunk->chunk};
	old =
	    kb_map_get(&s->old, kb_hash64(chunk->text.ptr, chunk->text.len, 1));
	if (old) {
		const struct kb_vec_view *view = &s->views[*old >> 32];

		w->row = kb_vec_row(view, (uint32_t)*old);
		if (w->row >= 0 && view->model == s->builder.model)
			w->view = view;
	}
	if (!w->view)
		w->text = kb_arena_copy(&s->texts, chunk->text);
	s->n_waiting++;
	/* The first one goes at once: it tells the dimension, which has to be
	 * set in this thread. */
	if (s->n_waiting == KB_EMBED_BATCH || !s->leg->dim)
		return flush(s, err);
	return 0;
}

static int add(void *arg, const struct kb_leg_chunk *chunk, struct kb_err *err)
{
	struct state *s = arg;
	struct kb_str text = chunk->document->vector;
	struct kb_json val;
	size_t dim;
	float *x;
	int rc;

	if (!text.len)
		return s->leg->embedder ? wait_for(s, chunk, err) : 0;
	if (chunk->chunk_no)
		return 0;
	rc = s->n_waiting ? flush(s, err) : 0;
	kb_arena_reset(&s->arena);
	if (!rc)
		rc = kb_json_check(text.ptr, text.len, &val, err);
	if (!rc)
		rc = kb_vec_from_json(val, &s->arena, &x, &dim, err);
	return rc ? rc : add_vector(s, chunk->chunk, x, dim, err);
}

static void write_sections(const struct kb_vec_builder *b,
			   struct kb_container *out)
{
	struct kb_buf vectors = {0}, codes = {0};
	struct kb_vec_view view;

	if (!b->n)
		return;
	kb_vec_write(b, &vectors);
	kb_container_put(out, KB_SEC_VECTORS, false, vectors.ptr, vectors.len);
	if (b->n >= KB_VEC_CODES_MIN &&
	    !kb_vec_open(&view, (const unsigned char *)vectors.ptr, vectors.len,
			 NULL, 0, NULL)) {
		kb_vec_write_codes(&view, &codes);
		kb_container_put(out, KB_SEC_CODES, false, codes.ptr,
				 codes.len);
	}
	kb_buf_release(&vectors);
	kb_buf_release(&codes);
}

static void abandon(void *arg)
{
	struct state *s = arg;

	kb_vec_builder_release(&s->builder);
	kb_arena_release(&s->arena);
	kb_arena_release(&s->texts);
	kb_map_release(&s->old);
	free(s->views);
	free(s);
}

static int finish(void *arg, struct kb_container *out, uint32_t n_chunks,
		  struct kb_err *err)
{
	struct state *s = arg;
	int rc = s->n_waiting ? flush(s, err) : 0;

	(void)n_chunks;
	if (!rc)
		write_sections(&s->builder, out);
	abandon(s);
	return rc;
}

/* Rows of one old segment in the order of their new chunks (merging keeps
 * the order within a segment). */
static int merge_rows(struct kb_vec_builder *b, const struct kb_vec_view *view,
		      const struct kb_leg_input *in, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < view->n && !rc; i++) {
		uint32_t chunk = view->rows[i];

		if (chunk < in->segment->n_chunks &&
		    in->new_chunk[chunk] != KB_CHUNK_GONE)
			rc = kb_vec_add_row(b, in->new_chunk[chunk], view, i,
					    err);
	}
	return rc;
}

static int merge(void *arg, struct kb_writer *writer,
		 const struct kb_leg_input *inputs, size_t n, uint32_t n_chunks,
		 struct kb_container *out, struct kb_err *err)
{
	struct kb_vec_builder b;
	bool first = true;
	int rc = 0;

	(void)arg;
	(void)writer;
	(void)n_chunks;
	kb_vec_builder_init(&b, 0);
	for (size_t i = 0; i < n && !rc; i++) {
		const struct kb_section *sec =
		    &inputs[i].segment->sec[KB_SEC_VECTORS];
		struct kb_vec_view view;

		if (!sec->ptr)
			continue;
		rc = kb_vec_open(&view, sec->ptr, sec->len, NULL, 0, err);
		if (!rc && first)
			b.model = view.model;
		first = false;
		if (!rc)
			rc = merge_rows(&b, &view, &inputs[i], err);
	}
	if (!rc)
		write_sections(&b, out);
	kb_vec_builder_release(&b);
	return rc;
}

const struct kb_leg_ops kb_vector_leg = {
    .name = "vector",
    .begin = begin,
    .add = add,
    .finish = finish,
    .abandon = abandon,
    .merge = merge,
};
