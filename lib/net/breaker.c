#include "net/breaker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/hash.h"
#include "net/dialect.h"
#include "store/slots.h"

#define MINUTE_MS   60000
#define COOL_MAX_MS (24 * 60 * MINUTE_MS) /* longer is a clock set back */
#define POLL_MS	    100			  /* while another asks it */

/* A record as it is shared. Times are since 1970. */
struct health {
	int64_t failed_ms;	/* the last time */
	int64_t open_until_ms;	/* 0: closed */
	int64_t probe_until_ms; /* while one asks what is half-open */
	int64_t cool_until_ms;
	int64_t filled_ms; /* when the limits were counted */
	double requests, tokens;
	uint32_t failures; /* in a row */
	uint32_t epoch;
};

_Static_assert(sizeof(struct health) <= KB_SLOT_DATA_MAX, "it fits");

struct kb_breakers {
	struct kb_slots slots;
	char path[4096];
	bool alone;			     /* it cannot be shared */
	struct health own[KB_PROVIDERS_MAX]; /* of who has that number */
	void (*warn)(void *arg, const char *line);
	void *arg;
};

static void set_path(struct kb_breakers *b)
{
	const char *base = kb_env("XDG_STATE_HOME"), *home = kb_env("HOME");
	int n = -1;

	if (base)
		n = snprintf(b->path, sizeof(b->path), "%s/kb/providers.state",
			     base);
	else if (home)
		n = snprintf(b->path, sizeof(b->path),
			     "%s/.local/state/kb/providers.state", home);
	b->alone = n <= 0 || (size_t)n >= sizeof(b->path);
}

struct kb_breakers *kb_breakers_new(void (*warn)(void *arg, const char *line),
				    void *arg)
{
	struct kb_breakers *b = kb_calloc(1, sizeof(*b));

	b->slots.fd = -1;
	b->warn = warn;
	b->arg = arg;
	set_path(b);
	return b;
}

void kb_breakers_free(struct kb_breakers *b)
{
	if (!b)
		return;
	kb_slots_close(&b->slots);
	free(b);
}

/* ---- the shared record ---- */

/* Go on alone from here. */
static void part(struct kb_breakers *b, const char *why)
{
	char line[700];

	b->alone = true;
	kb_slots_close(&b->slots);
	if (!b->warn)
		return;
	snprintf(line, sizeof(line),
		 "what is known of providers is not shared with other "
		 "processes: %s",
		 why);
	b->warn(b->arg, line);
}

static bool is_shared(struct kb_breakers *b, bool make)
{
	struct kb_err err;
	char line[4300];
	bool remade;
	int rc;

	if (b->alone || b->slots.fd >= 0)
		return !b->alone;
	rc = kb_slots_open(&b->slots, b->path, make, &remade, &err);
	if (rc == KB_ENOENT && !make)
		return false;
	if (rc) {
		part(b, err.msg);
		return false;
	}
	if (remade && b->warn) {
		snprintf(line, sizeof(line),
			 "'%s' was no record of providers, or cut; it is made "
			 "anew",
			 b->path);
		b->warn(b->arg, line);
	}
	return true;
}

static uint64_t add(uint64_t hash, const char *text)
{
	return kb_xxh64_part(hash, text ? text : "", text ? strlen(text) : 0);
}

/* Of whom it is: a key is known by where it comes from, and one that is at
 * hand by its value. */
static void make_key(struct kb_provider *p, const char *model)
{
	uint64_t h = KB_HASH_SEED;

	if (p->breaker_key)
		return;
	h = add(h, kb_dialect_of(p)->name);
	h = add(add(h, p->base_url), p->url_query);
	h = add(h, model);
	h = add(add(h, p->key_file), p->key_cmd);
	h = add(h, p->key_env ? kb_env(p->key_env) : NULL);
	for (size_t i = 0; i < p->n_headers; i++)
		h = add(h, p->headers[i].env ? kb_env(p->headers[i].env)
					     : p->headers[i].value);
	p->breaker_key = h ? h : 1;
}

static void close_it(struct health *h)
{
	h->failures = 0;
	h->failed_ms = h->open_until_ms = h->probe_until_ms = 0;
}

/* A time that no rule here makes is one of another clock. */
static void doubt(struct health *h, int64_t now)
{
	if (h->open_until_ms > now + KB_BREAKER_MS ||
	    h->failed_ms > now + MINUTE_MS)
		close_it(h);
	if (h->probe_until_ms > now + COOL_MAX_MS)
		h->probe_until_ms = 0;
	if (h->cool_until_ms > now + COOL_MAX_MS)
		h->cool_until_ms = 0;
	if (h->filled_ms > now + MINUTE_MS)
		h->filled_ms = 0;
}

static struct health *own_of(struct kb_breakers *b, struct kb_provider *p)
{
	return &b->own[p->number % KB_PROVIDERS_MAX];
}

/* Its record, held till give_back(); own memory where it is not shared. */
struct held {
	struct kb_slots_held slot;
	struct health *h;
	bool shared;
};

static void take(struct kb_breakers *b, struct kb_provider *p,
		 struct held *held)
{
	struct kb_err err;

	*held = (struct held){.h = own_of(b, p)};
	if (!is_shared(b, true))
		return;
	if (kb_slots_lock(&b->slots, p->breaker_key, &held->slot, held->h,
			  sizeof(*held->h), &err)) {
		part(b, err.msg);
		return;
	}
	held->shared = true;
}

static void give_back(struct kb_breakers *b, struct held *held, int64_t now)
{
	struct kb_err err;

	if (held->shared && kb_slots_unlock(&b->slots, &held->slot, held->h,
					    sizeof(*held->h), now, &err))
		part(b, err.msg);
}

/* ---- may it be asked? ---- */

static bool has_limits(const struct kb_provider *p)
{
	return p->requests_minute > 0 || p->tokens_minute > 0;
}

/* One bucket: what it lacks, in milliseconds. */
static int64_t lacking_ms(double left, double need, double minute)
{
	if (minute <= 0 || left >= need)
		return 0;
	return (int64_t)((need - left) * MINUTE_MS / minute) + 1;
}

static double fill(double left, double minute, int64_t passed_ms)
{
	left += minute * (double)passed_ms / MINUTE_MS;
	return left < minute ? left : minute;
}

static int64_t take_limits(const struct kb_provider *p, struct health *h,
			   int64_t tokens, int64_t now)
{
	double need = (double)tokens;
	int64_t passed = h->filled_ms ? now - h->filled_ms : MINUTE_MS, wait,
		other;

	if (!has_limits(p))
		return 0;
	if (passed < 0)
		passed = 0;
	h->requests = fill(h->requests, p->requests_minute, passed);
	h->tokens = fill(h->tokens, p->tokens_minute, passed);
	h->filled_ms = now;
	if (need > p->tokens_minute)
		need = p->tokens_minute;
	wait = lacking_ms(h->requests, 1, p->requests_minute);
	other = lacking_ms(h->tokens, need, p->tokens_minute);
	if (other > wait)
		wait = other;
	if (wait)
		return wait;
	h->requests -= 1;
	h->tokens -= need;
	return 0;
}

bool kb_breaker_ask(struct kb_breakers *b, struct kb_provider *p,
		    const char *model, int64_t tokens, int64_t lease_ms,
		    struct kb_breaker_wait *wait)
{
	int64_t now = kb_clock_wall_ns() / 1000000;
	struct health *h = own_of(b, p);
	struct held held;

	*wait = (struct kb_breaker_wait){.ms = 0};
	make_key(p, model);
	if (is_shared(b, false))
		kb_slots_peek(&b->slots, p->breaker_key, h, sizeof(*h));
	doubt(h, now);
	/* Nearly always nothing is to be changed. */
	if (!h->open_until_ms && h->cool_until_ms <= now && !has_limits(p))
		return true;
	take(b, p, &held);
	doubt(h, now);
	wait->open = h->open_until_ms;
	wait->epoch = h->epoch;
	if (h->open_until_ms > now)
		wait->ms = h->open_until_ms - now;
	else if (h->open_until_ms && h->probe_until_ms > now)
		wait->ms = POLL_MS;
	if (h->cool_until_ms > now + wait->ms)
		wait->ms = h->cool_until_ms - now;
	if (!wait->ms)
		wait->ms = take_limits(p, h, tokens, now);
	if (!wait->ms && h->open_until_ms)
		h->probe_until_ms = now + lease_ms;
	give_back(b, &held, now);
	return !wait->ms;
}

/* ---- what came of it ---- */

static bool is_failure(enum kb_retry_class class)
{
	return class == KB_RETRY_TRANSIENT || class == KB_RETRY_SILENT ||
	       class == KB_RETRY_TRUNCATED;
}

static void fail(struct health *h, int64_t now)
{
	bool half_open = h->open_until_ms && h->open_until_ms <= now;

	if (now - h->failed_ms > KB_BREAKER_MEMORY_MS && !half_open)
		h->failures = 0;
	h->failures++;
	h->failed_ms = now;
	h->probe_until_ms = 0;
	/* What was under way when it opened does not open it again. */
	if (h->open_until_ms > now ||
	    (h->failures < KB_BREAKER_COUNT && !half_open))
		return;
	h->open_until_ms = now + KB_BREAKER_MS;
	h->epoch++;
}

bool kb_breaker_note(struct kb_breakers *b, struct kb_provider *p,
		     enum kb_retry_class class, int64_t wait_ms, int64_t tokens)
{
	int64_t now = kb_clock_wall_ns() / 1000000;
	struct health *h = own_of(b, p);
	bool bad = is_failure(class), open;
	struct held held;

	if (!bad && class != KB_RETRY_RATE && !h->failures &&
	    !h->open_until_ms && !(tokens && p->tokens_minute > 0))
		return false;
	take(b, p, &held);
	doubt(h, now);
	if (bad)
		fail(h, now);
	else if (class == KB_RETRY_ACCOUNT) /* it says nothing of the others */
		h->probe_until_ms = 0;
	else
		close_it(h);
	if (class == KB_RETRY_RATE && now + wait_ms > h->cool_until_ms)
		h->cool_until_ms = now + wait_ms;
	if (p->tokens_minute > 0)
		h->tokens -= (double)tokens;
	open = h->open_until_ms > now;
	give_back(b, &held, now);
	return open;
}
