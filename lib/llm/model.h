/*
 * What a model does for these programs, whoever does it.
 *
 *   generate   the text of an answer to a question, from passages
 *   embed      a vector for each text
 *   judge      how well each passage answers the question
 *
 * A model is a structure of functions; one it does not offer is NULL, and
 * callers say so instead of making something up. What a function returns
 * lives in the arena it is given. A model is for one thread at a time.
 */
#ifndef KB_LLM_MODEL_H
#define KB_LLM_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/asked.h"
#include "base/arena.h"
#include "base/err.h"
#include "learn/linear.h"

#define KB_MODEL_ALTERNATIVES 3

struct kb_meaning;

/* Where a person may go on: a sentence of a hit. */
struct kb_model_passage {
	struct kb_str text; /* on one line, cut where it is long */
	size_t hit;	    /* 0-based */
};

struct kb_model_answer {
	struct kb_str text;	/* with citations [n], 1-based in hits */
	bool knows;		/* false: the text says that it does not know */
	double confidence;	/* 0..1: that the text answers the question */
	struct kb_str encoder;	/* that was asked for its meaning, or empty */
	struct kb_str degraded; /* why none was that should have been */
	/* When it does not know: what is nearest to an answer, best first,
	 * each of another hit. */
	struct kb_model_passage alternatives[KB_MODEL_ALTERNATIVES];
	size_t n_alternatives;
};

struct kb_model_vectors {
	size_t dim;
	float *values; /* n x dim */
};

struct kb_model {
	const char *name;
	int (*generate)(struct kb_model *model, const struct kb_asked *ask,
			struct kb_arena *arena, struct kb_model_answer *answer,
			struct kb_err *err);
	int (*embed)(struct kb_model *model, const struct kb_str *texts,
		     size_t n, struct kb_arena *arena,
		     struct kb_model_vectors *vectors, struct kb_err *err);
	/* scores: one for each hit, 0..1. */
	int (*judge)(struct kb_model *model, const struct kb_asked *ask,
		     struct kb_arena *arena, double *scores,
		     struct kb_err *err);
	void (*free)(struct kb_model *model);
};

/* What the built-in model chooses by, over the names of
 * answer/sentence_features.h; NULL stands
 * for its own. Borrowed till the release. */
struct kb_local_models {
	const struct kb_linear_model *sentence; /* of one: linear */
	const struct kb_linear_model *answer;	/* that it answers: logistic */
	const struct kb_linear_model *judge;	/* that a passage does */
	/* That a sentence holds what the best one lacks: logistic, over the
	 * names of llm/extent.h. */
	const struct kb_linear_model *extent;
	struct kb_meaning *meaning; /* of sentences, too; NULL: by words */
};

/* Of a passage that is judged: its best sentence's score. */
extern const char *const kb_judge_traits[1];

/*
 * The built-in model: extraction, no network, no file. It generates and
 * judges; it does not embed. models may be NULL. Never NULL; release with
 * model->free().
 */
struct kb_model *kb_model_local_new(const struct kb_local_models *models);

#endif
