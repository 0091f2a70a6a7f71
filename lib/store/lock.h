/*
 * One writer per index: an flock() on the file LOCK of the directory. The
 * system releases it when the process ends, however it ends.
 */
#ifndef KB_STORE_LOCK_H
#define KB_STORE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

#define KB_LOCK_NAME "LOCK"

/* Wait up to wait_s seconds. *fd is the lock: close() releases it.
 * KB_EBUSY when another process has it. path is for messages. */
int kb_lock_take(int *fd, int dir, const char *path, double wait_s,
		 struct kb_err *err);

/* Is there a lock that nobody has, this process included? Safe in a signal
 * handler. */
bool kb_lock_is_free(int dir);

#endif
