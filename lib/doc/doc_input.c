#include "doc/doc_input.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 << 10)

int kb_doc_input_open(struct kb_doc_input *in, int fd, const char *path,
		      const char *name, struct kb_err *err)
{
	struct stat st;

	*in = (struct kb_doc_input){.fd = fd};
	if (path) {
		/* O_NONBLOCK: a FIFO put there since the crawl must not
		 * hang the run. */
		in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (in->fd < 0)
			return kb_err_sys(err, "cannot open '%s'", name);
		in->own_fd = true;
		if (fstat(in->fd, &st) < 0) {
			kb_err_sys(err, "cannot read '%s'", name);
			close(in->fd);
			return KB_EIO;
		}
		if (!S_ISREG(st.st_mode)) {
			close(in->fd);
			return kb_err_set(err, KB_EINVAL,
					  "'%s' is not a regular file", name);
		}
	}
	kb_stream_init(&in->stream, in->fd, name);
	kb_buf_init(&in->win, 0);
	return KB_OK;
}

void kb_doc_input_close(struct kb_doc_input *in)
{
	kb_stream_release(&in->stream);
	kb_buf_release(&in->win);
	if (in->own_fd && in->fd >= 0)
		close(in->fd);
	*in = (struct kb_doc_input){.fd = -1};
}

/* Read something into the window, or set eof. */
static int step(struct kb_doc_input *in, struct kb_err *err)
{
	size_t n;
	int rc;

	kb_buf_reserve(&in->win, READ_SIZE);
	do
		rc = kb_stream_read(&in->stream, in->win.ptr + in->win.len,
				    READ_SIZE, &n, err);
	while (rc == KB_ECLOSED);
	in->win.len += n;
	in->eof = in->stream.ended;
	return rc;
}

int kb_doc_input_fill(struct kb_doc_input *in, size_t want, struct kb_err *err)
{
	int rc = KB_OK;

	assert(in->pos <= in->win.len);
	if (in->win.len - in->pos >= want)
		return KB_OK;
	if (in->pos) {
		memmove(in->win.ptr, in->win.ptr + in->pos,
			in->win.len - in->pos);
		in->win.len -= in->pos;
		in->pos = 0;
	}
	while (!in->eof && in->win.len < want && rc == KB_OK)
		rc = step(in, err);
	return rc;
}

/* Drop bytes up to and with the next newline. */
static int skip_line(struct kb_doc_input *in, struct kb_err *err)
{
	struct kb_str view;
	const char *nl;
	int rc;

	for (;;) {
		view = kb_doc_input_view(in);
		nl = memchr(view.ptr, '\n', view.len);
		if (nl) {
			in->pos += (size_t)(nl - view.ptr) + 1;
			return KB_OK;
		}
		in->pos = in->win.len;
		if (in->eof)
			return KB_OK;
		rc = kb_doc_input_fill(in, 1, err);
		if (rc < 0)
			return rc;
	}
}

int kb_doc_input_line(struct kb_doc_input *in, size_t max, struct kb_str *line,
		      struct kb_err *err)
{
	struct kb_str view = kb_doc_input_view(in);
	const char *nl = NULL;
	size_t seen = 0;
	int rc;

	while (!(nl = memchr(view.ptr + seen, '\n', view.len - seen))) {
		seen = view.len;
		if (in->eof || seen > max)
			break;
		rc = kb_doc_input_fill(in, view.len + 1, err);
		if (rc < 0)
			return rc;
		view = kb_doc_input_view(in);
	}
	if (!nl && view.len == 0)
		return 0;
	*line =
	    (struct kb_str){view.ptr, nl ? (size_t)(nl - view.ptr) : view.len};
	if (line->len > max) {
		rc = skip_line(in, err);
		return rc < 0
			   ? rc
			   : kb_err_set(err, KB_ELIMIT,
					"line is longer than %zu bytes", max);
	}
	in->pos += line->len + (nl != NULL);
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return 1;
}

/* Go on with the value in the window, of which 'seen' bytes were looked at. */
static enum kb_split split_window(struct kb_doc_input *in,
				  struct kb_value_split *split, size_t *seen,
				  const char **why)
{
	size_t at = in->pos + *seen;
	enum kb_split found =
	    kb_value_split(split, in->win.ptr, in->win.len, &in->pos, &at, why);

	/* white space is done with */
	if (found == KB_SPLIT_MORE && !split->in_value)
		in->pos = at;
	*seen = at - in->pos;
	return found;
}

int kb_doc_input_value(struct kb_doc_input *in, struct kb_value_split *split,
		       size_t max, struct kb_str *value, struct kb_err *err)
{
	bool too_long = false;
	size_t seen = 0;
	const char *why;
	int rc;

	assert(!split->in_value);
	assert(in->pos <= in->win.len);
	for (;;) {
		enum kb_split found = split_window(in, split, &seen, &why);

		if (found == KB_SPLIT_BROKEN)
			return kb_err_set(err, KB_EFORMAT, "%s", why);
		if (found == KB_SPLIT_VALUE)
			break;
		if (in->eof && split->in_value)
			break; /* cut: no value, as its reader will say */
		if (in->eof && split->opened)
			return kb_err_set(err, KB_EFORMAT, "%s",
					  KB_SPLIT_NO_END);
		if (in->eof)
			return 0;
		if (seen > max) {
			too_long = true;
			in->pos += seen;
			seen = 0;
		}
		rc = kb_doc_input_fill(in, seen + 1, err);
		if (rc < 0)
			return rc;
	}
	split->in_value = false;
	*value = (struct kb_str){in->win.ptr + in->pos, seen};
	in->pos += seen;
	if (too_long || seen > max)
		return kb_err_set(err, KB_ELIMIT,
				  "value is longer than %zu bytes", max);
	return 1;
}
