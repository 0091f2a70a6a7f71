#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int kb_lock_take(int *fd, int dir, const char *path, double wait_s,
		 struct kb_err *err)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	double deadline = (double)kb_clock_ms() + wait_s * 1000;

	*fd = openat(dir, KB_LOCK_NAME,
		     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (*fd < 0)
		return kb_err_sys(err, "cannot open '%s/LOCK'", path);
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		int rc = 0;

		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			rc = kb_err_sys(err, "cannot lock '%s'", path);
		else if ((double)kb_clock_ms() >= deadline)
			rc = kb_err_set(err, KB_EBUSY,
					"'%s' is being written by another "
					"process; try again later or give "
					"--lock-wait SECONDS",
					path);
		if (rc < 0) {
			close(*fd);
			*fd = -1;
			return rc;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}
