/* Vectors' part in building an index: see legs.h. */
#include <stdlib.h>

#include "base/hash.h"
#include "index/legs.h"
#include "index/vecjson.h"
#include "index/vector.h"
#include "json/write.h"

struct state {
	struct kb_vector_leg *leg;
	struct kb_writer *writer;
	struct kb_vec_builder builder;
	struct kb_arena arena;
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

static int begin(void *arg, struct kb_writer *writer,
		 const struct kb_index *index, void **out, struct kb_err *err)
{
	struct kb_vector_leg *leg = arg;
	struct state *s = kb_calloc(1, sizeof(*s));
	int rc;

	(void)index;
	kb_arena_init(&s->arena);
	s->leg = leg;
	s->writer = writer;
	rc = take_settings(leg, kb_writer_settings(writer), &s->arena, err);
	kb_vec_builder_init(&s->builder, kb_vector_model_id(leg->model));
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
	kb_jw_str(&w, s->leg->model);
	kb_jw_key(&w, "dim");
	kb_jw_int(&w, (int64_t)dim);
	kb_jw_end(&w);
	rc = kb_writer_set(s->writer, "vectors", kb_buf_str(&json), err);
	kb_buf_release(&json);
	return rc;
}

static int add(void *arg, const struct kb_leg_chunk *chunk, struct kb_err *err)
{
	struct state *s = arg;
	struct kb_str text = chunk->document->vector;
	struct kb_json val;
	size_t dim = 0;
	float *x;
	int rc = 0;

	if (chunk->chunk_no == 0 && text.len) {
		kb_arena_reset(&s->arena);
		rc = kb_json_check(text.ptr, text.len, &val, err);
		if (!rc)
			rc = kb_vec_from_json(val, &s->arena, &x, &dim, err);
	} else if (s->leg->embed) {
		kb_arena_reset(&s->arena);
		x = kb_arena_alloc(&s->arena, KB_VEC_DIM_MAX * sizeof(*x));
		rc = s->leg->embed(s->leg->arg, chunk->text, x, &dim, err);
	}
	if (rc || !dim)
		return rc;
	if (s->leg->dim && s->leg->dim != dim)
		return kb_err_set(err, KB_EINVAL,
				  "vector of %zu dimensions in an index of %zu",
				  dim, s->leg->dim);
	if (!s->leg->dim)
		rc = keep_settings(s, dim, err);
	return rc ? rc : kb_vec_add(&s->builder, chunk->chunk, x, dim, err);
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
	free(s);
}

static int finish(void *arg, struct kb_container *out, uint32_t n_chunks,
		  struct kb_err *err)
{
	struct state *s = arg;

	(void)n_chunks;
	(void)err;
	write_sections(&s->builder, out);
	abandon(s);
	return 0;
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
