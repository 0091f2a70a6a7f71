#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 64 << 10 };

int kb_file_read_fd(int fd, const char *name, size_t max, struct kb_buf *out,
		    struct kb_err *err)
{
	size_t left = max; /* one byte more tells that there is too much */

	for (;;) {
		size_t room = left < STEP ? left + 1 : STEP;
		ssize_t n;

		if (!kb_buf_reserve(out, room))
			return kb_err_set(err, KB_ELIMIT,
					  "'%s' does not fit the buffer", name);
		n = read(fd, out->ptr + out->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kb_err_sys(err, "cannot read '%s'", name);
		if ((size_t)n > left)
			return kb_err_set(err, KB_ELIMIT,
					  "'%s' is longer than %zu bytes", name,
					  max);
		left -= (size_t)n;
		out->len += (size_t)n;
		out->ptr[out->len] = '\0';
		if (!n)
			return 0;
	}
}

int kb_file_read(const char *path, size_t max, struct kb_buf *out,
		 struct kb_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	rc = kb_file_read_fd(fd, path, max, out, err);
	close(fd);
	return rc;
}

int kb_file_check_owner(int fd, const char *path, struct kb_err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return kb_err_sys(err, "cannot look at '%s'", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' belongs to another user (%lu)", path,
				  (unsigned long)st.st_uid);
	if (st.st_mode & 022)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' may be written by others (mode %04o); "
				  "chmod go-w it",
				  path, (unsigned)st.st_mode & 07777);
	return 0;
}

ssize_t kb_file_first_bytes(int dir, const char *name, void *buf, size_t len)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, len);
	close(fd);
	return n;
}
