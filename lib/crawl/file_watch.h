/*
 * Waiting for a change below directories (inotify).
 *
 * A watch tells that something happened, not what: who wants to know walks the
 * directories again, and adds them again, for there may be new ones. What the
 * kernel does not tell, such as changes that another machine makes on a network
 * file system, nobody hears of; so does who runs out of watches, of which the
 * system allows a user so many (KB_FILE_WATCH_LIMIT).
 */
#ifndef KB_CRAWL_FILE_WATCH_H
#define KB_CRAWL_FILE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define KB_FILE_WATCH_LIMIT	"fs.inotify.max_user_watches"
#define KB_FILE_WATCH_INSTANCES "fs.inotify.max_user_instances"

struct kb_file_watch {
	int fd;
	uint64_t n_dirs;    /* added since the last kb_file_watch_begin() */
	uint64_t n_refused; /* of them: no watch was left */
};

/* KB_EIO with advice when the system gives none. */
int kb_file_watch_open(struct kb_file_watch *watch, struct kb_err *err);
void kb_file_watch_close(struct kb_file_watch *watch);

/* Start to count anew; what is watched stays so. */
void kb_file_watch_begin(struct kb_file_watch *watch);

/* Watch a directory and what is below it, hidden names and symbolic links left
 * out, or the directory that a file is in. 'avoid' as in kb_crawl_opts. What is
 * not there is passed over. */
void kb_file_watch_add(struct kb_file_watch *watch, const char *path,
		       bool (*avoid)(void *arg, int dirfd), void *arg);

/* Wait until something happens, and then until nothing did for quiet_ms,
 * most_ms at most. False: nothing happened within timeout_ms (-1: no limit), or
 * a signal came. */
bool kb_file_watch_wait(struct kb_file_watch *watch, int64_t timeout_ms,
			int quiet_ms, int most_ms);

#endif
