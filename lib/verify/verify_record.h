/*
 * Between the record and the check: which passages a record's answer rests
 * on, and the members 'check', 'confidence' and 'route'.
 */
#ifndef KB_VERIFY_VERIFY_RECORD_H
#define KB_VERIFY_VERIFY_RECORD_H

#include "search/search.h"
#include "verify/judge.h"
#include "verify/record_score.h"
#include "json/rec.h"

struct kb_verify_options {
	double threshold; /* confidence from which a record is answered */
	uint64_t fetch;	  /* passages to fetch from the index */
	bool explain;	  /* write the features of every claim, too */
	/* The member that holds the passages, NULL for 'hits': a string, or an
	 * array of strings and of objects with 'text' (or 'content',
	 * 'page_content'), 'title' and 'doc' (or 'id'). */
	const char *evidence;
	struct kb_search *search; /* an index for more evidence, or NULL */
	/* The model of the record, bound to kb_record_features, or NULL. */
	const struct kb_linear *record;
	struct kb_judge *judge; /* or NULL */
};

/* What became of a record. */
struct kb_verified {
	bool human;	   /* it goes to one */
	bool scored;	   /* it had an answer to look at; the rest is known: */
	uint64_t question; /* hash of its text, or of the evidence without */
	struct kb_record_signals signals;
	struct kb_record_score score;
};

/*
 * Check the record and set its members. A record with 'error' only gets its
 * route and confidence 0. KB_EINVAL when it has no string member 'answer', or
 * question or hits of another type: it goes to a human, too.
 */
int kb_verify_record(struct kb_checker *checker, struct kb_rec *rec,
		     const struct kb_verify_options *options,
		     struct kb_verified *out, struct kb_err *err);

/* "id confidence route reasons" between tabs; a tab, a line break and a
 * backslash in them as \t, \n, \r and \\. */
void kb_verify_tsv(const struct kb_rec *rec, struct kb_str id,
		   struct kb_buf *out);
/* A line of JSON for each claim: its members behind the record's id. */
void kb_verify_claims(const struct kb_rec *rec, struct kb_str id,
		      struct kb_buf *out);

/* For people: question, answer, claims with their evidence, route; verdict
 * and route in colour on request. Text goes through put(). */
struct kb_verify_style {
	bool colour;
	void (*put)(struct kb_buf *out, struct kb_str text);
};
void kb_verify_print(const struct kb_rec *rec,
		     const struct kb_verify_style *style, struct kb_buf *out);

#endif
