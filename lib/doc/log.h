/*
 * Logs: which lines are one entry, and when it was written. Internal to
 * lib/doc.
 *
 * An entry begins with a time, a level, or what else a form of log begins
 * its entries with; lines behind it that begin with none of these are its
 * own. Where no line begins so, each is an entry, but for what goes on with
 * the one before: what is indented, stack traces, tracebacks.
 */
#ifndef KB_DOC_LOG_H
#define KB_DOC_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* "2024-05-01T08:00:00+08:00" and a NUL */
#define KB_LOG_TIME_MAX 32u

/*
 * A time at *p, which goes behind it. 'time' is ISO 8601 with the zone that
 * stands there, to the second; empty when the year is not told.
 */
bool kb_log_time(const char **p, const char *end, char time[KB_LOG_TIME_MAX]);

enum kb_log_form {
	KB_LOG_PLAIN,	/* no head */
	KB_LOG_STAMPED, /* a time, or a level */
	KB_LOG_PARTED,	/* the level is in the next line */
	KB_LOG_EVENT,	/* members, of which one is the time */
	KB_LOG_RELAYED, /* each line of a message has a head */
};

enum kb_log_trace {
	KB_LOG_TRACE_NONE,
	KB_LOG_TRACE_STACK, /* Python's, whose last line is the error */
	KB_LOG_TRACE_DONE,
	KB_LOG_TRACE_BLOCK, /* Go's: calls, and indented lines with places */
};

/* An entry whose lines are gathered. */
struct kb_log_entry {
	enum kb_log_form form;
	enum kb_log_trace trace;
	char time[KB_LOG_TIME_MAX]; /* empty: not told */
	char writer[128];
	unsigned n_lines;
	bool cut;
};

void kb_log_begin(struct kb_log_entry *entry, struct kb_str line);

/* Is the line, behind so many blank ones, the entry's? */
bool kb_log_joins(struct kb_log_entry *entry, struct kb_str line,
		  unsigned blanks);

#endif
