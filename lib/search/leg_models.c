#include "search/leg_models.h"

#include <math.h>

#include "index/write/writer_legs.h"
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

int kb_leg_models_open(struct kb_leg_models *models,
		       struct kb_index *const *indexes, size_t n,
		       struct kb_search_shared *shared, struct kb_err *err)
{
	int rc = 0;

	*models = (struct kb_leg_models){.n = 0};
	for (size_t i = 0; i < n && !models->n && !rc; i++)
		rc = open_index(models, &indexes[i]->settings,
				kb_search_shared_embeds(shared), shared, err);
	return rc;
}

const struct kb_leg_model *kb_leg_models_choose(
    const struct kb_leg_models *models, struct kb_str question)
{
	const char *language =
	    kb_lang_code(kb_lang_main(question.ptr, question.len));

	for (size_t i = 0; i < models->n; i++) {
		const struct kb_leg_model *m = &models->items[i];

		if (!m->language.len || kb_str_is(m->language, language))
			return m;
	}
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
