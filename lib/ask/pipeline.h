/*
 * The whole pipe in one process: what kb-search, prompt-render, llm-call and
 * fact-check do with a record, one after another, by the same functions.
 *
 *	kb_pipeline_open()	the index, the template, the providers
 *	a worker for each thread, kb_pipeline_begin() for each record
 *	kb_pipeline_wait()	where a provider is asked: until records are
 *done
 *
 * A record leaves as the last program of the pipe would write it: a step that
 * fails sets 'error' in its program's name, and the steps behind it do with
 * such a record what they always do. Where the providers come to "local", or
 * none is configured, a record is done at once and any number of threads may
 * work; where a provider is asked there is one worker, and its records are
 * under way together.
 */
#ifndef KB_ASK_PIPELINE_H
#define KB_ASK_PIPELINE_H

#include "llm/session.h"
#include "prompt/render.h"
#include "search/search.h"
#include "verify/verify_run.h"

/* What the four programs are told; all of it is borrowed. */
struct kb_pipeline_setup {
	struct kb_base_options base;
	struct kb_search_options search;
	struct kb_prompt_options prompt;
	struct kb_session_options session;
	struct kb_verify_setup verify; /* indexes, base and now are set here */
};

struct kb_pipeline;
struct kb_pipeline_worker;

/* warn as in kb_session_open(). */
int kb_pipeline_open(struct kb_pipeline **out,
		     const struct kb_pipeline_setup *setup,
		     void (*warn)(void *arg, const char *line), void *arg,
		     struct kb_err *err);
/* After the last worker. NULL is allowed. */
void kb_pipeline_close(struct kb_pipeline *pipeline);

/* Is a provider asked, so that records are done later? */
bool kb_pipeline_is_remote(const struct kb_pipeline *pipeline);

int kb_pipeline_worker_open(struct kb_pipeline_worker **out,
			    struct kb_pipeline *pipeline, struct kb_err *err);
/* From one thread at a time. NULL is allowed. */
void kb_pipeline_worker_close(struct kb_pipeline_worker *worker);

/* One record under way; it stays where it is until it is done. */
struct kb_pipeline_job {
	/* in; zero the rest */
	struct kb_rec *rec;
	uint64_t number; /* seeds the waiting times */
	void (*on_done)(struct kb_pipeline_job *job); /* when it comes later */
	/* Optional: a piece of the answer as it comes, as in struct kb_call. */
	void (*on_text)(struct kb_str piece);
	void *arg;
	/* out */
	bool human;	   /* its route */
	struct kb_err err; /* of the step that failed; code 0: none did */
	/* the pipeline's own */
	struct kb_pipeline_worker *worker;
};

/* True: it is done; false: on_done() comes from kb_pipeline_wait(). */
bool kb_pipeline_begin(struct kb_pipeline_worker *worker,
		       struct kb_pipeline_job *job);

/* As kb_session_wait(). */
void kb_pipeline_wait(struct kb_pipeline *pipeline, int fd, int timeout_ms);

/* Give up what is under way, without on_done(). */
int kb_pipeline_drop(struct kb_pipeline *pipeline, struct kb_err *err);

/* Members for --stats. */
void kb_pipeline_stats(const struct kb_pipeline *pipeline,
		       struct kb_buf *members);

#endif
