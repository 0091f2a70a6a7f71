/*
 * Which chunks may be found at all: conditions on metadata, and time.
 *
 *	category:returns,shipping lang:zh price>=100 -brand:"Old Firm"
 *
 * Conditions are separated by blanks and all must hold. NAME:VALUE[,VALUE]
 * wants one of the values in a keyword member; NAME with =, !=, <, <=, >,
 * >= compares a numeric member with a number or a date; NAME~/PATTERN/, with
 * an i behind when case makes no difference, looks for a pattern (PCRE2) in
 * the title, the source or the values of a keyword member. A '-' before a
 * condition turns it round. A document without the member fulfils nothing,
 * so it fulfils every condition that is turned round.
 *
 * valid_from and valid_until bound a document in time; a document is
 * found from the one to just before the other.
 */
#ifndef KB_QUERY_FILTER_H
#define KB_QUERY_FILTER_H

#include "index/index.h"
#include "query/pattern.h"

#define KB_FILTER_CONDITIONS 32
#define KB_FILTER_VALUES     32

struct kb_condition {
	struct kb_str name;
	bool turned; /* with '-' */
	enum kb_compare {
		KB_IS,
		KB_EQ,
		KB_NE,
		KB_LT,
		KB_LE,
		KB_GT,
		KB_GE,
		KB_LIKE
	} compare;
	struct kb_str values[KB_FILTER_VALUES]; /* of KB_IS */
	size_t n_values;
	struct kb_pattern *pattern; /* of KB_LIKE */
	double number;		    /* of the others */
};

struct kb_filter_set {
	struct kb_condition items[KB_FILTER_CONDITIONS];
	size_t n;
};

/* Strings are borrowed from text. KB_EINVAL says what is wrong where. The
 * set is to be released in either case. */
int kb_filter_parse(struct kb_filter_set *set, struct kb_str text,
		    struct kb_err *err);
void kb_filter_release(struct kb_filter_set *set);

/* Does any of the indexes have every member named, declared or in some
 * document? KB_EINVAL names the one that none has. */
int kb_filter_check(const struct kb_filter_set *set,
		    struct kb_index *const *indexes, size_t n,
		    struct kb_err *err);

/*
 * The chunks of a segment that are alive, fulfil the set (may be NULL) and
 * are valid at 'at' (Unix seconds). *out is NULL when the live bitmap says it
 * all; else an allocated bitmap that the caller frees. A pattern on title or
 * source reads every document. KB_ELIMIT when one gives up; KB_EFORMAT.
 */
int kb_filter_apply(const struct kb_filter_set *set,
		    const struct kb_segment *seg, int64_t at,
		    struct kb_pattern_budget *budget, uint64_t **out,
		    struct kb_err *err);

/* The first time after 'at' from which on another chunk of the segment is
 * valid, or one no more; INT64_MAX when there is none. */
int64_t kb_filter_changes(const struct kb_segment *seg, int64_t at);

#endif
