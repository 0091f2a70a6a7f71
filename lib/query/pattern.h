/*
 * Patterns that users write: PCRE2 over UTF-8, compiled when one is used.
 *
 * Classes such as \w know all of Unicode; bytes that are no UTF-8 match
 * nothing. A pattern is for one thread at a time.
 *
 * Matching is counted in steps: one for each item of the pattern that is
 * reached, at whatever place of the subject, and one for every 4 bytes that
 * an item took. Each subject may take some; what it takes beyond them comes
 * out of a budget that all subjects of one question share, and a match ends
 * with an error when nothing is left. So the time of all matches together is
 * linear in the number of subjects, whatever pattern and subjects are made of.
 */
#ifndef KB_QUERY_PATTERN_H
#define KB_QUERY_PATTERN_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define KB_PATTERN_SIZE_MAX 1000u
/* Steps that a subject has for itself, and those that all share: about half
 * a second. */
#define KB_PATTERN_STEPS_FREE	500u
#define KB_PATTERN_STEPS_SHARED 50000000u
/* Kilobytes of backtracking. */
#define KB_PATTERN_HEAP_MAX 20000u

struct kb_pattern;

/* What is left to the patterns of one question, in steps. */
struct kb_pattern_budget {
	uint64_t left;
};
#define KB_PATTERN_BUDGET ((struct kb_pattern_budget){KB_PATTERN_STEPS_SHARED})

/* 'fold': case makes no difference. KB_EINVAL names the byte of the text,
 * from 1, that is wrong and why; KB_ELIMIT. */
int kb_pattern_new(struct kb_pattern **out, struct kb_str text, bool fold,
		   struct kb_err *err);
void kb_pattern_free(struct kb_pattern *pattern);

/* 1 when some part of the subject matches, 0 when none does; KB_ELIMIT when
 * that is not found out within the budget, which is charged. */
int kb_pattern_match(struct kb_pattern *pattern, struct kb_str subject,
		     struct kb_pattern_budget *budget, struct kb_err *err);

#endif
