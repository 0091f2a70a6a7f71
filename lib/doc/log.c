#include "doc/log.h"

#include <assert.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/str.h"
#include "doc/blocks.h"

/* How a line begins. */
struct log_head {
	enum kb_log_form form;
	bool dated; /* its head has a time */
	char time[KB_LOG_TIME_MAX];
	struct kb_str message; /* relayed: what is behind the head */
	struct kb_str writer;  /* relayed: who wrote it */
	bool cut;	       /* relayed: the next line goes on */
};

/* ---- heads ---- */

struct cursor {
	const char *p, *end;
};

static size_t left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

static bool literal(struct cursor *c, const char *text)
{
	bool yes = kb_starts(c->p, left(c), text);

	c->p += yes ? strlen(text) : 0;
	return yes;
}

static void blanks_at(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

/* A level at c, not as a part of a word; in capitals when 'loud'. */
static bool level(struct cursor *c, bool loud)
{
	static const char *const levels[] = {
	    "trace",   "debug",	  "information", "info",     "notice",
	    "warning", "warn",	  "error",	 "fatal",    "critical",
	    "severe",  "verbose", "alert",	 "emergency"};

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		size_t n = kb_starts_folded(c->p, left(c), levels[i]);

		if (!n || (n < left(c) && kb_is_alnum(c->p[n])) ||
		    (loud && c->p[n - 1] >= 'a'))
			continue;
		c->p += n;
		return true;
	}
	return false;
}

/* "<34>1 ", the priority and version of syslog. */
static void skip_priority(struct cursor *c)
{
	struct cursor at = *c;

	if (!literal(&at, "<"))
		return;
	while (at.p < at.end && at.p - c->p < 5 && kb_is_digit(*at.p))
		at.p++;
	if (!literal(&at, ">"))
		return;
	literal(&at, "1 ");
	*c = at;
}

/* "1234:M ", process and role; "I, [", a letter of the level; "- ", a label;
 * "# Time: "; "ts=": what some programs write before the time. */
static void skip_prefix(struct cursor *c)
{
	static const char *const names[] = {"# Time: ", "- ",	 "time=\"",
					    "time=",	"ts=\"", "ts="};
	struct cursor at = *c;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (literal(c, names[i]))
			return;
	if (left(c) > 4 && kb_is_letter(*c->p) && !memcmp(c->p + 1, ", [", 3)) {
		c->p += 4;
		return;
	}
	while (at.p < at.end && kb_is_digit(*at.p))
		at.p++;
	if (at.p > c->p && left(&at) > 3 && *at.p == ':' &&
	    kb_is_letter(at.p[1]) && at.p[2] == ' ')
		c->p = at.p + 3;
}

/* Levels, brackets and marks before the time. */
static void skip_level(struct cursor *c)
{
	struct cursor at = *c;

	literal(&at, "[");
	if (!level(&at, false))
		return;
	while (at.p < at.end && memchr("]: \t", *at.p, 4))
		at.p++;
	*c = at;
}

/* A level in capitals that stands for a head: "ERROR: x", "[ERROR] x",
 * "[main] ERROR x"; or "level=error". */
static bool is_level_head(struct cursor c)
{
	struct cursor at = c;
	const char *close;

	if (literal(&at, "level="))
		return true;

	if (level(&at, true) && at.p < at.end)
		return *at.p == ':' || *at.p == '\t';
	if (!literal(&c, "["))
		return false;
	at = c;
	if (level(&at, true))
		return literal(&at, "]");
	close = memchr(c.p, ']', left(&c) < 100 ? left(&c) : 100);
	if (!close)
		return false;
	c.p = close + 1;
	return literal(&c, " ") && level(&c, true) && literal(&c, " ");
}

/* "1.2.3.4 - frank [10/Oct/2000:13:55:36": web servers' access logs. */
static bool access_log(struct cursor c, char time[KB_LOG_TIME_MAX])
{
	size_t n = left(&c);
	const char *at = memchr(c.p, '[', n < 200 ? n : 200);

	if (!at || at == c.p || at[-1] != ' ' || c.end - at < 22 ||
	    at[12] != ':')
		return false;
	at++;
	return kb_log_time(&at, c.end, time);
}

/* "[   12.345678] ", "[0.015s]": since the start of the system. */
static bool is_uptime(struct cursor c)
{
	if (!literal(&c, "["))
		return false;
	blanks_at(&c);
	if (c.p == c.end || !kb_is_digit(*c.p))
		return false;
	while (c.p < c.end && (kb_is_digit(*c.p) || *c.p == '.'))
		c.p++;
	literal(&c, "s");
	return literal(&c, "]");
}

/* "I0501 08:00:00": the month and day that glog writes. */
static bool glog(struct cursor c, char time[KB_LOG_TIME_MAX])
{
	if (left(&c) < 14 || !memchr("IWEFDV", *c.p, 6) || c.p[5] != ' ')
		return false;
	for (int i = 1; i < 5; i++)
		if (!kb_is_digit(c.p[i]))
			return false;
	c.p += 6;
	return kb_log_time(&c.p, c.end, time);
}

/* A line of JSON that tells its time, among lines that are none. */
static bool json_line(struct cursor c, char time[KB_LOG_TIME_MAX])
{
	static const char *const names[] = {
	    "\"@timestamp\":", "\"timestamp\":", "\"time\":", "\"ts\":",
	    "\"t\":{\"$date\":"};

	if (left(&c) < 2 || *c.p != '{' || c.end[-1] != '}')
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *at =
		    memmem(c.p, left(&c), names[i], strlen(names[i]));

		if (!at)
			continue;
		at += strlen(names[i]);
		at += *at == ' ';
		at += *at == '"';
		if (kb_log_time(&at, c.end, time))
			return true;
	}
	return false;
}

/* "I/ActivityManager( 585): Starting": the brief form of Android's log. */
static bool is_brief(struct cursor c)
{
	const char *close;

	if (left(&c) < 6 || !memchr("VDIWEF", *c.p, 6) || c.p[1] != '/')
		return false;
	close = memmem(c.p, left(&c) < 100 ? left(&c) : 100, "): ", 3);
	return close && kb_is_digit(close[-1]);
}

/* Windows' events as text, and parts of Android's log. */
static bool is_event(struct kb_str line)
{
	return kb_starts(line.ptr, line.len, "Log Name:") ||
	       kb_starts(line.ptr, line.len, "Event[") ||
	       kb_starts(line.ptr, line.len, "TimeCreated ");
}

/* "stderr F message" behind the time, as container runtimes write. */
static bool container_line(struct cursor c, struct log_head *head)
{
	const char *from = c.p + 1;

	if (!literal(&c, " stdout ") && !literal(&c, " stderr "))
		return false;
	head->writer = (struct kb_str){from, 6};
	head->cut = left(&c) && *c.p == 'P';
	if (!literal(&c, "P ") && !literal(&c, "F ")) {
		if (left(&c) != 1 || !memchr("PF", *c.p, 2))
			return false;
		c.p++;
	}
	head->message = (struct kb_str){c.p, left(&c)};
	return true;
}

/* "  1234  1250 E AndroidRuntime: message" behind the time. */
static bool android_line(struct cursor c, struct log_head *head)
{
	const char *from = c.p, *colon;

	for (int i = 0; i < 2; i++) {
		blanks_at(&c);
		if (c.p == c.end || !kb_is_digit(*c.p))
			return false;
		while (c.p < c.end && kb_is_digit(*c.p))
			c.p++;
	}
	if (left(&c) < 4 || *c.p != ' ' || !memchr("VDIWEFS", c.p[1], 7) ||
	    c.p[2] != ' ')
		return false;
	colon = memmem(c.p, left(&c) < 100 ? left(&c) : 100, ": ", 2);
	if (!colon)
		return false;
	head->writer = (struct kb_str){from, (size_t)(colon - from)};
	head->message = (struct kb_str){colon + 2, (size_t)(c.end - colon - 2)};
	return true;
}

static bool is_dated(struct cursor c, struct log_head *head)
{
	struct cursor at = c;
	const char *begin = c.p;

	skip_priority(&at);
	skip_prefix(&at);
	skip_level(&at);
	literal(&at, "[");
	if (!kb_log_time(&at.p, at.end, head->time))
		return access_log(c, head->time) || glog(c, head->time) ||
		       json_line(c, head->time);
	if (container_line(at, head) || android_line(at, head))
		head->form = KB_LOG_RELAYED;
	/* java.util.logging: "May 01, 2024 8:00:00 AM com.x.App main" */
	else if (kb_is_letter(*begin) && left(&c) > 8 &&
		 memchr(begin + 4, ',', 4))
		head->form = KB_LOG_PARTED;
	return true;
}

static void read_head(struct kb_str line, struct log_head *head)
{
	struct cursor c = {line.ptr, line.ptr + line.len};

	*head = (struct log_head){.form = KB_LOG_PLAIN};
	if (!line.len || (unsigned char)*line.ptr <= ' ')
		return;
	head->form = KB_LOG_STAMPED;
	head->dated = is_dated(c, head);
	if (head->dated || is_uptime(c) || is_level_head(c) || is_brief(c))
		return;
	head->form = is_event(line) ? KB_LOG_EVENT : KB_LOG_PLAIN;
}

/* ---- entries ---- */

/* "java.io.IOException: x", "x.y.Error": the first line of a stack trace. */
static bool is_exception(struct kb_str line)
{
	size_t n = 0, dots = 0;

	while (n < line.len &&
	       (kb_is_alnum(line.ptr[n]) || memchr("._$", line.ptr[n], 3)))
		dots += line.ptr[n++] == '.';
	return dots && (n == line.len || line.ptr[n] == ':') &&
	       (kb_ends_folded(line.ptr, n, "exception") ||
		kb_ends_folded(line.ptr, n, "error"));
}

/* Does it go on with any entry? */
static bool continues(struct kb_str line)
{
	static const char *const starts[] = {
	    "Caused by:",  "... ", "Traceback (most recent call last)",
	    "Suppressed:", "at ",
	};

	if (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (kb_starts(line.ptr, line.len, starts[i]))
			return true;
	return is_exception(line);
}

/* What a traceback goes on with behind blank lines. */
static bool is_chained(struct kb_str line)
{
	static const char *const starts[] = {
	    "During handling of the above exception",
	    "The above exception was the direct cause",
	    "Traceback (most recent call last)",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (kb_starts(line.ptr, line.len, starts[i]))
			return true;
	return false;
}

static bool is_goroutine(struct kb_str line)
{
	return kb_starts(line.ptr, line.len, "goroutine ") &&
	       memmem(line.ptr, line.len, " [", 2);
}

/* Follow the trace in an entry's next line; false when it ends there. */
static bool trace_joins(struct kb_log_entry *e, struct kb_str line,
			unsigned blanks)
{
	bool indented = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');

	if (is_goroutine(line)) {
		e->trace = KB_LOG_TRACE_BLOCK;
		return true;
	}
	if (e->trace == KB_LOG_TRACE_BLOCK && !blanks)
		return indented || kb_ends(line.ptr, line.len, ")") ||
		       kb_starts(line.ptr, line.len, "created by ");
	if (e->trace == KB_LOG_TRACE_STACK && !blanks) {
		if (!indented)
			e->trace = KB_LOG_TRACE_DONE;
		return true;
	}
	if (e->trace == KB_LOG_TRACE_DONE && is_chained(line)) {
		if (line.ptr[1] == 'r')
			e->trace = KB_LOG_TRACE_STACK;
		return true;
	}
	return false;
}

static void note_trace(struct kb_log_entry *e, struct kb_str line)
{
	if (kb_starts(line.ptr, line.len, "Traceback (most recent call last)"))
		e->trace = KB_LOG_TRACE_STACK;
}

/* The time of an event is one of its members. */
static void note_event_time(struct kb_log_entry *e, struct kb_str line)
{
	const char *colon = memchr(line.ptr, ':', line.len);
	const char *end = line.ptr + line.len, *p;

	line = kb_doc_trim(line);
	if (*e->time || !colon ||
	    (!kb_starts(line.ptr, line.len, "Date:") &&
	     !kb_starts(line.ptr, line.len, "TimeCreated")))
		return;
	for (p = colon + 1; p < end && (*p == ' ' || *p == '\t');)
		p++;
	kb_log_time(&p, end, e->time);
}

void kb_log_begin(struct kb_log_entry *e, struct kb_str line)
{
	struct log_head head;

	assert(line.ptr || !line.len);
	read_head(line, &head);
	*e = (struct kb_log_entry){
	    .form = head.form, .n_lines = 1, .cut = head.cut};
	memcpy(e->time, head.time, sizeof(e->time));
	if (head.form == KB_LOG_EVENT)
		note_event_time(e, line);
	if (head.form == KB_LOG_RELAYED) {
		snprintf(e->writer, sizeof(e->writer), "%.*s",
			 (int)head.writer.len, head.writer.ptr);
		line = head.message;
	}
	note_trace(e, line);
	if (is_goroutine(line))
		e->trace = KB_LOG_TRACE_BLOCK;
}

/* A line of the same writer goes on with his message. */
static bool relayed_joins(struct kb_log_entry *e, const struct log_head *head)
{
	struct kb_str line = head->message;
	bool cut = e->cut;

	if (head->form != KB_LOG_RELAYED || !kb_str_is(head->writer, e->writer))
		return false;
	e->cut = head->cut;
	return cut || trace_joins(e, line, 0) || continues(line);
}

bool kb_log_joins(struct kb_log_entry *e, struct kb_str line, unsigned blanks)
{
	struct log_head head;
	bool joins;

	assert(e->n_lines);
	read_head(line, &head);
	if (head.form == KB_LOG_PLAIN)
		joins = trace_joins(e, line, blanks) ||
			e->form != KB_LOG_PLAIN || (!blanks && continues(line));
	else if (e->form == KB_LOG_RELAYED)
		joins = relayed_joins(e, &head);
	else
		joins = e->form == KB_LOG_PARTED && e->n_lines == 1 &&
			!head.dated && !blanks;
	if (!joins)
		return false;
	e->n_lines++;
	if (e->form == KB_LOG_EVENT)
		note_event_time(e, line);
	note_trace(e, head.form == KB_LOG_RELAYED ? head.message : line);
	return true;
}
