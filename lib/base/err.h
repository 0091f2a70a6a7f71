/*
 * Errors.
 *
 * A function that can fail returns 0 or a negative enum kb_code and fills
 * the caller's struct kb_err, which is always its last parameter and may be
 * NULL. The lowest layer that knows the subject writes the message: one
 * line, lower case, names in single quotes, no trailing dot. Upper layers
 * pass it on or put a place before it with kb_err_place().
 *
 * Text from outside that goes into a message is shown through
 * kb_err_quote(), which cuts it and escapes control characters; those of a
 * file's name are escaped in any case. Nothing here allocates, prints or
 * exits, save kb_die() and kb_oom().
 */
#ifndef KB_BASE_ERR_H
#define KB_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum kb_code {
	KB_OK = 0,
	KB_EINVAL = -1,	  /* input or request is wrong */
	KB_ELIMIT = -2,	  /* a stated limit is exceeded */
	KB_EIO = -3,	  /* the operating system refused */
	KB_ENOENT = -4,	  /* the thing named does not exist */
	KB_EFORMAT = -5,  /* a file is damaged or of another version */
	KB_EBUSY = -6,	  /* somebody else holds it; try again later */
	KB_EREMOTE = -7,  /* a provider or child answered with an error */
	KB_ETIMEOUT = -8, /* a deadline passed */
	KB_ECLOSED = -9,  /* the other end is gone */
};

struct kb_err {
	int code;	/* enum kb_code, KB_OK when unset */
	bool retryable; /* the same call may succeed later */
	char msg[496];	/* NUL-terminated, one line, no newline */
};

/* Set code and message; returns code. err may be NULL. */
int kb_err_set(struct kb_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Like kb_err_set(KB_EIO or KB_ENOENT by errno), appending ": strerror". */
int kb_err_sys(struct kb_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Put "place: " before the message of a failure; returns err->code, or
 * KB_EINVAL for NULL err: a failure stays one. */
int kb_err_place(struct kb_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The stable lower-case name of a code, as it stands in a record's error. */
const char *kb_code_name(int code);

/*
 * Write at most 60 bytes of text (len bytes) into dst for use in a message:
 * hidden characters (base/visible.h) and bad bytes as \xNN, \uNNNN or
 * \UNNNNNNNN, cut at a character's border with "...".
 * dst holds at least KB_QUOTE_MAX bytes. Returns dst.
 */
#define KB_QUOTE_MAX 280
const char *kb_err_quote(char *dst, const char *text, size_t len);

/*
 * What nothing can go on after: one line on standard error, exit status 2.
 * Files that are not finished (base/file_out.h) are removed. Safe in a signal
 * handler. 'why' has at most 120 bytes.
 */
void kb_die(const char *why) __attribute__((noreturn));

/* Memory is exhausted. */
void kb_oom(void) __attribute__((noreturn));

#endif
