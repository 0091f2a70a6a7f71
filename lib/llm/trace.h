/*
 * A line for each request that was sent: who was asked for what, when it ended
 * and how, as a JSON object with the attributes of OpenTelemetry's conventions
 * for generative AI (gen_ai.*), for Langfuse and the like.
 *
 * A line is written in one go at the end of the file, whoever else writes
 * there. It holds no key, and nothing of messages or answers unless that is
 * asked for. A line that cannot be written is lost, which is said once with the
 * reason and once with the number; an answer never is.
 */
#ifndef KB_LLM_TRACE_H
#define KB_LLM_TRACE_H

#include "net/call.h"

struct kb_trace;

/* path is made when it is not there, readable by its owner alone. messages:
 * with what was asked and answered. warn (may be NULL) gets what is lost. */
int kb_trace_open(struct kb_trace **out, const char *path, bool messages,
		  void (*warn)(void *arg, const char *line), void *arg,
		  struct kb_err *err);

/* For kb_calls_watch(); arg: the trace. */
void kb_trace_attempt(void *arg, const struct kb_call *call,
		      struct kb_attempt_end end);

/* Says how many lines are lost, if any. NULL is allowed. */
void kb_trace_close(struct kb_trace *trace);

#endif
