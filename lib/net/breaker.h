/*
 * What is known of providers, shared by all processes of a user: a circuit
 * breaker, how long a provider asked to be left alone, and what its limits
 * leave.
 *
 * A provider that failed KB_BREAKER_COUNT times in a row, no two of them
 * KB_BREAKER_MEMORY_MS apart, whoever asked, is open: nobody asks it for
 * KB_BREAKER_MS. Then one asks (half-open), under a lease that ends with its
 * attempt or, should it die, by itself; what comes of it closes or opens
 * again. So fifty processes that start on a dead provider ask it once in that
 * time. The limits (requests and tokens a minute) are token buckets of a
 * minute's content.
 *
 * It lies in $XDG_STATE_HOME/kb/providers.state (store/slots.h), a record for
 * each provider, model and key, of which there is only a hash; made when there
 * is something to tell. Where it cannot be kept the process knows
 * only what it has met itself, and says so once there is something to tell.
 */
#ifndef KB_NET_BREAKER_H
#define KB_NET_BREAKER_H

#include "net/provider.h"
#include "net/retry.h"

#define KB_BREAKER_COUNT     5
#define KB_BREAKER_MS	     5000
#define KB_BREAKER_MEMORY_MS 60000

struct kb_breakers;

struct kb_breakers *kb_breakers_new(void (*warn)(void *arg, const char *line),
				    void *arg);
void kb_breakers_free(struct kb_breakers *breakers); /* NULL is allowed */

/* Why it may not be asked. */
struct kb_breaker_wait {
	int64_t ms;	/* till it may be, as far as is known now */
	bool open;	/* for it failed */
	uint32_t epoch; /* counts how often it has opened */
};

/*
 * May it be asked for a model, with so many tokens? If so they are
 * taken from its limits, and where it is half-open the lease is for lease_ms.
 */
bool kb_breaker_ask(struct kb_breakers *breakers, struct kb_provider *provider,
		    const char *model, int64_t tokens, int64_t lease_ms,
		    struct kb_breaker_wait *wait);

/* What came of it; wait_ms: how long it is to be left alone (class RATE).
 * tokens are those that it took beyond those that were taken. True when it
 * is open now. */
bool kb_breaker_note(struct kb_breakers *breakers, struct kb_provider *provider,
		     enum kb_retry_class class, int64_t wait_ms,
		     int64_t tokens);

#endif
