/*
 * The moving part of the record loop: from a line of input to a line of
 * output. lib/cli/run.c sets it up; lib/cli/pool.c runs it with threads.
 */
#ifndef KB_CLI_LOOP_H
#define KB_CLI_LOOP_H

#include "cli/common.h"
#include "cli/dead_letter.h"
#include "cli/meter.h"
#include "cli/output.h"
#include "cli/resume.h"
#include "cli/run.h"
#include "cli/signals.h"
#include "json/input.h"

/* Bytes of records in flight beyond which no more are read. */
#define KB_LOOP_BYTES ((size_t)64 << 20)

struct kb_loop {
	const struct kb_filter *filter;
	const char *program;
	struct kb_input in;
	struct kb_output out;
	struct kb_dead dead;
	struct kb_meter meter;
	struct kb_resume resume;
	int form;	     /* enum kb_form; fixed by the first line */
	struct kb_csv table; /* of a form that is one */
	const char *headed;  /* the file whose names it has */
	int on_error;
	int format; /* place in the command's formats, 0 json */
	bool retry, unordered, timing, measure;
	uint64_t numbers; /* records read */
	bool any_no;
	struct kb_sessions *sessions; /* the filter's, or NULL */
	bool ended;		      /* no more lines for them */
	void *thread; /* of thread_open(), when there is one thread */

	/* Tasks in flight: ring[n % window] for n in head..tail-1. */
	struct kb_task **ring;
	size_t window;
	uint64_t head, tail;
	size_t flight_bytes;
	struct kb_task *free_tasks; /* to be used again */
	struct kb_task **made;
	size_t n_made, cap_made;
	struct kb_buf scratch; /* for texts on their way into an arena */
};

/* What became of reading: */
enum kb_taken {
	KB_TAKEN_TASK, /* a task that wants work */
	KB_TAKEN_DONE, /* a task that is finished as it is */
	KB_TAKEN_WAIT, /* nothing to read now */
	KB_TAKEN_END,
	KB_TAKEN_FAIL, /* err says why; the run ends */
};

/*
 * Read the next record into a task. With 'borrow' its line stays in the
 * input's buffer, valid until the next call; else the task owns it.
 */
enum kb_taken kb_loop_take(struct kb_loop *loop, bool may_wait, bool borrow,
			   struct kb_task **out, struct kb_err *err);

/* Write a finished task and give it back. */
int kb_loop_emit(struct kb_loop *loop, struct kb_task *task,
		 struct kb_err *err);

/* Write what is buffered. */
int kb_loop_flush(struct kb_loop *loop, struct kb_err *err);

/* A record in a form for others than programs, in print.c: on a terminal
 * broken at its width. JSON lines carry the error of a record; here it is
 * said on standard error, and only a filter that sees errors prints more. */
void kb_loop_print(struct kb_loop *loop, struct kb_task *task);

/* Call work() for one task; the caller makes it finished. */
enum kb_work kb_loop_outcome(struct kb_loop *loop, struct kb_task *task);

/* loop_table.c: is the input CSV or TSV? */
bool kb_loop_is_table(const struct kb_loop *loop);

/* A row becomes an object of its fields, in the task's arena. */
int kb_loop_wrap_row(struct kb_loop *loop, struct kb_task *task,
		     struct kb_str *line, struct kb_err *err);

/* Is this the row of names that a file begins with? They are taken. Names that
 * cannot be are nothing to go on with. */
int kb_loop_take_head(struct kb_loop *loop, struct kb_str line, bool *taken,
		      struct kb_err *err);

/* Ways to run to the end. */
int kb_loop_inline(struct kb_loop *loop, struct kb_err *err);
int kb_loop_events(struct kb_loop *loop, struct kb_err *err);
int kb_loop_threads(struct kb_loop *loop, unsigned n, struct kb_err *err);

/* Run a command that works on records, the options being set; returns the
 * exit status. */
int kb_filter_run(const struct kb_cmdline *line,
		  const struct kb_command *command, int n_operands,
		  char **operands);

/* Free every task. */
void kb_loop_release(struct kb_loop *loop);

#endif
