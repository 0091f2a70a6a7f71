#include "llm/session.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>

#include "answer/sentence_features.h"
#include "base/clock.h"
#include "learn/model_file.h"
#include "llm/budget.h"
#include "llm/usage.h"
#include "schema/schema_openapi.h"
#include "json/write.h"

/* A value that is JSON goes as it is, any other as a string. */
static int add_member(struct kb_jw *w, const char *text, struct kb_err *err)
{
	const char *eq = strchr(text, '=');
	char quoted[KB_QUOTE_MAX];
	struct kb_json val;
	struct kb_buf key;

	if (!eq || eq == text)
		return kb_err_set(err, KB_EINVAL,
				  "option '%s' is not KEY=VALUE",
				  kb_err_quote(quoted, text, strlen(text)));
	kb_buf_init(&key, 0);
	kb_json_quote(&key, (struct kb_str){text, (size_t)(eq - text)});
	kb_jw_key_raw(w, (struct kb_str){key.ptr + 1, key.len - 2});
	kb_buf_release(&key);
	if (kb_json_check(eq + 1, strlen(eq + 1), &val, NULL))
		kb_jw_cstr(w, eq + 1);
	else
		kb_jw_raw(w, (struct kb_str){val.ptr, val.len});
	return 0;
}

static int make_members(struct kb_session *session, struct kb_err *err)
{
	const struct kb_session_options *opt = &session->opt;
	struct kb_jw w;
	int rc = 0;

	if (!opt->n_options)
		return 0;
	kb_jw_init(&w, &session->members);
	kb_jw_obj(&w);
	for (size_t i = 0; !rc && i < opt->n_options; i++)
		rc = add_member(&w, opt->options[i], err);
	kb_jw_end(&w);
	return rc;
}

/* KEY and URL have one beginning: OPENAI_API_KEY, OPENAI_BASE_URL. */
static void tell_unused(const struct kb_session *session)
{
	const char *key = session->set.key_unused;
	char line[160];

	snprintf(line, sizeof(line),
		 "%s alone sends nothing: name a model (-m) or %.*sBASE_URL",
		 key, (int)(strchr(key, '_') + 1 - key), key);
	session->warn(session->arg, line);
}

/* Who asks for a model is not answered by the built-in one instead. */
static int check_model(const struct kb_session *session, struct kb_err *err)
{
	const char *model = session->opt.model;
	char quoted[KB_QUOTE_MAX];

	if (session->set.n || !model || !strcmp(model, "local"))
		return 0;
	return kb_err_set(err, KB_ENOENT,
			  "no provider is configured to ask for model '%s': "
			  "set the key or base URL of one, or leave -m out for "
			  "the built-in one",
			  kb_err_quote(quoted, model, strlen(model)));
}

static int load_providers(struct kb_session *session, struct kb_err *err)
{
	const char *only = session->opt.provider;
	int rc = 0;

	/* The built-in one needs no configuration, not even a sound one. */
	if (!only || strcmp(only, "local"))
		rc = kb_providers_load(&session->set, session->opt.config,
				       session->opt.model, err);
	if (!rc && session->set.key_unused && session->warn)
		tell_unused(session);
	kb_providers_know(&session->set);
	if (!rc && only)
		return kb_providers_select(&session->set, only, err);
	if (!rc)
		rc =
		    kb_providers_route(&session->set, &session->opt.model, err);
	return rc ? rc : check_model(session, err);
}

/* ---- life ---- */

static int load_weights(struct kb_session *session, struct kb_err *err)
{
	const struct kb_session_options *opt = &session->opt;
	bool judges = opt->task == KB_RECORD_RERANK;

	if (opt->task == KB_RECORD_EMBED)
		return kb_err_set(err, KB_EINVAL,
				  "--model-file is of the built-in model, "
				  "which does not embed");
	return kb_model_file_load(opt->model_file, KB_LOGISTIC,
				  judges ? kb_judge_traits : kb_answer_traits,
				  judges ? 1 : KB_TRAITS, &session->arena,
				  &session->weights, err);
}

static struct kb_model *new_local(const struct kb_session *session)
{
	const struct kb_linear_model *weights =
	    session->opt.model_file ? &session->weights : NULL;
	bool judges = session->opt.task == KB_RECORD_RERANK;
	struct kb_local_models models = {.answer = judges ? NULL : weights,
					 .judge = judges ? weights : NULL};

	return kb_model_local_new(&models);
}

/* The schema of answers, in the forms that providers take. */
static int load_schema(struct kb_session *session, struct kb_err *err)
{
	struct kb_buf openapi;
	int rc;

	if (session->opt.task != KB_RECORD_ANSWER)
		return kb_err_set(err, KB_EINVAL,
				  "--schema is of answers, neither of --embed "
				  "nor of --rerank");
	rc = kb_schema_load(&session->schema, session->opt.schema, err);
	if (rc)
		return rc;
	kb_buf_init(&openapi, 0);
	if (kb_schema_put_openapi(session->schema, &openapi))
		session->rule.schema_openapi =
		    kb_arena_copy(&session->arena, kb_buf_str(&openapi));
	kb_buf_release(&openapi);
	session->rule.schema = session->schema;
	return 0;
}

/* Answers that vote are compared when all of a round have come. */
static int take_samples(struct kb_session *session, struct kb_err *err)
{
	const struct kb_session_options *opt = &session->opt;

	if (opt->task != KB_RECORD_ANSWER)
		return kb_err_set(err, KB_EINVAL,
				  "--samples is of answers, neither of --embed "
				  "nor of --rerank");
	if (opt->least > opt->samples)
		return kb_err_set(err, KB_EINVAL,
				  "--samples-least %zu is more than the %zu of "
				  "--samples",
				  opt->least, opt->samples);
	session->rule.samples = opt->samples;
	session->rule.least = opt->least;
	return 0;
}

static int check_remote(const struct kb_session *session, struct kb_err *err)
{
	if (session->opt.schema && !kb_session_is_remote(session))
		return kb_err_set(err, KB_EINVAL,
				  "--schema needs a provider: the built-in "
				  "model writes no JSON");
	if (session->rule.samples > 1 && !kb_session_is_remote(session))
		return kb_err_set(err, KB_EINVAL,
				  "--samples needs a provider: the built-in "
				  "model always says the same");
	return 0;
}

int kb_session_open(struct kb_session *session,
		    const struct kb_session_options *opt,
		    void (*warn)(void *arg, const char *line), void *arg,
		    struct kb_err *err)
{
	int rc;

	assert(opt);
	assert(opt->in_flight > 0);
	memset(session, 0, sizeof(*session));
	session->opt = *opt;
	session->warn = warn;
	session->arg = arg;
	kb_providers_init(&session->set);
	kb_buf_init(&session->members, (size_t)1 << 20);
	session->calls = kb_calls_new(&session->set, opt->in_flight, warn, arg);
	kb_arena_init(&session->arena);
	rc = make_members(session, err);
	if (!rc && opt->model_file)
		rc = load_weights(session, err);
	if (!rc)
		rc = load_providers(session, err);
	if (!rc && opt->schema)
		rc = load_schema(session, err);
	if (!rc && (opt->samples > 1 || opt->least > 1))
		rc = take_samples(session, err);
	if (!rc)
		rc = check_remote(session, err);
	if (!rc && opt->trace)
		rc = kb_trace_open(&session->trace, opt->trace,
				   opt->trace_messages, warn, arg, err);
	if (session->trace)
		kb_calls_watch(session->calls, kb_trace_attempt,
			       session->trace);
	return rc ? rc : kb_session_check_prices(session, err);
}

void kb_session_release(struct kb_session *session)
{
	kb_calls_free(session->calls);
	kb_trace_close(session->trace);
	kb_schema_free(session->schema);
	if (session->local)
		session->local->free(session->local);
	kb_buf_release(&session->members);
	kb_usage_free(session->usage);
	kb_arena_release(&session->arena);
	kb_providers_release(&session->set);
}

/* ---- records ---- */

static int local_turn(struct kb_session *session, struct kb_rec *rec,
		      const struct kb_call *call, struct kb_err *err)
{
	if (!session->local)
		session->local = new_local(session);
	session->local_records++;
	return kb_record_local(rec, session->opt.task, session->local, call,
			       err);
}

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

bool kb_session_is_remote(const struct kb_session *session)
{
	return session->set.n && !kb_provider_is_local(session->set.items);
}

static void add_cost(struct kb_session *session, struct kb_call *call,
		     struct kb_arena *arena)
{
	const struct kb_form_reply *r = &call->reply;
	struct kb_provider_tally *tally;

	if (!session->usage)
		session->usage = kb_usage_new();
	kb_usage_complete(session->usage, call, arena);
	if (r->input_tokens > 0)
		session->input_tokens += (uint64_t)r->input_tokens;
	if (r->output_tokens > 0)
		session->output_tokens += (uint64_t)r->output_tokens;
	if (r->output_tokens > session->longest)
		session->longest = r->output_tokens;
	tally = &session->set.items[call->provider - session->set.items].tally;
	tally->answers++;
	if (r->input_tokens > 0)
		tally->input_tokens += (uint64_t)r->input_tokens;
	if (r->output_tokens > 0)
		tally->output_tokens += (uint64_t)r->output_tokens;
	tally->cost += kb_usage_cost(r, call->provider);
	session->cost += kb_usage_cost(r, call->provider);
}

/* ---- a record and its calls ---- */

struct kb_record_job {
	struct kb_session *session;
	struct kb_rounds rounds;
	struct kb_rec *rec;
	uint64_t number, began_ns; /* 0: none of its calls has begun */
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
	kb_session_reserve(session, call);
	/* Answers that vote are not shown before one is chosen; what was
	 * shown of one that is asked for again is void. */
	if (job->rounds.rule->samples > 1)
		call->on_text = NULL;
	if (call->ahead && call->on_text)
		call->on_text(call, (struct kb_str){NULL, 0});
	job->rounds.under_way++;
	kb_calls_start(session->calls, call);
}

/* Ask for what follows, or hand the record back. */
static void go_on(struct kb_record_job *job)
{
	struct kb_rounds *rounds = &job->rounds;

	kb_rounds_next(rounds);
	for (size_t i = rounds->n - rounds->n_new; i < rounds->n; i++)
		start_call(job, i);
	if (rounds->n_new)
		return;
	rounds->chosen->began_ns = job->began_ns;
	job->on_done(rounds->chosen);
}

static void on_call_done(struct kb_call *call)
{
	struct kb_record_job *job = call->job;

	if (!job->began_ns || call->began_ns < job->began_ns)
		job->began_ns = call->began_ns;
	kb_session_settle(job->session, call);
	if (call->class == KB_RETRY_OK && !call->use_local)
		add_cost(job->session, call, call->arena);
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
	if (!kb_session_is_remote(session)) {
		if (!session->opt.dry_run)
			return local_turn(session, rec, NULL, err);
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
	go_on(job);
	return 1;
}

int kb_session_end(struct kb_session *session, struct kb_call *call,
		   struct kb_rec *rec, struct kb_err *err)
{
	const struct kb_rounds *rounds = &call->job->rounds;
	struct kb_record_calls calls = {.chosen = call,
					.all = rounds->calls,
					.n = rounds->n,
					.unfit = rounds->unfit,
					.members = kb_rounds_members(rounds)};
	struct kb_str samples;

	assert(!call->transfer); /* on_done() has been called */
	assert(rec);
	if (call->barred)
		return kb_session_refuse(session, call, err);
	if (call->use_local && session->schema)
		return kb_err_set(err, KB_EREMOTE,
				  "the route came to the built-in model, which "
				  "writes no JSON: %s",
				  call->why[0] ? call->why
					       : "no other may be asked");
	if (call->use_local)
		return local_turn(session, rec, call, err);
	samples = kb_rounds_samples(rounds);
	if (samples.len)
		kb_rec_set(rec, "samples", samples);
	return kb_record_reply(rec, session->opt.task, &calls, err);
}

void kb_session_wait(struct kb_session *session, int fd, int timeout_ms)
{
	struct pollfd fds[2] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = kb_calls_fd(session->calls), .events = POLLIN},
	};
	int64_t due = kb_calls_wait_ms(session->calls);

	if (due >= 0 && (timeout_ms < 0 || due < timeout_ms))
		timeout_ms = due < 60000 ? (int)due : 60000;
	poll(fds, 2, timeout_ms);
	kb_calls_run(session->calls, 0);
}

static void put_tallies(const struct kb_session *session, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_arr(&w);
	for (size_t i = 0; i < session->set.n; i++) {
		const struct kb_provider *p = &session->set.items[i];

		if (!p->tally.answers)
			continue;
		kb_jw_obj(&w);
		kb_jw_key(&w, "provider");
		kb_jw_cstr(&w, p->name);
		if (*p->model) {
			kb_jw_key(&w, "model");
			kb_jw_cstr(&w, p->model);
		}
		kb_jw_count(&w, "answers", p->tally.answers);
		kb_jw_count(&w, "prompt_tokens", p->tally.input_tokens);
		kb_jw_count(&w, "completion_tokens", p->tally.output_tokens);
		kb_jw_key(&w, "cost");
		kb_jw_fixed(&w, p->tally.cost, 8);
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
}

void kb_session_stats(const struct kb_session *session, struct kb_buf *members)
{
	kb_buf_printf(members,
		      "\"local\":%llu,\"prompt_tokens\":%llu,"
		      "\"completion_tokens\":%llu,\"cost\":%.8f,"
		      "\"providers\":",
		      (unsigned long long)session->local_records,
		      (unsigned long long)session->input_tokens,
		      (unsigned long long)session->output_tokens,
		      session->cost);
	put_tallies(session, members);
	if (session->opt.budget >= 0)
		kb_buf_printf(members, ",\"over_budget\":%llu",
			      (unsigned long long)session->refused);
}
