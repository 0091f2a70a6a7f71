/*
 * The built-in model, a question at a time. Private to local.c and
 * local_parts.c.
 */
#ifndef KB_LLM_LOCAL_IMPL_H
#define KB_LLM_LOCAL_IMPL_H

#include "llm/local.h"

/* The answer to a question that is taken as one, in the arena. */
void kb_local_answer_one(struct kb_local *local, const struct kb_asked *ask,
			 struct kb_arena *arena,
			 struct kb_model_answer *answer);

/* As kb_model.judge. */
int kb_local_judge(struct kb_model *model, const struct kb_asked *ask,
		   struct kb_arena *arena, double *scores, struct kb_err *err);

/* Where the question has parts (answer/question_parts.h) and each has an
 * answer, these take the place of the answer to the whole; else it is no surer
 * than of a part that it does not answer. */
void kb_local_answer_parts(struct kb_local *local, const struct kb_asked *ask,
			   struct kb_arena *arena,
			   struct kb_model_answer *whole);

#endif
