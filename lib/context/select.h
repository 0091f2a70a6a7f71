/*
 * What stays of a conversation within its budget.
 *
 * Pinned are the system messages, the question, what the user forbade, demanded
 * or corrected (constraint.h) and the last turns, each with the exchange with
 * a tool that it is part of; exchanges with tools come next while they fit, the
 * newest first. The rest goes by salience for its price, an exchange whole or
 * not at all. With what is left, turns that did not fit stand as their best
 * sentence (shorten.h), and a summary of what is gone (summarize.h).
 */
#ifndef KB_CONTEXT_SELECT_H
#define KB_CONTEXT_SELECT_H

#include "context/compress_job.h"

/* Set salience, dropped, shortened, costs, why and after; KB_ELIMIT when what
 * must stay exceeds the budget and that is an error. The job is of a
 * conversation above its budget, with its terms and units. */
int kb_select(struct kb_compress_job *job, struct kb_err *err);

#endif
