/*
 * The member 'check' of a record, as kb-record(5) says.
 */
#ifndef KB_VERIFY_REPORT_H
#define KB_VERIFY_REPORT_H

#include "verify/record_score.h"

#define KB_REASONS_MAX 32

/* Passages that were fetched follow the record's hits. */
struct kb_verify_source {
	struct kb_str doc, title, text;
	struct kb_str heading; /* that it stands under; may be empty */
	bool fetched;
};

struct kb_report {
	const struct kb_check *check;
	struct kb_str answer;
	const struct kb_verify_source *sources;
	struct kb_stages stages;
	bool explain; /* what was measured of claims and record, too */
	const struct kb_record_signals *signals; /* to explain; NULL: none */
	struct kb_record_score score;
	const char *degraded; /* what could not be done, or NULL */
	struct kb_str reasons[KB_REASONS_MAX]; /* codes, in the arena */
	size_t n_reasons;
	struct kb_arena *arena;
};

/* Add a code such as "abstain" or "num:15天≠7天"; each stands once. */
void kb_report_reason(struct kb_report *report, struct kb_str code);

/* The code for what was asked for, and nothing said is about; none for
 * KB_MISSING_NOTHING. */
void kb_report_missing(struct kb_report *report,
		       const struct kb_missing *missing);

/* The codes that the claims give. Before kb_report_write(). */
void kb_report_claims(struct kb_report *report);

/* Append the JSON object. */
void kb_report_write(const struct kb_report *report, struct kb_buf *out);

#endif
