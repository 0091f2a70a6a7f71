/*
 * A call: what is asked of a route of providers, and what came of it. The
 * engine that carries it is net/calls.h, one try of it net/attempt.h.
 */
#ifndef KB_NET_CALL_H
#define KB_NET_CALL_H

#include "net/form.h"
#include "net/http/http.h"
#include "net/http/sse.h"
#include "net/http/timers.h"
#include "net/retry.h"

#define KB_ATTEMPTS_MAX 8

struct kb_record_job;

struct kb_attempt {
	const char *provider;
	enum kb_retry_class class;
	int status; /* HTTP; 0 for none */
};

/* What an attempt came to; why is filled in call->why. */
struct kb_attempt_end {
	enum kb_retry_class class;
	int status;
	int64_t retry_after_ms; /* -1: not named */
};

/* When an attempt was sent, since 1970 and monotonic, and when the first bytes
 * of its stream came; 0: none did. */
struct kb_attempt_times {
	int64_t sent_wall_ns;
	uint64_t sent_ns, first_ns;
};

struct kb_response_call; /* of cache/response_cache.h */

enum kb_call_may {
	KB_CALL_GOES,
	KB_CALL_WAITS,
	KB_CALL_BARRED,
};

struct kb_call {
	/* in; zero the rest */
	struct kb_form_ask ask; /* (and 'passed', below: who of the
				   providers is not to be asked) */
	struct kb_arena *arena; /* borrowed; what comes out lives there */
	int64_t deadline_ms;	/* for everything; > 0 */
	int64_t timeout_ms;	/* for one attempt; > 0 */
	uint64_t seed;
	/* Called once, never from kb_calls_start(). */
	void (*on_done)(struct kb_call *call);
	/* Optional, with ask.stream: a piece of the answer; len 0 means that
	 * what was shown is void and the answer starts again. */
	void (*on_text)(struct kb_call *call, struct kb_str piece);
	/* Optional: may it leave the queue? KB_CALL_WAITS it is asked again
	 * when another is done, of which some must be under way. */
	enum kb_call_may (*may_begin)(struct kb_call *call);
	void *arg;
	bool ahead; /* before those that queue: it goes on with a record */
	/* the caller's own: what it may come to, of whose budget, of which
	 * record */
	double cost;
	void *session;
	uint64_t number;
	struct kb_str id;
	struct kb_record_job *job;	   /* NULL: it is alone */
	struct kb_response_call *response; /* its way past a cache */

	/* out, at on_done */
	enum kb_retry_class class;	    /* OK: reply holds an answer */
	const struct kb_provider *provider; /* who answered, or failed last */
	bool barred;	/* it was not let begin; class REQUEST */
	bool use_local; /* class OK: the route came to "local"; no reply */
	bool cached;	/* the reply is one of earlier; nothing was asked */
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
	struct kb_attempt_times times; /* of the attempt under way */
	int refused;		     /* attempts that ended in class REQUEST */
	int at;			     /* index of the provider; -1 none */
	int tries[KB_PROVIDERS_MAX]; /* failed attempts each */
	bool passed[KB_PROVIDERS_MAX];	  /* not to be asked again */
	uint64_t epoch[KB_PROVIDERS_MAX]; /* of its breaker, when it was met
					     open; +1 */
	int64_t deadline_at_ms;
	struct kb_timer wake; /* when it goes on by itself */
	uint64_t rng;
};

#endif
