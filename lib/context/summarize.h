/*
 * What stands for the turns that fell out of the window: the values that they
 * settled (summary.h), or a summary by a child filter such as 'prompt-render -t
 * summarise | llm-call'.
 *
 * The child gets a record with 'messages' (role and text of what fell out),
 * 'values' (strings that the summary must hold), 'max_tokens' and the question
 * as 'query' where there is one, and gives it back with 'answer'. One child
 * serves all threads of a run. What it does not answer, not in time, at too
 * great a length, or with anything that was not said (summary_check.h), leaves
 * the values.
 */
#ifndef KB_CONTEXT_SUMMARIZE_H
#define KB_CONTEXT_SUMMARIZE_H

#include "context/compress_job.h"

struct kb_summarizer;

/* Starts the child. *out is NULL without a command. */
int kb_summarizer_open(struct kb_summarizer **out, const char *command,
		       double timeout_s, struct kb_err *err);
void kb_summarizer_close(struct kb_summarizer *summarizer);

/* Set summary and after, and what could not be done as degraded. After
 * kb_select(), when no more than 'left' tokens are free. */
void kb_summarize(struct kb_compress_job *job);

/* Tokens of the free ones that are for it, whether there is anything to say or
 * not; and those that are kept for it when there is. */
size_t kb_summary_room(const struct kb_compress_job *job, size_t free);
size_t kb_summary_reserve(const struct kb_compress_job *job, size_t free);

/* The summary that a line of the child holds, in the arena. KB_EINVAL,
 * KB_EREMOTE: it holds none. */
int kb_summary_read(struct kb_str line, struct kb_arena *arena,
		    struct kb_str *summary, struct kb_err *err);

#endif
