#include "llm/session.h"

#include <assert.h>
#include <poll.h>

#include "answer/sentence_features.h"
#include "learn/model_file.h"
#include "llm/usage.h"
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

static int load_providers(struct kb_session *session, struct kb_err *err)
{
	const char *only = session->opt.provider;
	int rc = 0;

	/* The built-in one needs no configuration, not even a sound one. */
	if (!only || strcmp(only, "local"))
		rc = kb_providers_load(&session->set, session->opt.config,
				       session->opt.model, err);
	if (!rc && session->set.key_unused && session->warn)
		session->warn(session->arg,
			      "OPENAI_API_KEY alone sends nothing: name a "
			      "model (-m) or OPENAI_BASE_URL");
	kb_providers_know(&session->set);
	if (!rc && only)
		rc = kb_providers_select(&session->set, only, err);
	return rc;
}

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
	return rc ? rc : load_providers(session, err);
}

void kb_session_release(struct kb_session *session)
{
	kb_calls_free(session->calls);
	if (session->local)
		session->local->free(session->local);
	kb_buf_release(&session->members);
	kb_usage_free(session->usage);
	kb_arena_release(&session->arena);
	kb_providers_release(&session->set);
}

static int local_turn(struct kb_session *session, struct kb_rec *rec,
		      const struct kb_call *call, struct kb_err *err)
{
	if (!session->local)
		session->local = new_local(session);
	session->local_records++;
	return kb_record_local(rec, session->opt.task, session->local, call,
			       err);
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
	if (!kb_session_is_remote(session)) {
		if (!session->opt.dry_run)
			return local_turn(session, rec, NULL, err);
		kb_record_request(rec, NULL, NULL, &session->set.secrets);
		return 0;
	}
	call = new_call(session, rec->arena, number);
	rc = kb_record_ask(rec, session->opt.task, &call->ask, err);
	if (rc)
		return rc;
	if (session->opt.dry_run) {
		kb_record_request(rec, &call->ask, session->set.items,
				  &session->set.secrets);
		return 0;
	}
	if (call->ask.kind == KB_FORM_RERANK && !call->ask.n_texts)
		return 0;
	call->on_done = on_done;
	call->on_text = on_text;
	call->arg = arg;
	kb_calls_start(session->calls, call);
	return 1;
}

static void add_cost(struct kb_session *session, struct kb_call *call,
		     struct kb_arena *arena)
{
	const struct kb_form_reply *r = &call->reply;
	double in, out;

	if (!session->usage)
		session->usage = kb_usage_new();
	kb_usage_complete(session->usage, call, arena);
	in = r->input_tokens > 0 ? (double)r->input_tokens : 0;
	out = r->output_tokens > 0 ? (double)r->output_tokens : 0;
	session->input_tokens += (uint64_t)in;
	session->output_tokens += (uint64_t)out;
	session->cost += (in * call->provider->price_input +
			  out * call->provider->price_output) /
			 1e6;
}

int kb_session_end(struct kb_session *session, struct kb_call *call,
		   struct kb_rec *rec, struct kb_err *err)
{
	assert(!call->transfer); /* on_done() has been called */
	assert(rec);
	if (call->use_local)
		return local_turn(session, rec, call, err);
	if (call->class == KB_RETRY_OK)
		add_cost(session, call, rec->arena);
	return kb_record_reply(rec, session->opt.task, call, err);
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

void kb_session_stats(const struct kb_session *session, struct kb_buf *members)
{
	kb_buf_printf(members,
		      "\"local\":%llu,\"prompt_tokens\":%llu,"
		      "\"completion_tokens\":%llu,\"cost\":%.8f",
		      (unsigned long long)session->local_records,
		      (unsigned long long)session->input_tokens,
		      (unsigned long long)session->output_tokens,
		      session->cost);
}
