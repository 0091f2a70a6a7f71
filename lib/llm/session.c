#include "llm/session.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>

#include "answer/meaning.h"
#include "answer/sentence_features.h"
#include "base/clock.h"
#include "learn/model_file.h"
#include "llm/budget.h"
#include "llm/session_cache.h"
#include "llm/session_impl.h"
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
	if (!rc && session->set.cascade.len && !session->opt.model &&
	    session->opt.task == KB_RECORD_ANSWER)
		return kb_cascade_open(&session->cascade, &session->set, err);
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
	struct kb_local_models models = {.meaning = session->meaning,
					 .answer = judges ? NULL : weights,
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
				  "--samples-least %llu is more than the %llu "
				  "of --samples",
				  (unsigned long long)opt->least,
				  (unsigned long long)opt->samples);
	session->rule.samples = opt->samples;
	session->rule.least = opt->least;
	return 0;
}

static int check_remote(const struct kb_session *session, struct kb_err *err)
{
	if (session->cascade && session->rule.samples <= 1 &&
	    kb_cascade_wants_confidence(session->cascade) &&
	    !kb_provider_is_local(session->set.items))
		return kb_err_set(err, KB_EINVAL,
				  "cascade: a confidence needs --samples, or "
				  "'local' as the small one");
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
	if (opt->outcomes) {
		session->training.keep = opt->keep;
		return 0;
	}
	rc = make_members(session, err);
	if (!rc && opt->model_file)
		rc = load_weights(session, err);
	if (!rc && opt->encoder && *opt->encoder)
		rc = kb_meaning_open(&session->meaning, opt->encoder, err);
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
	kb_session_tell_left(session);
	kb_router_release(&session->training);
	kb_calls_free(session->calls);
	kb_trace_close(session->trace);
	kb_schema_free(session->schema);
	kb_cascade_free(session->cascade);
	kb_session_cache_free(session->cache);
	if (session->local)
		session->local->free(session->local);
	kb_meaning_close(session->meaning);
	kb_buf_release(&session->members);
	kb_usage_free(session->usage);
	kb_arena_release(&session->arena);
	kb_providers_release(&session->set);
}

/* ---- records ---- */

int kb_session_local_turn(struct kb_session *session, struct kb_rec *rec,
			  const struct kb_call *call, struct kb_err *err)
{
	if (!session->local)
		session->local = new_local(session);
	session->local_records++;
	return kb_record_local(rec, session->opt.task, session->local, call,
			       err);
}

bool kb_session_is_remote(const struct kb_session *session)
{
	return session->cascade ||
	       (session->set.n && !kb_provider_is_local(session->set.items));
}

void kb_session_add_cost(struct kb_session *session, struct kb_call *call,
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

int kb_session_learn(struct kb_session *session, int64_t date,
		     struct kb_buf *out, struct kb_err *err)
{
	struct kb_buf said;
	int rc;

	session->training.now_s = date;
	rc = kb_router_learn(&session->training, out, err);
	if (rc)
		return rc;
	kb_buf_init(&said, 0);
	kb_router_tell(&session->training, &said);
	if (session->warn)
		session->warn(session->arg, said.ptr);
	kb_buf_release(&said);
	return 0;
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
