/*
 * A child filter (child.h) that serves every thread of a run: as many requests
 * in flight as threads ask, each with a time limit of its own.
 *
 * The child belongs to one thread at a time. The thread that waits for its
 * bytes holds the lock meanwhile; one that wants to send wakes it and is let
 * in before anyone waits again. Answers go to whichever thread asked.
 *
 * A child that leaves KB_SHARED_CHILD_PATIENCE requests in a row unanswered is
 * not asked again before it has answered them: one that hangs costs no more
 * time, one that was loading its model joins when it is ready.
 */
#ifndef KB_BASE_SHARED_CHILD_H
#define KB_BASE_SHARED_CHILD_H

#include "base/buf.h"
#include "base/err.h"

#define KB_SHARED_CHILD_PATIENCE 5

struct kb_shared_child;

/*
 * 'command' as for kb_child_open(); when it is NULL, argv as for
 * kb_child_open_argv(). Both are copied. Nothing is started yet.
 */
struct kb_shared_child *kb_shared_child_new(const char *command,
					    const char *const *argv);
/* No thread may be asking. NULL is allowed. */
void kb_shared_child_free(struct kb_shared_child *shared);

/* Start it now, so that it is ready when the first request comes; else the
 * first request does. The error of a child that cannot be started. */
int kb_shared_child_start(struct kb_shared_child *shared, struct kb_err *err);

/*
 * Send a line and wait for its answer, which is appended to 'answer'. May be
 * called by several threads. KB_ETIMEOUT, KB_ECLOSED, KB_ELIMIT;
 * timeout_ms -1: no limit.
 */
int kb_shared_child_ask(struct kb_shared_child *shared, struct kb_str line,
			int timeout_ms, struct kb_buf *answer,
			struct kb_err *err);

#endif
