/*
 * What dropped turns leave behind: the settled slots, then the best sentence
 * of the most salient of them, in the order they were said, within a number
 * of tokens. Sentences are whole or cut at a clause, never inside one.
 */
#ifndef KB_CONTEXT_SUMMARY_H
#define KB_CONTEXT_SUMMARY_H

#include "context/state.h"

/*
 * Append the summary's text to out; nothing when no sentence fits. dropped[i]
 * says whether turn i is gone; order lists all turns by falling salience.
 */
void kb_summary_write(const struct kb_convo *convo,
		      const struct kb_state *state, const bool *dropped,
		      const size_t *order, bool zh,
		      struct kb_token_counter *counter, size_t max_tokens,
		      struct kb_buf *out);

#endif
