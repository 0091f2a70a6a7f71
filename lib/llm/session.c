#include "llm/session.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>

#include "answer/sentence_features.h"
#include "learn/model_file.h"
#include "llm/session_cache.h"
#include "llm/usage.h"
#include "record/members.h"
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

/* ---- the budget ---- */

#define ANSWER_TOKENS 1000 /* of an answer without a limit, before one came */

/* What a call may come to, by whom of the route is dearest. */
static double dearest(struct kb_session *session, const struct kb_form_ask *ask,
		      struct kb_arena *arena)
{
	int64_t longest = session->longest ? session->longest : ANSWER_TOKENS;
	struct kb_form_reply reply = KB_FORM_REPLY;
	double most = 0;

	if (!session->usage)
		session->usage = kb_usage_new();
	reply.output_tokens = ask->kind != KB_FORM_CHAT ? 0
			      : ask->max_tokens		? ask->max_tokens
							: longest;
	for (size_t i = 0; i < session->set.n; i++) {
		const struct kb_provider *p = &session->set.items[i];
		double cost;

		if (kb_provider_is_local(p))
			continue;
		if (reply.input_tokens < 0)
			reply.input_tokens =
			    kb_usage_input(session->usage, ask, p, arena);
		cost = kb_usage_cost(&reply, p);
		if (cost > most)
			most = cost;
	}
	return most;
}

static int check_prices(const struct kb_session *session, struct kb_err *err)
{
	if (session->opt.budget < 0)
		return 0;
	for (size_t i = 0; i < session->set.n; i++) {
		const struct kb_provider *p = &session->set.items[i];

		if (!kb_provider_is_local(p) && p->price_input <= 0 &&
		    p->price_output <= 0)
			return kb_err_set(err, KB_EINVAL,
					  "provider '%s' has no 'price': what "
					  "it costs cannot be kept within a "
					  "budget",
					  p->name);
	}
	return 0;
}

static double left_of(const struct kb_session *session)
{
	double left = session->opt.budget - session->cost;

	return left > 0 ? left : 0;
}

/* Calls under way are counted at the most they may cost: one that these leave
 * no room for waits, one that would pass the budget alone is barred. */
static enum kb_call_may may_begin(struct kb_call *call)
{
	struct kb_session *session = call->session;
	double left = left_of(session);

	if (call->cost > left)
		return KB_CALL_BARRED;
	if (call->cost + session->reserved > left && session->under_way)
		return KB_CALL_WAITS;
	session->reserved += call->cost;
	session->under_way++;
	return KB_CALL_GOES;
}

/* A call with its budget is done; KB_ELIMIT when it was not made. */
static int settle(struct kb_session *session, struct kb_call *call,
		  struct kb_err *err)
{
	if (call->barred) {
		session->refused++;
		kb_err_set(err, KB_ELIMIT,
			   "the budget has %.6f left, this may cost %.6f",
			   left_of(session), call->cost);
		if (err)
			err->retryable = true;
		return KB_ELIMIT;
	}
	session->under_way--;
	session->reserved =
	    session->under_way ? session->reserved - call->cost : 0;
	return 0;
}

bool kb_session_left(const struct kb_session *session, char *line, size_t size)
{
	if (!session->refused)
		return false;
	snprintf(line, size,
		 "the budget of %.6f: %.6f is left, %llu record%s not asked; "
		 "--retry or --resume goes on with another",
		 session->opt.budget, left_of(session),
		 (unsigned long long)session->refused,
		 session->refused == 1 ? " was" : "s were");
	return true;
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

static struct kb_session_cache *new_cache(const struct kb_session *session)
{
	const struct kb_session_options *opt = &session->opt;
	struct kb_cache_options options = {.dir = opt->cache_dir,
					   .name = "responses",
					   .size = opt->cache_size,
					   .ttl_s = opt->cache_ttl_s,
					   .warn = session->warn,
					   .arg = session->arg};

	return opt->cache_dir ? kb_session_cache_new(&options) : NULL;
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
	session->cache = new_cache(session);
	kb_arena_init(&session->arena);
	rc = make_members(session, err);
	if (!rc && opt->model_file)
		rc = load_weights(session, err);
	if (!rc)
		rc = load_providers(session, err);
	return rc ? rc : check_prices(session, err);
}

void kb_session_release(struct kb_session *session)
{
	kb_calls_free(session->calls);
	kb_session_cache_free(session->cache);
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

static struct kb_call *new_call(const struct kb_session *session,
				struct kb_arena *arena, uint64_t number)
{
	const struct kb_session_options *opt = &session->opt;
	struct kb_call *call = kb_arena_calloc(arena, 1, sizeof(*call));

	call->ask =
	    (struct kb_form_ask){.model = opt->model,
				 .system = kb_str_of(opt->system),
				 .temperature = opt->temperature,
				 .max_tokens = opt->max_tokens,
				 .options = kb_buf_str(&session->members),
				 .stream = opt->stream};
	call->arena = arena;
	call->deadline_ms = opt->deadline_ms;
	call->timeout_ms = opt->timeout_ms;
	call->seed = opt->seed ^ number;
	return call;
}

bool kb_session_is_remote(const struct kb_session *session)
{
	return session->set.n && !kb_provider_is_local(session->set.items);
}

int kb_session_begin(struct kb_session *session, struct kb_rec *rec,
		     uint64_t number, void (*on_done)(struct kb_call *call),
		     void (*on_text)(struct kb_call *call, struct kb_str piece),
		     void *arg, struct kb_err *err)
{
	struct kb_call *call;
	int rc;

	assert(session->calls); /* kb_session_open() has succeeded */
	assert(on_done);
	session->records++;
	if (kb_record_is_answered(rec))
		return 0;
	if (!kb_session_is_remote(session)) {
		if (!session->opt.dry_run)
			return local_turn(session, rec, NULL, err);
		return kb_record_request(rec, NULL, NULL, 0,
					 &session->set.secrets, err);
	}
	call = new_call(session, rec->arena, number);
	rc = kb_record_ask(rec, session->opt.task, &call->ask, err);
	if (rc)
		return rc;
	if (session->opt.dry_run)
		return show_request(session, rec, &call->ask, err);
	if (call->ask.kind == KB_FORM_RERANK && !call->ask.n_texts)
		return 0;
	if (session->cache &&
	    kb_session_cache_find(session->cache, call, session->set.items))
		return kb_session_end(session, call, rec, err);
	if (session->opt.budget >= 0) {
		call->cost = dearest(session, &call->ask, rec->arena);
		call->session = session;
		call->may_begin = may_begin;
	}
	call->on_done = on_done;
	call->on_text = on_text;
	call->arg = arg;
	if (!session->cache || kb_session_cache_go(session->cache, call))
		kb_calls_start(session->calls, call);
	return 1;
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

int kb_session_end(struct kb_session *session, struct kb_call *call,
		   struct kb_rec *rec, struct kb_err *err)
{
	int rc = 0;

	assert(!call->transfer); /* on_done() has been called */
	assert(rec);
	if (call->cached) {
		session->cached++;
		session->saved += kb_usage_cost(&call->reply, call->provider);
		return kb_record_reply(rec, session->opt.task, call, err);
	}
	if (call->class == KB_RETRY_OK && !call->use_local)
		add_cost(session, call, rec->arena);
	if (session->cache)
		rc = kb_session_cache_end(session->cache, call, err);
	if (call->may_begin && settle(session, call, err))
		return KB_ELIMIT;
	if (rc)
		return rc;
	if (call->use_local)
		return local_turn(session, rec, call, err);
	return kb_record_reply(rec, session->opt.task, call, err);
}

/* Of two waits; -1 is none. */
static int64_t sooner(int64_t a, int64_t b)
{
	return b >= 0 && (a < 0 || b < a) ? b : a;
}

void kb_session_wait(struct kb_session *session, int fd, int timeout_ms)
{
	struct pollfd fds[2] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = kb_calls_fd(session->calls), .events = POLLIN},
	};
	int64_t due = kb_calls_wait_ms(session->calls);

	if (session->cache)
		due = sooner(due, kb_session_cache_wait_ms(session->cache));
	if (due >= 0 && (timeout_ms < 0 || due < timeout_ms))
		timeout_ms = due < 60000 ? (int)due : 60000;
	poll(fds, 2, timeout_ms);
	kb_calls_run(session->calls, 0);
	if (session->cache)
		kb_session_cache_run(session->cache, session->calls);
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
	if (session->cache)
		kb_buf_printf(members, ",\"cached\":%llu,\"saved\":%.8f",
			      (unsigned long long)session->cached,
			      session->saved);
	if (session->opt.budget >= 0)
		kb_buf_printf(members, ",\"over_budget\":%llu",
			      (unsigned long long)session->refused);
}
