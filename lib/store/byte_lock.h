/*
 * Locks of single bytes of a file, between processes: those of open file
 * descriptions (F_OFD_SETLK), which the system releases when a process ends,
 * however it ends. They do not keep apart what has one descriptor in common.
 * A byte need not be there to be locked.
 */
#ifndef KB_STORE_BYTE_LOCK_H
#define KB_STORE_BYTE_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Lock len bytes for writing at once; false when another has them (errno
 * EAGAIN or EACCES), or when that cannot be done. */
bool kb_byte_try_lock(int fd, off_t start, off_t len);

/* The same, waiting up to wait_ms: for what is held for microseconds.
 * KB_EBUSY then; 'what' is for the message. */
int kb_byte_lock(int fd, off_t start, off_t len, int wait_ms, const char *what,
		 struct kb_err *err);

void kb_byte_unlock(int fd, off_t start, off_t len);

#endif
