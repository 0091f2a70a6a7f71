/*
 * A run that asks no more than a budget pays for: a call is counted at the
 * most it may cost till it is done. One that those under way leave no room for
 * waits, one that would pass the budget alone is barred. Private to lib/llm.
 */
#ifndef KB_LLM_BUDGET_H
#define KB_LLM_BUDGET_H

#include "llm/session.h"

/* With a budget, whoever may be asked must have a price. */
int kb_session_check_prices(const struct kb_session *session,
			    struct kb_err *err);

/* Before a call is started; without a budget nothing. */
void kb_session_reserve(struct kb_session *session, struct kb_call *call);

/* When it is done. */
void kb_session_settle(struct kb_session *session, const struct kb_call *call);

/* Of a call that was barred: KB_ELIMIT, retryable. */
int kb_session_refuse(struct kb_session *session, const struct kb_call *call,
		      struct kb_err *err);

/* With a budget and records that it left unasked, warn in a line. */
void kb_session_tell_left(const struct kb_session *session);

#endif
