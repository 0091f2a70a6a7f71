#include "store/io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int os_create(struct kb_io *io, const char *name, int *file,
		     struct kb_err *err)
{
	int fd;

	if (unlinkat(io->dir, name, 0) < 0 && errno != ENOENT)
		return kb_err_sys(err, "cannot replace '%s/%s'", io->path,
				  name);
	fd = openat(io->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0666);
	if (fd < 0)
		return kb_err_sys(err, "cannot create '%s/%s'", io->path, name);
	*file = fd;
	return 0;
}

static int os_write(struct kb_io *io, int file, const void *ptr, size_t len,
		    struct kb_err *err)
{
	const char *p = ptr;

	while (len) {
		ssize_t n = write(file, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kb_err_sys(err, "cannot write into '%s'",
					  io->path);
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int os_sync(struct kb_io *io, int file, struct kb_err *err)
{
	if (fdatasync(file) < 0)
		return kb_err_sys(err, "cannot sync a file in '%s'", io->path);
	return 0;
}

static int os_close(struct kb_io *io, int file, struct kb_err *err)
{
	if (close(file) < 0 && errno != EINTR)
		return kb_err_sys(err, "cannot close a file in '%s'", io->path);
	return 0;
}

static int os_rename(struct kb_io *io, const char *from, const char *to,
		     struct kb_err *err)
{
	if (renameat(io->dir, from, io->dir, to) < 0)
		return kb_err_sys(err, "cannot rename '%s/%s' to '%s'",
				  io->path, from, to);
	return 0;
}

static int os_remove(struct kb_io *io, const char *name, struct kb_err *err)
{
	if (unlinkat(io->dir, name, 0) < 0 && errno != ENOENT)
		return kb_err_sys(err, "cannot remove '%s/%s'", io->path, name);
	return 0;
}

static int os_sync_dir(struct kb_io *io, struct kb_err *err)
{
	/* Some file systems cannot sync a directory and say EINVAL. */
	if (fsync(io->dir) < 0 && errno != EINVAL)
		return kb_err_sys(err, "cannot sync '%s'", io->path);
	return 0;
}

const struct kb_io_ops kb_io_os = {
    .create = os_create,
    .write = os_write,
    .sync = os_sync,
    .close = os_close,
    .rename = os_rename,
    .remove = os_remove,
    .sync_dir = os_sync_dir,
};

void kb_io_init(struct kb_io *io, const char *path, int dir)
{
	assert(path && dir >= 0);
	io->ops = &kb_io_os;
	io->path = path;
	io->dir = dir;
}
