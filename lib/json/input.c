#include "json/input.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 256 << 10, RAW_SIZE = 64 << 10 };

void kb_input_init(struct kb_input *in, const char *const *files, size_t n,
		   size_t max_line)
{
	struct stat st;

	assert(files || !n);
	assert(max_line);
	*in = (struct kb_input){
	    .files = files, .n_files = n, .fd = -1, .max_line = max_line};
	for (size_t i = 0; i < n; i++) {
		if (stat(files[i], &st) || !S_ISREG(st.st_mode)) {
			in->file_size = 0;
			return;
		}
		in->file_size += (uint64_t)st.st_size;
	}
	if (!n && !fstat(0, &st) && S_ISREG(st.st_mode))
		in->file_size = (uint64_t)st.st_size;
}

void kb_input_init_text(struct kb_input *in, const char *text, size_t max_line)
{
	assert(text && max_line);
	*in = (struct kb_input){.fd = -1,
				.max_line = max_line,
				.memory = kb_str_of(text),
				.from_memory = true};
}

static void close_file(struct kb_input *in)
{
	kb_stream_release(&in->stream);
	if (in->fd > 0)
		close(in->fd);
	in->fd = -1;
}

void kb_input_release(struct kb_input *in)
{
	close_file(in);
	free(in->buf);
	free(in->raw);
	in->buf = in->raw = NULL;
}

/* Room for one more read behind 'end'. */
static void make_room(struct kb_input *in)
{
	size_t used = in->end - in->start;

	if (in->start && used) {
		memmove(in->buf, in->buf + in->start, used);
		in->scan -= in->start;
	} else if (!used) {
		in->scan = 0;
	}
	in->start = 0;
	in->end = used;
	if (in->cap - used < READ_SIZE / 2) {
		in->cap = in->cap ? in->cap * 2 : READ_SIZE;
		in->buf = kb_realloc(in->buf, in->cap);
	}
}

static int fill_utf16(struct kb_input *in, size_t *n, struct kb_err *err)
{
	size_t raw;
	int rc = kb_stream_read(&in->stream, in->raw, RAW_SIZE, &raw, err);

	*n = kb_utf16_convert(&in->utf16, in->raw, raw, in->buf + in->end);
	if (!rc && in->stream.ended && kb_utf16_is_cut(&in->utf16))
		rc = kb_err_set(err, KB_EFORMAT,
				"'%s' ends inside a character of UTF-16",
				in->name);
	return rc;
}

static int fill(struct kb_input *in, struct kb_err *err)
{
	uint64_t before = in->stream.raw_bytes;
	size_t n;
	int rc;

	make_room(in);
	if (in->code == KB_CODE_UTF16)
		rc = fill_utf16(in, &n, err);
	else
		rc = kb_stream_read(&in->stream, in->buf + in->end,
				    in->cap - in->end, &n, err);
	in->raw_bytes += in->stream.raw_bytes - before;
	in->ended = in->stream.ended;
	in->end += n;
	in->bytes += n;
	return rc;
}

/* ---- the form of a file ---- */

/* What was read until its form was known. */
static int begin_utf16(struct kb_input *in, struct kb_err *err)
{
	size_t n = in->end - in->start;
	char *raw = kb_malloc(n + 1);

	memcpy(raw, in->buf + in->start, n);
	in->cap = KB_UTF16_ROOM(n) + READ_SIZE;
	in->buf = kb_realloc(in->buf, in->cap);
	in->start = in->scan = 0;
	in->end = kb_utf16_convert(&in->utf16, raw, n, in->buf);
	in->bytes += in->end - n;
	free(raw);
	if (!in->raw)
		in->raw = kb_malloc(RAW_SIZE);
	if (in->ended && kb_utf16_is_cut(&in->utf16))
		return kb_err_set(err, KB_EFORMAT,
				  "'%s' ends inside a character of UTF-16",
				  in->name);
	return 0;
}

static struct kb_str unread(const struct kb_input *in)
{
	return (struct kb_str){in->buf + in->start, in->end - in->start};
}

/* Does the file begin as a mark of UTF-8 does, cut? */
static bool is_mark_open(struct kb_str head)
{
	return head.len && head.len < 3 &&
	       !memcmp(head.ptr, "\xef\xbb\xbf", head.len);
}

/* Tell the form as far as the bytes go that are there; KB_SHAPE_OPEN stays
 * when more are wanted. */
static int tell_form(struct kb_input *in, struct kb_err *err)
{
	struct kb_str head;
	int rc = 0;

	if (in->code == KB_CODE_OPEN) {
		in->utf16 = (struct kb_utf16){0};
		in->code = kb_input_code(unread(in), in->ended, &in->utf16.big);
		if (in->code == KB_CODE_UTF32)
			return kb_err_set(err, KB_EFORMAT,
					  "'%s' is UTF-32: 'iconv -f UTF-32 "
					  "-t UTF-8' makes it readable",
					  in->name);
		if (in->code == KB_CODE_UTF16)
			rc = begin_utf16(in, err);
	}
	if (rc || (in->code == KB_CODE_OPEN && !in->ended))
		return rc;
	head = unread(in);
	if (in->takes == KB_INPUT_TAKES_LINES) {
		in->shape = KB_SHAPE_LINES;
	} else if (in->takes == KB_INPUT_TAKES_ROWS) {
		in->shape = KB_SHAPE_ROWS;
	} else if (!is_mark_open(head)) {
		head = kb_str_skip(head, kb_str_mark(head));
		in->shape =
		    kb_input_shape(head, in->takes == KB_INPUT_TAKES_BOTH);
	}
	/* blank lines without end are lines, "[ ]" without a newline is not */
	if (in->shape == KB_SHAPE_OPEN &&
	    (in->ended || head.len > in->max_line))
		in->shape = memchr(head.ptr, ']', head.len) ? KB_SHAPE_ARRAY
							    : KB_SHAPE_LINES;
	if (in->shape == KB_SHAPE_VALUES || in->shape == KB_SHAPE_ARRAY) {
		in->split = (struct kb_value_split){.array = in->shape ==
							     KB_SHAPE_ARRAY};
		in->start += (size_t)(head.ptr - (in->buf + in->start));
		in->scan = in->start;
	}
	return 0;
}

/* ---- files ---- */

/* 1 when a file was opened, 0 when there are no more. */
static int next_file(struct kb_input *in, struct kb_err *err)
{
	size_t i = in->next_file++;

	in->line = in->inner = 0;
	in->row = (struct kb_csv_scan){0};
	in->ended = false;
	in->code = KB_CODE_OPEN;
	in->shape = KB_SHAPE_OPEN;
	if (in->from_memory) {
		in->code = KB_CODE_UTF8;
		in->shape = KB_SHAPE_LINES;
		if (i)
			return 0;
		in->name = "command line";
		make_room(in);
		if (in->memory.len + 1 > in->cap) {
			in->cap = in->memory.len + 1;
			in->buf = kb_realloc(in->buf, in->cap);
		}
		memcpy(in->buf, in->memory.ptr, in->memory.len);
		in->end = in->memory.len;
		in->ended = true;
		return 1;
	}
	if (i >= in->n_files && !(i == 0 && !in->n_files))
		return 0;
	if (!in->n_files || !strcmp(in->files[i], "-")) {
		in->name = "stdin";
		in->fd = 0;
	} else {
		in->name = in->files[i];
		in->fd = open(in->name, O_RDONLY | O_CLOEXEC);
		if (in->fd < 0)
			return kb_err_sys(err, "cannot open '%s'", in->name);
	}
	kb_stream_init(&in->stream, in->fd, in->name);
	return 1;
}

/* A file may begin with a byte order mark, packed or not. */
static void skip_mark(struct kb_input *in, struct kb_str *line)
{
	size_t n = kb_str_mark(*line);

	*line = kb_str_skip(*line, n);
	in->bytes -= n;
}

/* The newline that ends the line, or the row, that was begun. */
static char *line_end(struct kb_input *in)
{
	char *from = in->buf + in->scan;
	size_t n = in->end - in->scan, at;

	if (!n)
		return NULL;
	if (in->shape != KB_SHAPE_ROWS)
		return memchr(from, '\n', n);
	if (!in->line && in->scan == in->start) {
		size_t mark = kb_str_mark((struct kb_str){from, n});

		from += mark;
		n -= mark;
	}
	at = kb_csv_row_end(&in->row, in->table, from, n);
	if (at == n)
		return NULL;
	in->row = (struct kb_csv_scan){0};
	return from + at;
}

/* A row begins behind the newlines in the one before. */
static void count_lines(struct kb_input *in, struct kb_str row)
{
	if (!in->in_long) {
		in->line += in->inner;
		in->inner = 0;
	}
	for (const char *p = row.ptr, *end = p + row.len;
	     in->shape == KB_SHAPE_ROWS && p < end; p++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			break;
		in->inner++;
	}
}

/* Hand out buf[start..stop) and go on at 'next'. */
static enum kb_input_event hand_out(struct kb_input *in, size_t stop,
				    size_t next, struct kb_str *line)
{
	bool too_long = stop - in->start > in->max_line;

	*line = (struct kb_str){in->buf + in->start, stop - in->start};
	in->start = in->scan = next;
	if (in->shape == KB_SHAPE_ROWS)
		count_lines(in, *line);
	if (!in->in_long && !in->line++)
		skip_mark(in, line);
	if (in->in_long || too_long) {
		in->in_long = false;
		return KB_INPUT_LAST;
	}
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return KB_INPUT_LINE;
}

/* The next line, or part of one, of what is there; KB_INPUT_WAIT: there is
 * none. */
static enum kb_input_event next_line(struct kb_input *in, struct kb_str *line)
{
	char *nl = line_end(in);

	if (nl)
		return hand_out(in, (size_t)(nl - in->buf),
				(size_t)(nl - in->buf) + 1, line);
	in->scan = in->end;
	if (in->end - in->start > in->max_line) {
		*line = unread(in);
		if (in->shape == KB_SHAPE_ROWS)
			count_lines(in, *line);
		if (!in->in_long)
			in->line++;
		in->in_long = true;
		in->start = in->end;
		return KB_INPUT_PIECE;
	}
	if (in->ended && (in->end > in->start || in->in_long))
		return hand_out(in, in->end, in->end, line);
	return KB_INPUT_WAIT;
}

static enum kb_input_event broken(const struct kb_input *in, const char *why,
				  struct kb_err *err)
{
	kb_err_set(err, KB_EFORMAT, "%s:%llu: %s", in->name,
		   (unsigned long long)in->split.lines + 1, why);
	return KB_INPUT_FAIL;
}

/* The same for values. What the end of the file cuts is handed out: it is
 * no record. */
static enum kb_input_event next_value(struct kb_input *in, struct kb_str *line,
				      struct kb_err *err)
{
	struct kb_value_split *split = &in->split;
	enum kb_split found;
	bool too_long;
	const char *why;

	found = kb_value_split(split, in->buf, in->end, &in->start, &in->scan,
			       &why);
	if (found == KB_SPLIT_BROKEN)
		return broken(in, why, err);
	*line = (struct kb_str){in->buf + in->start, in->scan - in->start};
	in->line = split->line;
	too_long = line->len > in->max_line;
	if (found == KB_SPLIT_MORE && !in->ended) {
		if (!split->in_value || !too_long)
			return KB_INPUT_WAIT;
		in->in_long = true;
		in->start = in->scan;
		return KB_INPUT_PIECE;
	}
	if (found == KB_SPLIT_MORE && !split->in_value)
		return split->opened ? broken(in, KB_SPLIT_NO_END, err)
				     : KB_INPUT_WAIT;
	split->in_value = false;
	in->start = in->scan;
	too_long |= in->in_long;
	in->in_long = false;
	return too_long ? KB_INPUT_LAST : KB_INPUT_LINE;
}

/* Bytes that are there, in the form of the file. */
static enum kb_input_event next_part(struct kb_input *in, struct kb_str *line,
				     struct kb_err *err)
{
	if (in->shape == KB_SHAPE_OPEN && (in->end > in->start || in->ended) &&
	    tell_form(in, err))
		return KB_INPUT_FAIL;
	if (in->shape == KB_SHAPE_OPEN)
		return KB_INPUT_WAIT;
	return in->shape == KB_SHAPE_LINES || in->shape == KB_SHAPE_ROWS
		   ? next_line(in, line)
		   : next_value(in, line, err);
}

enum kb_input_event kb_input_next(struct kb_input *in, bool may_wait,
				  struct kb_str *line, struct kb_err *err)
{
	enum kb_input_event event;
	int rc;

	assert(line);
	for (;;) {
		event =
		    in->next_file ? next_part(in, line, err) : KB_INPUT_WAIT;
		if (event != KB_INPUT_WAIT)
			return event;
		if (in->ended || (in->fd < 0 && !in->next_file)) {
			close_file(in);
			rc = next_file(in, err);
			if (rc == 0) {
				in->ended = true;
				in->next_file--;
				return KB_INPUT_END;
			}
		} else {
			if (!may_wait && !kb_stream_ready(&in->stream))
				return KB_INPUT_WAIT;
			rc = fill(in, err);
		}
		if (rc == KB_ECLOSED)
			return KB_INPUT_WAIT;
		if (rc < 0)
			return KB_INPUT_FAIL;
	}
}

int kb_input_place(const struct kb_input *in, struct kb_err *err)
{
	return kb_err_place(err, "%s:%llu", in->name,
			    (unsigned long long)in->line);
}

int kb_input_line(struct kb_input *in, struct kb_str *line, struct kb_err *err)
{
	enum kb_input_event event;

	assert(line && err); /* whose code it returns */
	/* a wait that a signal ended is taken up again */
	do
		event = kb_input_next(in, true, line, err);
	while (event == KB_INPUT_WAIT);
	if (event == KB_INPUT_END)
		return 0;
	if (event == KB_INPUT_FAIL)
		return err->code;
	if (event == KB_INPUT_PIECE || line->len > in->max_line) {
		kb_err_set(err, KB_ELIMIT, "line is longer than %zu bytes",
			   in->max_line);
		return kb_input_place(in, err);
	}
	if (kb_is_gb18030(*line)) {
		kb_err_set(err, KB_EINVAL, KB_INPUT_NOT_UTF8, "the line");
		return kb_input_place(in, err);
	}
	return 1;
}
