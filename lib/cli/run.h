/*
 * The record loop that every filter shares.
 *
 * A command that works on records is a struct kb_filter: functions to open
 * and close what it needs, and work(), which handles one record. The loop
 * does the rest, once for all programs: input (files, gzip, zstd, plain
 * text), scanning, order, threads, pending records, errors, dead letters,
 * output, statistics. One runs a process: what a filter needs lies in
 * static variables of its source.
 *
 * A task owns its record and its arena from reading to writing; work() may
 * allocate in task->arena and set members with kb_rec_set(). It returns
 *
 *   KB_WORK_DONE     the record is written as it is now
 *   KB_WORK_FAILED   task->err says why; the record gets 'error'
 *   KB_WORK_PENDING  kb_task_done() comes later, from the filter's wait()
 *
 * With -j N work() runs in N threads, each with what thread_open() made.
 * A filter with wait() runs in one thread, and work() and wait() take turns
 * there; up to 'window' records are then in flight. Output is in the order
 * of the input unless --unordered is given.
 */
#ifndef KB_CLI_RUN_H
#define KB_CLI_RUN_H

#include "cli/command.h"
#include "json/rec.h"

enum kb_work { KB_WORK_DONE, KB_WORK_FAILED, KB_WORK_PENDING };

/* Where a record goes: to the output, to a file of kb_cli_set_aside(), or
 * nowhere. */
enum kb_where { KB_WHERE_OUT, KB_WHERE_ASIDE, KB_WHERE_NOWHERE };

struct kb_task {
	struct kb_arena arena;
	struct kb_rec rec;
	struct kb_err err;    /* of KB_WORK_FAILED */
	uint64_t number;      /* of the record in the whole input, from 1 */
	uint64_t line;	      /* in its file, from 1 */
	const char *file;     /* name for messages */
	void *thread;	      /* what thread_open() made */
	void *data;	      /* the filter's, for a pending record */
	bool no;	      /* the answer is no: exit status 1 with -e */
	bool passed;	      /* it carries an error that another wrote */
	enum kb_where where;  /* to be written */
	size_t aside;	      /* which file, of KB_WHERE_ASIDE */
	struct kb_loop *loop; /* the rest is the loop's */
	struct kb_task *next;
	size_t size_bytes;
	uint64_t start_ns, took_ns;
	enum kb_work state;
	bool finished;
};

/* The outcome of a pending task: KB_WORK_DONE or KB_WORK_FAILED. Only from
 * the filter's wait(), or from work() of another task. */
void kb_task_done(struct kb_task *task, enum kb_work outcome);

/* The record's id as text, or the number of the record when it has none;
 * in the task's arena. */
struct kb_str kb_task_id(struct kb_task *task);

struct kb_sessions;

struct kb_filter {
	bool takes_text;  /* plain lines are records {"query":..} */
	bool sees_errors; /* work() also for records with 'error' */
	unsigned window;  /* records in flight with wait(); 0: 1024 */

	/* After the options; operands are what is left of the line. A
	 * filter that takes its records from the line gives *line. Returns
	 * KB_OPEN_DONE when there is nothing more to do. */
	int (*open)(int n_operands, char **operands, const char **line,
		    struct kb_err *err);
	/* Gives what makes records of several lines, after open(); NULL, or
	 * gives NULL: a line is a record. */
	struct kb_sessions *(*sessions)(void);
	void (*close)(void);
	int (*thread_open)(void **thread, struct kb_err *err);
	void (*thread_close)(void *thread);
	enum kb_work (*work)(struct kb_task *task);
	/*
	 * Let pending records go on; return when something happened, when
	 * fd (unless -1) can be read, or after timeout_ms (-1: no limit).
	 */
	int (*wait)(int fd, int timeout_ms, struct kb_err *err);
	/* Called before the loop waits for input on one that may block. */
	void (*idle)(void);
	/* The record for people, in a format other than json (1: the second
	 * of the command's formats). Append to out; text of documents goes
	 * through kb_print_text(). */
	void (*print)(struct kb_task *task, int format, struct kb_buf *out);
	/*
	 * kb_converse() of converse.h, or NULL: where there is nothing to read
	 * and somebody sits at both ends it takes the place of the record
	 * loop, and turn() that of work(): append to out what is said to the
	 * line. Returns 0, KB_TURN_END, or an error, which ends the run.
	 */
	int (*converse)(const char *program, const struct kb_filter *filter,
			struct kb_err *err);
	int (*turn)(void *thread, struct kb_str line, struct kb_buf *out,
		    struct kb_err *err);
	/* When set, at the latest by open(): no record is written, but what
	 * this appends once all are worked on. */
	int (*report)(int format, struct kb_buf *out, struct kb_err *err);
	bool binary; /* what report() appends is nothing for a terminal */
	/* Members of the object for --stats; may be NULL. */
	void (*stats)(struct kb_buf *members);
};

#define KB_OPEN_DONE 1

/* From turn(): no more lines. */
#define KB_TURN_END 1

/* The same, and a part of it could not be done: exit status 1. */
#define KB_OPEN_PARTLY 2

/* From open(): a file for the records that work() sets aside, written as
 * --output writes, or NULL; option: what names it. Returns its place among
 * them, 0 for the first and for NULL; the same path has one place. KB_EINVAL
 * for "-"; KB_ELIMIT: more than 64. */
int kb_cli_set_aside(const char *path, const char *option, struct kb_err *err);
/* From open(): a file that is read and that no output may replace, such as
 * judgements that people made; NULL: none. option: what names it. The input of
 * a command with report() is kept without being named here. */
void kb_cli_keep(const char *path, const char *option);
/* From open(): write in this one of the command's formats, as if --format named
 * it. KB_EINVAL when another one was asked for, or --resume; option: what asks
 * for it. */
int kb_cli_set_format(int format, const char *option, struct kb_err *err);

/* From open(): take the records from this file, as if --file named it.
 * KB_EINVAL when another one was, or --resume, which keeps what is there. */
int kb_cli_set_input(const char *path, const char *option, struct kb_err *err);

/* Now, in Unix seconds, for a date in what is written: SOURCE_DATE_EPOCH where
 * the environment has it, so that the same input gives the same bytes. */
int64_t kb_cli_date(void);

/* Say each of the lines on standard error, behind the program's name. */
void kb_cli_say(const char *program, struct kb_str lines);

/* Say a line of a library's on standard error, whose arg is not used; of all
 * threads the first line alone. */
void kb_cli_warn(void *arg, const char *line);

/* The N of -j, 0 when it is not given: a filter with wait() may take it as
 * its number of requests in flight. */
unsigned kb_cli_jobs(void);
/* From open(): the program puts lines of its own between the records, as
 * 'option' says. KB_EINVAL with --resume, which counts lines. */
int kb_cli_put_lines(const char *option, struct kb_err *err);

/* A line of these, with its end, at once; of the thread that writes records.
 * What cannot be written is told by the next kb_cli_put_error(). */
void kb_cli_put_line(struct kb_str line);
int kb_cli_put_error(struct kb_err *err);

/* Does the output go to a terminal in a format for people? Known when the
 * first record is worked on. */
bool kb_cli_for_people(void);
/* During a turn(): has the person at the terminal given up waiting? */
bool kb_cli_dropped(void);
/* A piece of an answer that comes bit by bit, past the loop's output, for the
 * one who looks at it: one record is under way then. An empty piece voids what
 * was shown. */
void kb_cli_show_piece(struct kb_str piece);
/* Does an answer stand there whole? Asked once. */
bool kb_cli_was_shown(void);
/* May colours be used in text? As --color says; by itself on a terminal that
 * is not dumb, without NO_COLOR. */
bool kb_cli_colour(void);

/* Append text for a terminal: control characters but newline and tab
 * replaced, so that a document cannot steer it. */
void kb_print_text(struct kb_buf *out, struct kb_str text);

#endif
