/*
 * One question to a route of providers: attempts, retries, failover, one
 * deadline.
 *
 * An engine carries thousands of calls at once in one thread. A call tries
 * the providers in their order; retry.h says what each failure leads to.
 * Its answer is either whole or it is no answer: a text that broke off is
 * asked for again from the start, elsewhere.
 *
 * A provider that refused the account is not asked again in the life of an
 * engine; all processes know (net/breaker.h) which one named a waiting time,
 * and is left alone exactly that long, and which failed five times in a row,
 * and is asked by one at a time. A call that has no other waits for what two
 * such attempts find, and no longer. All retries together stay within ten and a
 * fifth of the requests. Waiting times are drawn from the call's seed.
 */
#ifndef KB_NET_CALLS_H
#define KB_NET_CALLS_H

#include "net/call.h"

struct kb_calls; /* the engine */

/* providers is borrowed and its state changed; at most limit calls are under
 * way, the others queue (their deadline starts when they begin). warn (may be
 * NULL) gets what the user should know at once, such as a refused
 * account. */
struct kb_calls *kb_calls_new(struct kb_providers *providers, size_t limit,
			      void (*warn)(void *arg, const char *line),
			      void *arg);

/* seen (arg) is told of each request that was sent, once it has ended: the call
 * as it is then, with who was asked, when, and what came; n_attempts counts it
 * already. One watches; NULL: none. */
void kb_calls_watch(struct kb_calls *calls,
		    void (*seen)(void *arg, const struct kb_call *call,
				 struct kb_attempt_end end),
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
