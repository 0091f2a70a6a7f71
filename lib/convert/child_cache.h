/*
 * What programs printed of files, so that none converts the same bytes twice:
 * a file for each, named by a hash of the content and of the command, zstd
 * within, in a directory of the user's cache:
 *
 *	$XDG_CACHE_HOME/kb/converted, or ~/.cache/kb/converted
 *
 * Without either, nothing is kept. A file that is damaged is as none; those
 * not used for KB_CACHE_DAYS days are removed.
 */
#ifndef KB_CONVERT_CHILD_CACHE_H
#define KB_CONVERT_CHILD_CACHE_H

#include "base/buf.h"
#include "base/err.h"

#define KB_CACHE_DAYS 90

struct kb_child_cache {
	char *dir;  /* NULL: none */
	bool swept; /* of what is too old, in this run */
};

void kb_child_cache_init(struct kb_child_cache *cache);
void kb_child_cache_release(struct kb_child_cache *cache);

/*
 * As kb_child_output(), for a command that reads the file open as fd and
 * nothing else. 'key' names the command without that file; of its program the
 * time and size tell the version.
 */
int kb_child_cache_output(struct kb_child_cache *cache, int fd,
			  const char *const *argv, const char *program,
			  const char *key, const char *what, int timeout_ms,
			  struct kb_buf *out, struct kb_err *err);

#endif
