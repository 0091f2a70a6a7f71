#include "ask/pipeline.h"

#include <assert.h>
#include <stdlib.h>

#include "answer/meaning.h"
#include "context/complete.h"
#include "encoder/model_path.h"
#include "record/error_member.h"
#include "search/search_record.h"

struct kb_pipeline {
	struct kb_pipeline_setup setup;
	struct kb_base *base;
	struct kb_search_shared *shared;
	struct kb_tokenizer *tokenizer;
	struct kb_prompt *prompt;
	struct kb_session session; /* of the providers */
	bool remote;
	struct kb_verify_run verify;
	struct kb_arena arena; /* of what the setup is told here */
	void (*warn)(void *arg, const char *line);
	void *arg;
};

struct kb_pipeline_worker {
	struct kb_pipeline *pipeline;
	struct kb_search *search;
	struct kb_prompt_scratch scratch;
	struct kb_session local;    /* of the built-in model: a thread's own */
	struct kb_session *session; /* that, or the pipeline's */
	struct kb_verify_worker *verify;
	struct kb_buf text; /* of an error on its way into a record */
};

/* ---- opening ---- */

static int open_search(struct kb_pipeline *p, struct kb_err *err)
{
	const struct kb_base_options *base = &p->setup.base;
	struct kb_verify_setup *verify = &p->setup.verify;
	int rc = kb_search_shared_open(&p->shared, &p->setup.search, err);

	if (!rc)
		rc = kb_base_open(&p->base, base, err);
	verify->indexes = base->paths;
	verify->n_indexes = base->n_paths;
	verify->now = base->now;
	/* what is asked of the search alone is not asked of the evidence */
	if (!base->filter && !base->at && !base->weights)
		verify->base = p->base;
	return rc;
}

/* The encoders of this machine by which the indexes were built, "," between;
 * NULL: there are none. */
static const char *encoders_of(const struct kb_base *base,
			       struct kb_arena *arena)
{
	struct kb_meaning *meaning = NULL;
	const char *names = NULL;

	for (size_t i = 0; i < base->n_indexes && !names; i++)
		for (size_t s = 0; s < KB_VECTOR_SLOTS; s++) {
			const struct kb_vector_settings *v =
			    &base->indexes[i]->settings.vectors[s];
			struct kb_str name = v->model;

			if (!v->known || !v->embed ||
			    !kb_model_find(name, arena))
				continue;
			names = kb_arena_printf(
			    arena, "%s%s%.*s", names ? names : "",
			    names ? "," : "", (int)name.len, name.ptr);
		}
	/* Of a damaged one the search says so, and goes on, too. */
	if (names && kb_meaning_open(&meaning, names, NULL))
		names = NULL;
	kb_meaning_close(meaning);
	return names;
}

static int open_prompt(struct kb_pipeline *p, struct kb_err *err)
{
	int rc = kb_tokenizer_open(NULL, NULL, &p->tokenizer, err);

	p->setup.prompt.tokenizer = p->tokenizer;
	return rc < 0 ? rc : kb_prompt_new(&p->setup.prompt, &p->prompt, err);
}

static int open_session(struct kb_pipeline *p, struct kb_err *err)
{
	struct kb_session_options *opt = &p->setup.session;

	opt->task = KB_RECORD_ANSWER;
	if (!opt->encoder && !p->setup.search.embed)
		opt->encoder = encoders_of(p->base, &p->arena);
	return kb_session_open(&p->session, &p->setup.session, p->warn, p->arg,
			       err);
}

int kb_pipeline_open(struct kb_pipeline **out,
		     const struct kb_pipeline_setup *setup,
		     void (*warn)(void *arg, const char *line), void *arg,
		     struct kb_err *err)
{
	struct kb_pipeline *p = kb_calloc(1, sizeof(*p));
	int rc;

	*out = p;
	p->setup = *setup;
	p->warn = warn;
	p->arg = arg;
	kb_arena_init(&p->arena);
	rc = open_search(p, err);
	if (!rc)
		rc = open_session(p, err);
	p->remote = !rc && kb_session_is_remote(&p->session);
	if (!rc)
		rc = open_prompt(p, err);
	return rc ? rc : kb_verify_run_open(&p->verify, &p->setup.verify, err);
}

void kb_pipeline_close(struct kb_pipeline *p)
{
	if (!p)
		return;
	kb_verify_run_close(&p->verify);
	if (p->session.calls) /* it was opened */
		kb_session_release(&p->session);
	kb_prompt_free(p->prompt);
	kb_tokenizer_close(p->tokenizer);
	kb_search_shared_close(p->shared);
	kb_base_unref(p->base);
	kb_arena_release(&p->arena);
	free(p);
}

bool kb_pipeline_is_remote(const struct kb_pipeline *pipeline)
{
	return pipeline->remote;
}

/* ---- a thread ---- */

static int open_local(struct kb_pipeline_worker *w, struct kb_err *err)
{
	struct kb_session_options options = w->pipeline->setup.session;

	if (w->pipeline->remote) {
		w->session = &w->pipeline->session;
		return 0;
	}
	options.provider = "local";
	options.config = "";
	w->session = &w->local;
	return kb_session_open(&w->local, &options, NULL, NULL, err);
}

int kb_pipeline_worker_open(struct kb_pipeline_worker **out,
			    struct kb_pipeline *p, struct kb_err *err)
{
	struct kb_pipeline_worker *w = kb_calloc(1, sizeof(*w));
	int rc;

	*out = w;
	w->pipeline = p;
	kb_buf_init(&w->text, 0);
	kb_prompt_scratch_init(&w->scratch, p->tokenizer);
	rc = kb_search_open(&w->search, p->base, &p->setup.search, p->shared,
			    err);
	if (!rc)
		rc = open_local(w, err);
	return rc ? rc : kb_verify_worker_open(&w->verify, &p->verify, err);
}

void kb_pipeline_worker_close(struct kb_pipeline_worker *w)
{
	if (!w)
		return;
	kb_verify_worker_close(w->verify);
	if (w->session == &w->local)
		kb_session_release(&w->local);
	kb_search_close(w->search);
	kb_prompt_scratch_release(&w->scratch);
	kb_buf_release(&w->text);
	free(w);
}

/* ---- a record ---- */

static void fail(struct kb_pipeline_job *job, const char *program)
{
	kb_error_set(job->rec, program, &job->err, &job->worker->text);
}

static int find(struct kb_pipeline_job *job)
{
	struct kb_rec *rec = job->rec;
	struct kb_request request;
	bool found;
	int rc = kb_request_read(rec, rec->arena, &request, &job->err);

	if (rc)
		return rc;
	request.query =
	    kb_context_question(rec, request.query, request.source, rec->arena);
	return kb_record_search(rec, job->worker->search, &request, &found,
				&job->err);
}

/* The last step sees every record, also one with an error. */
static void check(struct kb_pipeline_job *job)
{
	struct kb_err err = {0};

	if (kb_verify_work(job->worker->verify, job->rec, job->number,
			   &job->human, &err) >= 0)
		return;
	job->err = err;
	fail(job, "fact-check");
}

static void on_call_done(struct kb_call *call)
{
	struct kb_pipeline_job *job = call->arg;

	if (kb_session_end(job->worker->session, call, job->rec, &job->err))
		fail(job, "llm-call");
	check(job);
	job->on_done(job);
}

static void on_call_text(struct kb_call *call, struct kb_str piece)
{
	struct kb_pipeline_job *job = call->arg;

	job->on_text(piece);
}

/* 1: the answer comes later. */
static int ask(struct kb_pipeline_job *job)
{
	struct kb_pipeline_worker *w = job->worker;
	struct kb_rec *rec = job->rec;
	int rc = kb_prompt_apply(w->pipeline->prompt, rec, rec->arena,
				 &w->scratch, &job->err);

	if (rc) {
		fail(job, "prompt-render");
		return 0;
	}
	rc = kb_session_begin(w->session, rec, job->number, on_call_done,
			      job->on_text ? on_call_text : NULL, job,
			      &job->err);
	if (rc < 0)
		fail(job, "llm-call");
	return rc > 0;
}

bool kb_pipeline_begin(struct kb_pipeline_worker *worker,
		       struct kb_pipeline_job *job)
{
	assert(job->rec);
	assert(!worker->pipeline->remote || job->on_done);
	job->worker = worker;
	if (!kb_error_is_set(job->rec)) {
		if (find(job))
			fail(job, "kb-search");
		else if (ask(job))
			return false;
	}
	check(job);
	return true;
}

void kb_pipeline_wait(struct kb_pipeline *pipeline, int fd, int timeout_ms)
{
	kb_session_wait(&pipeline->session, fd, timeout_ms);
}

int kb_pipeline_drop(struct kb_pipeline *pipeline, struct kb_err *err)
{
	kb_session_release(&pipeline->session);
	return open_session(pipeline, err);
}

void kb_pipeline_stats(const struct kb_pipeline *pipeline,
		       struct kb_buf *members)
{
	kb_session_stats(&pipeline->session, members);
}
