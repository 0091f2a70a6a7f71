#include "doc/doc_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define READ_SIZE ((size_t)256 << 10)

int kb_doc_input_open(struct kb_doc_input *in, int fd, const char *path,
		      const char *name, struct kb_err *err)
{
	struct stat st;

	*in = (struct kb_doc_input){.fd = fd, .name = name};
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
	kb_buf_init(&in->win, 0);
	return KB_OK;
}

void kb_doc_input_close(struct kb_doc_input *in)
{
	if (in->kind == 'g' && in->codec) {
		inflateEnd(in->codec);
		free(in->codec);
	}
	if (in->kind == 'z')
		ZSTD_freeDStream(in->codec);
	free(in->raw);
	kb_buf_release(&in->win);
	if (in->own_fd && in->fd >= 0)
		close(in->fd);
	*in = (struct kb_doc_input){.fd = -1};
}

static ssize_t read_some(struct kb_doc_input *in, void *dst, size_t size,
			 struct kb_err *err)
{
	ssize_t n;

	do
		n = read(in->fd, dst, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return kb_err_sys(err, "cannot read '%s'", in->name);
	return n;
}

/* Look at the first bytes and set up the codec. */
static int start(struct kb_doc_input *in, struct kb_err *err)
{
	ssize_t n;

	in->raw = kb_malloc(READ_SIZE);
	while (in->raw_len < 4) {
		n = read_some(in, in->raw + in->raw_len,
			      READ_SIZE - in->raw_len, err);
		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		in->raw_len += (size_t)n;
	}
	if (in->raw_len >= 2 && !memcmp(in->raw, "\x1f\x8b", 2)) {
		z_stream *z = kb_calloc(1, sizeof(*z));

		in->kind = 'g';
		in->codec = z;
		/* 16 + 15: gzip wrapper, largest window */
		if (inflateInit2(z, 16 + 15) != Z_OK)
			kb_oom();
	} else if (in->raw_len >= 4 &&
		   !memcmp(in->raw, "\x28\xb5\x2f\xfd", 4)) {
		in->kind = 'z';
		in->codec = ZSTD_createDStream();
		if (!in->codec)
			kb_oom();
	} else {
		in->kind = 'r';
		kb_buf_add(&in->win, in->raw, in->raw_len);
		in->eof = in->raw_len == 0;
		free(in->raw);
		in->raw = NULL;
	}
	return KB_OK;
}

static int damaged(const struct kb_doc_input *in, const char *why,
		   struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT, "'%s': damaged %s data: %s",
			  in->name, in->kind == 'g' ? "gzip" : "zstd", why);
}

/* Unpack once from the packed bytes at hand into the window. */
static int inflate_some(struct kb_doc_input *in, struct kb_err *err)
{
	z_stream *z = in->codec;
	int rc;

	z->next_in = in->raw + in->raw_pos;
	z->avail_in = (uInt)(in->raw_len - in->raw_pos);
	z->next_out = (unsigned char *)in->win.ptr + in->win.len;
	z->avail_out = READ_SIZE;
	rc = inflate(z, Z_NO_FLUSH);
	in->raw_pos = in->raw_len - z->avail_in;
	in->win.len += READ_SIZE - z->avail_out;
	in->in_frame = rc != Z_STREAM_END;
	if (rc == Z_STREAM_END)
		inflateReset(z); /* members may follow one another */
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return damaged(in, z->msg ? z->msg : "no gzip stream", err);
	return KB_OK;
}

static int unzstd_some(struct kb_doc_input *in, struct kb_err *err)
{
	ZSTD_inBuffer src = {in->raw, in->raw_len, in->raw_pos};
	ZSTD_outBuffer dst = {in->win.ptr + in->win.len, READ_SIZE, 0};
	size_t rc = ZSTD_decompressStream(in->codec, &dst, &src);

	if (ZSTD_isError(rc))
		return damaged(in, ZSTD_getErrorName(rc), err);
	in->raw_pos = src.pos;
	in->win.len += dst.pos;
	in->in_frame = rc != 0;
	return KB_OK;
}

/* One step: read or unpack something into the window, or set eof. */
static int step(struct kb_doc_input *in, struct kb_err *err)
{
	size_t before = in->win.len;
	ssize_t n;
	int rc;

	if (!in->kind)
		return start(in, err);
	kb_buf_reserve(&in->win, READ_SIZE);
	if (in->kind == 'r') {
		n = read_some(in, in->win.ptr + in->win.len, READ_SIZE, err);
		if (n < 0)
			return (int)n;
		in->win.len += (size_t)n;
		in->eof = n == 0;
		return KB_OK;
	}
	/* A codec may hold output back with no input left: ask it first. */
	if (in->raw_pos < in->raw_len || in->in_frame) {
		rc = in->kind == 'g' ? inflate_some(in, err)
				     : unzstd_some(in, err);
		if (rc < 0 || in->win.len > before || in->raw_pos < in->raw_len)
			return rc;
	}
	n = read_some(in, in->raw, READ_SIZE, err);
	if (n < 0)
		return (int)n;
	in->raw_pos = 0;
	in->raw_len = (size_t)n;
	in->eof = n == 0;
	if (in->eof && in->in_frame)
		return damaged(in, "cut short", err);
	return KB_OK;
}

int kb_doc_input_fill(struct kb_doc_input *in, size_t want, struct kb_err *err)
{
	int rc = KB_OK;

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
