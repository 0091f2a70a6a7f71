#include "store/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "store/container.h"
#include "store/lock.h"
#include "store/manifest.h"

bool kb_directory_is_index(int dir)
{
	char start[sizeof(KB_MANIFEST_START) - 1];
	ssize_t n =
	    kb_file_first_bytes(dir, KB_MANIFEST_NAME, start, sizeof(start));

	return n == (ssize_t)sizeof(start) &&
	       !memcmp(start, KB_MANIFEST_START, sizeof(start));
}

/* g<number>... with one of our suffixes. */
static bool has_our_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (name[0] != 'g' || name[1] < '0' || name[1] > '9' || !dot)
		return false;
	return !strcmp(dot, ".seg") || !strcmp(dot, ".live") ||
	       !strcmp(dot, ".glob") || !strcmp(dot, ".src");
}

bool kb_directory_is_ours(int dir, const char *name)
{
	char start[KB_CONTAINER_MAGIC];
	ssize_t n;

	if (!has_our_name(name))
		return false;
	n = kb_file_first_bytes(dir, name, start, sizeof(start));
	/* a writer that died may have left it without content */
	return n == 0 ||
	       (n == (ssize_t)sizeof(start) && kb_container_is_magic(start));
}

static bool is_journal(int dir, const char *name)
{
	char start[sizeof(KB_EMBED_JOURNAL_MAGIC) - 1];

	return (!strcmp(name, KB_EMBED_JOURNAL_NAME) ||
		!strcmp(name, KB_EMBED_JOURNAL_NAME_2)) &&
	       kb_file_first_bytes(dir, name, start, sizeof(start)) ==
		   (ssize_t)sizeof(start) &&
	       !memcmp(start, KB_EMBED_JOURNAL_MAGIC, sizeof(start));
}

/* What a build that never committed leaves. */
static bool is_left_over(int dir, const char *name)
{
	char byte;

	if (!strcmp(name, ".") || !strcmp(name, "..") ||
	    !strcmp(name, "lost+found") || !strcmp(name, KB_LOCK_NAME) ||
	    !strcmp(name, KB_MANIFEST_TMP))
		return true;
	if (!strcmp(name, KB_MANIFEST_NAME))
		return kb_file_first_bytes(dir, name, &byte, 1) == 0;
	return is_journal(dir, name) || kb_directory_is_ours(dir, name);
}

int kb_directory_kind(int dir, const char *path, enum kb_directory_kind *kind,
		      struct kb_err *err)
{
	struct dirent *e;
	DIR *list;
	int fd, rc;

	*kind = KB_DIRECTORY_INDEX;
	if (kb_directory_is_index(dir))
		return 0;
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	list = fd < 0 ? NULL : fdopendir(fd);
	if (!list) {
		rc = kb_err_sys(err, "cannot list '%s'", path);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	*kind = KB_DIRECTORY_EMPTY;
	while (*kind == KB_DIRECTORY_EMPTY && (e = readdir(list)))
		if (!is_left_over(dir, e->d_name))
			*kind = KB_DIRECTORY_OTHER;
	closedir(list);
	return 0;
}

/* An entry as the kernel gives it, getdents64(2). */
struct entry {
	uint64_t inode, next;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* readdir(3) allocates, which no signal handler may. */
void kb_directory_clear(int dir)
{
	_Alignas(struct entry) char block[4096];
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	while (fd >= 0 &&
	       (n = syscall(SYS_getdents64, fd, block, sizeof(block))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const void *)(block + at);

			if (kb_directory_is_ours(dir, e->name) ||
			    !strcmp(e->name, KB_MANIFEST_TMP))
				unlinkat(dir, e->name, 0);
			at += e->size;
		}
	}
	if (fd >= 0)
		close(fd);
}
