/*
 * Does a summary that a model wrote rest on what was said?
 *
 * Every number, date and code of it must be in the source, as it is spelled or
 * with the same value in other units (a day, 24 hours); every name, quotation
 * and address as it is spelled; what it denies the source must deny of the same
 * thing, and what it says the source must not deny. Of the values that must
 * survive each must be in it. What is in other words for the same is not looked
 * at: a model may say less, and in its own words.
 *
 * Chinese names of persons have no form of their own. A character of the
 * summary that the source has nowhere, and that makes no word with its
 * neighbours (query/common_words.h), is taken for one's. An English word with a
 * capital that opens a sentence is no name, though it may be one.
 */
#ifndef KB_CONTEXT_SUMMARY_CHECK_H
#define KB_CONTEXT_SUMMARY_CHECK_H

#include "base/arena.h"
#include "gazetteer/gazetteer.h"
#include "passage/prepare.h"

struct kb_summary_check {
	struct kb_prepared source, summary;
	struct kb_analyzer *analyzer; /* borrowed */
	struct kb_terms terms;
};

void kb_summary_check_init(struct kb_summary_check *check,
			   struct kb_analyzer *analyzer);
void kb_summary_check_release(struct kb_summary_check *check);

struct kb_summary_source {
	struct kb_str text;	     /* all that was said, a line a message */
	const struct kb_str *values; /* that must survive */
	size_t n_values;
	const struct kb_gazetteer *gazetteer; /* names, or NULL */
};

/* The first thing that is wrong with it, a phrase in the arena, or NULL. Time
 * grows with the source, and with it times the length of the summary. */
const char *kb_summary_fault(struct kb_summary_check *check,
			     struct kb_str summary,
			     const struct kb_summary_source *source,
			     struct kb_arena *arena);

#endif
