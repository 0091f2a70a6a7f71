/*
 * What a failed attempt means, and how long to wait before the next.
 *
 * An attempt ends in one class; the class alone decides what follows:
 *
 *   transient  the same provider at most twice more, then the next
 *   silent     the next at once: a silent provider stays silent
 *   rate       the next; with no other, wait as long as it asked for
 *   account    the next; this one is out for the rest of the run
 *   capacity   the next, which may be larger
 *   truncated  the next, from the start; with no other, the same once more
 *   content    final: refused for what it says, whoever is asked
 *   request    one other: what one refuses, or cannot be reached safely, the
 *              next may take; refused twice it is final
 */
#ifndef KB_NET_RETRY_H
#define KB_NET_RETRY_H

#include <stdint.h>

#include "net/http/http.h"

enum kb_retry_class {
	KB_RETRY_OK,
	KB_RETRY_TRANSIENT,
	KB_RETRY_SILENT,
	KB_RETRY_RATE,
	KB_RETRY_ACCOUNT,
	KB_RETRY_CAPACITY,
	KB_RETRY_TRUNCATED,
	KB_RETRY_CONTENT,
	KB_RETRY_REQUEST,
};

/* A word of a provider's error, in lower case, and what it means. */
struct kb_retry_word {
	const char *word;
	enum kb_retry_class class;
};

/* Its name as it stands in generation.attempts. */
const char *kb_retry_name(enum kb_retry_class class);

/* May the same record succeed when it is run again later? */
bool kb_retry_later(enum kb_retry_class class);

/*
 * Class of an answer by its transport and status; code is the provider's
 * own word for the error (error.code or error.type; len 0 for none), message
 * its text; own (up to a NULL word, may be NULL) are words of its dialect,
 * which count more than those that are known here. A code counts more than a
 * text: that of a rate limit speaks of billing, too. A complete 2xx is OK here:
 * whether its body holds an answer is for the provider's parser to say.
 */
enum kb_retry_class kb_retry_classify(const struct kb_http_reply *reply,
				      struct kb_str code, struct kb_str message,
				      const struct kb_retry_word *own);

/*
 * Full jitter: uniform in [0, min(cap, base * 2^tries)], and never less than
 * retry_after_ms when that is not negative. rng is advanced. (M. Brooker,
 * "Exponential backoff and jitter", 2015.)
 */
#define KB_RETRY_BASE_MS 250
#define KB_RETRY_CAP_MS	 8000
int64_t kb_retry_wait_ms(uint64_t *rng, int tries, int64_t retry_after_ms);

#endif
