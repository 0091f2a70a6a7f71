/*
 * Between the record and the check: which passages a record's answer rests
 * on, and the members 'check', 'confidence' and 'route'.
 */
#ifndef KB_VERIFY_VERIFY_RECORD_H
#define KB_VERIFY_VERIFY_RECORD_H

#include "search/search.h"
#include "verify/check.h"
#include "json/rec.h"

struct kb_verify_options {
	double threshold; /* confidence from which a record is answered */
	uint64_t fetch;	  /* passages to fetch from the index */
	bool explain;	  /* write the features of every claim, too */
	struct kb_search *search; /* an index for more evidence, or NULL */
};

/* Passages that were fetched follow the record's hits. */
struct kb_verify_source {
	struct kb_str doc, title, text;
	bool fetched;
};

/*
 * Check the record and set its members. *human says where it goes. A record
 * with 'error' only gets its route and confidence 0. KB_EINVAL when it has
 * no string member 'answer', or question or hits of another type: it goes to
 * a human, too.
 */
int kb_verify_record(struct kb_checker *checker, struct kb_rec *rec,
		     const struct kb_verify_options *options, bool *human,
		     struct kb_err *err);

/* For people: question, answer, claims with their evidence, route; verdict
 * and route in colour on request. Text goes through put(). */
struct kb_verify_style {
	bool colour;
	void (*put)(struct kb_buf *out, struct kb_str text);
};
void kb_verify_print(const struct kb_rec *rec,
		     const struct kb_verify_style *style, struct kb_buf *out);

#endif
