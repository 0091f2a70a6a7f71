/*
 * What dropped turns leave behind, beside the sentences that stand for some of
 * them: the values that they settled (a price that nobody named is none),
 * within a number of tokens, the newest first.
 */
#ifndef KB_CONTEXT_SUMMARY_H
#define KB_CONTEXT_SUMMARY_H

#include "dialogue/state.h"

/* Append the line that opens a summary. */
void kb_summary_begin(bool zh, struct kb_buf *out);

/* Append a text as one line, so that what is quoted cannot look like a new
 * speaker. */
void kb_summary_add(struct kb_buf *out, struct kb_str text);

/* Append the summary's text to out; nothing when none of the state's slots
 * is lost[], or none fits. Of threads by intents the open one comes first, then
 * each of the idle ones on a line that begins with its intent, the latest
 * first. */
void kb_summary_write(const struct kb_state *state,
		      const struct kb_threads *threads, const bool *lost,
		      bool zh, struct kb_token_counter *counter,
		      size_t max_tokens, struct kb_buf *out);

#endif
