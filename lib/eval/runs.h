/*
 * Ranked lists of a run, either in the TREC form ("query Q0 document rank
 * score tag") or JSON lines with 'id' and 'hits'. Ids are compared as text.
 * Of several chunks of one document the best placed counts.
 */
#ifndef KB_EVAL_RUNS_H
#define KB_EVAL_RUNS_H

#include "learn/rank.h"

struct kb_eval_run {
	struct kb_ranking *rankings; /* one for each query of the qrels */
	size_t n, cap;
	size_t n_other; /* lines or records for queries without judgement */
};

/* path NULL reads standard input. With 'learn' the judgements are taken from
 * the records' gold.docs as they come, each of grade 1. */
int kb_eval_run_load(struct kb_eval_run *run, struct kb_qrels *qrels,
		     bool learn, const char *path, struct kb_err *err);
void kb_eval_run_release(struct kb_eval_run *run);

#endif
