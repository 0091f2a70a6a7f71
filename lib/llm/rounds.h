/*
 * The calls of one record, in rounds: what is asked first, and what follows
 * when all that was asked has come.
 *
 *	samples	as many answers as can change which of them has most votes
 *	schema	an answer that is not of the schema is no vote; where none is,
 *		one is asked for once more, with what is wrong told to the model
 *	legs	a small model first, and a large one where that is not enough
 *
 * A machine without input or output: the session starts the calls that it asks
 * for and hands them back finished. Everything lives in the arena of the
 * record.
 */
#ifndef KB_LLM_ROUNDS_H
#define KB_LLM_ROUNDS_H

#include "llm/votes.h"
#include "net/call.h"
#include "schema/schema.h"

#define KB_ROUNDS_CALLS (2 * KB_VOTES_MAX + 2) /* of a record: two legs */

/* What holds for all records of a run; zeroed: one call a record. */
struct kb_rounds_rule {
	const struct kb_schema *schema; /* NULL: any text is an answer */
	struct kb_str schema_openapi;
	size_t samples, least; /* 0 or 1: one; at most KB_VOTES_MAX */
};

struct kb_rounds {
	const struct kb_rounds_rule *rule;
	struct kb_arena *arena;
	struct kb_form_ask first; /* what the record asks */
	/* All calls so far in the order in which they were asked for; the last
	 * n_new are to be started. */
	struct kb_call *calls[KB_ROUNDS_CALLS];
	size_t n, n_new;
	size_t under_way;
	/* Why the text of a call is no answer, once it was looked at: one for
	 * each; NULL without a schema. */
	struct kb_str *unfit_of;
	size_t n_checked;
	bool repaired;		/* an answer was asked for once more */
	const char *leg;	/* of a cascade: who answers; NULL: none */
	size_t leg_start;	/* first call of the leg that is asked */
	struct kb_votes *votes; /* of this leg; NULL: one answer */

	/* when nothing is to be started: */
	struct kb_call *chosen; /* whose reply is the answer, or why there is
				   none */
	struct kb_str unfit;	/* why its answer is none; len 0: it is one */
};

/* The ask is copied; the schema of the rule is put into it. */
void kb_rounds_init(struct kb_rounds *rounds, const struct kb_rounds_rule *rule,
		    const struct kb_form_ask *ask, struct kb_arena *arena);

/*
 * With no call under way: what follows. The calls to start stand behind those
 * that were there, with ask and arena set alone; without any, chosen is set.
 */
void kb_rounds_next(struct kb_rounds *rounds);

/* After a choice: begin again with other providers, which the caller names in
 * the calls that kb_rounds_next() then asks for. */
void kb_rounds_escalate(struct kb_rounds *rounds);

/* The other answers of the leg that was chosen from, as a JSON array of texts;
 * len 0: there was one sample. */
struct kb_str kb_rounds_samples(const struct kb_rounds *rounds);

/* Members of generation that tell of it, as a JSON object; len 0: none. */
struct kb_str kb_rounds_members(const struct kb_rounds *rounds);

#endif
