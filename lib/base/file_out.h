/*
 * One way to write a file.
 *
 * What is opened whole is written beside its target, under a name that
 * nobody can foresee, and takes the target's place in one step when it is
 * published; without that it is removed, also by a signal that ends the
 * program (kb_file_out_remove_all()). What is opened to grow is written in
 * place, under a lock that the descriptor holds.
 *
 * In both ways: the mode and owner of a file that exists stay, a new one has
 * what the umask leaves; a symbolic link stays and its target is written; a
 * device or FIFO is written as it is, never replaced; /dev/stdout and its
 * like are the descriptors they name, at their place. A file whose name is
 * put to another one meanwhile is not followed.
 */
#ifndef KB_BASE_FILE_OUT_H
#define KB_BASE_FILE_OUT_H

#include <sys/types.h>

#include "base/err.h"

/* A directory with such a file that begins so is an index (store/manifest.h):
 * nothing else is written there. */
#define KB_FILE_OUT_GUARD	"MANIFEST"
#define KB_FILE_OUT_GUARD_START "kb-index "

enum kb_file_out_how {
	KB_FILE_OUT_WHOLE, /* beside, then renamed */
	KB_FILE_OUT_GROW,  /* in place, locked, what is there stays */
};

struct kb_file_out {
	int fd;	     /* -1: not open */
	char *path;  /* as the user spells it, for messages */
	int dir;     /* where the target stands; -1: no plain file */
	char *name;  /* of the target in dir; NULL: no plain file */
	char *temp;  /* of what is written in dir, NULL: the target */
	bool listed; /* to be removed when the program ends */
	struct kb_file_out *next;
};

/* Before the first open, and what a released one is. */
#define KB_FILE_OUT_NONE ((struct kb_file_out){.fd = -1, .dir = -1})

/*
 * Open path. KB_EINVAL: it lies in an index. KB_EBUSY: to grow, and another
 * process has it locked. The structure stays at its place until it is released.
 */
int kb_file_out_open(struct kb_file_out *out, const char *path,
		     enum kb_file_out_how how, struct kb_err *err);

/* Is it a plain file that does not stand at its name yet? */
static inline bool kb_file_out_is_beside(const struct kb_file_out *out)
{
	return out->temp != NULL;
}

/* Lock the file against others that lock it; KB_EBUSY at once. */
int kb_file_out_lock(struct kb_file_out *out, struct kb_err *err);

/* All of n bytes. */
int kb_file_out_write(struct kb_file_out *out, const void *bytes, size_t n,
		      struct kb_err *err);

/* Make a growing plain file empty. */
int kb_file_out_clear(struct kb_file_out *out, struct kb_err *err);

/* Make it durable and, if beside, put it in its place. It stays open. */
int kb_file_out_publish(struct kb_file_out *out, struct kb_err *err);

/* Close, which is where some file systems tell that a write failed. */
int kb_file_out_close(struct kb_file_out *out, struct kb_err *err);

/* Close and free; what is still beside is removed. Any state, also zero
 * times opened with KB_FILE_OUT_NONE. */
void kb_file_out_release(struct kb_file_out *out);

/* Remove what is beside its target now. Safe in a signal handler; nothing
 * can be published afterwards. */
void kb_file_out_remove_all(void);

/*
 * One thing more to be removed then, with fn(arg), which may be called in a
 * signal handler; NULL: no more. Does not return once the removal has begun:
 * what comes behind a call with NULL happens only to what stays.
 */
void kb_file_out_also_remove(void (*fn)(void *arg), void *arg);

/*
 * Would or do two names stand for one plain file? By device and inode, or
 * by directory and name of a file that is not there yet. path NULL: the
 * descriptor alone is meant.
 */
struct kb_file_place {
	const char *path;
	int fd; /* -1: by path */
};
bool kb_file_place_same(struct kb_file_place a, struct kb_file_place b);

#endif
