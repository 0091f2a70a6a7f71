/*
 * A report: rows of a name and a number, and the limits that they must keep.
 */
#ifndef KB_EVAL_ROWS_H
#define KB_EVAL_ROWS_H

#include "eval/eval.h"

enum kb_eval_row_kind {
	KB_EVAL_SHARE, /* or another real number; NaN: of nothing */
	KB_EVAL_COUNT,
};

struct kb_eval_row {
	const char *name, *meaning;
	double value;
	enum kb_eval_row_kind kind;
};

/* Append the rows as a table, or as one object with the set's name first, and
 * hold them against the limits. */
void kb_eval_rows(const struct kb_eval_opts *opts,
		  const struct kb_eval_row *rows, size_t n, struct kb_buf *out);

/* part / of; NaN of nothing. */
double kb_eval_share(double part, double of);

/* Hold one measure against the limits that name it. */
void kb_eval_limits_look(struct kb_eval_limits *limits, const char *name,
			 double value);

#endif
