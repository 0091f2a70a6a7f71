/*
 * Server-sent events (WHATWG HTML, 9.2.6), fed in pieces of any size.
 *
 * Lines end in LF, CRLF or CR; lines that start with ':' are comments; the
 * data lines of one event are joined by LF; a byte order mark at the start
 * is dropped. Unlike a browser the parser hands over an unfinished last
 * event when kb_sse_end() is called, because some servers forget the blank
 * line; the caller decides whether it is whole. Bytes are not decoded, so a
 * character cut between two pieces stays whole.
 */
#ifndef KB_NET_HTTP_SSE_H
#define KB_NET_HTTP_SSE_H

#include "base/buf.h"
#include "base/err.h"

struct kb_sse {
	struct kb_buf line;  /* the line being read */
	struct kb_buf data;  /* data lines of the event being read */
	struct kb_buf event; /* its type, empty for "message" */
	bool after_cr;	     /* swallow an LF that follows */
	bool any_data;
	bool started; /* the byte order mark is behind us */
	/* Strings are valid during the call. */
	void (*on_event)(void *arg, struct kb_str event, struct kb_str data);
	void *arg;
};

/* No event may be larger than max_event_bytes. */
void kb_sse_init(struct kb_sse *sse, size_t max_event_bytes,
		 void (*on_event)(void *arg, struct kb_str event,
				  struct kb_str data),
		 void *arg);
void kb_sse_release(struct kb_sse *sse);

/* KB_ELIMIT when an event passes the limit; nothing more is accepted. */
int kb_sse_feed(struct kb_sse *sse, const char *ptr, size_t len,
		struct kb_err *err);
int kb_sse_end(struct kb_sse *sse, struct kb_err *err);

#endif
