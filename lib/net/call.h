/*
 * One question to a route of providers: attempts, retries, failover, one
 * deadline.
 *
 * An engine carries thousands of calls at once in one thread. A call tries
 * the providers in their order; retry.h says what each failure leads to.
 * Its answer is either whole or it is no answer: a text that broke off is
 * asked for again from the start, elsewhere.
 *
 * The engine keeps what it learns for its lifetime: a provider that named a
 * waiting time is left alone exactly that long, one that refused the account
 * is not asked again, one that failed five times in a row comes last for a
 * while, and all retries together stay within ten and a fifth of the
 * requests. Waiting times are drawn from the call's seed.
 */
#ifndef KB_NET_CALL_H
#define KB_NET_CALL_H

#include "net/form.h"
#include "net/http.h"
#include "net/retry.h"
#include "net/sse.h"

#define KB_ATTEMPTS_MAX 8

struct kb_attempt {
	const char *provider;
	enum kb_retry_class class;
	int status; /* HTTP; 0 for none */
};

struct kb_calls;       /* the engine */
struct kb_attempt_end; /* net/attempt.h */

struct kb_call {
	/* in; zero the rest */
	struct kb_form_ask ask;
	struct kb_arena *arena; /* borrowed; what comes out lives there */
	int64_t deadline_ms;	/* for everything; > 0 */
	int64_t timeout_ms;	/* for one attempt; > 0 */
	uint64_t seed;
	/* Called once, never from kb_calls_start(). */
	void (*on_done)(struct kb_call *call);
	/* Optional, with ask.stream: a piece of the answer; len 0 means that
	 * what was shown is void and the answer starts again. */
	void (*on_text)(struct kb_call *call, struct kb_str piece);
	void *arg;

	/* out, at on_done */
	enum kb_retry_class class;	    /* OK: reply holds an answer */
	const struct kb_provider *provider; /* who answered, or failed last */
	bool use_local; /* class OK: the route came to "local"; no reply */
	struct kb_form_reply reply;
	char why[320];	   /* class not OK: one line */
	uint64_t began_ns; /* monotonic, when it left the queue */
	struct kb_attempt attempts[KB_ATTEMPTS_MAX];
	size_t n_attempts;

	/* private to lib/net */
	struct kb_calls *engine;
	struct kb_call *prev, *next;
	struct kb_http_transfer *transfer;
	void (*ended)(struct kb_call *call, struct kb_attempt_end end);
	const struct kb_secrets *secrets;
	struct kb_buf body;
	struct kb_form_stream stream;
	size_t shown; /* bytes of its answer that on_text() was given */
	struct kb_sse sse;
	bool sse_open, sse_bad;
	int refused;		     /* attempts that ended in class REQUEST */
	int at;			     /* index of the provider; -1 none */
	int tries[KB_PROVIDERS_MAX]; /* failed attempts each */
	bool passed[KB_PROVIDERS_MAX]; /* not to be asked again */
	int64_t deadline_at_ms, wake_at_ms;
	size_t heap_at; /* 1-based place among the timers; 0: none */
	uint64_t rng;
};

/* providers is borrowed and its state changed; at most limit calls are under
 * way, the others queue (their deadline starts when they begin). warn (may be
 * NULL) gets what the user should know at once, such as a refused
 * account. */
struct kb_calls *kb_calls_new(struct kb_providers *providers, size_t limit,
			      void (*warn)(void *arg, const char *line),
			      void *arg);

/* Calls in flight are dropped without on_done. NULL is allowed. */
void kb_calls_free(struct kb_calls *calls);

/* The call stays where it is until on_done. */
void kb_calls_start(struct kb_calls *calls, struct kb_call *call);

/* For a poll() of the caller's own: descriptor (-1 before the first request)
 * and longest wait (-1: no limit). */
int kb_calls_fd(const struct kb_calls *calls);
int64_t kb_calls_wait_ms(const struct kb_calls *calls);

/* Wait up to wait_ms and drive everything; on_done comes from here. */
void kb_calls_run(struct kb_calls *calls, int64_t wait_ms);

#endif
