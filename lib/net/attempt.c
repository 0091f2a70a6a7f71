#include "net/attempt.h"

#include <stdio.h>

#include "base/clock.h"

#define ANSWER_MAX_BYTES ((size_t)32 << 20) /* of its bytes on the way */
#define EVENT_MAX_BYTES	 ((size_t)1 << 20)
#define BODY_MAX_BYTES	 ((size_t)64 << 20)
#define CONNECT_MS	 10000
#define STALL_MS	 30000

/* Show what is new and cannot be the beginning of a key. */
static void show(struct kb_call *call, bool more)
{
	struct kb_content *content = &call->stream.content;
	struct kb_buf piece;
	struct kb_str text;

	if (!call->on_text)
		return;
	if (content->recalled && call->shown)
		call->on_text(call, (struct kb_str){NULL, 0});
	if (content->recalled)
		call->shown = 0;
	content->recalled = false;
	text = kb_str_skip(kb_buf_str(&content->answer), call->shown);
	kb_buf_init(&piece, 0);
	call->shown += kb_secrets_hide(call->secrets, text, more, &piece);
	if (piece.len)
		call->on_text(call, kb_buf_str(&piece));
	kb_buf_release(&piece);
}

static void on_event(void *arg, struct kb_str event, struct kb_str data)
{
	struct kb_call *call = arg;
	struct kb_err err;

	(void)event;
	if (call->stream.done || call->sse_bad)
		return;
	if (kb_form_delta(&call->stream, data, call->arena, &call->reply,
			  &err)) {
		call->sse_bad = true;
		snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
		return;
	}
	show(call, true);
}

static void on_data(void *arg, const char *ptr, size_t len)
{
	struct kb_call *call = arg;
	struct kb_err err;

	if (!call->times.first_ns)
		call->times.first_ns = kb_clock_ns();
	if (!call->sse_open) {
		kb_sse_init(&call->sse, EVENT_MAX_BYTES, on_event, call);
		call->sse_open = true;
	}
	if (call->sse_bad)
		return;
	if (kb_sse_feed(&call->sse, ptr, len, &err)) {
		call->sse_bad = true;
		snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
	}
}

/* Words of the provider, made fit for a message. */
static void say(struct kb_call *call, int status, struct kb_str words)
{
	char quoted[KB_QUOTE_MAX];

	kb_err_quote(quoted, words.ptr ? words.ptr : "", words.len);
	if (!words.len)
		snprintf(call->why, sizeof(call->why), "HTTP %d", status);
	else if (status / 100 == 2)
		snprintf(call->why, sizeof(call->why), "%s", quoted);
	else
		snprintf(call->why, sizeof(call->why), "HTTP %d: %s", status,
			 quoted);
}

/* Nothing that came from outside leaves with a key in it. */
static void hide_secrets(struct kb_call *call)
{
	const struct kb_secrets *secrets = call->secrets;
	struct kb_form_reply *r = &call->reply;
	struct kb_str *const texts[] = {&r->text,	&r->reasoning,
					&r->model,	&r->finish,
					&r->error_code, &r->error_message};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = kb_secrets_hidden(secrets, *texts[i], call->arena);
	r->tool_calls =
	    kb_secrets_hidden_json(secrets, r->tool_calls, call->arena);
}

/* Is a well-formed reply an answer? */
static enum kb_retry_class judge_reply(struct kb_call *call)
{
	const struct kb_form_reply *r = &call->reply;

	if (kb_str_is(r->finish, "content_filter") || r->refused) {
		snprintf(call->why, sizeof(call->why),
			 "the provider declined to answer (%s)",
			 r->refused ? "refusal" : "content_filter");
		return KB_RETRY_CONTENT;
	}
	if (r->unfinished) {
		char quoted[KB_QUOTE_MAX];

		snprintf(call->why, sizeof(call->why),
			 "the provider stopped before the end (%s)",
			 kb_err_quote(quoted, r->finish.ptr, r->finish.len));
		return KB_RETRY_TRUNCATED;
	}
	/* What ended at its token limit is told by who reads the reply. */
	if (call->ask.kind == KB_FORM_CHAT && !r->text.len &&
	    !r->tool_calls.len && !kb_str_is(r->finish, "length")) {
		char quoted[KB_QUOTE_MAX];

		snprintf(call->why, sizeof(call->why),
			 "the answer is empty (finish_reason '%s')",
			 kb_err_quote(quoted,
				      r->finish.len ? r->finish.ptr : "",
				      r->finish.len));
		return KB_RETRY_TRUNCATED;
	}
	return KB_RETRY_OK;
}

static enum kb_retry_class judge_stream(struct kb_call *call)
{
	struct kb_err err;

	if (!call->sse_bad && kb_sse_end(&call->sse, &err)) {
		call->sse_bad = true;
		snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
	}
	if (call->sse_bad)
		return KB_RETRY_TRUNCATED;
	kb_form_stream_end(&call->stream, call->arena, &call->reply);
	show(call, false);
	hide_secrets(call);
	/* It may be said to be whole in two ways, and must be in one. */
	if (!call->reply.finish.len && !call->stream.done &&
	    !call->reply.error_message.len) {
		snprintf(call->why, sizeof(call->why),
			 "the stream ends without a finish_reason and without "
			 "[DONE]");
		return KB_RETRY_TRUNCATED;
	}
	return judge_reply(call);
}

/* A whole 2xx body that is no stream. */
static enum kb_retry_class judge_body(struct kb_call *call,
				      const struct kb_http_reply *reply)
{
	struct kb_err err;

	if (kb_form_parse(&call->ask, kb_dialect_of(call->provider),
			  reply->body, call->arena, &call->reply, &err)) {
		snprintf(call->why, sizeof(call->why), "%.200s (type '%s')",
			 err.msg, reply->type);
		return KB_RETRY_TRANSIENT;
	}
	hide_secrets(call);
	return KB_RETRY_OK;
}

static enum kb_retry_class classify(const struct kb_call *call,
				    const struct kb_http_reply *reply)
{
	return kb_retry_classify(reply, call->reply.error_code,
				 call->reply.error_message,
				 kb_dialect_of(call->provider)->words);
}

static enum kb_retry_class judge(struct kb_call *call,
				 const struct kb_http_reply *reply)
{
	struct kb_form_reply *r = &call->reply;
	enum kb_retry_class class;
	bool good = reply->end == KB_HTTP_COMPLETE && reply->status / 100 == 2;

	if (reply->end != KB_HTTP_COMPLETE) {
		snprintf(call->why, sizeof(call->why), "%s", reply->why);
		return classify(call, reply);
	}
	if (call->sse_open) {
		class = judge_stream(call);
	} else if (good) {
		class = judge_body(call, reply);
		if (class == KB_RETRY_OK && !r->error_message.len)
			class = judge_reply(call);
	} else {
		/* An error's body names its kind, when it is of the form. */
		kb_form_parse(&call->ask, kb_dialect_of(call->provider),
			      reply->body, call->arena, r, NULL);
		hide_secrets(call);
		class = classify(call, reply);
		say(call, reply->status, r->error_message);
		return class;
	}
	if (r->error_message.len) {
		class = classify(call, reply);
		if (call->sse_open && class == KB_RETRY_TRANSIENT)
			class = KB_RETRY_TRUNCATED;
		say(call, reply->status, r->error_message);
	}
	return class;
}

static void on_done(void *arg, const struct kb_http_reply *reply)
{
	struct kb_call *call = arg;
	struct kb_attempt_end end = {.status = reply->status,
				     .retry_after_ms = reply->retry_after_ms};

	call->transfer = NULL;
	end.class = judge(call, reply);
	if (call->reply.retry_after_ms > end.retry_after_ms)
		end.retry_after_ms = call->reply.retry_after_ms;
	call->ended(call, end);
}

void kb_attempt_release(struct kb_call *call)
{
	kb_buf_release(&call->body);
	kb_form_stream_release(&call->stream);
	if (call->sse_open)
		kb_sse_release(&call->sse);
	call->sse_open = false;
}

static void attempt_reset(struct kb_call *call)
{
	kb_attempt_release(call);
	kb_buf_init(&call->body, BODY_MAX_BYTES);
	kb_form_stream_init(&call->stream, kb_dialect_of(call->provider));
	call->shown = 0;
	call->sse_bad = false;
	call->reply = KB_FORM_REPLY;
}

int kb_attempt_start(struct kb_http *http, struct kb_providers *set,
		     struct kb_provider *provider, struct kb_call *call,
		     int64_t timeout_ms,
		     void (*ended)(struct kb_call *call,
				   struct kb_attempt_end end),
		     enum kb_retry_class *fault, struct kb_err *err)
{
	const char *headers[2 + KB_LINES_MAX] = {
	    "Content-Type: application/json", "Accept: application/json"};
	struct kb_http_request req = {.headers = headers, .n_headers = 2};
	int rc = kb_provider_settle(set, provider, (int)timeout_ms, err);

	/* Its key is unusable: so it will stay. */
	*fault = KB_RETRY_ACCOUNT;
	if (rc)
		return rc;
	*fault = KB_RETRY_CAPACITY;
	req.url = kb_form_url(&call->ask, provider, call->arena, err);
	if (!req.url)
		return KB_EINVAL;
	attempt_reset(call);
	call->ended = ended;
	call->secrets = &set->secrets;
	kb_form_build(&call->ask, provider, &call->body);
	if (call->body.over)
		return kb_err_set(err, KB_ELIMIT,
				  "the request is larger than %zu bytes",
				  BODY_MAX_BYTES);
	if (call->ask.stream)
		headers[1] = "Accept: text/event-stream, application/json";
	for (size_t i = 0; i < provider->n_lines; i++)
		headers[req.n_headers++] = provider->lines[i];
	req.ca_file = provider->ca_file;
	req.insecure = provider->insecure_http;
	req.body = kb_buf_str(&call->body);
	req.timeout_ms = timeout_ms;
	req.connect_ms = timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS;
	req.stall_ms = call->ask.stream ? STALL_MS : 0;
	req.max_body_bytes = ANSWER_MAX_BYTES;
	req.on_data = call->ask.stream ? on_data : NULL;
	req.on_done = on_done;
	req.arg = call;
	*fault = KB_RETRY_ACCOUNT;
	call->times = (struct kb_attempt_times){
	    .sent_wall_ns = kb_clock_wall_ns(), .sent_ns = kb_clock_ns()};
	call->transfer = kb_http_start(http, &req, err);
	return call->transfer ? 0 : KB_EINVAL;
}
