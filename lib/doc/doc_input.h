/*
 * The bytes of a file, unpacked when it is gzip or zstd.
 *
 * Reads ahead into one window that the owner consumes from the front; the
 * window is all that is held of the file. Internal to lib/doc.
 */
#ifndef KB_DOC_DOC_INPUT_H
#define KB_DOC_DOC_INPUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/stream.h"
#include "json/input_form.h"

struct kb_doc_input {
	int fd;
	bool own_fd;
	bool eof;	   /* no byte comes after the window */
	struct kb_buf win; /* unpacked bytes; [pos, len) are unread */
	size_t pos;
	struct kb_stream stream;
};

/* fd < 0: open path. KB_ENOENT, KB_EIO; directories and devices are
 * KB_EINVAL. */
int kb_doc_input_open(struct kb_doc_input *in, int fd, const char *path,
		      const char *name, struct kb_err *err);
void kb_doc_input_close(struct kb_doc_input *in);

/* Read until at least 'want' bytes are unread, or the end. The unread bytes
 * move to the front of the window. */
int kb_doc_input_fill(struct kb_doc_input *in, size_t want, struct kb_err *err);

static inline struct kb_str kb_doc_input_view(const struct kb_doc_input *in)
{
	return (struct kb_str){in->win.len ? in->win.ptr + in->pos : "",
			       in->win.len - in->pos};
}

/*
 * The next line without its newline (and without a carriage return before
 * it), valid until the next call: 1, or 0 at the end. Past 'max' bytes the
 * line is skipped and KB_ELIMIT returned.
 */
int kb_doc_input_line(struct kb_doc_input *in, size_t max, struct kb_str *line,
		      struct kb_err *err);

/* The same for the next JSON value, wherever it stands; split->line is its
 * line. KB_EFORMAT when what stands between values cannot be. */
int kb_doc_input_value(struct kb_doc_input *in, struct kb_value_split *split,
		       size_t max, struct kb_str *value, struct kb_err *err);

#endif
