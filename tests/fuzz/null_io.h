/* Files of a writer that go nowhere. */
#ifndef KB_TESTS_NULL_IO_H
#define KB_TESTS_NULL_IO_H

#include "store/io.h"

static int null_create(struct kb_io *io, const char *name, int *file,
		       struct kb_err *err)
{
	(void)io, (void)name, (void)err;
	*file = 1;
	return 0;
}

static int null_write(struct kb_io *io, int file, const void *ptr, size_t len,
		      struct kb_err *err)
{
	(void)io, (void)file, (void)ptr, (void)len, (void)err;
	return 0;
}

static int null_file(struct kb_io *io, int file, struct kb_err *err)
{
	(void)io, (void)file, (void)err;
	return 0;
}

static int null_rename(struct kb_io *io, const char *from, const char *to,
		       struct kb_err *err)
{
	(void)io, (void)from, (void)to, (void)err;
	return 0;
}

static int null_remove(struct kb_io *io, const char *name, struct kb_err *err)
{
	(void)io, (void)name, (void)err;
	return 0;
}

static int null_sync_dir(struct kb_io *io, struct kb_err *err)
{
	(void)io, (void)err;
	return 0;
}

static const struct kb_io_ops null_io_ops = {
    null_create, null_write,  null_file,    null_file,
    null_rename, null_remove, null_sync_dir};

#endif
