#include "index/write/writer_legs.h"

#include <stdlib.h>

#include "text/lang.h"
#include "vector/embed_journal.h"

/*
 * A leg that was left out stays out: a refresh from cron need not repeat
 * the option. Only a rebuild asks again.
 */
static void settle_left_out(const struct kb_legs *legs, bool *setting,
			    bool *left_out)
{
	if (!legs->rebuild && *setting)
		*left_out = true;
	*setting = *left_out;
}

static int other_model(struct kb_str old, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (!old.len)
		return kb_err_set(err, KB_EINVAL,
				  "the index has vectors that came with its "
				  "documents; use --rebuild for those of a "
				  "model");
	return kb_err_set(err, KB_EINVAL,
			  "the index has vectors of model '%s'; use --rebuild "
			  "for another",
			  kb_err_quote(quoted, old.ptr, old.len));
}

static int too_long(struct kb_err *err)
{
	return kb_err_set(err, KB_ELIMIT,
			  "a prefix or a type is longer than %d bytes",
			  KB_EMBED_PREFIX_MAX);
}

/* What is in the vectors of the passages stays as it is. */
static int settle_passages(const struct kb_legs *legs,
			   struct kb_settings *settings, const char *what,
			   const char *wanted, struct kb_str *kept,
			   struct kb_err *err)
{
	struct kb_str text = kb_str_of(wanted);
	char quoted[KB_QUOTE_MAX];

	if (!wanted)
		return 0;
	if (text.len > KB_EMBED_PREFIX_MAX)
		return too_long(err);
	if (!legs->n_models)
		return kb_err_set(err, KB_EINVAL,
				  "--embed-passage-%s goes with --embed", what);
	if (settings->vectors[0].known && !kb_str_eq(text, *kept))
		return kb_err_set(err, KB_EINVAL,
				  "the passages of the index were embedded "
				  "with %s '%s'; use --rebuild for another",
				  what,
				  kb_err_quote(quoted, kept->ptr, kept->len));
	*kept = kb_settings_copy(settings, text);
	return 0;
}

/* What goes with a query may change at any time, what goes with passages is in
 * their vectors. */
static int settle_prefixes(const struct kb_legs *legs,
			   struct kb_settings *settings, struct kb_err *err)
{
	struct kb_embed_prefixes *p = &settings->prefixes[0];
	struct kb_str query = kb_str_of(legs->query_prefix);
	struct kb_str query_type = kb_str_of(legs->query_type);
	int rc;

	if (query.len > KB_EMBED_PREFIX_MAX ||
	    query_type.len > KB_EMBED_PREFIX_MAX)
		return too_long(err);
	rc = settle_passages(legs, settings, "prefix", legs->passage_prefix,
			     &p->passage, err);
	if (!rc)
		rc = settle_passages(legs, settings, "type", legs->passage_type,
				     &p->passage_type, err);
	if (legs->query_prefix)
		p->query = kb_settings_copy(settings, query);
	if (legs->query_type)
		p->query_type = kb_settings_copy(settings, query_type);
	return rc;
}

/* A model in the process says what it wants before texts; the user may want
 * something else. */
static int take_prefixes(const struct kb_legs *legs, size_t slot,
			 struct kb_settings *settings, struct kb_err *err)
{
	struct kb_embed_prefixes *p = &settings->prefixes[slot];
	struct kb_str query = {"", 0}, passage = {"", 0};
	int rc =
	    kb_embedder_prefixes(legs->embedders[slot], &query, &passage, err);

	if (rc || settings->vectors[slot].known)
		return rc;
	if (!legs->query_prefix && !p->query.len)
		p->query = kb_settings_copy(settings, query);
	if (!legs->passage_prefix && !p->passage.len)
		p->passage = kb_settings_copy(settings, passage);
	return 0;
}

/* What a run before left is of use for passages of the same type. */
static uint64_t journal_model(const struct kb_legs *legs, size_t slot,
			      struct kb_str type)
{
	return kb_vector_model_id(kb_str_of(legs->models[slot])) ^
	       (type.len ? kb_vector_model_id(type) : 0);
}

/* Into legs->models, a comma between two. */
static int split_models(struct kb_legs *legs, const char *models,
			struct kb_err *err)
{
	struct kb_str rest = kb_str_of(models);

	for (;;) {
		const char *comma = memchr(rest.ptr, ',', rest.len);
		size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;

		if (legs->n_models == KB_VECTOR_SLOTS)
			return kb_err_set(err, KB_EINVAL,
					  "--embed takes %d models at most",
					  KB_VECTOR_SLOTS);
		legs->models[legs->n_models++] = kb_strndup(rest.ptr, len);
		if (!comma)
			return 0;
		rest = kb_str_skip(rest, len + 1);
	}
}

/* The models that the index is embedded with. */
static void models_of(struct kb_legs *legs, const struct kb_settings *settings)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		const struct kb_vector_settings *v = &settings->vectors[i];

		if (i == legs->n_models && v->embed)
			legs->models[legs->n_models++] =
			    kb_strndup(v->model.ptr, v->model.len);
	}
}

static void swap_models(struct kb_legs *legs,
			struct kb_str languages[KB_VECTOR_SLOTS])
{
	struct kb_embedder *embedder = legs->embedders[0];
	struct kb_str language = languages[0];
	char *model = legs->models[0];

	legs->embedders[0] = legs->embedders[1];
	legs->embedders[1] = embedder;
	legs->models[0] = legs->models[1];
	legs->models[1] = model;
	languages[0] = languages[1];
	languages[1] = language;
}

/* Of two models the Chinese one comes first, however they were named. */
static int settle_languages(struct kb_legs *legs, struct kb_err *err)
{
	static const enum kb_lang wanted[] = {KB_LANG_ZH, KB_LANG_EN};
	struct kb_str languages[KB_VECTOR_SLOTS];
	char quoted[KB_QUOTE_MAX];

	for (size_t i = 0; i < legs->n_models; i++) {
		const char *name = legs->models[i];
		int rc;

		kb_err_quote(quoted, name, strlen(name));
		if (!kb_embedder_is_local(legs->embedders[i]))
			return kb_err_set(err, KB_ENOENT,
					  "no model '%s' on this machine, one "
					  "of two; kb-embed --list shows those "
					  "that are",
					  quoted);
		rc = kb_embedder_language(legs->embedders[i], &languages[i],
					  err);
		if (rc)
			return rc;
	}
	if (kb_str_is(languages[1], kb_lang_code(wanted[0])))
		swap_models(legs, languages);
	if (!kb_str_is(languages[0], kb_lang_code(wanted[0])) ||
	    !kb_str_is(languages[1], kb_lang_code(wanted[1])))
		return kb_err_set(err, KB_EINVAL,
				  "of two models one is Chinese and one "
				  "English; kb-embed --list says what those of "
				  "this machine are");
	for (size_t i = 0; i < legs->n_models; i++)
		legs->vectors[i].language = kb_str_of(kb_lang_code(wanted[i]));
	return 0;
}

/* Two models say themselves what they want. */
static int open_models(struct kb_legs *legs, struct kb_err *err)
{
	int rc = 0;

	if (legs->n_models > 1 &&
	    (legs->query_prefix || legs->passage_prefix || legs->query_type ||
	     legs->passage_type || legs->command))
		return kb_err_set(err, KB_EINVAL,
				  "--embed-cmd, prefixes and types go with one "
				  "model, not with two");

	for (size_t i = 0; i < legs->n_models && !rc; i++)
		rc = kb_embedder_open(&legs->embedders[i],
				      kb_str_of(legs->models[i]), legs->command,
				      err);
	return !rc && legs->n_models > 1 ? settle_languages(legs, err) : rc;
}

/* Do the models go with what the index has? One built anew forgets what it
 * had, and another model wants prefixes of its own. */
static int settle_models(struct kb_legs *legs, struct kb_settings *settings,
			 bool named, struct kb_err *err)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		struct kb_vector_settings *v = &settings->vectors[i];
		const char *model = legs->models[i];
		bool same = model ? kb_str_is(v->model, model) : !v->known;

		if (legs->rebuild && named && !same)
			settings->prefixes[i] = (struct kb_embed_prefixes){0};
		if (legs->rebuild)
			*v = (struct kb_vector_settings){0};
		else if (named && !same &&
			 (v->known || (i && settings->vectors[0].known)))
			return other_model(
			    v->known ? v->model : settings->vectors[0].model,
			    err);
	}
	return 0;
}

static int join_vectors(struct kb_legs *legs, struct kb_writer *writer,
			size_t slot, struct kb_err *err)
{
	struct kb_settings *settings = kb_writer_settings(writer);
	struct kb_vector_leg *leg = &legs->vectors[slot];
	bool model = slot < legs->n_models;
	int rc = 0;

	if (model)
		rc = take_prefixes(legs, slot, settings, err);
	if (!rc && model)
		rc = kb_embed_journal_open(
		    &leg->journal, kb_writer_path(writer), slot,
		    journal_model(legs, slot,
				  settings->prefixes[slot].passage_type),
		    err);
	/* known from now on, whether or not a text of its language comes */
	if (!rc && legs->n_models > 1 && !settings->vectors[slot].known)
		settings->vectors[slot] = (struct kb_vector_settings){
		    .known = true,
		    .model = kb_settings_copy(settings,
					      kb_str_of(legs->models[slot])),
		    .embed = true,
		    .language = leg->language,
		};
	leg->slot = slot;
	leg->old = legs->old;
	leg->model = kb_str_of(legs->models[slot]);
	kb_vector_leg_embed(leg, legs->embedders[slot], legs->embed_jobs);
	kb_writer_add_leg(writer, &kb_vector_leg, leg);
	return rc;
}

int kb_legs_join(struct kb_legs *legs, struct kb_writer *writer,
		 const char *models, struct kb_err *err)
{
	struct kb_settings *settings = kb_writer_settings(writer);
	int rc = 0;

	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		pthread_mutex_init(&legs->vectors[i].lock, NULL);
	if (models)
		rc = split_models(legs, models, err);
	else
		models_of(legs, settings);
	if (!rc)
		rc = open_models(legs, err);
	if (!rc)
		rc = settle_models(legs, settings, models != NULL, err);
	if (!rc)
		rc = settle_prefixes(legs, settings, err);
	settle_left_out(legs, &settings->no_graph, &legs->no_graph);
	settle_left_out(legs, &settings->no_words, &legs->no_words);
	/* One that cannot be opened has no vectors to keep. */
	if (!rc && legs->n_models && legs->rebuild)
		kb_index_open(&legs->old, kb_writer_path(writer), NULL);
	for (size_t i = 0; i < KB_VECTOR_SLOTS && !rc; i++)
		rc = join_vectors(legs, writer, i, err);
	kb_writer_add_leg(writer, &kb_static_leg, legs);
	if (!legs->no_words)
		kb_writer_add_leg(writer, &kb_wordvec_leg, &legs->words);
	if (!legs->no_graph)
		kb_writer_add_leg(writer, &kb_graph_leg, NULL);
	return rc;
}

void kb_legs_committed(struct kb_legs *legs)
{
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		if (legs->vectors[i].journal)
			kb_embed_journal_drop(legs->vectors[i].journal);
}

void kb_legs_release(struct kb_legs *legs)
{
	kb_wordvec_leg_release(&legs->words);
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		kb_vector_leg_release(&legs->vectors[i]);
		kb_embedder_close(legs->embedders[i]);
		free(legs->models[i]);
		legs->embedders[i] = NULL;
		legs->models[i] = NULL;
	}
	kb_index_close(legs->old);
	legs->old = NULL;
	legs->n_models = 0;
}
