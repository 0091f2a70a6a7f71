#include "net/calls.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "net/attempt.h"
#include "net/breaker.h"

#define SAME_AGAIN   2	/* further tries after a transient failure */
#define BUSY_MS	     20 /* while it answers as many as it may */
#define PROBES	     2
#define TOKEN_BYTES  4 /* of a question, about */
#define FREE_RETRIES 10

struct kb_calls {
	struct kb_providers *providers;
	struct kb_http *http; /* NULL before the first request */
	struct kb_breakers *breakers;
	struct kb_timers timers;
	struct kb_call *calls; /* under way */
	size_t n_calls, limit;
	struct kb_call *queue, *queue_end; /* first come, first served */
	size_t n_queued;
	uint64_t requests, retries;
	void (*warn)(void *arg, const char *line);
	void *arg;
	void (*seen)(void *arg, const struct kb_call *call,
		     struct kb_attempt_end end);
	void *seen_arg;
};

struct kb_calls *kb_calls_new(struct kb_providers *providers, size_t limit,
			      void (*warn)(void *arg, const char *line),
			      void *arg)
{
	struct kb_calls *calls = kb_calloc(1, sizeof(*calls));

	calls->providers = providers;
	calls->breakers = kb_breakers_new(warn, arg);
	calls->limit = limit ? limit : 1;
	calls->warn = warn;
	calls->arg = arg;
	return calls;
}

void kb_calls_watch(struct kb_calls *calls,
		    void (*seen)(void *arg, const struct kb_call *call,
				 struct kb_attempt_end end),
		    void *arg)
{
	calls->seen = seen;
	calls->seen_arg = arg;
}

/* Take a call that is under way out of the engine. */
static void take_out(struct kb_calls *calls, struct kb_call *call)
{
	if (call->transfer)
		kb_http_cancel(calls->http, call->transfer);
	call->transfer = NULL;
	kb_timers_remove(&calls->timers, &call->wake);
	kb_attempt_release(call);
	if (call->prev)
		call->prev->next = call->next;
	else
		calls->calls = call->next;
	if (call->next)
		call->next->prev = call->prev;
	call->prev = call->next = NULL;
	calls->n_calls--;
}

void kb_calls_free(struct kb_calls *calls)
{
	if (!calls)
		return;
	while (calls->calls)
		take_out(calls, calls->calls);
	kb_http_free(calls->http);
	kb_timers_release(&calls->timers);
	kb_breakers_free(calls->breakers);
	free(calls);
}

static struct kb_call *call_of(struct kb_timer *timer)
{
	return (struct kb_call *)((char *)timer -
				  offsetof(struct kb_call, wake));
}

static void wake_at(struct kb_call *call, int64_t at_ms)
{
	call->wake.at_ms = at_ms;
	kb_timers_add(&call->engine->timers, &call->wake);
}

/* Let queued calls begin while there is room; their work starts in
 * kb_calls_run(), so nothing here calls back. */
static void begin(struct kb_calls *calls)
{
	while (calls->queue && calls->n_calls < calls->limit) {
		struct kb_call *call = calls->queue;
		enum kb_call_may may =
		    call->may_begin ? call->may_begin(call) : KB_CALL_GOES;

		if (may == KB_CALL_WAITS)
			break;
		call->barred = may == KB_CALL_BARRED;
		calls->queue = call->next;
		calls->n_queued--;
		call->prev = NULL;
		call->next = calls->calls;
		if (call->next)
			call->next->prev = call;
		calls->calls = call;
		calls->n_calls++;
		call->began_ns = kb_clock_ns();
		call->deadline_at_ms = kb_clock_ms() + call->deadline_ms;
		wake_at(call, 0);
	}
}

static void finish(struct kb_call *call, enum kb_retry_class class)
{
	struct kb_calls *calls = call->engine;

	call->class = class;
	take_out(calls, call);
	call->on_done(call); /* the call is gone then */
	begin(calls);
}

static void note(struct kb_call *call, const struct kb_provider *provider,
		 enum kb_retry_class class, int status)
{
	if (call->n_attempts == KB_ATTEMPTS_MAX)
		return;
	call->attempts[call->n_attempts++] =
	    (struct kb_attempt){provider->name, class, status};
}

/* What a question may take of the tokens of a minute. */
static int64_t tokens_of(const struct kb_form_ask *ask)
{
	size_t bytes = ask->messages.len + ask->system.len;

	for (size_t i = 0; i < ask->n_texts; i++)
		bytes += ask->texts[i].len + ask->query.len;
	return (int64_t)(bytes / TOKEN_BYTES) + ask->max_tokens;
}

/* One that is open for its failures is waited for till PROBES attempts of
 * anybody's have failed again, and no longer; nor by who has failed there. */
static bool is_given_up(struct kb_call *call, size_t at,
			const struct kb_breaker_wait *wait)
{
	if (!wait->open)
		return false;
	if (!call->epoch[at])
		call->epoch[at] = (uint64_t)wait->epoch + 1;
	if (!call->tries[at] &&
	    (uint64_t)wait->epoch + 1 - call->epoch[at] < PROBES)
		return false;
	call->passed[at] = true;
	if (!call->n_attempts)
		snprintf(call->why, sizeof(call->why),
			 "it failed %d times in a row, and again when it was "
			 "asked once more; it is asked again in %lld ms",
			 KB_BREAKER_COUNT, (long long)wait->ms);
	return true;
}

/* May this one be asked now? *wait otherwise tells when. */
static bool is_free(struct kb_call *call, struct kb_provider *p,
		    struct kb_breaker_wait *wait)
{
	int64_t lease = p->timeout_ms ? p->timeout_ms : call->timeout_ms;

	*wait = (struct kb_breaker_wait){.ms = BUSY_MS};
	if (p->concurrent > 0 && (double)p->under_way >= p->concurrent)
		return false;
	return kb_breaker_ask(call->engine->breakers, p,
			      kb_form_model(&call->ask, p),
			      tokens_of(&call->ask), lease, wait);
}

/*
 * The provider to ask now: the first that is neither passed over nor to be left
 * alone. -1 when there is none; *wait_ms then tells when one may be asked, or
 * stays -1.
 */
static int choose(struct kb_call *call, int64_t *wait_ms)
{
	struct kb_providers *set = call->engine->providers;

	*wait_ms = -1;
	for (size_t i = 0; i < set->n; i++) {
		struct kb_provider *p = &set->items[i];
		struct kb_breaker_wait wait;

		p->number = i;
		if (call->passed[i] || p->is_out)
			continue;
		if (kb_provider_is_local(p) || is_free(call, p, &wait))
			return (int)i;
		if (!call->provider)
			call->provider = p;
		if (is_given_up(call, i, &wait))
			continue;
		if (*wait_ms < 0 || wait.ms < *wait_ms)
			*wait_ms = wait.ms;
	}
	return -1;
}

/* Nobody is left: say why, in the words of the last failure. */
static void give_up(struct kb_call *call)
{
	enum kb_retry_class class = KB_RETRY_ACCOUNT;

	if (call->n_attempts)
		class = call->attempts[call->n_attempts - 1].class;
	else if (call->why[0]) /* it is open for its failures */
		class = KB_RETRY_TRANSIENT;
	if (!call->why[0])
		snprintf(call->why, sizeof(call->why),
			 "no provider is left to ask");
	finish(call, class);
}

static bool engine_open(struct kb_calls *calls, struct kb_call *call)
{
	struct kb_err err;

	if (!calls->http)
		calls->http = kb_http_new(&err);
	if (!calls->http)
		snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
	return calls->http;
}

static void step(struct kb_call *call);
static void attempt_ended(struct kb_call *call, struct kb_attempt_end end);

/* What the user should know at once, and once. */
static void tell(struct kb_calls *calls, const struct kb_provider *p,
		 const char *what, const char *why)
{
	char line[400];

	if (p->is_out || !calls->warn)
		return;
	snprintf(line, sizeof(line), "provider '%s'%s: %s", p->name, what, why);
	calls->warn(calls->arg, line);
}

static void ask(struct kb_call *call, int at, int64_t left_ms)
{
	struct kb_calls *calls = call->engine;
	struct kb_provider *p = &calls->providers->items[at];
	int64_t timeout = p->timeout_ms ? p->timeout_ms : call->timeout_ms;
	enum kb_retry_class fault;
	struct kb_err err;

	call->at = at;
	call->provider = p;
	if (kb_provider_is_local(p)) {
		call->use_local = true;
		finish(call, KB_RETRY_OK);
		return;
	}
	if (!engine_open(calls, call)) {
		finish(call, KB_RETRY_REQUEST);
		return;
	}
	calls->requests++;
	if (!kb_attempt_start(calls->http, calls->providers, p, call,
			      timeout < left_ms ? timeout : left_ms,
			      attempt_ended, &fault, &err)) {
		p->under_way++;
		return;
	}
	/* The lease of a half-open one ends here, too. */
	kb_breaker_note(calls->breakers, p, KB_RETRY_ACCOUNT, 0, 0);
	snprintf(call->why, sizeof(call->why), "%.300s", err.msg);
	note(call, p, fault, 0);
	call->passed[at] = true;
	if (fault == KB_RETRY_ACCOUNT) {
		tell(calls, p, "", call->why);
		p->is_out = true;
	}
	step(call);
}

/* Go on with a call that has no request out. */
static void step(struct kb_call *call)
{
	int64_t now = kb_clock_ms(), left = call->deadline_at_ms - now, wait;
	int at;

	if (call->barred) {
		finish(call, KB_RETRY_REQUEST);
		return;
	}
	if (left <= 0 || call->n_attempts == KB_ATTEMPTS_MAX) {
		size_t len = strlen(call->why);

		snprintf(call->why + len, sizeof(call->why) - len, "%s%s",
			 len ? "; " : "",
			 left <= 0 ? "the deadline passed"
				   : "too many attempts");
		if (!call->n_attempts)
			note(call,
			     call->provider ? call->provider
					    : call->engine->providers->items,
			     KB_RETRY_SILENT, 0);
		give_up(call);
		return;
	}
	at = choose(call, &wait);
	if (at >= 0) {
		ask(call, at, left);
	} else if (wait < 0) {
		give_up(call);
	} else if (wait >= left) {
		size_t len = strlen(call->why);

		snprintf(call->why + len, sizeof(call->why) - len,
			 "%sit may be asked in %lld ms, the deadline is in "
			 "%lld ms",
			 len ? "; " : "", (long long)wait, (long long)left);
		if (!call->n_attempts)
			note(call, call->engine->providers->items,
			     KB_RETRY_RATE, 0);
		give_up(call);
	} else {
		/* Do not come back all in one moment. */
		wake_at(call,
			now + wait + kb_retry_wait_ms(&call->rng, 0, 0) / 4);
	}
}

/* May one more request go out that repeats another? */
static bool within_budget(struct kb_calls *calls)
{
	if (calls->retries >= FREE_RETRIES + calls->requests / 5)
		return false;
	calls->retries++;
	return true;
}

/* What its answer took beyond what was reckoned. */
static int64_t beyond(const struct kb_call *call)
{
	const struct kb_form_reply *r = &call->reply;

	if (r->input_tokens < 0 && r->output_tokens < 0)
		return 0;
	return (r->input_tokens > 0 ? r->input_tokens : 0) +
	       (r->output_tokens > 0 ? r->output_tokens : 0) -
	       tokens_of(&call->ask);
}

/* True when the provider is not to be asked for a while. */
static bool remember(struct kb_calls *calls, struct kb_provider *p,
		     struct kb_call *call, struct kb_attempt_end end)
{
	int64_t wait = 0;

	if (end.class == KB_RETRY_RATE)
		wait = kb_retry_wait_ms(&call->rng, call->tries[call->at],
					end.retry_after_ms);
	if (end.class == KB_RETRY_ACCOUNT) {
		tell(calls, p, " refuses the account", call->why);
		p->is_out = true;
	}
	return kb_breaker_note(calls->breakers, p, end.class, wait,
			       beyond(call));
}

static bool is_alone(const struct kb_call *call)
{
	const struct kb_providers *set = call->engine->providers;

	for (size_t i = 0; i < set->n; i++)
		if ((int)i != call->at && !call->passed[i] &&
		    !set->items[i].is_out)
			return false;
	return true;
}

static void attempt_ended(struct kb_call *call, struct kb_attempt_end end)
{
	struct kb_calls *calls = call->engine;
	struct kb_provider *p = &calls->providers->items[call->at];
	int tries = call->tries[call->at]++;
	bool again = false, open;

	p->under_way--;
	note(call, p, end.class, end.status);
	if (calls->seen)
		calls->seen(calls->seen_arg, call, end);
	open = remember(calls, p, call, end);
	if (call->on_text && call->shown && end.class != KB_RETRY_OK)
		call->on_text(call, (struct kb_str){NULL, 0});
	switch (end.class) {
	case KB_RETRY_OK:
	case KB_RETRY_CONTENT:
		finish(call, end.class);
		return;
	case KB_RETRY_REQUEST:
		if (call->refused++) {
			finish(call, end.class);
			return;
		}
		break;
	case KB_RETRY_TRANSIENT:
		again = !open && tries < SAME_AGAIN && within_budget(calls);
		break;
	case KB_RETRY_TRUNCATED:
		again = !open && tries < 1 && is_alone(call) &&
			within_budget(calls);
		break;
	case KB_RETRY_RATE:
		step(call);
		return;
	default:
		break;
	}
	/* A wait past the deadline is no second try. */
	if (again) {
		int64_t at =
		    kb_clock_ms() +
		    kb_retry_wait_ms(&call->rng, tries, end.retry_after_ms);

		if (at < call->deadline_at_ms) {
			wake_at(call, at);
			return;
		}
	}
	call->passed[call->at] = true;
	step(call);
}

void kb_calls_start(struct kb_calls *calls, struct kb_call *call)
{
	assert(call->on_done && call->arena);
	assert(call->deadline_ms > 0 && call->timeout_ms > 0);
	assert(!call->transfer && !call->n_attempts);
	call->engine = calls;
	call->at = -1;
	call->rng = call->seed;
	call->reply = KB_FORM_REPLY;
	call->next = call->ahead ? calls->queue : NULL;
	if (!calls->queue)
		calls->queue_end = call;
	if (call->ahead || !calls->queue) {
		calls->queue = call;
	} else {
		calls->queue_end->next = call;
		calls->queue_end = call;
	}
	calls->n_queued++;
	begin(calls);
}

int kb_calls_fd(const struct kb_calls *calls)
{
	return calls->http ? kb_http_fd(calls->http) : -1;
}

int64_t kb_calls_wait_ms(const struct kb_calls *calls)
{
	const struct kb_timer *first = kb_timers_first(&calls->timers);
	int64_t wait = calls->http ? kb_http_wait_ms(calls->http) : -1;

	if (first) {
		int64_t left = first->at_ms - kb_clock_ms();

		if (left < 0)
			left = 0;
		if (wait < 0 || left < wait)
			wait = left;
	}
	return wait;
}

/* A call whose time has come asks the provider it waited for, when that is
 * still the best. */
static void wake_all(struct kb_calls *calls)
{
	int64_t now = kb_clock_ms();
	struct kb_timer *timer;

	while ((timer = kb_timers_first(&calls->timers)) &&
	       timer->at_ms <= now) {
		kb_timers_remove(&calls->timers, timer);
		step(call_of(timer));
	}
}

void kb_calls_run(struct kb_calls *calls, int64_t wait_ms)
{
	int64_t due = kb_calls_wait_ms(calls);

	if (due >= 0 && (wait_ms < 0 || due < wait_ms))
		wait_ms = due;
	if (calls->http) {
		kb_http_run(calls->http, wait_ms);
	} else if (wait_ms > 0) {
		struct timespec ts = {.tv_sec = wait_ms / 1000,
				      .tv_nsec = wait_ms % 1000 * 1000000};

		nanosleep(&ts, NULL);
	}
	wake_all(calls);
}
