#include "index/write/writer_legs.h"

#include <stdlib.h>

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
	if (!legs->model)
		return kb_err_set(err, KB_EINVAL,
				  "--embed-passage-%s goes with --embed", what);
	if (settings->vectors.known && !kb_str_eq(text, *kept))
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
	struct kb_embed_prefixes *p = &settings->prefixes;
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
static int take_prefixes(const struct kb_legs *legs,
			 struct kb_settings *settings, struct kb_err *err)
{
	struct kb_embed_prefixes *p = &settings->prefixes;
	struct kb_str query = {"", 0}, passage = {"", 0};
	int rc = kb_embedder_prefixes(legs->embedder, &query, &passage, err);

	if (rc || settings->vectors.known)
		return rc;
	if (!legs->query_prefix && !p->query.len)
		p->query = kb_settings_copy(settings, query);
	if (!legs->passage_prefix && !p->passage.len)
		p->passage = kb_settings_copy(settings, passage);
	return 0;
}

/* What a run before left is of use for passages of the same type. */
static uint64_t journal_model(const struct kb_legs *legs, struct kb_str type)
{
	return kb_vector_model_id(kb_str_of(legs->model)) ^
	       (type.len ? kb_vector_model_id(type) : 0);
}

int kb_legs_join(struct kb_legs *legs, struct kb_writer *writer,
		 const char *model, struct kb_err *err)
{
	struct kb_settings *settings = kb_writer_settings(writer);
	struct kb_vector_settings old = settings->vectors;
	int rc = 0;

	pthread_mutex_init(&legs->vector.lock, NULL);
	/* another model wants prefixes of its own */
	if (legs->rebuild && model && !kb_str_is(old.model, model))
		settings->prefixes = (struct kb_embed_prefixes){0};
	if (legs->rebuild)
		settings->vectors = (struct kb_vector_settings){0};
	else if (model && old.known && !kb_str_is(old.model, model))
		return other_model(old.model, err);
	if (model)
		legs->model = kb_strdup(model);
	else if (old.embed)
		legs->model = kb_strndup(old.model.ptr, old.model.len);
	rc = settle_prefixes(legs, settings, err);
	settle_left_out(legs, &settings->no_graph, &legs->no_graph);
	settle_left_out(legs, &settings->no_words, &legs->no_words);
	if (!rc && legs->model)
		rc = kb_embedder_open(&legs->embedder, kb_str_of(legs->model),
				      legs->command, err);
	if (!rc && legs->model)
		rc = take_prefixes(legs, settings, err);
	if (!rc && legs->model)
		rc = kb_embed_journal_open(
		    &legs->vector.journal, kb_writer_path(writer),
		    journal_model(legs, settings->prefixes.passage_type), err);
	/* One that cannot be opened has no vectors to keep. */
	if (!rc && legs->model && legs->rebuild)
		kb_index_open(&legs->old, kb_writer_path(writer), NULL);
	legs->vector.old = legs->old;
	legs->vector.model = kb_str_of(legs->model);
	kb_vector_leg_embed(&legs->vector, legs->embedder, legs->embed_jobs);
	kb_writer_add_leg(writer, &kb_vector_leg, &legs->vector);
	if (!legs->no_words)
		kb_writer_add_leg(writer, &kb_wordvec_leg, &legs->words);
	if (!legs->no_graph)
		kb_writer_add_leg(writer, &kb_graph_leg, NULL);
	return rc;
}

void kb_legs_committed(struct kb_legs *legs)
{
	if (legs->vector.journal)
		kb_embed_journal_drop(legs->vector.journal);
}

void kb_legs_release(struct kb_legs *legs)
{
	kb_wordvec_leg_release(&legs->words);
	kb_vector_leg_release(&legs->vector);
	kb_index_close(legs->old);
	kb_embedder_close(legs->embedder);
	free(legs->model);
	legs->old = NULL;
	legs->embedder = NULL;
	legs->model = NULL;
}
