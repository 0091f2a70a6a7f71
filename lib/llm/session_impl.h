/*
 * What the parts of a session share. Private to lib/llm.
 */
#ifndef KB_LLM_SESSION_IMPL_H
#define KB_LLM_SESSION_IMPL_H

#include "llm/session.h"

/* The built-in model's turn, as kb_record_local(). */
int kb_session_local_turn(struct kb_session *session, struct kb_rec *rec,
			  const struct kb_call *call, struct kb_err *err);

/* Count what an answered call took. */
void kb_session_add_cost(struct kb_session *session, struct kb_call *call,
			 struct kb_arena *arena);

#endif
