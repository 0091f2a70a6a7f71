#include "search/leg_models.h"

#include <math.h>
#include <stdlib.h>

#include "index/write/writer_legs.h"
#include "search/leg_weights.h"
#include "search/null_distribution.h"
#include "search/search_shared.h"
#include "text/lang.h"

#define EMBED_MS 5000 /* a question waits no longer for its vector */

/* Those of one index; with the user's own command whatever has vectors. */
static int open_index(struct kb_leg_models *models,
		      const struct kb_settings *settings, bool own,
		      struct kb_search_shared *shared, struct kb_err *err)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		const struct kb_vector_settings *v = &settings->vectors[i];
		struct kb_leg_model *m = &models->items[models->n];
		int rc;

		if (!v->known || (!own && (!v->model.len || !v->embed)))
			continue;
		rc = kb_search_shared_embedder(shared, v->model, &m->embedder,
					       err);
		if (rc)
			return rc;
		m->id = kb_vector_model_id(v->model);
		m->name = v->model;
		m->language = v->language;
		m->prefixes = settings->prefixes[i];
		models->n++;
	}
	return 0;
}

/* Static encoders of one index; one that is of another model than the vectors
 * is none. */
static int open_statics(struct kb_leg_models *models,
			const struct kb_index *index, uint32_t index_no,
			struct kb_err *err)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		const struct kb_vector_settings *v =
		    &index->settings.vectors[i];
		const struct kb_container_view *view =
		    kb_index_global(index, kb_static_slots[i]);
		struct kb_leg_static *s = &models->statics[models->n_statics];
		int rc = view ? kb_static_open(&s->encoder, view, err) : 0;

		if (rc)
			return rc;
		if (!view || !v->known || v->dim != s->encoder.dim ||
		    s->encoder.model != kb_vector_model_id(v->model))
			continue;
		s->language = v->language;
		s->index_no = index_no;
		models->n_statics++;
	}
	return 0;
}

int kb_leg_models_open(struct kb_leg_models *models,
		       struct kb_index *const *indexes, size_t n,
		       struct kb_search_shared *shared, struct kb_err *err)
{
	int rc = 0;

	*models = (struct kb_leg_models){.n = 0};
	models->statics =
	    kb_calloc(n * KB_VECTOR_SLOTS + 1, sizeof(*models->statics));
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = open_statics(models, indexes[i], i, err);
	if (!shared || kb_search_shared_no_model(shared))
		return rc;
	for (size_t i = 0; i < n && !models->n && !rc; i++)
		rc = open_index(models, &indexes[i]->settings,
				kb_search_shared_embeds(shared), shared, err);
	return rc;
}

void kb_leg_models_release(struct kb_leg_models *models)
{
	free(models->statics);
	models->statics = NULL;
	models->n = models->n_statics = 0;
}

static bool is_of(struct kb_str language, struct kb_str question)
{
	return !language.len ||
	       kb_str_is(language, kb_lang_code(kb_lang_main(question.ptr,
							     question.len)));
}

const struct kb_leg_static *kb_leg_statics_next(
    const struct kb_leg_models *models, struct kb_str question, uint64_t id,
    size_t *at)
{
	while (*at < models->n_statics) {
		const struct kb_leg_static *s = &models->statics[(*at)++];

		if ((!id || id == s->encoder.model) &&
		    is_of(s->language, question))
			return s;
	}
	return NULL;
}

bool kb_leg_static_query(const struct kb_static_encoder *encoder,
			 const struct kb_terms *terms, struct kb_arena *arena,
			 struct kb_vec_query *query, float *least)
{
	float *x = kb_arena_alloc(arena, encoder->stride * sizeof(*x));
	float dot = 0;

	if (!kb_static_encode(encoder, terms, x) ||
	    kb_vec_query_init_rotated(query, x, encoder->dim, NULL))
		return false;
	for (size_t i = 0; i < encoder->stride; i++)
		dot += query->x[i] * encoder->mean[i];
	*least = dot > 0 ? fminf(dot, STATIC_LEAST_MAX) : 0;
	return true;
}

const struct kb_leg_model *kb_leg_models_choose(
    const struct kb_leg_models *models, struct kb_str question)
{
	for (size_t i = 0; i < models->n; i++)
		if (is_of(models->items[i].language, question))
			return &models->items[i];
	return NULL;
}

int kb_leg_model_embed(const struct kb_leg_model *model,
		       struct kb_str input_type, const struct kb_str *texts,
		       size_t n, struct kb_arena *arena, float **x, size_t *dim,
		       struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (model->language.len && !kb_embedder_is_local(model->embedder))
		return kb_err_set(
		    err, KB_ENOENT,
		    "no model '%s' on this machine (kb-embed "
		    "--list)",
		    kb_err_quote(quoted, model->name.ptr, model->name.len));
	return kb_embedder_call(model->embedder, input_type, texts, n, EMBED_MS,
				arena, x, dim, err);
}

float kb_leg_least_cosine(struct kb_index *const *indexes, size_t n,
			  uint64_t id, size_t dim)
{
	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; s < KB_VECTOR_SLOTS; s++) {
			const struct kb_settings *of = &indexes[i]->settings;
			const struct kb_vector_settings *v = &of->vectors[s];

			if (v->known && v->dim == dim &&
			    !isnan(of->null.cosines[s]) &&
			    (!id || id == kb_vector_model_id(v->model)))
				return of->null.cosines[s];
		}
	return kb_null_defaults.cosines[0];
}
