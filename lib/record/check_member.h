/*
 * The member 'check' of a record: the one writer of it.
 *
 *	kb_check_begin(&w);
 *	for each claim: kb_check_claim(&w, &claim);
 *	kb_check_end(&w, &totals);
 *
 * What is negative or empty where kb-record(5) lets it be missing is left
 * out.
 */
#ifndef KB_RECORD_CHECK_MEMBER_H
#define KB_RECORD_CHECK_MEMBER_H

#include "json/write.h"

struct kb_claim_values {
	struct kb_str text;
	int64_t start; /* of the text in the answer; its end follows */
	const char *verdict;
	bool has_evidence;
	struct kb_str doc; /* of a passage that is no hit ... */
	int64_t hit;	   /* ... or its place, from 1 */
	int64_t evidence_start, evidence_end; /* in that passage */
	double p;			      /* negative: none */
	double judge;		/* what a judge said; negative: not asked */
	struct kb_str reason;	/* len 0: none */
	struct kb_str features; /* JSON object, to explain; len 0: none */
};

struct kb_check_totals {
	double p;
	double retrieval, generation, facts, relevance; /* stages; negative:
							 * none */
	const struct kb_str *reasons;
	size_t n_reasons;
	const char *degraded;  /* what could not be done, or NULL */
	struct kb_str explain; /* JSON object; len 0: none */
};

void kb_check_begin(struct kb_jw *w);
void kb_check_claim(struct kb_jw *w, const struct kb_claim_values *claim);
void kb_check_end(struct kb_jw *w, const struct kb_check_totals *totals);

#endif
