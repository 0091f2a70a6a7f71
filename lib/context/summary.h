/*
 * What dropped turns leave behind, beside the sentences that stand for some of
 * them: the values that they settled (a price that nobody named is none),
 * within a number of tokens, the newest first.
 */
#ifndef KB_CONTEXT_SUMMARY_H
#define KB_CONTEXT_SUMMARY_H

#include "dialogue/state.h"

/* Append the summary's text to out; nothing when dropped[turn] is the turn of
 * no value, or none fits. */
void kb_summary_write(const struct kb_state *state, const bool *dropped,
		      bool zh, struct kb_token_counter *counter,
		      size_t max_tokens, struct kb_buf *out);

#endif
