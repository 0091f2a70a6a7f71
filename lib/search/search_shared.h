/*
 * What the searches of a run share beside the base: synonyms and a model of
 * the confidence that were read from files, and the live children that rerank
 * and embed. Options say what there is to be; this is what there is. Any number
 * of threads may use it.
 */
#ifndef KB_SEARCH_SEARCH_SHARED_H
#define KB_SEARCH_SEARCH_SHARED_H

#include "base/buf.h"
#include "base/err.h"

struct kb_embedder;
struct kb_linear_model;
struct kb_rerank;
struct kb_search_options;
struct kb_search_shared;
struct kb_synonyms;

/* Reads the files and starts the reranker; options are borrowed. */
int kb_search_shared_open(struct kb_search_shared **out,
			  const struct kb_search_options *options,
			  struct kb_err *err);
/* After the last search. NULL is allowed. */
void kb_search_shared_close(struct kb_search_shared *shared);

/* NULL when there are none. */
const struct kb_synonyms *kb_search_shared_synonyms(
    const struct kb_search_shared *shared);
struct kb_rerank *kb_search_shared_rerank(
    const struct kb_search_shared *shared);
const struct kb_linear_model *kb_search_shared_confidence(
    const struct kb_search_shared *shared);

/*
 * The embedder of a model, made when it is first asked for, started at its
 * first call. KB_EINVAL as kb_embedder_open(); KB_ELIMIT past
 * KB_SEARCH_EMBEDDERS models. It is the shared one's.
 */
#define KB_SEARCH_EMBEDDERS 8
int kb_search_shared_embedder(struct kb_search_shared *shared,
			      struct kb_str model, struct kb_embedder **out,
			      struct kb_err *err);
/* Does the user's own command embed, whatever the model? */
bool kb_search_shared_embeds(const struct kb_search_shared *shared);

/* Does no question go to a model? */
bool kb_search_shared_no_model(const struct kb_search_shared *shared);

#endif
