/*
 * The models of a vector leg: those that its indexes were built with, and which
 * of them a question goes to.
 *
 * An index has vectors of one model, or of two, of which each has the texts of
 * its language; a question goes to the one of its own language, and what it
 * finds are texts of that language. Scores of both are on one scale, as each is
 * counted from the cosine that any two texts have by that model
 * (null_distribution.h). Of several indexes the first that has an embedder
 * decides.
 *
 * Where the model does not answer, the index's static encoder may stand in for
 * it (vector/static_encoder.h).
 */
#ifndef KB_SEARCH_LEG_MODELS_H
#define KB_SEARCH_LEG_MODELS_H

#include "index/index.h"
#include "vector/static_encoder.h"
#include "vector/vector.h"

struct kb_embedder;
struct kb_search_shared;

struct kb_leg_model {
	struct kb_embedder *embedder; /* borrowed */
	uint64_t id;		      /* of its vectors */
	struct kb_str name, language; /* the index's; language "" of one */
	struct kb_embed_prefixes prefixes;
};

/* What stands in for a model in one index. */
struct kb_leg_static {
	struct kb_static_encoder encoder;
	struct kb_str language; /* as the model's */
	uint32_t index_no;
};

struct kb_leg_models {
	struct kb_leg_model items[KB_VECTOR_SLOTS];
	size_t n; /* 0: there is no embedder */
	struct kb_leg_static *statics;
	size_t n_statics;
};

/* shared has the embedders; they are started when they are first asked. NULL,
 * or one that wants no model: there are none. Release in any case. */
int kb_leg_models_open(struct kb_leg_models *models,
		       struct kb_index *const *indexes, size_t n,
		       struct kb_search_shared *shared, struct kb_err *err);

void kb_leg_models_release(struct kb_leg_models *models);

/* The model of a question; NULL: none. */
const struct kb_leg_model *kb_leg_models_choose(
    const struct kb_leg_models *models, struct kb_str question);

/* What stands in for the model of a question: the one at *at, or behind it, of
 * the model with that id (0: any). NULL: no more; start with *at = 0. */
const struct kb_leg_static *kb_leg_statics_next(
    const struct kb_leg_models *models, struct kb_str question, uint64_t id,
    size_t *at);

/* The vector of terms as a query, to be released, and in *least its cosine with
 * a text of the index, on average, 0 or more; false when it has none. */
bool kb_leg_static_query(const struct kb_static_encoder *encoder,
			 const struct kb_terms *terms, struct kb_arena *arena,
			 struct kb_vec_query *query, float *least);

/*
 * Vectors of n texts, as kb_embedder_call(). One of two models that is not on
 * this machine is KB_ENOENT, at once.
 */
int kb_leg_model_embed(const struct kb_leg_model *model,
		       struct kb_str input_type, const struct kb_str *texts,
		       size_t n, struct kb_arena *arena, float **x, size_t *dim,
		       struct kb_err *err);

/* The mean cosine of two texts, of the model with that id (0: any) and
 * dimension, by the first index that has its vectors and knows. */
float kb_leg_least_cosine(struct kb_index *const *indexes, size_t n,
			  uint64_t id, size_t dim);

#endif
