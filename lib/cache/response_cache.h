/*
 * What providers answered, by what they were asked.
 *
 * The key is a hash (cache/canonical.h) of the body that the provider would be
 * sent, which holds all that shapes an answer: model, messages, temperature,
 * seed, limits, schema, -O and 'extra'; without what only says how it is
 * carried (stream, stream_options) or for whom (user). Whose address it is does
 * not count, as long as a model is named: two providers of one dialect and
 * model have one key. An answer is kept under the key of who gave it and looked
 * for under that of who is asked first, so no model answers for another.
 *
 * Kept are whole answers alone: not what is cut, refused, failed, without a
 * named end, or calls a tool. Vectors and the scores of reranking are kept text
 * by text, each under the key of a question with no other text in it; what is
 * not there is asked for, in one call.
 */
#ifndef KB_CACHE_RESPONSE_CACHE_H
#define KB_CACHE_RESPONSE_CACHE_H

#include "cache/cache.h"
#include "net/call.h"

/* What is known of a call on its way past the cache; in the call's arena. */
struct kb_response_call;

/*
 * Look a call up before it is started; first: who is asked first. True: it is
 * answered (class, provider, reply, cached are set, began_ns is now).
 * Else *out is for kb_response_end(), and call->ask may hold fewer texts;
 * NULL: the cache has no use for it.
 */
bool kb_response_begin(struct kb_cache *cache, struct kb_call *call,
		       const struct kb_provider *first, int64_t now_s,
		       struct kb_response_call **out);

/* Look once more, as another has asked the same meanwhile. */
bool kb_response_again(struct kb_cache *cache, struct kb_call *call,
		       const struct kb_response_call *r, int64_t now_s);

/*
 * The call is done, whatever came of it: keep the answer, and make it whole of
 * what was found and what was asked for. KB_EREMOTE when the two do not go
 * together: another model answered, or one of another dimension.
 */
int kb_response_end(struct kb_cache *cache, struct kb_call *call,
		    struct kb_response_call *r, int64_t now_s,
		    struct kb_err *err);

/* The key of an answer, to let no two ask the same at a time; false: of
 * vectors and scores there is none. */
bool kb_response_key(const struct kb_response_call *r, struct kb_hash128 *key);

/* ---- values; for the tests ---- */

void kb_response_write(const struct kb_form_reply *reply, struct kb_buf *out);
/* False, and the reply is as it was, when it is none. */
bool kb_response_read(struct kb_str value, struct kb_arena *arena,
		      struct kb_form_reply *reply);

#endif
