/*
 * Records with gold answers, judged one by one.
 */
#ifndef KB_EVAL_RECORDS_H
#define KB_EVAL_RECORDS_H

#include "eval/answer.h"
#include "eval/eval.h"
#include "json/rec.h"

struct kb_answer_scores {
	bool answerable; /* gold.answers holds at least one */
	bool answered;	 /* not routed to a human, and a text is there */
	bool contained;	 /* a gold answer stands in the answer */
	bool exact;
	bool error; /* the record carries 'error' */
	double f1;  /* best over the gold answers */
	bool has_confidence;
	double confidence;
	bool has_docs;	   /* gold.docs and hits are there */
	double docs_found; /* share of gold.docs among the first five hits */
	double rouge_l;	   /* best over the gold answers */
	bool has_numbers;  /* a gold answer holds numbers */
	bool numbers;	   /* the answer holds all of such a one */
	size_t n_assertions, n_held; /* gold.assert */
	uint64_t id;		     /* hash; of the line's number without id */
	uint64_t group; /* hash of the first gold document, or id */
};

/*
 * Call fn for every record of the files, standard input when there is none.
 * The arena is reset between records. An error of fn ends it, with the place
 * of the record said.
 */
int kb_eval_records(const char *const *files, size_t n_files,
		    int (*fn)(void *arg, const struct kb_rec *rec,
			      unsigned long line, struct kb_arena *arena,
			      struct kb_err *err),
		    void *arg, struct kb_err *err);

/*
 * Call fn for every record of the files that has an object 'gold'. Others
 * are counted in *n_without.
 * KB_EINVAL also for an assertion that is none, KB_ELIMIT for more than
 * KB_EVAL_GOLDS of them or of answers.
 */
int kb_eval_each(const struct kb_eval_opts *opts, size_t *n_without,
		 void (*fn)(void *arg, const struct kb_answer_scores *judged),
		 void *arg, struct kb_err *err);

/* A string, or a number as it is spelled; "" of anything else. It may point
 * into the record. */
struct kb_str kb_eval_text(struct kb_json val, struct kb_arena *arena);

#endif
