#include "convert/child_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "base/env.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "convert/child_output.h"

/* A file: the mark, a hash of what follows, its size unpacked, zstd. */
#define MARK "kbconv1\n"

struct head {
	char mark[8];
	uint64_t hash, size;
};

/* ---- the directory ---- */

/* Make every directory of a path, for the user alone. */
static int make_all(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) && errno != EEXIST) {
			*p = '/';
			return -1;
		}
		*p = '/';
	}
	return mkdir(path, 0700) && errno != EEXIST ? -1 : 0;
}

void kb_child_cache_init(struct kb_child_cache *cache)
{
	const char *base = kb_env("XDG_CACHE_HOME"), *home = kb_env("HOME");
	struct kb_buf path;

	*cache = (struct kb_child_cache){0};
	kb_buf_init(&path, 4000);
	if (base && *base == '/')
		kb_buf_printf(&path, "%s/kb/converted", base);
	else if (home && *home == '/')
		kb_buf_printf(&path, "%s/.cache/kb/converted", home);
	if (path.len && !path.over)
		cache->dir = kb_strndup(path.ptr, path.len);
	kb_buf_release(&path);
}

void kb_child_cache_release(struct kb_child_cache *cache)
{
	free(cache->dir);
	*cache = (struct kb_child_cache){0};
}

/* Is the name one of ours: 32 hexadecimal digits, perhaps not finished? */
static bool is_ours(const char *name)
{
	return strspn(name, "0123456789abcdef") == 32 &&
	       (!name[32] || name[32] == '.');
}

/* Remove what nobody has used for long. */
static void sweep(struct kb_child_cache *cache)
{
	time_t oldest = time(NULL) - KB_CACHE_DAYS * (time_t)86400;
	struct dirent *e;
	struct stat st;
	DIR *dir;

	if (cache->swept)
		return;
	cache->swept = true;
	dir = opendir(cache->dir);
	while (dir && (e = readdir(dir)))
		if (is_ours(e->d_name) &&
		    !fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode) && st.st_mtime < oldest)
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

/* ---- names ---- */

/* Of a program's file, which another version changes; 0: not found. */
static uint64_t stamp_of(const char *program)
{
	const char *path = strchr(program, '/') ? "" : kb_env("PATH");
	struct stat st;

	for (; path; path = path + 1) {
		size_t n = strcspn(path, ":");
		char file[4096];

		snprintf(file, sizeof(file), "%.*s%s%s", (int)n, path,
			 n ? "/" : "", program);
		if (!stat(file, &st) && S_ISREG(st.st_mode)) {
			const int64_t parts[] = {st.st_size, st.st_mtim.tv_sec,
						 st.st_mtim.tv_nsec};

			return kb_xxh64(parts, sizeof(parts), 0);
		}
		path += n;
		if (!*path)
			break;
	}
	return 0;
}

/* Of the file's bytes and of what is run. False: it cannot be read. */
static bool name_of(int fd, const char *program, const char *key, char name[33])
{
	const uint64_t stamp = stamp_of(program);
	struct kb_xxh128_stream *stream = kb_xxh128_begin(0);
	char buf[1 << 16];
	struct kb_hash128 hash;
	uint64_t at = 0;
	ssize_t n;

	kb_xxh128_add(stream, &stamp, sizeof(stamp));
	kb_xxh128_add(stream, key, strlen(key) + 1);
	while ((n = pread(fd, buf, sizeof(buf), (off_t)at)) > 0) {
		kb_xxh128_add(stream, buf, (size_t)n);
		at += (uint64_t)n;
	}
	hash = kb_xxh128_end(stream);
	snprintf(name, 33, "%016llx%016llx", (unsigned long long)hash.high,
		 (unsigned long long)hash.low);
	return n == 0;
}

/* ---- files ---- */

static int open_file(const struct kb_child_cache *cache, const char *name,
		     const char *ending, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s%s", cache->dir, name, ending);
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static bool unpack(const struct kb_buf *packed, struct kb_buf *out)
{
	struct head head;
	size_t n, len = packed->len - sizeof(head), from = out->len;

	if (packed->len < sizeof(head))
		return false;
	memcpy(&head, packed->ptr, sizeof(head));
	if (memcmp(head.mark, MARK, sizeof(head.mark)) ||
	    head.hash != kb_xxh64(packed->ptr + sizeof(head), len, head.size) ||
	    !kb_buf_reserve(out, head.size)) {
		out->over = false;
		return false;
	}
	n = ZSTD_decompress(out->ptr + from, head.size,
			    packed->ptr + sizeof(head), len);
	if (ZSTD_isError(n) || n != head.size)
		return false;
	out->len += n;
	out->ptr[out->len] = '\0';
	return true;
}

static bool find(const struct kb_child_cache *cache, const char *name,
		 struct kb_buf *out)
{
	int fd = open_file(cache, name, "", O_RDONLY);
	char part[1 << 14];
	struct kb_buf packed;
	bool found;
	ssize_t n;

	if (fd < 0)
		return false;
	kb_buf_init(&packed, out->max);
	while ((n = read(fd, part, sizeof(part))) > 0)
		kb_buf_add(&packed, part, (size_t)n);
	found = !n && !packed.over && unpack(&packed, out);
	if (found)
		futimens(fd, NULL); /* it is used */
	close(fd);
	kb_buf_release(&packed);
	return found;
}

static bool write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* Beside, then by its name: another run may write the same. What cannot be
 * kept is converted again. */
static void keep(struct kb_child_cache *cache, const char *name,
		 struct kb_str text)
{
	size_t bound = ZSTD_compressBound(text.len), n;
	struct head head = {.size = text.len};
	char *packed = kb_malloc(sizeof(head) + bound);
	char ending[32], from[4096], to[4096];
	int fd;

	n = ZSTD_compress(packed + sizeof(head), bound, text.ptr, text.len, 3);
	memcpy(head.mark, MARK, sizeof(head.mark));
	head.hash =
	    ZSTD_isError(n) ? 0 : kb_xxh64(packed + sizeof(head), n, head.size);
	memcpy(packed, &head, sizeof(head));
	snprintf(ending, sizeof(ending), ".%ld", (long)getpid());
	fd = ZSTD_isError(n) || make_all(cache->dir)
		 ? -1
		 : open_file(cache, name, ending, O_WRONLY | O_CREAT | O_EXCL);
	if (fd >= 0) {
		bool whole = write_all(fd, packed, sizeof(head) + n);

		snprintf(from, sizeof(from), "%s/%s%s", cache->dir, name,
			 ending);
		snprintf(to, sizeof(to), "%s/%s", cache->dir, name);
		if (close(fd) || !whole || rename(from, to))
			unlink(from);
		sweep(cache);
	}
	free(packed);
}

int kb_child_cache_output(struct kb_child_cache *cache, int fd,
			  const char *const *argv, const char *program,
			  const char *key, const char *what, int timeout_ms,
			  struct kb_buf *out, struct kb_err *err)
{
	size_t from = out->len;
	char name[33];
	bool named;
	int rc;

	named = cache->dir && name_of(fd, program, key, name);
	if (named && find(cache, name, out))
		return 0;
	rc = kb_child_output(argv, what, timeout_ms, out, err);
	if (rc == 0 && named)
		keep(cache, name,
		     (struct kb_str){out->ptr + from, out->len - from});
	return rc;
}
