/*
 * One run of kb-ask: the index and the question out of the words of the
 * command line, the pipeline over them, and what its records look like to
 * people.
 */
#ifndef KB_ASK_ASK_RUN_H
#define KB_ASK_ASK_RUN_H

#include "ask/dialogue.h"

#define KB_ASK_INDEXES 65

/* All of it is borrowed. */
struct kb_ask_options {
	struct kb_pipeline_setup setup; /* base is filled in here */
	const char *const *indexes;	/* beside the first one */
	size_t n_indexes;
	unsigned jobs;	  /* 0: not said */
	double timeout_s; /* for one attempt at a provider */
	int stream;	  /* show an answer as it comes; negative: if standard
			     output is a terminal */
	struct kb_ask_terminal terminal;
};

struct kb_ask_run {
	const struct kb_ask_options *options;
	const char *paths[KB_ASK_INDEXES];
	char *question; /* of the command line, or NULL */
	struct kb_pipeline *pipeline;
	struct kb_pipeline_worker *worker; /* the one, where it is remote */
	struct kb_dialogue *dialogue;
	struct kb_text_style style;
	struct kb_terms terms;
};

/* The run is to be closed in any case. KB_EINVAL: no index, or a question that
 * says nothing; the errors of kb_pipeline_open(). */
int kb_ask_run_open(struct kb_ask_run *run, struct kb_ask_options *options,
		    char *const *words, int n_words, struct kb_err *err);
void kb_ask_run_close(struct kb_ask_run *run);

/* A thread's; NULL stands for the one worker of a run that is remote. */
int kb_ask_worker_open(struct kb_ask_run *run, struct kb_pipeline_worker **out,
		       struct kb_err *err);

/* A job for kb_ask_begin(), in the record's arena. */
struct kb_pipeline_job *kb_ask_job(struct kb_ask_run *run, struct kb_rec *rec,
				   uint64_t number,
				   void (*on_done)(struct kb_pipeline_job *job),
				   void *arg);

/* As kb_pipeline_begin(), in a worker or that one. */
bool kb_ask_begin(struct kb_ask_run *run, struct kb_pipeline_worker *worker,
		  struct kb_pipeline_job *job);

/* The record for people. */
void kb_ask_print(struct kb_ask_run *run, struct kb_rec *rec, bool colour,
		  struct kb_buf *out);

/* As kb_dialogue_turn(). */
int kb_ask_turn(struct kb_ask_run *run, struct kb_pipeline_worker *worker,
		struct kb_str line, bool colour, struct kb_buf *out,
		struct kb_err *err);

#endif
