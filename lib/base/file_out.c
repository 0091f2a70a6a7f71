#include "base/file_out.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum {
	LINKS_MAX = 40, /* as the kernel's */
	TRIES_MAX = 100,
	TAIL_SIZE = sizeof(".0123456789abcdef.tmp"),
};

/* Files that stand beside their targets; a signal may look at any time. */
static struct kb_file_out *volatile unfinished;

/* The thing more; its argument is set before the function is. */
static _Atomic(void (*)(void *)) also_remove;
static void *also_arg;
static atomic_bool removing;

static int cannot_write(const struct kb_file_out *out, struct kb_err *err)
{
	return kb_err_sys(err, "cannot write '%s'", out->path);
}

/* ---- where a name leads ---- */

/* The descriptor that a name of this process's own stands for, or -1. */
static int named_fd(const char *path)
{
	static const char *const dirs[] = {"/dev/fd/", "/proc/self/fd/"};
	static const char *const names[] = {"/dev/stdin", "/dev/stdout",
					    "/dev/stderr"};
	char *end;

	for (int i = 0; i < 3; i++)
		if (!strcmp(path, names[i]))
			return i;
	for (int i = 0; i < 2; i++) {
		size_t n = strlen(dirs[i]);

		if (!strncmp(path, dirs[i], n) && path[n] >= '0' &&
		    path[n] <= '9') {
			long fd = strtol(path + n, &end, 10);

			return *end || fd > INT_MAX ? -1 : (int)fd;
		}
	}
	return -1;
}

/* What the link at path names, seen from where path is seen. */
static char *step_link(const char *path, const char *target)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash && *target != '/' ? (size_t)(slash - path) + 1 : 0;
	char *joined = kb_malloc(n + strlen(target) + 1);

	memcpy(joined, path, n);
	strcpy(joined + n, target);
	return joined;
}

/*
 * The name behind all links, which may not be there; *fd is the descriptor
 * when it is one of our own. NULL with errno. The kernel is asked first
 * whether it would follow: it may refuse links that others planted.
 */
static char *resolve(const char *path, int *fd)
{
	char target[PATH_MAX], *at = kb_strdup(path), *next;
	struct stat st;
	ssize_t n;

	*fd = named_fd(at);
	if (*fd < 0 && stat(at, &st) && errno != ENOENT)
		goto fail;
	for (int i = 0; *fd < 0 && i <= LINKS_MAX; i++) {
		n = readlink(at, target, sizeof(target) - 1);
		if (n < 0)
			return at;
		target[n] = '\0';
		next = step_link(at, target);
		free(at);
		at = next;
		*fd = named_fd(at);
	}
	if (*fd >= 0)
		return at;
	errno = ELOOP;
fail:
	free(at);
	return NULL;
}

/* Open the directory of a resolved name; *name is its last part. */
static int open_dir(const char *resolved, char **name)
{
	const char *slash = strrchr(resolved, '/');
	char *dir = kb_strdup(resolved);
	int fd;

	if (slash)
		dir[slash - resolved + (slash == resolved)] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd >= 0)
		*name = kb_strdup(slash ? slash + 1 : resolved);
	return fd;
}

/* ---- opening ---- */

static void list_add(struct kb_file_out *out)
{
	out->next = unfinished;
	out->listed = true;
	unfinished = out;
}

static void list_del(struct kb_file_out *out)
{
	struct kb_file_out *before = unfinished;

	if (!out->listed)
		return;
	out->listed = false;
	if (before == out) {
		unfinished = out->next;
		return;
	}
	while (before->next != out)
		before = before->next;
	before->next = out->next;
}

void kb_file_out_also_remove(void (*fn)(void *arg), void *arg)
{
	if (fn)
		also_arg = arg;
	atomic_store(&also_remove, fn);
	while (atomic_load(&removing))
		pause();
}

void kb_file_out_remove_all(void)
{
	void (*fn)(void *);

	atomic_store(&removing, true);
	fn = atomic_load(&also_remove);
	if (fn)
		fn(also_arg);
	for (struct kb_file_out *out = unfinished; out; out = out->next)
		unlinkat(out->dir, out->temp, 0);
}

/* A name that is not there and that nobody can have put there. */
static void make_temp_name(struct kb_file_out *out)
{
	size_t n = strlen(out->name), most = NAME_MAX - TAIL_SIZE;
	unsigned long long random;

	while (getrandom(&random, sizeof(random), 0) != sizeof(random))
		;
	free(out->temp);
	out->temp = kb_malloc(n + TAIL_SIZE);
	sprintf(out->temp, "%.*s.%016llx.tmp", (int)(n < most ? n : most),
		out->name, random);
}

/* The mode and, where allowed, the owner of the file that is replaced. A
 * group that cannot stay gets no rights of the one that had them. */
static int take_mode(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;
	struct stat now;

	if (fstat(fd, &now))
		return -1;
	if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) && now.st_gid != old->st_gid &&
	    fchown(fd, (uid_t)-1, old->st_gid))
		mode &= ~(mode_t)070;
	return fchmod(fd, mode);
}

static int open_beside(struct kb_file_out *out, const struct stat *old)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	for (int i = 0; i < TRIES_MAX; i++) {
		make_temp_name(out);
		out->fd = openat(out->dir, out->temp, flags, old ? 0600 : 0666);
		if (out->fd >= 0 || errno != EEXIST)
			break;
	}
	if (out->fd < 0) {
		free(out->temp);
		out->temp = NULL;
		return -1;
	}
	list_add(out);
	return old ? take_mode(out->fd, old) : 0;
}

int kb_file_out_lock(struct kb_file_out *out, struct kb_err *err)
{
	int rc;

	do
		rc = flock(out->fd, LOCK_EX | LOCK_NB);
	while (rc && errno == EINTR);
	if (rc && errno == EWOULDBLOCK)
		return kb_err_set(err, KB_EBUSY,
				  "'%s' is being written by another process; "
				  "try again later",
				  out->path);
	return rc ? kb_err_sys(err, "cannot lock '%s'", out->path) : 0;
}

/* Whoever had the lock may have put another file in the place of the one
 * that was opened; then that one is wanted. */
static int open_locked(struct kb_file_out *out, struct kb_err *err)
{
	const int flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
	struct stat there, here;
	int rc;

	for (int i = 0; i < TRIES_MAX; i++) {
		out->fd = openat(out->dir, out->name, flags, 0666);
		if (out->fd < 0)
			return cannot_write(out, err);
		rc = kb_file_out_lock(out, err);
		if (rc)
			return rc;
		if (!fstat(out->fd, &here) &&
		    !fstatat(out->dir, out->name, &there,
			     AT_SYMLINK_NOFOLLOW) &&
		    here.st_dev == there.st_dev && here.st_ino == there.st_ino)
			return 0;
		close(out->fd);
		out->fd = -1;
	}
	return kb_err_set(err, KB_EBUSY, "'%s' is replaced again and again",
			  out->path);
}

static bool is_index(int dir)
{
	char start[sizeof(KB_FILE_OUT_GUARD_START) - 1];

	return kb_file_first_bytes(dir, KB_FILE_OUT_GUARD, start,
				   sizeof(start)) == (ssize_t)sizeof(start) &&
	       !memcmp(start, KB_FILE_OUT_GUARD_START, sizeof(start));
}

int kb_file_out_open(struct kb_file_out *out, const char *path,
		     enum kb_file_out_how how, struct kb_err *err)
{
	char *resolved;
	struct stat st;
	bool there;
	int fd;

	*out = KB_FILE_OUT_NONE;
	out->path = kb_strdup(path);
	resolved = resolve(path, &fd);
	if (!resolved)
		return cannot_write(out, err);
	there = !stat(resolved, &st);
	if (fd >= 0) {
		out->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	} else if (there && !S_ISREG(st.st_mode)) {
		out->fd = open(resolved, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		out->dir = open_dir(resolved, &out->name);
	}
	free(resolved);
	if (out->fd < 0 && out->dir < 0)
		return cannot_write(out, err);
	if (!out->name)
		return 0;
	if (is_index(out->dir))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' lies in an index; write it elsewhere",
				  path);
	if (how == KB_FILE_OUT_GROW)
		return open_locked(out, err);
	return open_beside(out, there ? &st : NULL) ? cannot_write(out, err)
						    : 0;
}

/* ---- writing ---- */

int kb_file_out_write(struct kb_file_out *out, const void *bytes, size_t n,
		      struct kb_err *err)
{
	const char *p = bytes;

	assert(out->fd >= 0);
	assert(bytes || !n);
	while (n) {
		ssize_t done = write(out->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cannot_write(out, err);
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int kb_file_out_clear(struct kb_file_out *out, struct kb_err *err)
{
	return out->name && ftruncate(out->fd, 0) ? cannot_write(out, err) : 0;
}

int kb_file_out_publish(struct kb_file_out *out, struct kb_err *err)
{
	assert(out->fd >= 0);
	assert(!out->temp || out->name);
	if (fsync(out->fd) && errno != EINVAL && errno != EROFS)
		return cannot_write(out, err);
	if (!out->temp)
		return 0;
	if (renameat(out->dir, out->temp, out->dir, out->name))
		return cannot_write(out, err);
	list_del(out);
	free(out->temp);
	out->temp = NULL;
	/* The rename is durable once the directory is; some file systems
	 * refuse to sync one: EINVAL. */
	if (fsync(out->dir) && errno != EINVAL)
		return kb_err_sys(err, "cannot sync the directory of '%s'",
				  out->path);
	return 0;
}

int kb_file_out_close(struct kb_file_out *out, struct kb_err *err)
{
	int fd = out->fd;

	out->fd = -1;
	return fd >= 0 && close(fd) && errno != EINTR ? cannot_write(out, err)
						      : 0;
}

void kb_file_out_release(struct kb_file_out *out)
{
	if (out->fd >= 0)
		close(out->fd);
	if (out->temp)
		unlinkat(out->dir, out->temp, 0);
	list_del(out);
	if (out->dir >= 0)
		close(out->dir);
	free(out->temp);
	free(out->name);
	free(out->path);
	*out = KB_FILE_OUT_NONE;
}

/* ---- one file, two names ---- */

static bool place_stat(struct kb_file_place place, struct stat *st)
{
	return !(place.path ? stat(place.path, st) : fstat(place.fd, st));
}

/* The directory that a name of no file would stand in, and the name there,
 * which is the caller's; false, and *name NULL, when it stands for more. */
static bool absent_place(const char *path, char **name, struct stat *dir_st)
{
	char *target;
	int fd, dir = -1;
	bool found;

	*name = NULL;
	target = resolve(path, &fd);
	if (target && fd < 0)
		dir = open_dir(target, name);
	found = dir >= 0 && !fstat(dir, dir_st);
	if (dir >= 0)
		close(dir);
	free(target);
	return found;
}

/* Both names lead to nothing: do they lead to the same? */
static bool same_absent(const char *a, const char *b)
{
	struct stat x, y;
	char *of_a, *of_b;
	bool same = absent_place(a, &of_a, &x);

	of_b = NULL;
	same = same && absent_place(b, &of_b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino && of_a && of_b && !strcmp(of_a, of_b);
	free(of_a);
	free(of_b);
	return same;
}

bool kb_file_place_same(struct kb_file_place a, struct kb_file_place b)
{
	struct stat one, two;
	bool has_one = place_stat(a, &one), has_two = place_stat(b, &two);

	if (has_one && has_two)
		return one.st_dev == two.st_dev && one.st_ino == two.st_ino &&
		       S_ISREG(one.st_mode);
	return !has_one && !has_two && a.path && b.path &&
	       same_absent(a.path, b.path);
}
