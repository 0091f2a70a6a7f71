/*
 * Whole files: read with a limit, written so that a reader sees the old or
 * the new content and never a part.
 */
#ifndef KB_BASE_FILE_H
#define KB_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Append the file's bytes to out. KB_ELIMIT when there are more than max
 * bytes, KB_ENOENT or KB_EIO by errno; the message names the path.
 */
int kb_file_read(const char *path, size_t max, struct kb_buf *out,
		 struct kb_err *err);

/* Write all of it; 'name' is for the message. */
int kb_file_write_all(int fd, const void *ptr, size_t len, const char *name,
		      struct kb_err *err);

/* Make a rename or a new file durable: sync the directory path stands in. */
int kb_file_sync_dir_of(const char *path, struct kb_err *err);

/*
 * Write beside path, sync, rename over it, sync the directory. mode as for
 * open(2), 0600 for what is nobody else's business.
 */
int kb_file_publish(const char *path, const void *ptr, size_t len,
		    unsigned mode, struct kb_err *err);

#endif
