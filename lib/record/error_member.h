/*
 * The member 'error' of a record, {"tool","code","message","retryable"}: one
 * writer and one reader of it, for every program. A record that has it is
 * passed on by later programs.
 */
#ifndef KB_RECORD_ERROR_MEMBER_H
#define KB_RECORD_ERROR_MEMBER_H

#include "json/rec.h"

/* Set it to what err says; scratch is overwritten. */
void kb_error_set(struct kb_rec *rec, const char *tool,
		  const struct kb_err *err, struct kb_buf *scratch);

/* Does the record carry an error: any value but null? */
bool kb_error_is_set(const struct kb_rec *rec);

/* Would --retry try again? */
bool kb_error_retryable(const struct kb_rec *rec);

/* Who failed, empty when it does not say, and why, empty only without an
 * error. In the record, or its arena. */
struct kb_str kb_error_tool(const struct kb_rec *rec);
struct kb_str kb_error_message(const struct kb_rec *rec);

#endif
