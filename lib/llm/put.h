/*
 * Members that a call writes into a record. Private to lib/net.
 */
#ifndef KB_LLM_PUT_H
#define KB_LLM_PUT_H

#include "llm/call_record.h"

/* answer and generation of the built-in model; call may be NULL. */
void kb_record_put_local(struct kb_rec *rec,
			 const struct kb_model_answer *answer,
			 const struct kb_call *call);

#endif
