/*
 * Learning the fusion's weights of an index from judged questions.
 *
 *	kb_tune_open()	  the judgements
 *	kb_tune_add()	  every question; those without judgement are counted
 *	kb_tune_run()	  search, weigh, measure, store when it helps, report
 *
 * The legs are asked once a question; a set of weights then costs one pass
 * over the normalised scores of the candidates. The questions are split by a
 * hash of their ids: one half is learned from, and what was learned is kept
 * only when the other half, searched for real before and after, is not
 * worse, both by the mean of nDCG@10 and recall@10.
 */
#ifndef KB_TUNE_TUNE_H
#define KB_TUNE_TUNE_H

#include "learn/rank.h"
#include "search/search.h"

/* Of more judged questions so many are drawn. */
#define KB_TUNE_QUESTIONS 2000
/* Each half needs at least so many. */
#define KB_TUNE_LEAST 10

struct kb_tune_options {
	const char *qrels;  /* file of the judgements */
	uint64_t seed;	    /* decides the split */
	double lock_wait_s; /* for a writer of the index */
	/* File of a linear model of the features of a text (fit.h), the
	 * reranker that is tried; NULL: the built-in one. */
	const char *reranker_path;
};

struct kb_tune;

/* Reads the judgements and the reranker; the options are borrowed till the
 * close. */
int kb_tune_open(struct kb_tune **out, const struct kb_tune_options *options,
		 struct kb_err *err);
void kb_tune_close(struct kb_tune *tune);

/* A question, copied; any number of threads. 'number' is its place in the
 * input. */
void kb_tune_add(struct kb_tune *tune, uint64_t number, struct kb_str id,
		 const struct kb_request *request);

/*
 * Learn over the indexes of 'base'. What helps is published as a new
 * generation of the first one; the report, a JSON line or a table, has
 * weights and measures before and after. KB_EINVAL when there are too few
 * judged questions, KB_EBUSY, after the report, when a writer holds the index
 * for longer than lock_wait_s.
 */
int kb_tune_run(struct kb_tune *tune, const struct kb_base_options *base,
		const struct kb_search_options *options, bool json,
		struct kb_buf *out, struct kb_err *err);

#endif
