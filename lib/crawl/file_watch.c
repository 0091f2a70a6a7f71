#include "crawl/file_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#define EVENTS                                                                \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_DELETE | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB)

/* As deep as a crawl goes. */
#define DEPTH_MAX 256

struct adding {
	struct kb_file_watch *watch;
	struct kb_buf path;
	bool (*avoid)(void *arg, int dirfd);
	void *arg;
};

int kb_file_watch_open(struct kb_file_watch *watch, struct kb_err *err)
{
	*watch = (struct kb_file_watch){
	    .fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
	if (watch->fd >= 0)
		return 0;
	if (errno == EMFILE)
		return kb_err_set(err, KB_EIO,
				  "too many programs watch files; raise it: "
				  "sysctl " KB_FILE_WATCH_INSTANCES "=512");
	return kb_err_sys(err, "cannot watch files");
}

void kb_file_watch_close(struct kb_file_watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

void kb_file_watch_begin(struct kb_file_watch *watch)
{
	watch->n_dirs = watch->n_refused = 0;
}

static void add_one(struct kb_file_watch *watch, const char *path)
{
	watch->n_dirs++;
	if (inotify_add_watch(watch->fd, path,
			      EVENTS | IN_ONLYDIR | IN_EXCL_UNLINK) < 0 &&
	    errno == ENOSPC)
		watch->n_refused++;
}

/* Takes fd, of the directory that the path names. */
static void add_below(struct adding *a, int fd, unsigned depth)
{
	size_t len = a->path.len;
	DIR *dir = depth > DEPTH_MAX ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!dir) {
		close(fd);
		return;
	}
	add_one(a->watch, a->path.ptr);
	while ((e = readdir(dir))) {
		int below;

		if (e->d_name[0] == '.' ||
		    (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN))
			continue;
		below = openat(fd, e->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		if (a->avoid && a->avoid(a->arg, below)) {
			close(below);
			continue;
		}
		kb_buf_printf(&a->path, "/%s", e->d_name);
		add_below(a, below, depth + 1);
		a->path.len = len;
		a->path.ptr[len] = '\0';
	}
	closedir(dir);
}

void kb_file_watch_add(struct kb_file_watch *watch, const char *path,
		       bool (*avoid)(void *arg, int dirfd), void *arg)
{
	struct adding a = {.watch = watch, .avoid = avoid, .arg = arg};
	char *real = realpath(path, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;
	int fd = real ? open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	kb_buf_init(&a.path, 0);
	if (fd >= 0) {
		kb_buf_add_cstr(&a.path, real);
		add_below(&a, fd, 0);
	} else if (slash) {
		slash[slash == real] = '\0';
		add_one(watch, real);
	}
	kb_buf_release(&a.path);
	free(real);
}

/* Has anything come? All of it is taken: also that the queue of the kernel ran
 * over is something that happened. */
static bool take(struct kb_file_watch *watch)
{
	char events[1 << 14]
	    __attribute__((aligned(__alignof__(struct inotify_event))));
	bool any = false;

	while (read(watch->fd, events, sizeof(events)) > 0)
		any = true;
	return any;
}

static bool wait_once(struct kb_file_watch *watch, int64_t ms)
{
	struct pollfd p = {.fd = watch->fd, .events = POLLIN};

	return poll(&p, 1, ms > INT_MAX ? INT_MAX : (int)ms) > 0 && take(watch);
}

bool kb_file_watch_wait(struct kb_file_watch *watch, int64_t timeout_ms,
			int quiet_ms, int most_ms)
{
	int64_t until;

	if (!wait_once(watch, timeout_ms))
		return false;
	until = kb_clock_ms() + most_ms;
	while (kb_clock_ms() < until && wait_once(watch, quiet_ms))
		;
	return true;
}
