#include "answer/meaning.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "answer/match_weights.h"
#include "encoder/encoder.h"
#include "encoder/model_path.h"
#include "text/lang.h"

#define NULL_TEXTS 3 /* of questions, and of texts */

struct model {
	struct kb_encoder *encoder;
	struct kb_str name;
	double null; /* NaN: not measured */
};

struct kb_meaning {
	struct model models[KB_MEANING_MODELS];
	size_t n;
	struct kb_encoder_work *work;
	struct kb_arena arena;
};

/* None of the texts has to do with any of the questions. */
static const char *const null_questions[][NULL_TEXTS] = {
    [KB_LANG_ZH] = {"这列火车几点到站？", "这位作家是哪年出生的？",
		    "这种鸟主要吃什么？"},
    [KB_LANG_EN] = {"When does the train arrive at the station?",
		    "In which year was the author born?",
		    "What does this bird mainly eat?"},
};

static const char *const null_texts[][NULL_TEXTS] = {
    [KB_LANG_ZH] = {"屏幕可以用软布蘸清水擦拭。",
		    "会议决定把预算提高百分之八。",
		    "把面粉和黄油揉成光滑的面团。"},
    [KB_LANG_EN] = {"Wipe the screen with a soft cloth and clear water.",
		    "The meeting decided to raise the budget by eight percent.",
		    "Knead the flour and the butter to a smooth dough."},
};

/* ---- opening ---- */

static int add_model(struct kb_meaning *m, const char *name, struct kb_err *err)
{
	struct model *model = &m->models[m->n];
	const char *path;
	int rc;

	if (m->n == KB_MEANING_MODELS)
		return kb_err_set(err, KB_EINVAL,
				  "more than %d encoders; name one for each "
				  "language",
				  KB_MEANING_MODELS);
	rc = kb_model_resolve(name, &m->arena, &path, err);
	if (!rc)
		rc = kb_encoder_open(&model->encoder, path, err);
	if (rc)
		return rc;
	m->n++;
	model->name = kb_model_name(path);
	model->null = NAN;
	return kb_encoder_check(model->encoder, false, err);
}

int kb_meaning_open(struct kb_meaning **out, const char *names,
		    struct kb_err *err)
{
	struct kb_meaning *m = kb_calloc(1, sizeof(*m));
	int rc = 0;

	*out = m;
	kb_arena_init(&m->arena);
	m->work = kb_encoder_work_new();
	while (!rc && *names) {
		size_t len = strcspn(names, ",");

		if (len)
			rc = add_model(
			    m, kb_arena_strndup(&m->arena, names, len), err);
		names += len + (names[len] == ',');
	}
	if (!rc && !m->n)
		return kb_err_set(err, KB_EINVAL,
				  "no encoder is named; kb-embed --list has "
				  "those that are here");
	return rc;
}

void kb_meaning_close(struct kb_meaning *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		kb_encoder_close(m->models[i].encoder);
	kb_encoder_work_free(m->work);
	kb_arena_release(&m->arena);
	free(m);
}

/* ---- scoring ---- */

static struct model *model_of(struct kb_meaning *m, struct kb_str question)
{
	const char *code =
	    kb_lang_code(kb_lang_main(question.ptr, question.len));

	for (size_t i = 0; i < m->n; i++) {
		struct kb_str language = m->models[i].encoder->is.language;

		if (!language.len || kb_str_is(language, code))
			return &m->models[i];
	}
	return NULL;
}

/* What texts have in common that have nothing to do with each other, in the
 * language of the question. */
static int measure_null(struct kb_meaning *m, struct model *model,
			struct kb_str question, struct kb_err *err)
{
	enum kb_lang lang = kb_lang_main(question.ptr, question.len);
	struct kb_str texts[NULL_TEXTS];
	double scores[NULL_TEXTS], sum = 0;

	kb_encoder_prefetch(model->encoder);
	for (size_t i = 0; i < NULL_TEXTS; i++)
		texts[i] = kb_str_of(null_texts[lang][i]);
	for (size_t i = 0; i < NULL_TEXTS; i++) {
		int rc = kb_encoder_match(model->encoder, m->work,
					  kb_str_of(null_questions[lang][i]),
					  texts, NULL_TEXTS, scores, err);

		if (rc)
			return rc;
		for (size_t k = 0; k < NULL_TEXTS; k++)
			sum += scores[k];
	}
	model->null = fmin(sum / (NULL_TEXTS * NULL_TEXTS), NULL_MOST);
	return 0;
}

int kb_meaning_score(struct kb_meaning *m, struct kb_str question,
		     const struct kb_str *texts, size_t n, double *scores,
		     struct kb_str *name, struct kb_err *err)
{
	struct model *model = model_of(m, question);
	int rc = 0;

	assert(texts || !n);
	*name = model ? model->name : KB_STR("");
	if (!model)
		return 0;
	if (isnan(model->null))
		rc = measure_null(m, model, question, err);
	if (!rc)
		rc = kb_encoder_match(model->encoder, m->work, question, texts,
				      n, scores, err);
	for (size_t i = 0; !rc && i < n; i++)
		scores[i] = (scores[i] - model->null) / (1 - model->null);
	return rc;
}
