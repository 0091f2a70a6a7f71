#include "search/search_shared.h"

#include <pthread.h>
#include <stdlib.h>

#include "learn/model_file.h"
#include "search/confidence.h"
#include "search/search_options.h"
#include "text/synonym.h"
#include "vector/embedder.h"

struct kb_search_shared {
	const struct kb_search_options *options;
	struct kb_synonyms *synonyms;
	struct kb_rerank *rerank;
	struct kb_linear_model confidence; /* of options->confidence_path */
	struct kb_arena arena;		   /* of the model */
	pthread_mutex_t lock;		   /* of the embedders' list */
	struct {
		char *model;
		struct kb_embedder *embedder;
	} embedders[KB_SEARCH_EMBEDDERS];
	size_t n_embedders;
};

int kb_search_shared_open(struct kb_search_shared **out,
			  const struct kb_search_options *options,
			  struct kb_err *err)
{
	struct kb_search_shared *s = kb_calloc(1, sizeof(*s));
	int rc = 0;

	*out = NULL;
	s->options = options;
	pthread_mutex_init(&s->lock, NULL);
	kb_arena_init(&s->arena);
	if (options->synonyms_path)
		rc =
		    kb_synonyms_load(&s->synonyms, options->synonyms_path, err);
	if (rc == 0 && options->confidence_path)
		rc = kb_model_file_load(options->confidence_path, KB_LOGISTIC,
					kb_confidence_names, KB_C_FEATURES,
					&s->arena, &s->confidence, err);
	if (rc == 0)
		rc = kb_rerank_open(&s->rerank, &options->ask, err);
	if (rc < 0)
		kb_search_shared_close(s);
	else
		*out = s;
	return rc;
}

void kb_search_shared_close(struct kb_search_shared *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_embedders; i++) {
		kb_embedder_close(s->embedders[i].embedder);
		free(s->embedders[i].model);
	}
	kb_rerank_close(s->rerank);
	kb_synonyms_free(s->synonyms);
	kb_arena_release(&s->arena);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

const struct kb_synonyms *kb_search_shared_synonyms(
    const struct kb_search_shared *s)
{
	return s ? s->synonyms : NULL;
}

struct kb_rerank *kb_search_shared_rerank(const struct kb_search_shared *s)
{
	return s ? s->rerank : NULL;
}

const struct kb_linear_model *kb_search_shared_confidence(
    const struct kb_search_shared *s)
{
	return s && s->options->confidence_path ? &s->confidence : NULL;
}

bool kb_search_shared_embeds(const struct kb_search_shared *s)
{
	return s && s->options->embed;
}

bool kb_search_shared_no_model(const struct kb_search_shared *s)
{
	return s && s->options->no_model;
}

/* With the lock. */
static int find_embedder(struct kb_search_shared *s, struct kb_str model,
			 struct kb_embedder **out, struct kb_err *err)
{
	size_t n = s->n_embedders;
	int rc;

	for (size_t i = 0; i < n; i++)
		if (kb_str_is(model, s->embedders[i].model)) {
			*out = s->embedders[i].embedder;
			return 0;
		}
	if (n == KB_SEARCH_EMBEDDERS)
		return kb_err_set(err, KB_ELIMIT,
				  "the indexes have vectors of more than %d "
				  "models",
				  KB_SEARCH_EMBEDDERS);
	rc = kb_embedder_open(out, model, s->options->embed, err);
	if (rc < 0)
		return rc;
	s->embedders[n].model = kb_strndup(model.ptr, model.len);
	s->embedders[n].embedder = *out;
	s->n_embedders++;
	return 0;
}

int kb_search_shared_embedder(struct kb_search_shared *s, struct kb_str model,
			      struct kb_embedder **out, struct kb_err *err)
{
	int rc;

	*out = NULL;
	pthread_mutex_lock(&s->lock);
	rc = find_embedder(s, model, out, err);
	pthread_mutex_unlock(&s->lock);
	return rc;
}
