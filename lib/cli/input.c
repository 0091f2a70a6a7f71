#include "cli/input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 256 << 10 };

void kb_input_init(struct kb_input *in, const char *const *files, size_t n,
		   size_t max_line)
{
	struct stat st;

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
	in->buf = NULL;
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

static int fill(struct kb_input *in, struct kb_err *err)
{
	uint64_t before = in->stream.raw_bytes;
	size_t n;
	int rc;

	make_room(in);
	rc = kb_stream_read(&in->stream, in->buf + in->end, in->cap - in->end,
			    &n, err);
	in->raw_bytes += in->stream.raw_bytes - before;
	in->ended = in->stream.ended;
	in->end += n;
	in->bytes += n;
	return rc;
}

/* 1 when a file was opened, 0 when there are no more. */
static int next_file(struct kb_input *in, struct kb_err *err)
{
	size_t i = in->next_file++;

	in->line = 0;
	in->ended = false;
	if (in->from_memory) {
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

/* Hand out buf[start..stop) and go on at 'next'. */
static enum kb_input_event hand_out(struct kb_input *in, size_t stop,
				    size_t next, struct kb_str *line)
{
	bool too_long = stop - in->start > in->max_line;

	*line = (struct kb_str){in->buf + in->start, stop - in->start};
	in->start = in->scan = next;
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

enum kb_input_event kb_input_next(struct kb_input *in, bool may_wait,
				  struct kb_str *line, struct kb_err *err)
{
	int rc;

	for (;;) {
		char *nl = in->scan < in->end ? memchr(in->buf + in->scan, '\n',
						       in->end - in->scan)
					      : NULL;

		if (nl)
			return hand_out(in, (size_t)(nl - in->buf),
					(size_t)(nl - in->buf) + 1, line);
		in->scan = in->end;
		if (in->end - in->start > in->max_line) {
			*line = (struct kb_str){in->buf + in->start,
						in->end - in->start};
			if (!in->in_long)
				in->line++;
			in->in_long = true;
			in->start = in->end;
			return KB_INPUT_PIECE;
		}
		if (in->ended && (in->end > in->start || in->in_long))
			return hand_out(in, in->end, in->end, line);
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
