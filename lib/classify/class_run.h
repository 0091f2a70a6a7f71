/*
 * The work of text-classify: what a run keeps from the first record to the
 * last, and what each of its commands does with a record. Called by several
 * threads, each with a worker of its own.
 */
#ifndef KB_CLASSIFY_CLASS_RUN_H
#define KB_CLASSIFY_CLASS_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "classify/class_record.h"
#include "classify/class_train.h"

enum kb_class_task {
	KB_CLASS_TRAIN,
	KB_CLASS_PREDICT,
	KB_CLASS_CALIBRATE,
	KB_CLASS_SELECT,
	KB_CLASS_EVAL,
};

struct kb_class_setup {
	enum kb_class_task task;
	const char *model;	  /* path; NULL for TRAIN */
	const char *text, *label; /* members, or NULL */
	const char *other;	  /* the name of none of the labels */
	struct kb_class_rule rule;
	bool flat;
	uint64_t wanted;  /* of SELECT */
	unsigned threads; /* that TRAIN learns in; 0: one */
	int64_t now_s;	  /* Unix, for the model's date */
};

/* A labelled text that was scored. */
struct kb_class_judged {
	uint64_t number;
	double z, parent_z; /* of the best label and parent */
	double score;
	uint32_t own, best, best_parent, decided; /* columns, KB_CLASS_NONE */
};

struct kb_class_selected {
	double margin;
	uint64_t hash, number;
	char *line; /* the record with its class */
	size_t len;
};

struct kb_class_run {
	struct kb_class_setup is;
	char date[40]; /* YYYY-MM-DD */
	struct kb_class_model model;
	struct kb_class_trainer *trainer;
	pthread_mutex_t lock;
	struct kb_class_judged *judged;
	size_t n_judged, cap_judged;
	struct kb_class_selected *selected;
	size_t n_selected, cap_selected;
	double worst; /* margin from which on nothing is selected */
	size_t n_failed;
	struct kb_err failed; /* why the first of them did, by number */
	uint64_t failed_number;
	atomic_size_t n_other, n_parent; /* that became none, or a parent */
};

struct kb_class_worker {
	struct kb_class_run *run;
	struct kb_class_scratch *scratch;
	struct kb_buf buf;
};

int kb_class_run_open(struct kb_class_run *run,
		      const struct kb_class_setup *setup, struct kb_err *err);
void kb_class_run_close(struct kb_class_run *run);

void kb_class_worker_open(struct kb_class_worker **worker,
			  struct kb_class_run *run);
void kb_class_worker_close(void *worker);

/* One record; *name: the label that PREDICT gives it, valid as long as the
 * run. */
int kb_class_work(struct kb_class_worker *worker, struct kb_rec *rec,
		  uint64_t number, struct kb_str *name, struct kb_err *err);

/*
 * After the last record: append the model of TRAIN and CALIBRATE, the records
 * of SELECT, the report of EVAL (as text when 'text' is set). Appends to said
 * what people are to know, in lines.
 */
int kb_class_run_report(struct kb_class_run *run, bool text, struct kb_buf *out,
			struct kb_buf *said, struct kb_err *err);

/* Members for --stats. */
void kb_class_run_stats(const struct kb_class_run *run, struct kb_buf *members);

/* ---- the parts ---- */

/* class_select.c: keep a record that is doubtful enough; and append what is
 * kept, the most doubtful first. */
void kb_class_select(struct kb_class_run *run, struct kb_str text,
		     double margin, uint64_t number, const struct kb_rec *rec,
		     struct kb_buf *buf);
void kb_class_select_report(struct kb_class_run *run, struct kb_buf *out);

/* class_report.c: of the judged, in the order of their numbers. */
int kb_class_calibrate_report(struct kb_class_run *run, struct kb_buf *out,
			      struct kb_err *err);
int kb_class_eval_report(struct kb_class_run *run, bool text,
			 struct kb_buf *out, struct kb_err *err);

#endif
