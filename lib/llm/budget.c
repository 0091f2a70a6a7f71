/* What a run may cost. */
#include "llm/budget.h"

#include <stdio.h>

#include "llm/usage.h"

#define ANSWER_TOKENS 1000 /* of an answer without a limit, before one came */

/* What a call may come to, by whom of the route is dearest. */
static double dearest(struct kb_session *session, const struct kb_call *call)
{
	const struct kb_form_ask *ask = &call->ask;
	int64_t longest = session->longest ? session->longest : ANSWER_TOKENS;
	struct kb_form_reply reply = KB_FORM_REPLY;
	double most = 0;

	if (!session->usage)
		session->usage = kb_usage_new();
	reply.output_tokens = ask->kind != KB_FORM_CHAT ? 0
			      : ask->max_tokens		? ask->max_tokens
							: longest;
	for (size_t i = 0; i < session->set.n; i++) {
		const struct kb_provider *p = &session->set.items[i];
		double cost;

		if (kb_provider_is_local(p) || call->passed[i])
			continue;
		if (reply.input_tokens < 0)
			reply.input_tokens =
			    kb_usage_input(session->usage, ask, p, call->arena);
		cost = kb_usage_cost(&reply, p);
		if (cost > most)
			most = cost;
	}
	return most;
}

int kb_session_check_prices(const struct kb_session *session,
			    struct kb_err *err)
{
	if (session->opt.budget < 0)
		return 0;
	for (size_t i = 0; i < session->set.n; i++) {
		const struct kb_provider *p = &session->set.items[i];

		if (!kb_provider_is_local(p) && p->price_input <= 0 &&
		    p->price_output <= 0)
			return kb_err_set(err, KB_EINVAL,
					  "provider '%s' has no 'price': what "
					  "it costs cannot be kept within a "
					  "budget",
					  p->name);
	}
	return 0;
}

static double left_of(const struct kb_session *session)
{
	double left = session->opt.budget - session->cost;

	return left > 0 ? left : 0;
}

/* Calls under way are counted at the most they may cost: one that these leave
 * no room for waits, one that would pass the budget alone is barred. */
static enum kb_call_may may_begin(struct kb_call *call)
{
	struct kb_session *session = call->session;
	double left = left_of(session);

	if (call->cost > left)
		return KB_CALL_BARRED;
	if (call->cost + session->reserved > left && session->under_way)
		return KB_CALL_WAITS;
	session->reserved += call->cost;
	session->under_way++;
	return KB_CALL_GOES;
}

void kb_session_reserve(struct kb_session *session, struct kb_call *call)
{
	if (session->opt.budget < 0)
		return;
	call->cost = dearest(session, call);
	call->session = session;
	call->may_begin = may_begin;
}

int kb_session_refuse(struct kb_session *session, const struct kb_call *call,
		      struct kb_err *err)
{
	session->refused++;
	kb_err_set(err, KB_ELIMIT,
		   "the budget has %.6f left, this may cost %.6f",
		   left_of(session), call->cost);
	if (err)
		err->retryable = true;
	return KB_ELIMIT;
}

void kb_session_settle(struct kb_session *session, const struct kb_call *call)
{
	if (!call->may_begin || call->barred)
		return;
	session->under_way--;
	session->reserved =
	    session->under_way ? session->reserved - call->cost : 0;
}

void kb_session_tell_left(const struct kb_session *session)
{
	char line[200];

	if (!session->refused || !session->warn)
		return;
	snprintf(line, sizeof(line),
		 "the budget of %.6f: %.6f is left, %llu record%s not asked; "
		 "--retry or --resume goes on with another",
		 session->opt.budget, left_of(session),
		 (unsigned long long)session->refused,
		 session->refused == 1 ? " was" : "s were");
	session->warn(session->arg, line);
}
