/*
 * Patterns that users write: PCRE2 over UTF-8, compiled when one is used.
 *
 * Classes such as \w know all of Unicode; bytes that are no UTF-8 match
 * nothing. Matching takes bounded time: it gives up, with an error, past the
 * limits below. A pattern is for one thread at a time.
 */
#ifndef KB_QUERY_PATTERN_H
#define KB_QUERY_PATTERN_H

#include "base/err.h"
#include "base/str.h"

#define KB_PATTERN_SIZE_MAX 1000u
/* Steps of backtracking, and kilobytes for them. */
#define KB_PATTERN_STEPS_MAX 1000000u
#define KB_PATTERN_HEAP_MAX  20000u

struct kb_pattern;

/* 'fold': case makes no difference. KB_EINVAL names the byte of the text,
 * from 1, that is wrong and why; KB_ELIMIT. */
int kb_pattern_new(struct kb_pattern **out, struct kb_str text, bool fold,
		   struct kb_err *err);
void kb_pattern_free(struct kb_pattern *pattern);

/* 1 when some part of the subject matches, 0 when none does; KB_ELIMIT when
 * that is not found out within the limits. */
int kb_pattern_match(struct kb_pattern *pattern, struct kb_str subject,
		     struct kb_err *err);

#endif
