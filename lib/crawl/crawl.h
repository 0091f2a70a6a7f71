/*
 * Which files a list of paths means.
 *
 * A file named stands for itself, whatever it is called; a directory for
 * the regular files under it. Symbolic links are followed where the user
 * names one and nowhere else; hidden names, FIFOs, sockets and devices are
 * skipped. What was skipped is reported through 'note', what could not be read
 * through 'problem': a directory without permission costs itself, not the
 * run. Files come in byte order of their real path, each once.
 */
#ifndef KB_CRAWL_CRAWL_H
#define KB_CRAWL_CRAWL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct kb_crawl_file {
	const char *path;  /* real, absolute: the source's identity */
	const char *name;  /* under the path as the user gave it */
	uint64_t size;	   /* bytes */
	int64_t mtime_ns;  /* since the epoch */
	int64_t ctime_ns;  /* of the inode: also set by a rename or chmod */
	uint64_t dev, ino; /* tell a renamed file from a new one */
	size_t root;	   /* it was found under, in kb_crawl's */
};

struct kb_crawl_opts {
	/* What a relative path is relative to, absolute; NULL: the working
	 * directory. Names begin as the path was given all the same. */
	const char *dir;
	/* fnmatch(3) patterns, matched against the name inside the
	 * directory given (with '/' when the pattern holds one, where '*'
	 * crosses it; else against the last component). With includes a
	 * file must match one; excludes win and prune directories. Files
	 * named outright are always taken. */
	const char *const *include;
	size_t n_include;
	const char *const *exclude;
	size_t n_exclude;
	bool hidden;	/* take hidden names too */
	bool gitignore; /* pass over what git ignores (gitignore.h) */
	/* Called with one line, no newline; may be NULL. */
	void (*note)(void *arg, const char *line);
	void (*problem)(void *arg, const char *line);
	void *arg;
	/* Directories below a given one that this says yes to are passed
	 * over, an index among the documents; may be NULL. */
	bool (*avoid)(void *avoid_arg, int dirfd);
	void *avoid_arg;
};

struct kb_crawl {
	struct kb_crawl_file *files;
	size_t n, cap;
	/* What was given, in order: real paths, and the same made absolute,
	 * before symbolic links are followed. */
	const char **roots, **given;
	size_t n_roots, cap_roots, cap_given;
	size_t n_skipped;	 /* reported through note */
	size_t n_problems;	 /* reported through problem */
	struct kb_arena strings; /* owns every path and name */
};

void kb_crawl_init(struct kb_crawl *crawl);
void kb_crawl_release(struct kb_crawl *crawl);

/* Add what path means. KB_ENOENT when it does not exist, KB_EIO. opts may
 * be NULL. */
int kb_crawl_add(struct kb_crawl *crawl, const char *path,
		 const struct kb_crawl_opts *opts, struct kb_err *err);

/* A path that is given up: a root without files, whether there is anything at
 * that place or not. */
void kb_crawl_add_nothing(struct kb_crawl *crawl, const char *path,
			  const struct kb_crawl_opts *opts);

/* A path as its files' names begin, made absolute by 'dir', or by the working
 * directory where that is NULL. To be freed. */
char *kb_crawl_absolute(const char *dir, const char *path);

/* Sort the files by real path and drop repeats, of which the one that comes
 * first by its name stays, of one name that of the last root; call once, after
 * the last kb_crawl_add(). */
void kb_crawl_finish(struct kb_crawl *crawl);

#endif
