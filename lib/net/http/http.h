/*
 * HTTP requests, thousands in flight in one thread.
 *
 * An engine drives curl's multi interface with its own epoll descriptor, so
 * a caller's loop may wait for it together with other things: poll the
 * descriptor of kb_http_fd() for at most kb_http_wait_ms(), then call
 * kb_http_run(). All callbacks come from inside kb_http_run() and
 * kb_http_cancel() never calls one. An engine belongs to one thread.
 *
 * Limits: redirects are not followed (a key must not wander); https is
 * required except for loopback hosts; a body past max_body ends the request.
 */
#ifndef KB_NET_HTTP_HTTP_H
#define KB_NET_HTTP_HTTP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct kb_http;
struct kb_http_transfer;

/* How a request ended below the level of HTTP. */
enum kb_http_end {
	KB_HTTP_COMPLETE, /* a whole answer, of whatever status */
	KB_HTTP_CONNECT,  /* no connection, or lost before any answer */
	KB_HTTP_TIMEOUT,  /* timeout_ms passed, or stall_ms without a byte */
	KB_HTTP_CUT,	  /* the answer broke off */
	KB_HTTP_TOO_LARGE,
	KB_HTTP_INVALID, /* it could not be sent as it is: URL, TLS, ... */
};

struct kb_http_reply {
	enum kb_http_end end;
	int status;		/* 0 when no status line came */
	int64_t retry_after_ms; /* -1 when the server named none */
	char type[64];		/* media type in lower case, no parameters */
	struct kb_str body;	/* valid during the callback only */
	const char *why;	/* reason when end is not COMPLETE */
};

struct kb_http_request {
	const char *url;	    /* copied */
	const char *const *headers; /* "Name: value", copied */
	size_t n_headers;
	struct kb_str body;    /* POSTed; borrowed until done */
	int64_t timeout_ms;    /* the whole request; > 0 */
	int64_t connect_ms;    /* 0: curl's default */
	int64_t stall_ms;      /* longest time without a byte; 0: no limit */
	const char *ca_file;   /* trust these alone; NULL: the system's */
	bool insecure;	       /* plain http to another machine is wanted */
	size_t max_body_bytes; /* > 0 */
	/* When set, called with each piece of a 2xx text/event-stream body,
	 * which is then not collected. */
	void (*on_data)(void *arg, const char *ptr, size_t len);
	/* Called once; may start other requests. */
	void (*on_done)(void *arg, const struct kb_http_reply *reply);
	void *arg;
};

/* Opens libcurl. NULL with err on failure. */
struct kb_http *kb_http_new(struct kb_err *err);

/* Cancels what is in flight. NULL is allowed. */
void kb_http_free(struct kb_http *http);

/* The transfer is valid until its on_done returns. */
struct kb_http_transfer *kb_http_start(struct kb_http *http,
				       const struct kb_http_request *req,
				       struct kb_err *err);
void kb_http_cancel(struct kb_http *http, struct kb_http_transfer *transfer);

int kb_http_fd(const struct kb_http *http);

/* Longest time to wait before kb_http_run() is due; -1: no timer. */
int64_t kb_http_wait_ms(const struct kb_http *http);

/* Wait up to wait_ms (0: not at all, -1: for ever), drive the transfers. */
void kb_http_run(struct kb_http *http, int64_t wait_ms);

/*
 * May a secret be sent there? 0, or KB_EINVAL: no http(s) URL, or, unless
 * insecure is set, plain http to a host that is not this machine.
 */
int kb_http_check_url(const char *url, bool insecure, struct kb_err *err);

/* True for localhost, 127.0.0.0/8 however it is written, and [::1]. */
bool kb_http_is_loopback(const char *url);

#endif
