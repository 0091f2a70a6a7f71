/*
 * How the index directory is written.
 *
 * Every change to an index goes through this table of functions, so that a
 * test can record the order of writes and syncs, replay any prefix of it,
 * or make any call fail. Files are written from front to back, once, and
 * never changed after they were published. Reading does not go through
 * here: published files are mapped.
 *
 * Names are relative to the directory. All functions return 0 or a negative
 * enum kb_code with a message that names the file. One kb_io may be used by
 * several threads as long as each file is used by one at a time.
 */
#ifndef KB_STORE_IO_H
#define KB_STORE_IO_H

#include <stddef.h>

#include "base/err.h"

struct kb_io;

struct kb_io_ops {
	/* A new empty file; what had the name before is removed first, so a
	 * reader that still maps it keeps its bytes. *file is a handle >= 0. */
	int (*create)(struct kb_io *io, const char *name, int *file,
		      struct kb_err *err);
	int (*write)(struct kb_io *io, int file, const void *ptr, size_t len,
		     struct kb_err *err);
	int (*sync)(struct kb_io *io, int file, struct kb_err *err);
	int (*close)(struct kb_io *io, int file, struct kb_err *err);
	int (*rename)(struct kb_io *io, const char *from, const char *to,
		      struct kb_err *err);
	/* Absence is no error. */
	int (*remove)(struct kb_io *io, const char *name, struct kb_err *err);
	int (*sync_dir)(struct kb_io *io, struct kb_err *err);
};

struct kb_io {
	const struct kb_io_ops *ops;
	const char *path; /* of the directory, for messages; borrowed */
	int dir;	  /* its descriptor, owned by who opened it */
};

/* The operating system's files. path must outlive io. */
void kb_io_init(struct kb_io *io, const char *path, int dir);

extern const struct kb_io_ops kb_io_os;

#endif
