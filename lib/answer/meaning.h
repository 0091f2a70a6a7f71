/*
 * How well a text meets a question in meaning: by encoders of this machine
 * (encoder/encoder.h, kb_encoder_match()), one for each language, or one for
 * all. A question goes to the encoder of its language.
 *
 * Any two texts are alike to a model to some degree, and to each model to
 * another. The mean of what questions and texts have in common that have
 * nothing to do with each other counts as 0, what is the same as 1.
 */
#ifndef KB_ANSWER_MEANING_H
#define KB_ANSWER_MEANING_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define KB_MEANING_MODELS 2

struct kb_meaning;

/*
 * names: of models, or their files, with "," between. Opened at once, read
 * when they are first needed. KB_EINVAL: none or too many; KB_ENOENT: none of
 * that name; KB_EFORMAT: a damaged file, or a reranker. For one thread at a
 * time; close it in any case.
 */
int kb_meaning_open(struct kb_meaning **out, const char *names,
		    struct kb_err *err);
void kb_meaning_close(struct kb_meaning *m);

/*
 * Scores of n texts, 1 at most. *model is the name of the encoder, which lives
 * as long as m; empty where there is none for the question's language, and
 * nothing is scored. Errors as of kb_encoder_match().
 */
int kb_meaning_score(struct kb_meaning *m, struct kb_str question,
		     const struct kb_str *texts, size_t n, double *scores,
		     struct kb_str *model, struct kb_err *err);

#endif
