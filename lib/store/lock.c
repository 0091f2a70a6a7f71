#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Is the open file still the one that has the name? A writer whose index did
 * not come to be takes it away. */
static bool is_current(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_nlink > 0;
}

static int open_lock(int dir)
{
	return openat(dir, KB_LOCK_NAME,
		      O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
}

/* 1: it is not to be had now. */
static int try_lock(int fd, const char *path, struct kb_err *err)
{
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return 1;
		if (errno != EINTR)
			return kb_err_sys(err, "cannot lock '%s'", path);
	}
	return 0;
}

int kb_lock_take(int *fd, int dir, const char *path, double wait_s,
		 struct kb_err *err)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	double deadline = (double)kb_clock_ms() + wait_s * 1000;
	int rc;

	for (;;) {
		*fd = open_lock(dir);
		if (*fd < 0)
			return kb_err_sys(err, "cannot open '%s/LOCK'", path);
		rc = try_lock(*fd, path, err);
		if (!rc && is_current(*fd))
			return 0;
		close(*fd);
		*fd = -1;
		if (rc < 0)
			return rc;
		if (rc && (double)kb_clock_ms() >= deadline)
			return kb_err_set(
			    err, KB_EBUSY,
			    "'%s' is being written by another process; try "
			    "again later or give --lock-wait SECONDS",
			    path);
		if (rc)
			nanosleep(&pause, NULL);
	}
}

bool kb_lock_is_free(int dir)
{
	int fd = openat(dir, KB_LOCK_NAME, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	bool is_free = fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return is_free;
}
