#include "net/attempt.h"

#include <stdio.h>

#define ANSWER_MAX_BYTES ((size_t)32 << 20)
#define EVENT_MAX_BYTES	 ((size_t)1 << 20)
#define BODY_MAX_BYTES	 ((size_t)64 << 20)
#define CONNECT_MS	 10000
#define STALL_MS	 30000

static void on_event(void *arg, struct kb_str event, struct kb_str data)
{
	struct kb_call *call = arg;
	size_t before = call->text.len;
	struct kb_err err;

	(void)event;
	if (call->sse_done || call->sse_bad)
		return;
	if (kb_form_delta(data, call->arena, &call->text, &call->reply,
			  &call->sse_done, &err)) {
		call->sse_bad = true;
		snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
		return;
	}
	if (call->on_text && call->text.len > before)
		call->on_text(call, (struct kb_str){call->text.ptr + before,
						    call->text.len - before});
}

static void on_data(void *arg, const char *ptr, size_t len)
{
	struct kb_call *call = arg;
	struct kb_err err;

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
	if (!r->finish.len) {
		snprintf(call->why, sizeof(call->why),
			 "the answer ends without a finish_reason");
		return KB_RETRY_TRUNCATED;
	}
	if (call->ask.kind == KB_FORM_CHAT && !r->text.len) {
		snprintf(call->why, sizeof(call->why),
			 "the answer is empty (finish_reason '%.40s')",
			 r->finish.ptr);
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
	call->reply.text = kb_arena_copy(call->arena, kb_buf_str(&call->text));
	return judge_reply(call);
}

/* A whole 2xx body that is no stream. */
static enum kb_retry_class judge_body(struct kb_call *call,
				      const struct kb_http_reply *reply)
{
	struct kb_err err;

	if (kb_form_parse(&call->ask, reply->body, call->arena, &call->reply,
			  &err)) {
		snprintf(call->why, sizeof(call->why), "%.200s (type '%s')",
			 err.msg, reply->type);
		return KB_RETRY_TRANSIENT;
	}
	return KB_RETRY_OK;
}

static enum kb_retry_class judge(struct kb_call *call,
				 const struct kb_http_reply *reply)
{
	struct kb_form_reply *r = &call->reply;
	enum kb_retry_class class;
	bool good = reply->end == KB_HTTP_COMPLETE && reply->status / 100 == 2;

	if (reply->end != KB_HTTP_COMPLETE) {
		snprintf(call->why, sizeof(call->why), "%s", reply->why);
		return kb_retry_classify(reply, (struct kb_str){0},
					 (struct kb_str){0});
	}
	if (call->sse_open) {
		class = judge_stream(call);
	} else if (good) {
		class = judge_body(call, reply);
		if (class == KB_RETRY_OK && !r->error_message.len)
			class = judge_reply(call);
	} else {
		/* An error's body names its kind, when it is of the form. */
		kb_form_parse(&call->ask, reply->body, call->arena, r, NULL);
		class =
		    kb_retry_classify(reply, r->error_code, r->error_message);
		say(call, reply->status, r->error_message);
		return class;
	}
	if (r->error_message.len) {
		class =
		    kb_retry_classify(reply, r->error_code, r->error_message);
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
	kb_attempt_ended(call, end);
}

void kb_attempt_release(struct kb_call *call)
{
	kb_buf_release(&call->body);
	kb_buf_release(&call->text);
	if (call->sse_open)
		kb_sse_release(&call->sse);
	call->sse_open = false;
}

static void attempt_reset(struct kb_call *call)
{
	kb_attempt_release(call);
	kb_buf_init(&call->body, BODY_MAX_BYTES);
	kb_buf_init(&call->text, ANSWER_MAX_BYTES);
	call->sse_done = false;
	call->sse_bad = false;
	call->reply =
	    (struct kb_form_reply){.input_tokens = -1, .output_tokens = -1};
}

int kb_attempt_start(struct kb_http *http, struct kb_providers *set,
		     struct kb_provider *provider, struct kb_call *call,
		     int64_t timeout_ms, struct kb_err *err)
{
	const char *headers[3] = {"Content-Type: application/json",
				  "Accept: application/json"};
	struct kb_http_request req = {.headers = headers, .n_headers = 2};
	int rc = kb_provider_key(set, provider, (int)timeout_ms, err);

	if (rc)
		return rc;
	attempt_reset(call);
	kb_form_build(&call->ask, provider, &call->body);
	if (call->body.over)
		return kb_err_set(err, KB_ELIMIT,
				  "the request is larger than %zu bytes",
				  BODY_MAX_BYTES);
	if (call->ask.stream)
		headers[1] = "Accept: text/event-stream, application/json";
	if (provider->auth)
		headers[req.n_headers++] = provider->auth;
	req.url = kb_arena_printf(call->arena, "%s%s", provider->base_url,
				  kb_form_path(call->ask.kind));
	req.body = kb_buf_str(&call->body);
	req.timeout_ms = timeout_ms;
	req.connect_ms = timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS;
	req.stall_ms = call->ask.stream ? STALL_MS : 0;
	req.max_body_bytes = ANSWER_MAX_BYTES;
	req.on_data = call->ask.stream ? on_data : NULL;
	req.on_done = on_done;
	req.arg = call;
	call->transfer = kb_http_start(http, &req, err);
	return call->transfer ? 0 : KB_EINVAL;
}
