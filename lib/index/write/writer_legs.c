#include "index/write/writer_legs.h"

#include <stdlib.h>

#include "json/rec.h"

/* The model an index was built with, or NULL; *embed: by --embed. */
static char *model_of(struct kb_str settings, bool *embed)
{
	struct kb_json all, vectors;
	struct kb_arena arena;
	struct kb_str name;
	char *model = NULL;

	if (!settings.len ||
	    kb_json_check(settings.ptr, settings.len, &all, NULL))
		return NULL;
	kb_arena_init(&arena);
	vectors = kb_json_get(all, "vectors");
	*embed = kb_json_get(vectors, "embed").type == KB_JSON_TRUE;
	if (kb_json_str(kb_json_get(vectors, "model"), &arena, &name))
		model = kb_strndup(name.ptr, name.len);
	kb_arena_release(&arena);
	return model;
}

/*
 * A leg that was left out stays out: a refresh from cron need not repeat
 * the option. Only a rebuild asks again.
 */
static int settle_left_out(const struct kb_legs *legs, struct kb_writer *writer,
			   const char *setting, bool *left_out,
			   struct kb_err *err)
{
	struct kb_str all = kb_writer_settings(writer);
	struct kb_json settings;

	if (legs->rebuild)
		return kb_writer_set(
		    writer, setting,
		    *left_out ? KB_STR("true") : (struct kb_str){0}, err);
	if (all.len && !kb_json_check(all.ptr, all.len, &settings, NULL) &&
	    kb_json_get(settings, setting).type == KB_JSON_TRUE)
		*left_out = true;
	else if (*left_out)
		return kb_writer_set(writer, setting, KB_STR("true"), err);
	return 0;
}

static int other_model(const char *old, struct kb_err *err)
{
	if (!*old)
		return kb_err_set(err, KB_EINVAL,
				  "the index has vectors that came with its "
				  "documents; use --rebuild for those of a "
				  "model");
	return kb_err_set(err, KB_EINVAL,
			  "the index has vectors of model '%s'; use --rebuild "
			  "for another",
			  old);
}

int kb_legs_join(struct kb_legs *legs, struct kb_writer *writer,
		 const char *model, struct kb_err *err)
{
	bool embed = false;
	char *old = model_of(kb_writer_settings(writer), &embed);
	int rc = 0;

	pthread_mutex_init(&legs->vector.lock, NULL);
	if (legs->rebuild)
		rc = kb_writer_set(writer, "vectors", (struct kb_str){0}, err);
	else if (model && old && strcmp(model, old)) {
		rc = other_model(old, err);
		free(old);
		return rc;
	}
	if (model || embed)
		legs->model = kb_strdup(model ? model : old);
	free(old);
	if (!rc)
		rc = settle_left_out(legs, writer, "no_graph", &legs->no_graph,
				     err);
	if (!rc)
		rc = settle_left_out(legs, writer, "no_words", &legs->no_words,
				     err);
	if (!rc && legs->model)
		rc = kb_embedder_open(&legs->embedder, kb_str_of(legs->model),
				      legs->command, err);
	/* One that cannot be opened has no vectors to keep. */
	if (!rc && legs->model && legs->rebuild)
		kb_index_open(&legs->old, kb_writer_path(writer), NULL);
	legs->vector.old = legs->old;
	legs->vector.model = kb_str_of(legs->model);
	legs->vector.embedder = legs->embedder;
	kb_writer_add_leg(writer, &kb_vector_leg, &legs->vector);
	if (!legs->no_words)
		kb_writer_add_leg(writer, &kb_wordvec_leg, &legs->words);
	if (!legs->no_graph)
		kb_writer_add_leg(writer, &kb_graph_leg, NULL);
	return rc;
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
