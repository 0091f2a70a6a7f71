#include "cli/output.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_SIZE = 64 << 10 };

int kb_output_open(struct kb_output *out, const char *path, struct kb_err *err)
{
	*out = (struct kb_output){.file = KB_FILE_OUT_NONE};
	kb_buf_init(&out->buf, 0);
	if (path && strcmp(path, "-"))
		return kb_file_out_open(&out->file, path, KB_FILE_OUT_WHOLE,
					err);
	out->file.fd = 1;
	out->file.path = kb_strdup("stdout");
	out->is_stdout = true;
	out->tty = isatty(1);
	return 0;
}

int kb_output_keeps(const char *path, const char *option, const char *kept,
		    struct kb_err *err)
{
	if (!kb_file_place_same((struct kb_file_place){path, -1},
				(struct kb_file_place){kept, -1}))
		return 0;
	return kb_err_set(err, KB_EINVAL, "%s and %s are the same file", option,
			  kept);
}

void kb_output_take(struct kb_output *out, struct kb_file_out *file)
{
	*out = (struct kb_output){.file = *file};
	kb_buf_init(&out->buf, 0);
	*file = KB_FILE_OUT_NONE;
}

int kb_output_add(void *arg, struct kb_str text, struct kb_err *err)
{
	struct kb_output *out = arg;

	kb_buf_add_str(&out->buf, text);
	return kb_output_step(out, err);
}

int kb_output_flush(struct kb_output *out, struct kb_err *err)
{
	size_t n = out->buf.len;
	int rc = kb_file_out_write(&out->file, out->buf.ptr, n, err);

	kb_buf_reset(&out->buf);
	out->bytes += rc ? 0 : n;
	return rc;
}

int kb_output_step(struct kb_output *out, struct kb_err *err)
{
	if (out->buf.len < BLOCK_SIZE && !out->tty)
		return 0;
	return kb_output_flush(out, err);
}

int kb_output_finish(struct kb_output *out, struct kb_err *err)
{
	int rc = kb_output_flush(out, err);

	if (rc)
		return rc;
	/* --stats may go there, too: a copy is closed. */
	if (out->is_stdout)
		out->file.fd = fcntl(1, F_DUPFD_CLOEXEC, 3);
	else
		rc = kb_file_out_publish(&out->file, err);
	/* Network file systems and full quotas may tell only here. */
	return rc ? rc : kb_file_out_close(&out->file, err);
}

void kb_output_release(struct kb_output *out)
{
	if (out->is_stdout)
		out->file.fd = -1;
	kb_file_out_release(&out->file);
	kb_buf_release(&out->buf);
}

int kb_output_print(void *arg, struct kb_str text, struct kb_err *err)
{
	(void)arg;
	if ((text.len && fwrite(text.ptr, 1, text.len, stdout) != text.len) ||
	    fflush(stdout) != 0)
		return kb_err_sys(err, "cannot write standard output");
	return 0;
}
