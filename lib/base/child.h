/*
 * A child filter: one long-lived process that answers a line with a line.
 *
 * The command comes from the user's command line or configuration, never
 * from a record, a template or an index. The child speaks the record
 * contract: for each line in, one line out, in the same order. Both
 * directions are non-blocking, so neither side can wedge the other. Every
 * request has a deadline; an answer that comes too late is dropped, and the
 * answers behind it still find their requests. A child that ends stays
 * ended: what is pending and all that follows fail with KB_ECLOSED and the
 * last line the child wrote on its standard error. One that writes when nothing
 * is asked of it is taken for ended: its answers would find other requests.
 *
 * A child belongs to one thread at a time.
 */
#ifndef KB_BASE_CHILD_H
#define KB_BASE_CHILD_H

#include "base/buf.h"
#include "base/err.h"

struct kb_child;

#define KB_CHILD_LINE_MAX ((size_t)64 << 20) /* longest answer, bytes */

/*
 * Start a command line of the user's through /bin/sh. When its first word
 * is the name of a program that stands beside the running one (llm-call),
 * that one is taken. NULL with err when it cannot be started; a command that
 * the shell does not find shows at the first answer. argv form: a program by
 * name, looked for beside the running one, then in PATH, without a shell;
 * argv ends with NULL.
 */
struct kb_child *kb_child_open(const char *command, struct kb_err *err);
struct kb_child *kb_child_open_argv(const char *const *argv,
				    struct kb_err *err);

/* Close its input, wait up to two seconds, then kill it and what it started.
 * NULL is allowed. */
void kb_child_close(struct kb_child *child);

/* ---- many in flight, for the record loop ---- */

/* Queue a line; 'tag' comes back with its answer. KB_ECLOSED when the child
 * has ended, or wrote a line that nobody asked for. */
int kb_child_send(struct kb_child *child, struct kb_str line, int timeout_ms,
		  void *tag, struct kb_err *err);

/*
 * Move bytes. Returns when an outcome can be taken, when fd (unless -1) can
 * be read, when a signal came, or after timeout_ms (-1: no limit). Fits
 * struct kb_filter's wait().
 */
int kb_child_poll(struct kb_child *child, int fd, int timeout_ms,
		  struct kb_err *err);

struct kb_child_outcome {
	void *tag;
	struct kb_str line; /* the answer, valid until the next poll or call */
	struct kb_err err;  /* code 0 when there is an answer */
};

/* The next outcome; false when there is none now. */
bool kb_child_take(struct kb_child *child, struct kb_child_outcome *outcome);

/* Lines it has not answered, those whose time is over included. */
size_t kb_child_owes(const struct kb_child *child);

#endif
