/*
 * One attempt of a call: a request to one provider, its answer judged.
 * Private to lib/net.
 */
#ifndef KB_NET_ATTEMPT_H
#define KB_NET_ATTEMPT_H

#include "net/call.h"

/*
 * Ask the provider. ended() is called later, once, with
 * call->reply filled when the class is OK. KB_EINVAL and others when nothing
 * could be sent; ended() is not called then, and *fault is ACCOUNT when the
 * provider cannot be asked at all, CAPACITY when it cannot be asked this.
 */
int kb_attempt_start(struct kb_http *http, struct kb_providers *set,
		     struct kb_provider *provider, struct kb_call *call,
		     int64_t timeout_ms,
		     void (*ended)(struct kb_call *call,
				   struct kb_attempt_end end),
		     enum kb_retry_class *fault, struct kb_err *err);

void kb_attempt_release(struct kb_call *call);

#endif
