/*
 * What a program prints, as a child process with limits: of time, of its own
 * and of the clock, of memory, of what it writes. It leads a group of its own,
 * which is killed with it, and reads nothing.
 */
#ifndef KB_CONVERT_CHILD_OUTPUT_H
#define KB_CONVERT_CHILD_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"

#define KB_CHILD_MEMORY ((size_t)2 << 30) /* bytes of address space */

/*
 * Run argv (ends with NULL; looked for in PATH) and append what it prints to
 * out. 'what' names it in messages, which go on behind the file's name:
 * KB_ENOENT it is not there; KB_ETIMEOUT; KB_ELIMIT past the ceiling of 'out';
 * KB_EFORMAT it ended otherwise than with status 0, with the last line of what
 * it complained of.
 */
int kb_child_output(const char *const *argv, const char *what, int timeout_ms,
		    struct kb_buf *out, struct kb_err *err);

#endif
