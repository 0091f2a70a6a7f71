/*
 * Answers as lines of JSON while they come: {"id":...,"delta":...}.
 */
#ifndef KB_LLM_ANSWER_DELTA_H
#define KB_LLM_ANSWER_DELTA_H

#include "json/rec.h"

typedef void kb_delta_put(struct kb_str line);

/* A piece of the answer to the record of that id; an empty one says that those
 * before it are void ("restart"). */
void kb_delta_text(struct kb_str id, struct kb_str text, kb_delta_put *put);

/* The answer of a record, where it has one, as one piece: no stream has brought
 * it, it is of the built-in model, of the cache or of a vote. */
void kb_delta_answer(struct kb_str id, const struct kb_rec *rec,
		     kb_delta_put *put);

#endif
