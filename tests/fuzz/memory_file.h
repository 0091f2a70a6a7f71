/* Bytes as a file that has a name, for what reads files by their paths. */
#ifndef KB_TESTS_MEMORY_FILE_H
#define KB_TESTS_MEMORY_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file {
	int fd;
	char path[32];
};

static inline void memory_file_make(struct memory_file *f, const void *data,
				    size_t size)
{
	f->fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (f->fd < 0 || (size && write(f->fd, data, size) != (ssize_t)size))
		abort();
	snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
}

static inline void memory_file_close(struct memory_file *f)
{
	close(f->fd);
}

#endif
