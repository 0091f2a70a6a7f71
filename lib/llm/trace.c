#include "llm/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "json/write.h"

struct kb_trace {
	int fd;
	const char *path; /* borrowed */
	bool messages;
	bool is_cut; /* the last line is: the next begins with a newline */
	uint64_t nonce, n, lost;
	struct kb_buf line;
	void (*warn)(void *arg, const char *line);
	void *arg;
};

int kb_trace_open(struct kb_trace **out, const char *path, bool messages,
		  void (*warn)(void *arg, const char *line), void *arg,
		  struct kb_err *err)
{
	int fd = open(
	    path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	struct kb_trace *trace;

	*out = NULL;
	if (fd < 0)
		return kb_err_sys(err, "cannot write the trace '%s'", path);
	trace = kb_calloc(1, sizeof(*trace));
	trace->fd = fd;
	trace->path = path;
	trace->messages = messages;
	trace->warn = warn;
	trace->arg = arg;
	while (getrandom(&trace->nonce, sizeof(trace->nonce), 0) !=
	       sizeof(trace->nonce))
		;
	kb_buf_init(&trace->line, 0);
	*out = trace;
	return 0;
}

static void say(const struct kb_trace *trace, const char *line)
{
	if (trace->warn)
		trace->warn(trace->arg, line);
}

void kb_trace_close(struct kb_trace *trace)
{
	char line[120];

	if (!trace)
		return;
	if (trace->lost) {
		snprintf(line, sizeof(line),
			 "the trace lacks %llu of %llu requests",
			 (unsigned long long)trace->lost,
			 (unsigned long long)trace->n);
		say(trace, line);
	}
	close(trace->fd);
	kb_buf_release(&trace->line);
	free(trace);
}

/* ---- attributes ---- */

static void put_count(struct kb_jw *w, const char *name, int64_t n)
{
	if (n < 0)
		return;
	kb_jw_key(w, name);
	kb_jw_int(w, n);
}

static void put_text(struct kb_jw *w, const char *name, struct kb_str text)
{
	if (!text.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, text);
}

/* Host and port of a base URL; whoever is named before an '@' is nobody's
 * business. */
static void put_server(struct kb_jw *w, const char *url)
{
	const char *start = strstr(url, "://"), *end, *at, *colon;
	struct kb_str host;

	start = start ? start + 3 : url;
	end = start + strcspn(start, "/?#");
	at = memchr(start, '@', (size_t)(end - start));
	start = at ? at + 1 : start;
	colon =
	    *start == '[' ? memchr(start, ']', (size_t)(end - start)) : start;
	colon = colon ? memchr(colon, ':', (size_t)(end - colon)) : NULL;
	host = (struct kb_str){start, (size_t)((colon ? colon : end) - start)};
	put_text(w, "server.address", host);
	if (colon) {
		kb_jw_key(w, "server.port");
		kb_jw_int(w, strtol(colon + 1, NULL, 10));
	}
}

static const char *operation(const struct kb_form_ask *ask)
{
	switch (ask->kind) {
	case KB_FORM_EMBED:
		return "embeddings";
	case KB_FORM_RERANK:
		return "rerank";
	default:
		return "chat";
	}
}

static void put_request(struct kb_jw *w, const struct kb_call *call)
{
	const struct kb_provider *p = call->provider;
	const struct kb_form_ask *ask = &call->ask;

	kb_jw_key(w, "gen_ai.operation.name");
	kb_jw_cstr(w, operation(ask));
	kb_jw_key(w, "gen_ai.provider.name");
	kb_jw_cstr(w, kb_dialect_of(p)->system);
	put_text(w, "gen_ai.request.model", kb_str_of(kb_form_model(ask, p)));
	if (ask->kind == KB_FORM_CHAT && ask->temperature >= 0) {
		kb_jw_key(w, "gen_ai.request.temperature");
		kb_jw_num(w, ask->temperature);
	}
	if (ask->max_tokens > 0)
		put_count(w, "gen_ai.request.max_tokens", ask->max_tokens);
	if (ask->stream) {
		kb_jw_key(w, "gen_ai.request.stream");
		kb_jw_bool(w, true);
	}
	put_server(w, p->base_url);
	put_text(w, "kb.provider", kb_str_of(p->name));
	put_text(w, "kb.record.id", call->id);
	kb_jw_count(w, "kb.record.number", call->number);
	kb_jw_count(w, "kb.attempt", call->n_attempts);
}

static void put_reply(struct kb_jw *w, const struct kb_call *call,
		      struct kb_attempt_end end)
{
	const struct kb_form_reply *r = &call->reply;
	const struct kb_attempt_times *t = &call->times;

	put_text(w, "gen_ai.response.model", r->model);
	if (r->finish.len) {
		kb_jw_key(w, "gen_ai.response.finish_reasons");
		kb_jw_arr(w);
		kb_jw_str(w, r->finish);
		kb_jw_end(w);
	}
	if (t->first_ns) {
		kb_jw_key(w, "gen_ai.response.time_to_first_chunk");
		kb_jw_fixed(w, (double)(t->first_ns - t->sent_ns) / 1e9, 6);
	}
	put_count(w, "gen_ai.usage.input_tokens", r->input_tokens);
	put_count(w, "gen_ai.usage.output_tokens", r->output_tokens);
	put_count(w, "gen_ai.usage.cache_read.input_tokens", r->cached_tokens);
	if (end.status)
		put_count(w, "http.response.status_code", end.status);
	if (end.class == KB_RETRY_OK)
		return;
	kb_jw_key(w, "error.type");
	kb_jw_cstr(w, kb_retry_name(end.class));
	put_count(w, "kb.retry_after_ms", end.retry_after_ms);
}

/* What was asked and what came; keys are in neither. */
static void put_messages(struct kb_jw *w, const struct kb_call *call,
			 bool is_ok)
{
	const struct kb_form_reply *r = &call->reply;
	struct kb_str messages = kb_secrets_hidden_json(
	    call->secrets, call->ask.messages, call->arena);

	put_text(
	    w, "gen_ai.system_instructions",
	    kb_secrets_hidden(call->secrets, call->ask.system, call->arena));
	if (messages.len) {
		kb_jw_key(w, "gen_ai.input.messages");
		kb_jw_raw(w, messages);
	}
	if (!is_ok) {
		put_text(w, "error.message", kb_str_of(call->why));
		return;
	}
	kb_jw_key(w, "gen_ai.output.messages");
	kb_jw_arr(w);
	kb_jw_obj(w);
	put_text(w, "role", KB_STR("assistant"));
	put_text(w, "content", r->text);
	put_text(w, "finish_reason", r->finish);
	if (r->tool_calls.len) {
		kb_jw_key(w, "tool_calls");
		kb_jw_raw(w, r->tool_calls);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}

/* ---- lines ---- */

static void make_line(struct kb_trace *trace, const struct kb_call *call,
		      struct kb_attempt_end end)
{
	bool is_ok = end.class == KB_RETRY_OK;
	const char *model = kb_form_model(&call->ask, call->provider);
	uint64_t took = kb_clock_ns() - call->times.sent_ns;
	uint64_t record = trace->nonce ^ kb_mix64(call->number);
	struct kb_jw w;
	char text[64];

	kb_jw_init(&w, &trace->line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "name");
	kb_jw_cstr(&w,
		   kb_arena_printf(call->arena, "%s%s%s", operation(&call->ask),
				   *model ? " " : "", model));
	kb_jw_key(&w, "kind");
	kb_jw_cstr(&w, "client");
	/* a trace is a record of this process, a span a request of it */
	snprintf(text, sizeof(text), "%016llx%016llx",
		 (unsigned long long)kb_mix64(trace->nonce),
		 (unsigned long long)kb_mix64(record));
	kb_jw_key(&w, "trace_id");
	kb_jw_cstr(&w, text);
	snprintf(text, sizeof(text), "%016llx",
		 (unsigned long long)kb_mix64(trace->nonce + trace->n));
	kb_jw_key(&w, "span_id");
	kb_jw_cstr(&w, text);
	kb_jw_key(&w, "start_time_unix_nano");
	kb_jw_int(&w, call->times.sent_wall_ns);
	kb_jw_key(&w, "end_time_unix_nano");
	kb_jw_int(&w, call->times.sent_wall_ns + (int64_t)took);
	kb_jw_key(&w, "status");
	kb_jw_cstr(&w, is_ok ? "ok" : "error");
	kb_jw_key(&w, "attributes");
	kb_jw_obj(&w);
	put_request(&w, call);
	put_reply(&w, call, end);
	if (trace->messages)
		put_messages(&w, call, is_ok);
	kb_jw_end(&w);
	kb_jw_end(&w);
	kb_buf_add_char(&trace->line, '\n');
}

/* All of the line, in one call where the system takes it so. */
static bool write_line(struct kb_trace *trace)
{
	const char *p = trace->line.ptr;
	size_t left = trace->line.len;

	while (left) {
		ssize_t n = write(trace->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			trace->is_cut |= left < trace->line.len;
			return false;
		}
		p += n;
		left -= (size_t)n;
	}
	trace->is_cut = false;
	return true;
}

void kb_trace_attempt(void *arg, const struct kb_call *call,
		      struct kb_attempt_end end)
{
	struct kb_trace *trace = arg;
	char line[400];

	trace->n++;
	kb_buf_reset(&trace->line);
	if (trace->is_cut)
		kb_buf_add_char(&trace->line, '\n');
	make_line(trace, call, end);
	if (write_line(trace))
		return;
	if (!trace->lost++) {
		snprintf(line, sizeof(line),
			 "cannot write the trace '%.200s': %s; the answers go "
			 "on without",
			 trace->path, strerror(errno));
		say(trace, line);
	}
}
