#include "crawl/crawl.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "crawl/gitignore.h"

/* A directory tree deeper than this is a loop of mounts or an attack. */
#define DEPTH_MAX 256

struct walk {
	struct kb_crawl *crawl;
	const struct kb_crawl_opts *opts;
	struct kb_buf path; /* real path of where we are */
	struct kb_buf name; /* the same under the path given */
	size_t root_len;    /* of name, with its slash */
	struct kb_ignore ignore;
};

static const struct kb_crawl_opts no_opts;

void kb_crawl_init(struct kb_crawl *crawl)
{
	*crawl = (struct kb_crawl){0};
	kb_arena_init(&crawl->strings);
}

void kb_crawl_release(struct kb_crawl *crawl)
{
	free(crawl->files);
	free(crawl->roots);
	free(crawl->given);
	kb_arena_release(&crawl->strings);
	*crawl = (struct kb_crawl){0};
}

static void tell(void (*fn)(void *, const char *), void *arg, const char *name,
		 const char *what)
{
	char line[512], quote[KB_QUOTE_MAX];
	size_t len = strlen(name);

	/* the end of a long path says more than its beginning */
	if (len > 60 && memchr(name + len - 60, '/', 60))
		name = strchr(name + len - 60, '/') + 1;
	if (!fn)
		return;
	snprintf(line, sizeof(line), "'%s': %s",
		 kb_err_quote(quote, name, strlen(name)), what);
	fn(arg, line);
}

static void skipped(struct walk *w, const char *why)
{
	w->crawl->n_skipped++;
	tell(w->opts->note, w->opts->arg, w->name.ptr, why);
}

static void problem(struct walk *w, int errnum)
{
	char what[160], text[100];

	w->crawl->n_problems++;
	snprintf(what, sizeof(what), "cannot read: %s",
		 strerror_r(errnum, text, sizeof(text)));
	tell(w->opts->problem, w->opts->arg, w->name.ptr, what);
}

static bool matches(const char *const *patterns, size_t n, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t i;

	for (i = 0; i < n; i++) {
		const char *subject =
		    strchr(patterns[i], '/') || !slash ? name : slash + 1;

		if (!fnmatch(patterns[i], subject, 0))
			return true;
	}
	return false;
}

static const char *kind_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFLNK:
		return "symbolic link, not followed";
	case S_IFIFO:
		return "FIFO, skipped";
	case S_IFSOCK:
		return "socket, skipped";
	default:
		return "device, skipped";
	}
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

static void add_file(struct walk *w, const struct stat *st)
{
	struct kb_crawl *c = w->crawl;

	kb_grow(&c->files, &c->cap, c->n + 1, sizeof(*c->files));
	c->files[c->n++] = (struct kb_crawl_file){
	    .path = kb_arena_strndup(&c->strings, w->path.ptr, w->path.len),
	    .name = kb_arena_strndup(&c->strings, w->name.ptr, w->name.len),
	    .size = (uint64_t)st->st_size,
	    .mtime_ns = nanoseconds(&st->st_mtim),
	    .ctime_ns = nanoseconds(&st->st_ctim),
	    .dev = (uint64_t)st->st_dev,
	    .ino = (uint64_t)st->st_ino,
	    .root = c->n_roots, /* which is taken in when it is walked */
	};
}

static void cut(struct kb_buf *buf, size_t len)
{
	assert(len <= buf->len);
	buf->len = len;
	buf->ptr[len] = '\0';
}

static void push(struct kb_buf *buf, const char *part)
{
	if (buf->len && buf->ptr[buf->len - 1] != '/')
		kb_buf_add_char(buf, '/');
	kb_buf_add_cstr(buf, part);
}

static void walk_dir(struct walk *w, int fd, unsigned depth);

/* One entry of a directory; w->path and w->name already name it. */
static void visit(struct walk *w, int dirfd, const char *entry, unsigned depth)
{
	const char *inside = w->name.ptr + w->root_len;
	struct stat st;
	int fd;

	assert(w->root_len <= w->name.len);
	assert(kb_ends(w->path.ptr, w->path.len, entry));
	if (matches(w->opts->exclude, w->opts->n_exclude, inside)) {
		skipped(w, "excluded");
		return;
	}
	if (entry[0] == '.' && !w->opts->hidden) {
		skipped(w, "hidden, skipped");
		return;
	}
	if (fstatat(dirfd, entry, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT) /* vanished since the directory was read */
			problem(w, errno);
		return;
	}
	if (kb_ignore_has(&w->ignore, kb_buf_str(&w->path),
			  S_ISDIR(st.st_mode))) {
		skipped(w, "ignored by git, skipped");
	} else if (S_ISDIR(st.st_mode)) {
		fd = openat(dirfd, entry,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0) {
			problem(w, errno);
		} else if (w->opts->avoid &&
			   w->opts->avoid(w->opts->avoid_arg, fd)) {
			close(fd);
			skipped(w, "an index, skipped");
		} else {
			walk_dir(w, fd, depth + 1);
		}
	} else if (!S_ISREG(st.st_mode)) {
		skipped(w, kind_name(st.st_mode));
	} else if (w->opts->n_include &&
		   !matches(w->opts->include, w->opts->n_include, inside)) {
		skipped(w, "not included");
	} else {
		add_file(w, &st);
	}
}

/* The .gitignore in the directory open as fd, which is w->path: true when
 * it was pushed. */
static bool enter_ignore(struct walk *w, int fd, const char *name, size_t base)
{
	struct kb_err err;
	int rc = kb_ignore_push_file(&w->ignore, fd, name, base, &err);

	if (rc >= 0)
		return rc;
	w->crawl->n_problems++;
	tell(w->opts->problem, w->opts->arg, w->name.ptr, err.msg);
	return false;
}

/* Bytes of the path that is the top of a repository, 0: none. */
static size_t find_top(const char *real)
{
	struct kb_buf git;
	size_t len;

	kb_buf_init(&git, 0);
	for (len = strlen(real); len; len--) {
		if (real[len] && real[len] != '/')
			continue;
		kb_buf_reset(&git);
		kb_buf_add(&git, real, len);
		kb_buf_add_cstr(&git, "/.git");
		if (!access(git.ptr, F_OK))
			break;
	}
	kb_buf_release(&git);
	return len;
}

/* What a repository ignores from its top down to above 'real'. */
static void enter_above(struct walk *w, const char *real)
{
	size_t top = find_top(real), n = strlen(real);
	char *path = kb_strdup(real);
	int fd;

	for (size_t len = top; top && len <= n; len++) {
		if (len < n && real[len] != '/')
			continue;
		path[len] = '\0';
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		path[len] = real[len];
		if (fd < 0)
			continue;
		if (len == top)
			enter_ignore(w, fd, ".git/info/exclude", len + 1);
		if (len < n)
			enter_ignore(w, fd, ".gitignore", len + 1);
		close(fd);
	}
	free(path);
}

/* Takes fd. */
static void walk_dir(struct walk *w, int fd, unsigned depth)
{
	size_t path_len = w->path.len, name_len = w->name.len;
	bool ignores = false;
	struct dirent *e;
	DIR *dir;

	if (depth > DEPTH_MAX) {
		close(fd);
		problem(w, ELOOP);
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		problem(w, errno);
		close(fd);
		return;
	}
	if (w->opts->gitignore)
		ignores = enter_ignore(
		    w, fd, ".gitignore",
		    path_len + !kb_ends(w->path.ptr, path_len, "/"));
	for (;;) {
		errno = 0;
		e = readdir(dir);
		if (!e)
			break;
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		push(&w->path, e->d_name);
		push(&w->name, e->d_name);
		visit(w, fd, e->d_name, depth);
		cut(&w->path, path_len);
		cut(&w->name, name_len);
	}
	if (errno)
		problem(w, errno);
	if (ignores)
		kb_ignore_pop(&w->ignore);
	closedir(dir);
}

/* "docs" and "docs/" name their files alike; "." nothing. */
static void clean(struct kb_buf *name)
{
	while (name->len > 1 && name->ptr[name->len - 1] == '/')
		cut(name, name->len - 1);
	while (name->len > 1 && !memcmp(name->ptr, "./", 2)) {
		memmove(name->ptr, name->ptr + 2, name->len - 1);
		name->len -= 2;
	}
	if (kb_str_is(kb_buf_str(name), "."))
		cut(name, 0);
}

static void add_absolute(const char *dir, const char *path, struct kb_buf *out)
{
	char *here = dir || *path == '/' ? NULL : getcwd(NULL, 0);

	if (*path != '/')
		kb_buf_printf(out, "%s/", dir ? dir : here ? here : "");
	kb_buf_add_cstr(out, path);
	free(here);
}

char *kb_crawl_absolute(const char *dir, const char *path)
{
	struct kb_buf name, out;

	kb_buf_init(&name, 0);
	kb_buf_init(&out, 0);
	kb_buf_add_cstr(&name, path);
	clean(&name);
	add_absolute(dir, name.ptr, &out);
	kb_buf_release(&name);
	return out.ptr;
}

static void add_root(struct kb_crawl *c, const char *real, const char *name,
		     const struct kb_crawl_opts *opts)
{
	struct kb_buf given;

	kb_buf_init(&given, 0);
	add_absolute(opts->dir, name, &given);
	kb_grow(&c->roots, &c->cap_roots, c->n_roots + 1, sizeof(*c->roots));
	kb_grow(&c->given, &c->cap_given, c->n_roots + 1, sizeof(*c->given));
	c->given[c->n_roots] =
	    kb_arena_strndup(&c->strings, given.ptr, given.len);
	c->roots[c->n_roots++] =
	    kb_arena_strndup(&c->strings, real, strlen(real));
	kb_buf_release(&given);
}

static int walk_root(struct walk *w, const char *given, const char *real,
		     struct kb_err *err)
{
	struct stat st;
	int fd;

	kb_buf_add_cstr(&w->path, real);
	kb_buf_add_cstr(&w->name, given);
	if (stat(real, &st) < 0)
		return kb_err_sys(err, "cannot read '%s'", given);
	if (S_ISREG(st.st_mode)) {
		add_file(w, &st);
	} else if (S_ISDIR(st.st_mode)) {
		fd = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return kb_err_sys(err, "cannot read '%s'", given);
		clean(&w->name);
		w->root_len = w->name.len;
		if (w->root_len && w->name.ptr[w->root_len - 1] != '/')
			w->root_len++;
		if (w->opts->gitignore)
			enter_above(w, real);
		walk_dir(w, fd, 0);
	} else {
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is no file and no directory", given);
	}
	add_root(w->crawl, real, w->name.ptr, w->opts);
	return KB_OK;
}

int kb_crawl_add(struct kb_crawl *crawl, const char *path,
		 const struct kb_crawl_opts *opts, struct kb_err *err)
{
	struct walk w = {.crawl = crawl, .opts = opts ? opts : &no_opts};
	struct kb_buf at;
	char *real;
	int rc;

	kb_buf_init(&at, 0);
	if (w.opts->dir)
		add_absolute(w.opts->dir, path, &at);
	real = realpath(at.len ? at.ptr : path, NULL);
	kb_buf_release(&at);
	if (!real)
		return kb_err_sys(err, "cannot read '%s'", path);
	kb_buf_init(&w.path, 0);
	kb_buf_init(&w.name, 0);
	rc = walk_root(&w, path, real, err);
	kb_buf_release(&w.path);
	kb_buf_release(&w.name);
	kb_ignore_release(&w.ignore);
	free(real);
	return rc;
}

void kb_crawl_add_nothing(struct kb_crawl *crawl, const char *path,
			  const struct kb_crawl_opts *opts)
{
	char *absolute = kb_crawl_absolute(opts->dir, path);
	char *real = realpath(absolute, NULL);

	add_root(crawl, real ? real : absolute, absolute, opts);
	free(absolute);
	free(real);
}

static int by_path(const void *a, const void *b)
{
	const struct kb_crawl_file *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : (y->root > x->root) - (y->root < x->root);
}

void kb_crawl_finish(struct kb_crawl *crawl)
{
	size_t i, n = 0;

	if (crawl->n < 2)
		return;
	qsort(crawl->files, crawl->n, sizeof(*crawl->files), by_path);
	for (i = 0; i < crawl->n; i++) {
		if (!n ||
		    strcmp(crawl->files[n - 1].path, crawl->files[i].path))
			crawl->files[n++] = crawl->files[i];
	}
	crawl->n = n;
}
