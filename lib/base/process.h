/*
 * Starting programs, waiting for their end, taking what they print.
 *
 * What is run comes from the user's command line or configuration, never
 * from a record, a template or an index. A program starts with the signals
 * as it expects them and inherits no descriptor but 0, 1 and 2. Its pipes are
 * non-blocking at our end. A process belongs to one thread at a time.
 */
#ifndef KB_BASE_PROCESS_H
#define KB_BASE_PROCESS_H

#include <signal.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct kb_process {
	pid_t pid;	  /* 0: none, or its end is known */
	int status;	  /* of its end, as waitpid(2) says it */
	bool grouped;	  /* leads a group of its own */
	int in, out, err; /* our ends of its 0, 1 and 2; -1: none */
};

enum kb_process_flags {
	KB_PROCESS_IN = 1,    /* a pipe to its input, else /dev/null */
	KB_PROCESS_OUT = 2,   /* a pipe from its output, else ours */
	KB_PROCESS_ERR = 4,   /* the same for its messages */
	KB_PROCESS_GROUP = 8, /* a group, which is killed as one; without it
				 the program may ask on our terminal */
};

/*
 * Start a program: 'path' is looked for in PATH when it has no slash; argv
 * ends with NULL. 'name' is for messages. On failure there is nothing to end.
 */
int kb_process_start(struct kb_process *p, const char *name, const char *path,
		     const char *const *argv, unsigned flags,
		     struct kb_err *err);

/* Close our ends, wait up to grace_ms, then kill it (and its group). Sets
 * status; harmless when it has ended. */
void kb_process_end(struct kb_process *p, int grace_ms);

/* Close one of our ends. */
void kb_process_close(int *end);

/* How it ended: "", " with status 3", " by signal 9". dst holds 32 bytes. */
const char *kb_process_how(const struct kb_process *p, char *dst);

/*
 * The path of program 'name' beside the running binary, when it stands there
 * and may be run, else name itself. buf holds size bytes.
 */
const char *kb_process_find(const char *name, char *buf, size_t size);

/* A signal handler sets it: what is being captured is given up. */
extern volatile sig_atomic_t kb_process_interrupted;

/*
 * Run a command line of the user's by /bin/sh and append what it prints to
 * out. KB_ELIMIT past the buffer's ceiling, KB_ETIMEOUT after timeout_ms (-1:
 * none), KB_ECLOSED when a signal ended the wait, KB_EREMOTE when it ends with
 * another status than 0; the message
 * begins with 'name', the command may hold secrets. Its messages go where
 * ours go.
 */
int kb_process_capture(const char *command, const char *name, int timeout_ms,
		       struct kb_buf *out, struct kb_err *err);

#endif
