/*
 * Relevance judgements: lines "query document grade" or, as in TREC, "query
 * 0 document grade", separated by tabs or, when a line has none, by spaces.
 * Ids are compared as text, by their hashes. A query of which no document is
 * judged relevant is one that nothing answers: it is there, without items.
 */
#ifndef KB_LEARN_QRELS_H
#define KB_LEARN_QRELS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

struct kb_judgement {
	uint64_t doc; /* hash of the id */
	int grade;
};

struct kb_judged_query {
	struct kb_str id;
	struct kb_judgement *items; /* relevant ones: grade >= 1 */
	size_t n, cap;
};

struct kb_qrels {
	struct kb_judged_query *queries; /* in the order of the file */
	size_t n, cap;
	struct kb_map by_id;   /* hash of the id -> place in queries */
	struct kb_arena arena; /* owns the ids */
};

void kb_qrels_init(struct kb_qrels *qrels);
void kb_qrels_release(struct kb_qrels *qrels);

/* Read the lines that 'next' gives: 1 and a line, 0 at the end, or an error.
 * KB_EINVAL with 'name' and the line's number, also when no document of any
 * query is judged relevant. */
int kb_qrels_read(struct kb_qrels *qrels, const char *name,
		  int (*next)(void *arg, struct kb_str *line,
			      struct kb_err *err),
		  void *arg, struct kb_err *err);

/* A judgement by hand; of a grade below 1 only the query is noted. */
void kb_qrels_add(struct kb_qrels *qrels, struct kb_str query,
		  struct kb_str doc, int grade);

/* ---- for other files of this kind ---- */

/* What stands for an id in a judgement and in a ranking. */
uint64_t kb_qrels_hash(struct kb_str id);

/* Split a line into at most 'max' fields; returns their number. */
size_t kb_qrels_fields(struct kb_str line, struct kb_str *fields, size_t max);

/* A finite number and nothing behind it? */
bool kb_qrels_number(struct kb_str text, double *out);

#endif
