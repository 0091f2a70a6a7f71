/*
 * One run of fact-check: what its records share.
 *
 *	kb_verify_run_open()	indexes, model file, judge
 *	a worker for each thread, kb_verify_work() for each record
 *	kb_verify_run_learned()	with train or calibrate: the model
 *	kb_verify_run_drift()	are the records like those learned from?
 *	kb_verify_run_stats()	members of --stats
 */
#ifndef KB_VERIFY_VERIFY_RUN_H
#define KB_VERIFY_VERIFY_RUN_H

#include "cache/cache.h"
#include "learn/model_file.h"
#include "learn/watch.h"
#include "verify/record_fit.h"
#include "verify/verify_record.h"

struct kb_verify_setup {
	double threshold;
	uint64_t fetch;
	bool explain;
	const char *evidence;
	const char *model_file;	       /* or NULL */
	const char *train, *calibrate; /* files of labels, one or none */
	double risk, delta;	       /* risk 0: no certificate */
	const char *band;	       /* of the judge: "LOW,HIGH" */
	struct kb_judge_options judge;
	/* Keep what goes out as an answer (cache/answer_cache.h); dir NULL: do
	 * not. */
	struct kb_cache_options answers;
	const char *const *indexes; /* paths */
	size_t n_indexes;
	struct kb_base *base; /* those indexes, open already; or NULL */
	int64_t now;	      /* Unix seconds */
	int64_t date;	      /* that a model file is given, likewise */
};

struct kb_verify_run {
	const struct kb_verify_setup *setup; /* borrowed */
	struct kb_base *base;		     /* NULL without an index */
	struct kb_judge *judge;
	struct kb_record_fit *fit;   /* with train or calibrate */
	struct kb_model_file models; /* of --model-file */
	const struct kb_linear_model *claim, *record; /* of it; NULL: none */
	struct kb_linear bound;			      /* record */
	struct kb_watch watch; /* of the workers that are closed */
	struct kb_arena arena;
};

/* KB_EINVAL for options that exclude each other; the error of a file or an
 * index. The run is to be closed in any case, once it is zero or opened. */
int kb_verify_run_open(struct kb_verify_run *run,
		       const struct kb_verify_setup *setup, struct kb_err *err);
void kb_verify_run_close(struct kb_verify_run *run);

struct kb_verify_worker;

int kb_verify_worker_open(struct kb_verify_worker **out,
			  struct kb_verify_run *run, struct kb_err *err);
/* From one thread at a time: the run takes over what the worker counted. */
void kb_verify_worker_close(struct kb_verify_worker *worker);

/* Check a record (verify_record.h), and learn from its label when the run
 * does; number: its place in the input. */
int kb_verify_work(struct kb_verify_worker *worker, struct kb_rec *rec,
		   uint64_t number, bool *human, struct kb_err *err);

/* The model file after all records, appended to out, and lines about it. */
int kb_verify_run_learned(struct kb_verify_run *run, struct kb_buf *out,
			  struct kb_buf *said, struct kb_err *err);

/* True, and a sentence, when the records are unlike those learned from. */
bool kb_verify_run_drift(const struct kb_verify_run *run, struct kb_buf *out);
void kb_verify_run_stats(const struct kb_verify_run *run,
			 struct kb_buf *members);

#endif
