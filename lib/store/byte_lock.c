#include "store/byte_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static bool set_lock(int fd, short type, off_t start, off_t len)
{
	struct flock lock = {.l_type = type,
			     .l_whence = SEEK_SET,
			     .l_start = start,
			     .l_len = len};

	return !fcntl(fd, F_OFD_SETLK, &lock);
}

bool kb_byte_try_lock(int fd, off_t start, off_t len)
{
	return set_lock(fd, F_WRLCK, start, len);
}

int kb_byte_lock(int fd, off_t start, off_t len, int wait_ms, const char *what,
		 struct kb_err *err)
{
	static const struct timespec nap = {.tv_nsec = 1000000};

	for (int i = 0; i < wait_ms; i++) {
		if (kb_byte_try_lock(fd, start, len))
			return 0;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return kb_err_sys(err, "cannot lock %s", what);
		nanosleep(&nap, NULL);
	}
	return kb_err_set(err, KB_EBUSY,
			  "another process holds %s for longer than %d ms",
			  what, wait_ms);
}

void kb_byte_unlock(int fd, off_t start, off_t len)
{
	set_lock(fd, F_UNLCK, start, len);
}
