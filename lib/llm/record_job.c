/* A record and its calls: what is started, and what comes of it. */
#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "llm/budget.h"
#include "llm/session_cache.h"
#include "llm/session_impl.h"
#include "llm/usage.h"
#include "record/members.h"
#include "record/question.h"

static int show_request(struct kb_session *session, struct kb_rec *rec,
			const struct kb_form_ask *ask, struct kb_err *err)
{
	const struct kb_provider *first = session->set.items;

	if (!session->usage)
		session->usage = kb_usage_new();
	return kb_record_request(
	    rec, ask, first,
	    kb_usage_input(session->usage, ask, first, rec->arena),
	    &session->set.secrets, err);
}

static struct kb_form_ask new_ask(const struct kb_session *session)
{
	const struct kb_session_options *opt = &session->opt;

	return (struct kb_form_ask){.model = opt->model,
				    .system = kb_str_of(opt->system),
				    .temperature = opt->temperature,
				    .max_tokens = opt->max_tokens,
				    .options = kb_buf_str(&session->members),
				    .stream = opt->stream};
}

struct kb_record_job {
	struct kb_session *session;
	struct kb_rounds rounds;
	struct kb_rec *rec;
	uint64_t number, began_ns; /* 0: none of its calls has begun */
	/* of a cascade: */
	bool large;		      /* the large leg is asked */
	struct kb_call *small;	      /* whose answer holds if that fails */
	struct kb_votes *small_votes; /* of it, or NULL */
	struct kb_str degraded;	      /* why that holds; or len 0 */
	bool beginning;		      /* kb_session_begin() has not returned, */
	bool over;	/* and the record is done: all was in the cache */
	bool was_local; /* the built-in model has answered, */
	int local_rc;	/* with this */
	struct kb_err local_err;
	void (*on_done)(struct kb_call *call);
	void (*on_text)(struct kb_call *call, struct kb_str piece);
	void *arg;
};

static void on_call_done(struct kb_call *call);

/* What is left to a further call of the deadline that began with the first. */
static int64_t left_ms(const struct kb_record_job *job)
{
	int64_t all = job->session->opt.deadline_ms, took = 0;

	if (job->began_ns)
		took = (int64_t)((kb_clock_ns() - job->began_ns) / 1000000);
	return took < all ? all - took : 1;
}

/* The cache of the session; NULL for answers that vote: one that was kept would
 * vote for itself. */
static struct kb_session_cache *cache_of(const struct kb_record_job *job)
{
	return job->rounds.rule->samples > 1 ? NULL : job->session->cache;
}

/* Whom a call is for, first. */
static const struct kb_provider *first_of(const struct kb_session *session,
					  const struct kb_call *call)
{
	size_t i = 0;

	while (i + 1 < session->set.n && call->passed[i])
		i++;
	return &session->set.items[i];
}

static void start_call(struct kb_record_job *job, size_t at)
{
	struct kb_call *call = job->rounds.calls[at];
	struct kb_session *session = job->session;
	const struct kb_session_options *opt = &session->opt;

	call->deadline_ms = left_ms(job);
	call->timeout_ms = opt->timeout_ms;
	call->seed = opt->seed ^ job->number ^ (uint64_t)at << 32;
	call->number = job->number;
	call->id = kb_rec_id(job->rec);
	call->job = job;
	call->ahead = job->rounds.n > job->rounds.n_new;
	call->on_done = on_call_done;
	call->on_text = job->on_text;
	call->arg = job->arg;
	/* Answers that vote are not shown before one is chosen; what was
	 * shown of one that is asked for again is void. */
	if (job->rounds.rule->samples > 1)
		call->on_text = NULL;
	if (call->ahead && call->on_text)
		call->on_text(call, (struct kb_str){NULL, 0});
	for (size_t i = 0; session->cascade && i < session->set.n; i++)
		call->passed[i] =
		    (i >= kb_cascade_small(session->cascade)) != job->large;
	job->rounds.under_way++;
	if (cache_of(job) && kb_session_cache_find(cache_of(job), call,
						   first_of(session, call))) {
		on_call_done(call);
		return;
	}
	kb_session_reserve(session, call);
	if (!cache_of(job) || kb_session_cache_go(cache_of(job), call))
		kb_calls_start(session->calls, call);
}

/* ---- a cascade ---- */

static bool is_whole(const struct kb_rounds *rounds)
{
	const struct kb_call *call = rounds->chosen;

	return call->class == KB_RETRY_OK && !rounds->unfit.len &&
	       !kb_str_is(call->reply.finish, "length");
}

static struct kb_cascade_view view_of(const struct kb_record_job *job)
{
	struct kb_cascade_view view = {
	    .rec = job->rec, .arena = job->rec->arena, .confidence = -1};
	struct kb_question question;

	if (kb_question_read_prompt(job->rec, job->rec->arena, &question,
				    NULL) == 0)
		view.question = question.text;
	return view;
}

/* What the small one said: is that enough? */
static int judge_small(struct kb_record_job *job, bool *hard,
		       struct kb_err *err)
{
	struct kb_rounds *rounds = &job->rounds;
	struct kb_call *call = rounds->chosen;
	struct kb_cascade_view view = view_of(job);

	*hard = true;
	if (call->barred)
		*hard = false;
	if (call->barred || !is_whole(rounds))
		return 0;
	view.is_asked = true;
	if (call->use_local) {
		job->was_local = true;
		job->local_rc = kb_session_local_turn(
		    job->session, job->rec, call->n_attempts ? call : NULL,
		    &job->local_err);
		if (job->local_rc ||
		    !kb_json_num(kb_json_get(kb_rec_get(job->rec, "generation"),
					     "confidence"),
				 &view.confidence))
			return 0;
		kb_answer_text(job->rec, &view.answer);
	} else {
		view.answer = call->reply.text;
		if (rounds->votes)
			view.confidence = kb_votes_confidence(rounds->votes);
	}
	job->small = call;
	job->small_votes = rounds->votes;
	return kb_cascade_is_hard(job->session->cascade, &view, hard, err);
}

/* After the large one: where it has no answer that of the small one holds. */
static void fall_back(struct kb_record_job *job)
{
	struct kb_rounds *rounds = &job->rounds;

	if (!job->small || is_whole(rounds))
		return;
	job->degraded = kb_str_of(
	    kb_arena_printf(job->rec->arena, "small instead of large: %s",
			    rounds->unfit.len	     ? "not of the schema"
			    : rounds->chosen->barred ? "the budget"
			    : *rounds->chosen->why   ? rounds->chosen->why
						   : "cut at its token limit"));
	rounds->chosen = job->small;
	rounds->votes = job->small_votes;
	rounds->unfit.len = 0;
	rounds->leg = "small";
}

/* The record goes to the large one; true when it does. */
static bool escalates(struct kb_record_job *job)
{
	struct kb_rounds *rounds = &job->rounds;
	bool hard = false;

	if (!job->session->cascade)
		return false;
	if (job->large) {
		fall_back(job);
		return false;
	}
	if (judge_small(job, &hard, &job->local_err) < 0) {
		/* what is wrong with the expression is the record's error */
		job->was_local = true;
		job->local_rc = KB_EINVAL;
		return false;
	}
	if (hard) {
		job->large = true;
		rounds->leg = "large";
		job->was_local = job->was_local && job->small;
		job->local_rc = 0;
		kb_rounds_escalate(rounds);
	}
	return hard;
}

/* Ask for what follows, or hand the record back. */
static void go_on(struct kb_record_job *job)
{
	struct kb_rounds *rounds = &job->rounds;

	do
		kb_rounds_next(rounds);
	while (!rounds->n_new && escalates(job));
	if (rounds->n_new) {
		for (size_t i = rounds->n - rounds->n_new, n = rounds->n; i < n;
		     i++)
			start_call(job, i);
		return;
	}
	rounds->chosen->began_ns = job->began_ns;
	job->over = true;
	if (!job->beginning)
		job->on_done(rounds->chosen);
}

/* What a call has cost, or saved, and what is kept of it. */
static void account(struct kb_record_job *job, struct kb_call *call)
{
	struct kb_session *session = job->session;
	int rc = 0;

	if (call->cached) {
		session->cached++;
		session->saved += kb_usage_cost(&call->reply, call->provider);
		return;
	}
	kb_session_settle(session, call);
	if (call->class == KB_RETRY_OK && !call->use_local)
		kb_session_add_cost(session, call, call->arena);
	if (cache_of(job))
		rc = kb_session_cache_end(cache_of(job), call, &job->local_err);
	if (rc) { /* vectors of two models are the record's error */
		job->was_local = true;
		job->local_rc = rc;
	}
}

static void on_call_done(struct kb_call *call)
{
	struct kb_record_job *job = call->job;

	if (!job->began_ns || call->began_ns < job->began_ns)
		job->began_ns = call->began_ns;
	account(job, call);
	if (--job->rounds.under_way == 0)
		go_on(job);
}

int kb_session_begin(struct kb_session *session, struct kb_rec *rec,
		     uint64_t number, void (*on_done)(struct kb_call *call),
		     void (*on_text)(struct kb_call *call, struct kb_str piece),
		     void *arg, struct kb_err *err)
{
	struct kb_form_ask ask = new_ask(session);
	struct kb_record_job *job;
	int rc;

	assert(session->calls); /* kb_session_open() has succeeded */
	assert(on_done);
	session->records++;
	if (kb_record_is_answered(rec))
		return 0;
	if (session->opt.outcomes)
		return kb_router_take(&session->training, rec, number,
				      rec->arena, err);
	if (!kb_session_is_remote(session)) {
		if (!session->opt.dry_run)
			return kb_session_local_turn(session, rec, NULL, err);
		return kb_record_request(rec, NULL, NULL, 0,
					 &session->set.secrets, err);
	}
	rc = kb_record_ask(rec, session->opt.task, &ask, err);
	if (rc)
		return rc;
	job = kb_arena_calloc(rec->arena, 1, sizeof(*job));
	kb_rounds_init(&job->rounds, &session->rule, &ask, rec->arena);
	if (session->opt.dry_run)
		return show_request(session, rec, &job->rounds.first, err);
	if (ask.kind == KB_FORM_RERANK && !ask.n_texts)
		return 0;
	job->session = session;
	job->rec = rec;
	job->number = number;
	job->on_done = on_done;
	job->on_text = on_text;
	job->arg = arg;
	if (session->cascade) {
		struct kb_cascade_view view = view_of(job);

		rc = kb_cascade_is_hard(session->cascade, &view, &job->large,
					err);
		if (rc)
			return rc;
		job->rounds.leg = job->large ? "large" : "small";
	}
	job->beginning = true;
	go_on(job);
	job->beginning = false;
	return job->over ? kb_session_end(session, job->rounds.chosen, rec, err)
			 : 1;
}

int kb_session_end(struct kb_session *session, struct kb_call *call,
		   struct kb_rec *rec, struct kb_err *err)
{
	const struct kb_record_job *job = call->job;
	const struct kb_rounds *rounds = &job->rounds;
	struct kb_record_calls calls = {.degraded = job->degraded,
					.chosen = call,
					.all = rounds->calls,
					.n = rounds->n,
					.unfit = rounds->unfit,
					.members = kb_rounds_members(rounds)};
	struct kb_str samples;

	assert(!call->transfer); /* on_done() has been called */
	assert(rec);
	if (call->barred)
		return kb_session_refuse(session, call, err);
	if (job->was_local && (call->use_local || job->local_rc)) {
		if (err)
			*err = job->local_err;
		return job->local_rc;
	}
	if (call->use_local && session->schema)
		return kb_err_set(err, KB_EREMOTE,
				  "the route came to the built-in model, which "
				  "writes no JSON: %s",
				  call->why[0] ? call->why
					       : "no other may be asked");
	if (call->use_local)
		return kb_session_local_turn(session, rec, call, err);
	samples = kb_rounds_samples(rounds);
	if (samples.len)
		kb_rec_set(rec, "samples", samples);
	return kb_record_reply(rec, session->opt.task, &calls, err);
}
