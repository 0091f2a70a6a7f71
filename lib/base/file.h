/*
 * Whole files, read with a limit.
 */
#ifndef KB_BASE_FILE_H
#define KB_BASE_FILE_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Append the file's bytes to out, and a NUL that does not count. KB_ELIMIT
 * when there are more than max bytes, KB_ENOENT or KB_EIO by errno; the
 * message names the path. out may reach max + 1 bytes.
 */
int kb_file_read(const char *path, size_t max, struct kb_buf *out,
		 struct kb_err *err);

/* The same for what a descriptor has left; 'name' is for messages. */
int kb_file_read_fd(int fd, const char *name, size_t max, struct kb_buf *out,
		    struct kb_err *err);

/*
 * May the open file say what is run and which key is used? 0, or KB_EINVAL: it
 * belongs to another user (the superuser's own serve everybody), or its
 * group or others may write it.
 */
int kb_file_check_owner(int fd, const char *path, struct kb_err *err);

/* The first bytes, at most len, of the plain file 'name' in dir, links not
 * followed; how many there are, or -1. */
ssize_t kb_file_first_bytes(int dir, const char *name, void *buf, size_t len);

#endif
