#include "net/http/http.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "net/http/curl.h"

#define IDLE_MAX 64 /* easy handles kept for the next request */

struct kb_http_transfer {
	struct kb_http *http;
	struct kb_http_transfer *prev, *next; /* all in flight */
	CURL *easy;
	struct curl_slist *headers;
	struct kb_buf body;
	size_t seen_bytes; /* of a body handed to on_data */
	size_t max_body_bytes;
	int64_t retry_after_ms;
	void (*on_data)(void *arg, const char *ptr, size_t len);
	void (*on_done)(void *arg, const struct kb_http_reply *reply);
	void *arg;
	bool too_large;
	int streamed; /* 1 to on_data, 0 collected, -1 not known yet */
};

struct kb_http {
	const struct kb_curl *curl;
	CURLM *multi;
	int epoll_fd;
	int64_t timer_ms; /* curl's timer on the monotonic clock; -1 none */
	struct kb_http_transfer *flying;
	size_t n_flying;
	CURL *idle[IDLE_MAX];
	size_t n_idle;
};

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
		     void *known)
{
	struct kb_http *http = arg;
	struct epoll_event ev = {.data.fd = fd};

	(void)easy;
	(void)known;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(http->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		ev.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		ev.events |= EPOLLOUT;
	/* A closed descriptor leaves the set by itself, so its number may
	 * come back in either state. */
	if (epoll_ctl(http->epoll_fd, EPOLL_CTL_MOD, fd, &ev) &&
	    errno == ENOENT)
		epoll_ctl(http->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct kb_http *http = arg;

	(void)multi;
	http->timer_ms = timeout_ms < 0 ? -1 : kb_clock_ms() + timeout_ms;
	return 0;
}

struct kb_http *kb_http_new(struct kb_err *err)
{
	const struct kb_curl *curl = kb_curl_open(err);
	struct kb_http *http;

	if (!curl)
		return NULL;
	http = kb_calloc(1, sizeof(*http));
	http->curl = curl;
	http->timer_ms = -1;
	http->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	http->multi = curl->multi_init();
	if (http->epoll_fd < 0 || !http->multi) {
		kb_err_sys(err, "no event descriptor");
		kb_http_free(http);
		return NULL;
	}
	curl->multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl->multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl->multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl->multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return http;
}

/* Is the body an event stream that the caller wants piecewise? */
static bool is_streamed(struct kb_http_transfer *t)
{
	const struct kb_curl *curl = t->http->curl;
	const char *type = NULL;
	long status = 0;

	if (t->streamed >= 0)
		return t->streamed;
	curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl->easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	t->streamed = t->on_data && status / 100 == 2 && type &&
		      kb_starts_folded(type, strlen(type), "text/event-stream");
	return t->streamed;
}

static size_t on_write(char *ptr, size_t size, size_t n, void *arg)
{
	struct kb_http_transfer *t = arg;
	size_t len = size * n;

	if (is_streamed(t)) {
		t->seen_bytes += len;
		t->too_large = t->seen_bytes > t->max_body_bytes;
		if (!t->too_large)
			t->on_data(t->arg, ptr, len);
	} else {
		kb_buf_add(&t->body, ptr, len);
		t->too_large = t->body.over;
	}
	return t->too_large ? 0 : len;
}

/* Retry-After in seconds or as a date (RFC 9110, 10.2.3), and the finer
 * retry-after-ms of some providers. */
static void read_retry_after(struct kb_http_transfer *t, bool in_ms,
			     const char *text)
{
	char *end;
	double x = strtod(text, &end);
	int64_t ms;

	if (end != text && x >= 0 && x < 1e9) {
		ms = (int64_t)(in_ms ? x : x * 1000);
	} else {
		time_t at = in_ms ? -1 : t->http->curl->getdate(text, NULL);

		if (at == -1)
			return;
		ms = ((int64_t)at - (int64_t)time(NULL)) * 1000;
	}
	if (ms < 0)
		ms = 0;
	if (ms > t->retry_after_ms || in_ms)
		t->retry_after_ms = ms;
}

static size_t on_header(char *ptr, size_t size, size_t n, void *arg)
{
	struct kb_http_transfer *t = arg;
	size_t len = size * n, name;
	char value[64];
	const char *colon = memchr(ptr, ':', len);

	if (!colon)
		return len;
	name = (size_t)(colon - ptr);
	colon++;
	while (colon < ptr + len && *colon == ' ')
		colon++;
	if ((size_t)(ptr + len - colon) >= sizeof(value))
		return len;
	memcpy(value, colon, (size_t)(ptr + len - colon));
	value[ptr + len - colon] = '\0';
	if (name == 11 && kb_is_folded(ptr, "retry-after", 11))
		read_retry_after(t, false, value);
	else if (name == 14 && kb_is_folded(ptr, "retry-after-ms", 14))
		read_retry_after(t, true, value);
	return len;
}

static void set_options(struct kb_http_transfer *t,
			const struct kb_http_request *req)
{
	const struct kb_curl *curl = t->http->curl;
	CURL *e = t->easy;

	curl->easy_setopt(e, CURLOPT_URL, req->url);
	curl->easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	if (kb_http_is_loopback(req->url))
		curl->easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl->easy_setopt(e, CURLOPT_POST, 1L);
	curl->easy_setopt(e, CURLOPT_POSTFIELDS, req->body.ptr);
	curl->easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
			  (curl_off_t)req->body.len);
	curl->easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, on_write);
	curl->easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl->easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl->easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl->easy_setopt(e, CURLOPT_PRIVATE, t);
	curl->easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)req->timeout_ms);
	if (req->ca_file)
		curl->easy_setopt(e, CURLOPT_CAINFO, req->ca_file);
	if (req->connect_ms)
		curl->easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
				  (long)req->connect_ms);
	if (req->stall_ms) {
		curl->easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl->easy_setopt(e, CURLOPT_LOW_SPEED_TIME,
				  (long)((req->stall_ms + 999) / 1000));
	}
}

static void set_headers(struct kb_http_transfer *t,
			const struct kb_http_request *req)
{
	const struct kb_curl *curl = t->http->curl;

	/* No "Expect: 100-continue": it costs a round trip. */
	t->headers = curl->slist_append(NULL, "Expect:");
	for (size_t i = 0; i < req->n_headers; i++)
		t->headers = curl->slist_append(t->headers, req->headers[i]);
}

/* Take the transfer out of the engine; its easy handle is kept for reuse. */
static void transfer_free(struct kb_http_transfer *t)
{
	struct kb_http *http = t->http;

	if (t->prev)
		t->prev->next = t->next;
	else
		http->flying = t->next;
	if (t->next)
		t->next->prev = t->prev;
	http->n_flying--;
	http->curl->multi_remove_handle(http->multi, t->easy);
	if (http->n_idle < IDLE_MAX) {
		http->curl->easy_reset(t->easy);
		http->idle[http->n_idle++] = t->easy;
	} else {
		http->curl->easy_cleanup(t->easy);
	}
	http->curl->slist_free_all(t->headers);
	kb_buf_release(&t->body);
	free(t);
}

struct kb_http_transfer *kb_http_start(struct kb_http *http,
				       const struct kb_http_request *req,
				       struct kb_err *err)
{
	struct kb_http_transfer *t;
	CURL *easy;

	assert(req->on_done);
	assert(req->timeout_ms > 0 && req->max_body_bytes > 0);
	if (kb_http_check_url(req->url, req->insecure, err))
		return NULL;
	easy =
	    http->n_idle ? http->idle[--http->n_idle] : http->curl->easy_init();
	if (!easy) {
		kb_err_set(err, KB_EIO, "libcurl gives no handle");
		return NULL;
	}
	t = kb_calloc(1, sizeof(*t));
	t->http = http;
	t->easy = easy;
	t->on_data = req->on_data;
	t->on_done = req->on_done;
	t->arg = req->arg;
	t->retry_after_ms = -1;
	t->streamed = -1;
	t->max_body_bytes = req->max_body_bytes;
	kb_buf_init(&t->body, req->max_body_bytes);
	t->next = http->flying;
	if (t->next)
		t->next->prev = t;
	http->flying = t;
	http->n_flying++;
	set_headers(t, req);
	set_options(t, req);
	if (http->curl->multi_add_handle(http->multi, easy) != CURLM_OK) {
		transfer_free(t);
		kb_err_set(err, KB_EIO, "libcurl refuses the request");
		return NULL;
	}
	return t;
}

void kb_http_cancel(struct kb_http *http, struct kb_http_transfer *transfer)
{
	assert(transfer->http == http);
	(void)http;
	transfer_free(transfer);
}

static enum kb_http_end end_of(CURLcode code, int status)
{
	switch (code) {
	case CURLE_OK:
		return KB_HTTP_COMPLETE;
	case CURLE_OPERATION_TIMEDOUT:
		return KB_HTTP_TIMEOUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_HTTP2_STREAM:
		return KB_HTTP_CUT;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_OUT_OF_MEMORY:
		return KB_HTTP_INVALID;
	default:
		return status ? KB_HTTP_CUT : KB_HTTP_CONNECT;
	}
}

static void copy_type(char *dst, size_t size, const char *type)
{
	size_t n = 0;

	for (; type && type[n] && !strchr("; ", type[n]) && n + 1 < size; n++)
		dst[n] = (char)tolower((unsigned char)type[n]);
	dst[n] = '\0';
}

static void finish(struct kb_http_transfer *t, CURLcode code)
{
	const struct kb_curl *curl = t->http->curl;
	struct kb_http_reply reply = {.retry_after_ms = t->retry_after_ms};
	const char *type = NULL;
	long status = 0;

	curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl->easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	reply.status = (int)status;
	copy_type(reply.type, sizeof(reply.type), type);
	reply.end =
	    t->too_large ? KB_HTTP_TOO_LARGE : end_of(code, reply.status);
	if (reply.end == KB_HTTP_TOO_LARGE)
		reply.why = "the answer is larger than allowed";
	else if (reply.end != KB_HTTP_COMPLETE)
		reply.why = curl->easy_strerror(code);
	reply.body = kb_buf_str(&t->body);
	t->on_done(t->arg, &reply);
	transfer_free(t);
}

static void reap(struct kb_http *http)
{
	CURLMsg *msg;
	int left;

	while ((msg = http->curl->multi_info_read(http->multi, &left))) {
		struct kb_http_transfer *t = NULL;
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		http->curl->easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
					 &t);
		finish(t, code);
	}
}

int64_t kb_http_wait_ms(const struct kb_http *http)
{
	int64_t left;

	if (http->timer_ms < 0)
		return -1;
	left = http->timer_ms - kb_clock_ms();
	return left > 0 ? left : 0;
}

void kb_http_run(struct kb_http *http, int64_t wait_ms)
{
	struct epoll_event events[128];
	int64_t due = kb_http_wait_ms(http);
	int n, running;

	if (due >= 0 && (wait_ms < 0 || due < wait_ms))
		wait_ms = due;
	if (wait_ms > INT_MAX)
		wait_ms = INT_MAX;
	n = epoll_wait(http->epoll_fd, events, 128, (int)wait_ms);
	for (int i = 0; i < n; i++) {
		int mask = 0;

		if (events[i].events & EPOLLIN)
			mask |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			mask |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			mask |= CURL_CSELECT_ERR;
		http->curl->multi_socket_action(http->multi, events[i].data.fd,
						mask, &running);
	}
	if (kb_http_wait_ms(http) == 0) {
		http->timer_ms = -1;
		http->curl->multi_socket_action(
		    http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	reap(http);
}

int kb_http_fd(const struct kb_http *http)
{
	return http->epoll_fd;
}

void kb_http_free(struct kb_http *http)
{
	if (!http)
		return;
	while (http->flying)
		transfer_free(http->flying);
	for (size_t i = 0; i < http->n_idle; i++)
		http->curl->easy_cleanup(http->idle[i]);
	if (http->multi)
		http->curl->multi_cleanup(http->multi);
	if (http->epoll_fd >= 0)
		close(http->epoll_fd);
	free(http);
}
