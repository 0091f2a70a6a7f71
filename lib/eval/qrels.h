/*
 * Relevance judgements and ranked lists.
 *
 * Judgements come as lines "query document grade" or, as in TREC, "query 0
 * document grade", separated by tabs or, when a line has none, by spaces.
 * A run is either in the TREC form ("query Q0 document rank score tag") or
 * JSON lines with 'id' and 'hits'. Ids are compared as text. Of several
 * chunks of one document the best placed counts.
 */
#ifndef KB_EVAL_QRELS_H
#define KB_EVAL_QRELS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

/* A run's list is cut here. */
#define KB_EVAL_DEPTH 1000

struct kb_judgement {
	uint64_t doc; /* hash of the id */
	int grade;
};

struct kb_eval_query {
	struct kb_str id;
	struct kb_judgement *items; /* relevant ones: grade >= 1 */
	size_t n, cap;
};

struct kb_qrels {
	struct kb_eval_query *queries; /* in the order of the file */
	size_t n, cap;
	struct kb_map by_id;   /* hash of the id -> place in queries */
	struct kb_arena arena; /* owns the ids */
};

void kb_qrels_init(struct kb_qrels *qrels);
void kb_qrels_release(struct kb_qrels *qrels);

/* Queries without a relevant document are left out. KB_EINVAL names file
 * and line. */
int kb_qrels_load(struct kb_qrels *qrels, const char *path, struct kb_err *err);

/* A judgement by hand; grades below 1 are ignored. */
void kb_qrels_add(struct kb_qrels *qrels, struct kb_str query,
		  struct kb_str doc, int grade);

struct kb_ranking {
	uint64_t *docs; /* hashes of ids, best first, each once */
	uint32_t n, cap;
	bool present; /* the run names the query */
};

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
