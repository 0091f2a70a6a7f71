/*
 * The reports of kb-eval: one function a report. Each reads files (standard
 * input when there is none), and appends the report to 'out', as a table
 * for people or as JSON lines.
 */
#ifndef KB_EVAL_EVAL_H
#define KB_EVAL_EVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A measure that must not lie under, or over, a bound. */
struct kb_eval_limit {
	struct kb_str name; /* borrowed */
	double bound;
	bool over;
	bool met, broken; /* a report has the measure; it lies beyond */
	double value;	  /* of the last one beyond */
};

struct kb_eval_limits {
	struct kb_eval_limit *items;
	size_t n, cap;
};

/* "MEASURE=NUMBER", borrowed. KB_EINVAL. */
int kb_eval_limits_add(struct kb_eval_limits *limits, const char *text,
		       bool over, struct kb_err *err);
/* After the reports: 1 when a limit was broken, of each of which say() is told
 * a line, else 0. KB_EINVAL for a measure that no report has. */
int kb_eval_limits_judge(const struct kb_eval_limits *limits,
			 void (*say)(const char *line), struct kb_err *err);
void kb_eval_limits_release(struct kb_eval_limits *limits);

enum kb_eval_score {
	KB_EVAL_CONFIDENCE, /* member confidence */
	KB_EVAL_P,	    /* member check.p */
};

struct kb_eval_opts {
	bool json;
	const char *set;   /* name of the data set, for the report */
	const char *qrels; /* retrieval; NULL: gold.docs of the first run */
	const char *const *files;
	size_t n_files;
	bool only_run;	  /* retrieval: leave out queries no run names */
	double threshold; /* confidence, check: answered from here on */
	uint64_t rounds;  /* of permutation tests, below 2^32 */
	uint64_t seed;
	int score;	/* check: enum kb_eval_score */
	const char *by; /* check: member to part the records by, or NULL */
	/* check: the certificate and its trials */
	double risk, delta, base;
	uint64_t draws, labels;
	struct kb_eval_limits *limits; /* or NULL */
	struct kb_buf *plot;	       /* confidence, check: SVG, or NULL */
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

/* How well a score parts the right answers of labelled records from the
 * wrong ones, and which threshold keeps a risk. */
int kb_eval_check(const struct kb_eval_opts *opts, struct kb_buf *out,
		  struct kb_err *err);

/* Two files of answers to the same questions: is the second better? */
int kb_eval_compare(const struct kb_eval_opts *opts, struct kb_buf *out,
		    struct kb_err *err);

#endif
