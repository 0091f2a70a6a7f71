#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { STEP = 64 << 10 };

int kb_file_read(const char *path, size_t max, struct kb_buf *out,
		 struct kb_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	size_t total = 0;

	if (fd < 0)
		return kb_err_sys(err, "cannot open '%s'", path);
	for (;;) {
		ssize_t n;

		if (!kb_buf_reserve(out, STEP)) {
			rc = kb_err_set(err, KB_ELIMIT,
					"'%s' does not fit the buffer", path);
			break;
		}
		n = read(fd, out->ptr + out->len, STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = kb_err_sys(err, "cannot read '%s'", path);
		if (n <= 0)
			break;
		total += (size_t)n;
		if (total > max) {
			rc = kb_err_set(err, KB_ELIMIT,
					"'%s' is longer than %zu bytes", path,
					max);
			break;
		}
		out->len += (size_t)n;
		out->ptr[out->len] = '\0';
	}
	close(fd);
	return rc;
}

int kb_file_sync_dir_of(const char *path, struct kb_err *err)
{
	char *dir = kb_strdup(path), *slash = strrchr(dir, '/');
	int fd, rc = 0;

	if (slash)
		slash[slash == dir] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems refuse to sync a directory: EINVAL. */
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		rc = kb_err_sys(err, "cannot sync the directory of '%s'", path);
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}
