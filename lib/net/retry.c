#include "net/retry.h"

#include <assert.h>

#include "base/hash.h"
#include "base/str.h"

static const char *const names[] = {
    [KB_RETRY_OK] = "ok",
    [KB_RETRY_TRANSIENT] = "transient",
    [KB_RETRY_SILENT] = "silent",
    [KB_RETRY_RATE] = "rate",
    [KB_RETRY_ACCOUNT] = "account",
    [KB_RETRY_CAPACITY] = "capacity",
    [KB_RETRY_TRUNCATED] = "truncated",
    [KB_RETRY_CONTENT] = "content",
    [KB_RETRY_REQUEST] = "request",
};

/* Words providers use in error.code, error.type or the message, whatever
 * the status; the first that occurs decides. */
static const struct kb_retry_word words[] = {
    {"insufficient_quota", KB_RETRY_ACCOUNT},
    {"arrearage", KB_RETRY_ACCOUNT},
    {"billing", KB_RETRY_ACCOUNT},
    {"invalid_api_key", KB_RETRY_ACCOUNT},
    {"incorrect api key", KB_RETRY_ACCOUNT},
    {"authentication_error", KB_RETRY_ACCOUNT},
    {"authenticationerror", KB_RETRY_ACCOUNT},
    {"content_filter", KB_RETRY_CONTENT},
    {"content_policy", KB_RETRY_CONTENT},
    {"data_inspection_failed", KB_RETRY_CONTENT},
    {"datainspectionfailed", KB_RETRY_CONTENT},
    {"context_length_exceeded", KB_RETRY_CAPACITY},
    {"maximum context length", KB_RETRY_CAPACITY},
    {"exceed_context_size", KB_RETRY_CAPACITY},
    {"contextwindowexceeded", KB_RETRY_CAPACITY},
    {"context_window_exceeded", KB_RETRY_CAPACITY},
    {"model_not_found", KB_RETRY_CAPACITY},
    {"invalid model name", KB_RETRY_CAPACITY},
    {"rate_limit", KB_RETRY_RATE},
    {"throttling", KB_RETRY_RATE},
    {"slow_down", KB_RETRY_RATE},
    {"overloaded", KB_RETRY_TRANSIENT},
    {NULL, KB_RETRY_OK},
};

const char *kb_retry_name(enum kb_retry_class class)
{
	assert((size_t) class < sizeof(names) / sizeof(*names));
	return names[class];
}

bool kb_retry_later(enum kb_retry_class class)
{
	return class == KB_RETRY_TRANSIENT || class == KB_RETRY_SILENT ||
	       class == KB_RETRY_RATE || class == KB_RETRY_TRUNCATED ||
	       class == KB_RETRY_ACCOUNT;
}

static enum kb_retry_class by_status(int status)
{
	switch (status) {
	case 401:
	case 402:
	case 403:
		return KB_RETRY_ACCOUNT;
	case 404:
	case 413:
		return KB_RETRY_CAPACITY;
	case 408:
	case 409:
	case 425:
		return KB_RETRY_TRANSIENT;
	case 429:
		return KB_RETRY_RATE;
	default:
		return status >= 500 ? KB_RETRY_TRANSIENT : KB_RETRY_REQUEST;
	}
}

/* OK when none occurs. */
static enum kb_retry_class by_words(const struct kb_retry_word *list,
				    struct kb_str text)
{
	for (; list && list->word; list++)
		if (kb_str_has_folded(text, list->word))
			return list->class;
	return KB_RETRY_OK;
}

static enum kb_retry_class by_text(const struct kb_retry_word *own,
				   struct kb_str text)
{
	enum kb_retry_class class = by_words(own, text);

	return class == KB_RETRY_OK ? by_words(words, text) : class;
}

enum kb_retry_class kb_retry_classify(const struct kb_http_reply *reply,
				      struct kb_str code, struct kb_str message,
				      const struct kb_retry_word *own)
{
	enum kb_retry_class class;

	switch (reply->end) {
	case KB_HTTP_CONNECT:
		return KB_RETRY_TRANSIENT;
	case KB_HTTP_TIMEOUT:
		return KB_RETRY_SILENT;
	case KB_HTTP_CUT:
		return KB_RETRY_TRUNCATED;
	case KB_HTTP_TOO_LARGE:
		return KB_RETRY_CAPACITY;
	case KB_HTTP_INVALID:
		return KB_RETRY_REQUEST;
	case KB_HTTP_COMPLETE:
		break;
	}
	if (reply->status / 100 == 2 && !code.len && !message.len)
		return KB_RETRY_OK;
	class = by_text(own, code);
	if (class == KB_RETRY_OK)
		class = by_text(own, message);
	if (class != KB_RETRY_OK)
		return class;
	/* An error inside a 200: the connection was good, the answer is not.
	 */
	if (reply->status / 100 == 2)
		return KB_RETRY_TRANSIENT;
	return by_status(reply->status);
}

int64_t kb_retry_wait_ms(uint64_t *rng, int tries, int64_t retry_after_ms)
{
	int64_t top = KB_RETRY_CAP_MS, wait;

	assert(rng);
	assert(tries >= 0);
	if (tries < 5)
		top = (int64_t)KB_RETRY_BASE_MS << tries;
	*rng += 0x9e3779b97f4a7c15u;
	wait = (int64_t)(kb_mix64(*rng) % (uint64_t)(top + 1));
	return wait < retry_after_ms ? retry_after_ms : wait;
}
