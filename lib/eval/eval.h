/*
 * The reports of kb-eval: one function a report. Each reads files (standard
 * input when there is none), and appends the report to 'out', as a table
 * for people or as JSON lines.
 */
#ifndef KB_EVAL_EVAL_H
#define KB_EVAL_EVAL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct kb_eval_opts {
	bool json;
	const char *set;   /* name of the data set, for the report */
	const char *qrels; /* retrieval; NULL: gold.docs of the first run */
	const char *const *files;
	size_t n_files;
	bool only_run;	  /* retrieval: leave out queries no run names */
	double threshold; /* confidence: cut for coverage and accuracy */
	unsigned rounds;  /* of the permutation test */
	uint64_t seed;
};

/* Quality of ranked lists, each file a run; the first is what the others
 * are compared with. */
int kb_eval_retrieval(const struct kb_eval_opts *opts, struct kb_buf *out,
		      struct kb_err *err);

/* Quality of answers against gold.answers. */
int kb_eval_answers(const struct kb_eval_opts *opts, struct kb_buf *out,
		    struct kb_err *err);

/* Calibration of 'confidence'. */
int kb_eval_confidence(const struct kb_eval_opts *opts, struct kb_buf *out,
		       struct kb_err *err);

#endif
