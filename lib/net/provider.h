/*
 * Providers: who is asked, with which key, in which words.
 *
 * A provider speaks a dialect (net/dialect.h), OpenAI's unless it says another.
 * The set comes from $XDG_CONFIG_HOME/kb/llm-call.json:
 *
 *	{"providers": [
 *	  {"name": "main", "base_url": "https://api.example.com/v1",
 *	   "model": "m-large", "key_env": "EXAMPLE_KEY",
 *	   "price": {"input": 0.5, "output": 1.5}},
 *	  {"name": "spare", "base_url": "http://127.0.0.1:8000/v1",
 *	   "model": "m-small"},
 *	  "local"],
 *	 "routes": {"default": ["main", "spare/m-tiny", "local"]}}
 *
 * in the order of failover, or in that of a route, else from the environment:
 *OPENAI_BASE_URL and OPENAI_API_KEY, ANTHROPIC_... or GEMINI_... A key is
 *named, never written: key_env, key_file (refused when others may read it or
 *own it) or key_cmd (a shell command of the user's own configuration); the
 *values of 'headers' may come from the environment. They are fetched at the
 *first request and are in no message.
 */
#ifndef KB_NET_PROVIDER_H
#define KB_NET_PROVIDER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/secrets.h"
#include "json/rec.h"

#define KB_PROVIDERS_MAX 16
#define KB_ROUTES_MAX	 32
#define KB_HEADERS_MAX	 16
#define KB_LINES_MAX	 (KB_HEADERS_MAX + 4) /* ..., a key, the dialect's */

struct kb_dialect;

struct kb_header {
	const char *name;
	const char *value; /* as it stands in the configuration, or NULL */
	const char *env;   /* the variable that holds it, or NULL */
};

/* What came of it in this run. */
struct kb_provider_tally {
	uint64_t answers, input_tokens, output_tokens;
	double cost;
};

struct kb_provider {
	const char *name;
	const struct kb_dialect *dialect; /* NULL: OpenAI's */
	const char *base_url;  /* without a slash at the end; NULL: local */
	const char *url_query; /* "?...", behind the path, or "" */
	const char *model;     /* "" when the caller must name one */
	const char *embed_model, *rerank_model; /* NULL: as model */
	const char *key_env, *key_file, *key_cmd;
	const char *ca_file;	     /* NULL: the system's */
	const char *max_tokens_name; /* NULL: by the host */
	bool insecure_http;	     /* plain http to another machine is fine */
	struct kb_header headers[KB_HEADERS_MAX];
	size_t n_headers;
	/* per million tokens; 0 unknown, of cached input as of other */
	double price_input, price_output, price_cached;
	/* limits; 0: none. concurrent is that of a process */
	double requests_minute, tokens_minute, concurrent;
	int64_t timeout_ms;  /* 0: the caller's */
	struct kb_str extra; /* members for every body: {...}, or len 0 */
	/* state of this run */
	const char *lines[KB_LINES_MAX]; /* "Authorization: ...", ... */
	size_t n_lines;
	bool settled;			/* lines are complete */
	bool is_out;			/* refused us for the account */
	size_t number;			/* its place among all */
	size_t under_way;		/* requests */
	uint64_t breaker_key;		/* of net/breaker.h; 0: not known yet */
	struct kb_provider_tally tally; /* kept by who reads the answers */
};

/* Whom to ask in which order: "name" or "name/model" of each. */
struct kb_route {
	const char *name;
	const char *entries[KB_PROVIDERS_MAX];
	size_t n;
};

struct kb_providers {
	struct kb_provider items[KB_PROVIDERS_MAX];
	size_t n;
	struct kb_route routes[KB_ROUTES_MAX];
	size_t n_routes;
	struct kb_str cascade; /* {...} of the configuration, or len 0 */
	struct kb_arena arena; /* owns every string above */
	struct kb_secrets secrets;
	const char *key_unused; /* a key that is there and that nobody asked
				   for: its variable */
};

void kb_providers_init(struct kb_providers *set);
void kb_providers_release(struct kb_providers *set); /* wipes the keys */

/*
 * Read the configuration: file when it is not NULL (it must exist; an empty
 * name stands for none), else the user's, else the environment. Nothing
 * configured leaves the set empty; so does a key in the environment alone,
 * unless the user has named a model, which may be NULL.
 */
int kb_providers_load(struct kb_providers *set, const char *file,
		      const char *model, struct kb_err *err);

/* Parse a configuration's text; place names it in messages. */
int kb_providers_parse(struct kb_providers *set, struct kb_str json,
		       const char *place, struct kb_err *err);

/*
 * What the user has named, if anything: a route keeps its providers in its
 * order, "provider/model" that one; *model is NULL then. Any other name stays
 * a model for all of them. Where no other is named the route "default" is
 * taken, if there is one.
 */
int kb_providers_route(struct kb_providers *set, const char **model,
		       struct kb_err *err);

/*
 * The providers of two routes, of which each may be a provider or
 * "provider/model", one behind the other; the first *n_small are of the small
 * one. KB_ENOENT: a name that is none of these; KB_ELIMIT: too many.
 */
int kb_providers_legs(struct kb_providers *set, const char *small,
		      const char *large, size_t *n_small, struct kb_err *err);

/* Keep only the one of that name; "local" is always known. */
int kb_providers_select(struct kb_providers *set, const char *name,
			struct kb_err *err);

/* Complete provider->lines, with timeout_ms for a key_cmd. A missing key is an
 * error that names its place in the provider. */
int kb_provider_settle(struct kb_providers *set, struct kb_provider *provider,
		       int timeout_ms, struct kb_err *err);

/* Make secrets of the keys that lie in the environment, asked for or not. */
void kb_providers_know(struct kb_providers *set);

static inline bool kb_provider_is_local(const struct kb_provider *provider)
{
	return !provider->base_url;
}

#endif
